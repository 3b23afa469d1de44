"""From the journal to people: each once, nobody missed, nobody flooded."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from desk import letter, say
from sori.database import write_atomic
from sori.journal.models import Event
from sori.journal.services import record
from sori.lake.store import Lake
from sori.notifications.models import Bookmark, Follow, Line, Notification
from sori.notifications.reading import tell, tell_due
from sori.notifications.services import choose, follow, unfollow
from sori.respond import services
from sori.respond.models import Case
from sori.staff.models import Member, Role

pytestmark = pytest.mark.django_db
Make = Callable[..., Member]


def told(member: Member) -> list[tuple[str, str]]:
    rows = Notification.objects.filter(member=member).order_by("pk")
    return list(rows.values_list("occasion", "about"))


def hear_again(lake: Lake, case: Case, text: str = "아직 안 왔어요") -> None:
    conversation = case.conversations.get()
    say(lake, letter(conversation.source, text, thread_id=conversation.thread))


def test_it_tells_who_a_case_is_handed_to(case: Case, colleague: Make):
    boss, agent = colleague("김팀장", Role.SUPERVISOR), colleague()
    services.assign(case=case.pk, member=boss, owner=agent)
    assert tell_due() > 0

    assert told(agent) == [("assigned", f"case:{case.pk}")]
    assert told(boss) == []


def test_it_tells_owner_and_followers_that_the_customer_writes_again(
    case: Case, colleague: Make, lake: Lake
):
    owner, follower, other = colleague(), colleague("박민수"), colleague("최지우")
    services.take(case=case.pk, member=owner)
    follow(case=case.pk, member=follower)
    tell_due()
    hear_again(lake, case)
    tell_due()

    assert ("heard", f"case:{case.pk}") in told(owner)
    assert told(follower)[-1] == ("heard", f"case:{case.pk}")
    assert told(other) == []


def test_it_does_not_tell_twice_however_often_it_reads(case: Case, colleague: Make):
    agent = colleague()
    services.assign(case=case.pk, member=colleague("김팀장"), owner=agent)
    tell_due()
    tell_due()
    events = Event.objects.filter(kind="case.assigned").values(
        "id", "at", "kind", "about", "member", "data"
    )
    with write_atomic():
        tell(list(events))

    assert len(told(agent)) == 1
    assert Line.objects.count() == 1


def test_it_comes_to_rest(case: Case, colleague: Make):
    services.assign(case=case.pk, member=colleague("김팀장"), owner=colleague())
    for _ in range(4):
        tell_due()

    assert tell_due() == 0
    assert Event.objects.filter(kind="notifications.arrived").count() == 1


def test_it_begins_with_what_happens_next(case: Case, colleague: Make):
    Bookmark.objects.all().delete()
    agent = colleague()
    services.assign(case=case.pk, member=colleague("김팀장"), owner=agent)
    assert tell_due() == 0
    assert told(agent) == []


def test_it_tells_of_an_event_whose_number_comes_late(case: Case, colleague: Make):
    # on PostgreSQL a transaction may commit after one with a higher number; a restart lies between
    agent = colleague()
    newest = Event.objects.latest("pk").pk
    number, about = newest + 50, f"case:{case.pk}"
    late = Event(
        pk=number, at=timezone.now(), kind="case.assigned", about=about, data={"owner": agent.pk}
    )
    Event(pk=number + 1, at=timezone.now(), kind="case.woken", about=about).save()
    tell_due()
    assert told(agent) == []
    assert str(number) in Bookmark.objects.get().gaps

    late.save()
    tell_due()
    assert told(agent) == [("assigned", about)]
    assert str(number) not in Bookmark.objects.get().gaps


def test_it_gives_up_a_number_that_never_comes(case: Case):
    newest = Event.objects.latest("pk").pk
    with time_machine.travel(timezone.now() - timedelta(minutes=20)):
        Event(pk=newest + 5, at=timezone.now(), kind="case.woken", about=f"case:{case.pk}").save()
        tell_due()
    assert len(Bookmark.objects.get().gaps) == 4
    Event(pk=newest + 6, at=timezone.now(), kind="case.woken", about=f"case:{case.pk}").save()
    tell_due()

    assert Bookmark.objects.get().gaps == {}


def test_it_floods_nobody_after_a_long_stop(case: Case, colleague: Make):
    agent = colleague()
    with time_machine.travel(timezone.now() - timedelta(hours=30)):
        services.assign(case=case.pk, member=colleague("김팀장"), owner=agent)
    tell_due()

    assert told(agent) == [("assigned", f"case:{case.pk}")]
    assert not Line.objects.exists()


def test_it_tells_a_viewer_nothing_of_the_inbox(case: Case, colleague: Make):
    viewer = colleague("손님", Role.VIEWER)
    choose(member=viewer, ways={"heard": ["app", "mail"], "mentioned": ["app"]})
    with write_atomic():
        about = f"case:{case.pk}"
        record("note.written", about, member=colleague(), note=1, mentioned=[viewer.pk])
    tell_due()

    assert told(viewer) == []


def test_it_tells_nobody_who_has_left(case: Case, colleague: Make):
    gone = colleague()
    follow(case=case.pk, member=gone)
    Member.objects.filter(pk=gone.pk).update(is_active=False)
    services.write_note(case=case.pk, member=colleague("박민수"), body="봐 주세요")
    tell_due()

    assert told(gone) == []


def test_it_follows_for_whoever_writes_a_note_but_not_against_their_will(
    case: Case, colleague: Make
):
    agent = colleague()
    services.write_note(case=case.pk, member=agent, body="확인 중")
    tell_due()
    assert Follow.objects.get(member=agent).following

    unfollow(case=case.pk, member=agent)
    services.write_note(case=case.pk, member=agent, body="아직 확인 중")
    tell_due()
    assert not Follow.objects.get(member=agent).following


def test_it_tells_supervisors_of_a_surge_and_others_only_when_they_ask(colleague: Make):
    boss, agent, keen = colleague("김팀장", Role.SUPERVISOR), colleague(), colleague("박민수")
    choose(member=keen, ways={"surge": ["app"]})
    tell_due()
    with write_atomic():
        record("surge.began", "surge:1", sort="all", key="", campaign=False)
    tell_due()

    assert told(boss) == told(keen) == [("surge", "surge:1")]
    assert told(agent) == []


def test_it_reads_with_as_many_questions_for_many_events_as_for_one(
    case: Case, colleague: Make, django_assert_max_num_queries
):
    agent = colleague()
    services.take(case=case.pk, member=agent)
    tell_due()
    for number in range(30):
        services.write_note(case=case.pk, member=colleague(f"동료{number}"), body="메모")
    with django_assert_max_num_queries(40):
        tell_due()

    assert len(told(agent)) == 30
