"""Two cases of one person are joined by pointing, taken apart exactly; a matter is split off."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import serializers
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk import letter, member, opened, say, signed_in, source
from sori.errors import Refused
from sori.people import merging
from sori.respond import (
    answering,
    joining,
    prioritising,
    selectors,
    services,
    snoozing,
    tagging,
    threads,
)
from sori.respond.clock_models import Reminder
from sori.respond.models import Case, Clock, Conversation, Decision, Joining, Message, Note
from sori.staff.models import Department, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(lake):
    """Two cases of Kim: the older and the newer one."""
    place = source()
    for number in (1, 2):
        say(lake, letter(place, f"문의 {number}입니다", external_id=f"<{number}>"))
    older, newer = Case.objects.order_by("pk")
    return older, newer


def weigh_all():
    Case.objects.update(weigh_at=timezone.now() - timedelta(seconds=1))
    while prioritising.weigh_due():
        pass
    Case.objects.update(weigh_at=None)


def picture() -> dict[str, list[dict[str, Any]]]:
    """Everything of the desk that a join might touch."""
    weigh_all()
    tables = (Case, Conversation, Message, Clock, Reminder, Decision, Note)
    return {
        table.__name__: serializers.serialize("python", table.objects.order_by("pk"))
        for table in tables
    }


def test_it_shows_both_as_one_and_leaves_the_other_out_of_every_list(two, lake):
    older, newer = two
    agent = member()
    services.write_note(case=newer.pk, member=agent, body="먼저 전화함")

    joining.join(case=newer.pk, into=older.pk, member=agent)

    thread = threads.thread(older.pk, member=agent.pk)
    said = [one["body"] for one in thread["entries"] if one["type"] == "message"]
    assert said == ["문의 1입니다", "문의 2입니다"]
    assert "먼저 전화함" in [one.get("body") for one in thread["entries"]]
    assert [one["id"] for one in thread["joined"]] == [newer.pk]
    for tab in selectors.TABS:
        assert newer.pk not in [row["id"] for row in selectors.inbox(member=agent.pk, tab=tab).rows]
    assert selectors.counts(agent.pk)["open"] == 1
    assert selectors.counts(agent.pk)["due"] <= 1


def test_it_lets_what_is_said_in_either_thread_come_into_the_one_case(two, lake):
    older, newer = two
    joining.join(case=newer.pk, into=older.pk, member=member())
    place = Conversation.objects.first().source
    say(lake, letter(place, "추가로 여쭤요", external_id="<3>", thread_id="<2>"))

    assert Message.objects.latest("pk").conversation.case_id == older.pk
    assert Case.objects.get(pk=older.pk).excerpt == "추가로 여쭤요"
    assert Case.objects.count() == 2


def test_it_keeps_the_clock_that_runs_out_first_and_stops_both_with_one_answer(two):
    older, newer = two
    early = Clock.objects.get(case=newer)
    Clock.objects.filter(pk=early.pk).update(due_at=timezone.now() + timedelta(minutes=1))

    joining.join(case=newer.pk, into=older.pk, member=member())
    running = Clock.objects.get(case=older, outcome="running")
    assert running.pk == early.pk

    services.decide_no_answer(case=older.pk, member=member(), reason="nothing_to_add")
    joining.part(case=newer.pk, member=member())
    assert not Clock.objects.filter(outcome="running").exists()


def test_it_takes_apart_exactly(two):
    older, newer = two
    services.take(case=newer.pk, member=member())
    before = picture()

    joining.join(case=newer.pk, into=older.pk, member=member())
    assert picture() != before
    joining.part(case=newer.pk, member=member())

    assert picture() == before


@given(st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_it_takes_any_tower_of_joins_apart_exactly(lake, data):
    Joining.objects.all().delete()
    Clock.objects.all().delete()
    place, agent = source(), member()
    count = data.draw(st.integers(2, 4))
    for number in range(count):
        say(lake, letter(place, f"문의 {number}", external_id=f"<{place.pk}.{number}>"))
    cases = list(Case.objects.filter(conversations__source=place).order_by("pk"))
    for one in cases:
        _something_happens(one, agent, data)
    before = picture()

    joined: list[Case] = []
    for _ in range(data.draw(st.integers(1, count - 1))):
        free = [one for one in cases if one not in joined]
        case, into = data.draw(st.permutations(free))[:2]
        try:
            joining.join(case=case.pk, into=into.pk, member=agent)
        except Refused:
            continue
        joined.append(case)
    for case in reversed(joined):
        joining.part(case=case.pk, member=agent)

    assert picture() == before


def _something_happens(case: Case, agent, data) -> None:
    deed = data.draw(st.sampled_from(["nothing", "take", "pending", "sign", "snooze", "hurry"]))
    if deed == "take":
        services.take(case=case.pk, member=agent)
    elif deed == "pending":
        services.set_status(case=case.pk, member=agent, status="pending")
    elif deed == "sign":
        review = timezone.localdate() + timedelta(days=3)
        services.decide_no_answer(
            case=case.pk, member=agent, reason="nothing_to_add", review_on=review
        )
    elif deed == "snooze":
        soon = timezone.now() + timedelta(minutes=5)
        snoozing.snooze(case=case.pk, member=agent, until=soon)
    elif deed == "hurry":
        due = timezone.now() + timedelta(minutes=data.draw(st.integers(1, 50)))
        Clock.objects.filter(case=case).update(due_at=due)


def test_it_refuses_what_makes_no_sense(two, lake):
    older, newer = two
    stranger = opened(lake, author_id="lee@customer.example", author_name="이서준")
    agent = member()
    with translation.override("en"):
        with pytest.raises(Refused, match="two people"):
            joining.join(case=stranger.conversation.case_id, into=older.pk, member=agent)
        with pytest.raises(Refused, match="another conversation"):
            joining.join(case=older.pk, into=older.pk, member=agent)
        joining.join(case=newer.pk, into=older.pk, member=agent)
        with pytest.raises(Refused, match="already"):
            joining.join(case=newer.pk, into=older.pk, member=agent)
        joining.part(case=newer.pk, member=agent)
        with pytest.raises(Refused, match="by itself"):
            joining.part(case=newer.pk, member=agent)
        services.decide_no_answer(case=older.pk, member=agent, reason="nothing_to_add")
        with pytest.raises(Refused, match="settled"):
            joining.join(case=newer.pk, into=older.pk, member=agent)


def test_it_waits_for_an_answer_that_is_on_its_way(two):
    older, newer = two
    asked = Message.objects.get(conversation__case=newer)
    answering.approve_reply(
        answers=asked.pk, member=member(), body="네, 곧 갑니다.", token="t" * 16
    )
    with translation.override("en"), pytest.raises(Refused, match="on its way"):
        joining.join(case=newer.pk, into=older.pk, member=member())


def test_it_joins_across_people_who_were_merged(two, lake):
    older, _ = two
    other = opened(lake, author_id="kim@work.example").conversation.case
    merging.merge(person=other.person_id, into=older.person_id, member=member())
    joining.join(case=other.pk, into=older.pk, member=member())
    assert [one["id"] for one in joining.parts(older.pk)] == [other.pk]


@pytest.fixture
def three_things(lake):
    """One case in which Kim spoke twice."""
    place = source()
    say(lake, letter(place, "배송이 안 와요", external_id="<1>"))
    say(lake, letter(place, "그리고 영수증도 주세요", external_id="<2>", thread_id="<1>"))
    return Message.objects.order_by("pk")


def test_it_splits_one_message_off_into_a_case_that_waits_too(three_things):
    first, second = three_things
    old = first.conversation.case

    new = joining.split(message=second.pk, member=member())

    assert new.pk != old.pk
    assert Message.objects.get(pk=second.pk).conversation.case_id == new.pk
    assert Message.objects.get(pk=first.pk).conversation.case_id == old.pk
    new.refresh_from_db()
    old.refresh_from_db()
    assert new.subject == "그리고 영수증도 주세요"
    assert old.excerpt == "배송이 안 와요"
    assert Clock.objects.filter(case=new, outcome="running").count() == 1
    assert Clock.objects.filter(case=old, outcome="running").count() == 1
    found = selectors.found(query="영수증", member=member().pk).rows
    assert [row["id"] for row in found] == [new.pk]


def test_it_leaves_what_was_split_off_with_those_who_had_it(three_things):
    first, second = three_things
    place = Department.objects.create(name="배송")
    team = Team.objects.create(name="지연", department=place)
    agent = member()
    old = first.conversation.case_id
    services.move_to_department(case=old, member=agent, department=place, team=team)
    services.assign(case=old, member=agent, owner=agent)
    tag = tagging.make(name="지연 배송", member=agent)
    tagging.put_on(case=old, tag=tag, member=agent)

    new = joining.split(message=second.pk, member=agent)

    new.refresh_from_db()
    assert (new.owner, new.department, new.team) == (agent, place, team)
    assert list(tag.case_tags.values_list("case", flat=True)) == [old]


def test_it_hands_the_clock_over_when_nobody_waits_in_the_old_case(three_things):
    first, second = three_things
    Message.objects.create(
        conversation=first.conversation,
        direction="out",
        state="sent",
        body="출발했습니다",
        at=first.at,
        sent_at=first.at + (second.at - first.at) / 2,
        answers=first,
    )
    new = joining.split(message=second.pk, member=member())
    assert [one.case_id for one in Clock.objects.filter(outcome="running")] == [new.pk]


def test_it_lets_later_words_of_the_thread_stay_in_the_old_case(three_things, lake):
    first, second = three_things
    joining.split(message=second.pk, member=member())
    say(
        lake,
        letter(first.conversation.source, "언제 와요?", external_id="<3>", thread_id="<1>"),
    )
    assert Message.objects.latest("pk").conversation_id == first.conversation_id


def test_it_does_not_split_off_all_there_is(lake):
    only = opened(lake)
    with translation.override("en"), pytest.raises(Refused, match="all they said"):
        joining.split(message=only.pk, member=member())


def test_it_is_done_on_the_page(two):
    older, newer = two
    browser = signed_in()
    page = browser.get(f"/inbox/{older.pk}/").content.decode()
    assert f"/inbox/{older.pk}/join/" in page

    browser.post(f"/inbox/{older.pk}/join/", {"other": newer.pk})
    answer = browser.get(f"/inbox/{newer.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/inbox/{older.pk}/")
    page = browser.get(f"/inbox/{older.pk}/").content.decode()
    assert "Take out" in page
    assert page.count(f"joined #{newer.pk} with #{older.pk}") == 1

    browser.post(f"/inbox/{older.pk}/part/", {"other": newer.pk})
    assert browser.get(f"/inbox/{newer.pk}/").status_code == 200


def test_it_splits_on_the_page(three_things):
    _, second = three_things
    case = second.conversation.case_id
    answer = signed_in().post(f"/inbox/{case}/messages/{second.pk}/split/")
    new = Case.objects.latest("pk").pk
    assert answer["Location"] == f"/inbox/{new}/"
    assert f"split it off from #{case}" in signed_in().get(f"/inbox/{new}/").content.decode()
