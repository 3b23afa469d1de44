"""Rules act on what happens: in order, once, on what fits, and say when they cannot."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from desk import letter, member, now, opened, say, source
from sori.automation import services
from sori.automation.models import Follower, Rule, RuleRun
from sori.automation.running import DAILY, TROUBLE, Runner
from sori.database import claim
from sori.journal.models import Event
from sori.listen.models import Source
from sori.people.models import Person
from sori.respond import services as desk
from sori.respond import tagging
from sori.respond.models import Case, Clock, Message, Note, SavedReply
from sori.staff.models import Department, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def tag(author):
    return tagging.make(name="환불", member=author)


def tags(case: Case | None = None) -> list[str]:
    case = case or Case.objects.get()
    return sorted(one.tag.name for one in case.case_tags.select_related("tag"))


def test_a_message_arrives_and_is_tagged_moved_and_given(lake, run, make_rule, tag):
    billing = Department.objects.create(name="요금")
    minji = member("민지")
    rule = make_rule(
        ("add_tag", str(tag.pk)),
        ("department", str(billing.pk)),
        ("give", str(minji.pk)),
        ("priority", "30"),
        ("note", "", "{customer} 님 {case}"),
        ("tell_member", str(minji.pk), "봐 주세요"),
        name="환불은 요금으로",
        conditions=[("text", "contains", "환불")],
    )

    opened(lake, text="어제 산 것을 환불해주세요")
    run()

    case = Case.objects.get()
    assert tags() == ["환불"]
    assert (case.department, case.owner, case.status) == (billing, minji, "open")
    assert ["rule", 30] in case.priority_reasons
    assert case.priority == sum(points for _, points in case.priority_reasons)
    note = Note.objects.get()
    assert (note.member, note.body) == (None, f"김하은 님 #{case.pk}")
    told = Event.objects.get(kind="rule.told")
    assert told.data["to"] == [minji.pk]
    caused = Event.objects.filter(about=f"case:{case.pk}", data__has_key="rule")
    assert {one.data["rule_name"] for one in caused} == {"환불은 요금으로"}
    assert {one.kind for one in caused} == {
        "case.tagged",
        "case.department_changed",
        "case.assigned",
        "case.prioritised",
        "note.written",
        "rule.told",
        "rule.ran",
    }
    assert RuleRun.objects.get().rule == rule
    assert RuleRun.objects.get().outcome == "done"


def test_what_does_not_fit_is_left_alone(lake, run, make_rule, tag):
    make_rule(("add_tag", str(tag.pk)), conditions=[("text", "contains", "환불")])
    opened(lake, text="배송이 언제 오나요")
    run()
    assert tags() == []
    assert not RuleRun.objects.exists()


def test_each_event_is_acted_on_once_by_however_many_workers(lake, run, make_rule):
    make_rule(("note", "", "한 번만"))
    opened(lake)
    run()
    Follower.objects.update(position=0)
    Runner().run_due()
    Runner().run_due()
    assert Note.objects.count() == 1


def test_a_worker_that_dies_half_way_leaves_nothing_half_done(lake, run, make_rule, monkeypatch):
    make_rule(("note", "", "하나"))
    make_rule(("note", "", "둘"))
    opened(lake)
    write = desk.write_note

    def die(**said):
        if said["body"] == "둘":
            raise KeyboardInterrupt
        return write(**said)

    monkeypatch.setattr(desk, "write_note", die)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert not Note.objects.exists()

    monkeypatch.undo()
    Follower.objects.update(lease_until=None)
    run()
    assert sorted(Note.objects.values_list("body", flat=True)) == ["둘", "하나"]


def test_a_worker_waits_while_another_reads(lake, run, make_rule):
    make_rule(("note", "", "하나"))
    opened(lake)
    assert claim(Follower.objects.all(), lease=timedelta(minutes=1))
    assert run() == 0
    assert not Note.objects.exists()


def test_later_rules_see_what_earlier_ones_did_and_stop_means_stop(lake, run, make_rule, tag):
    second = make_rule(
        ("note", "", "표시를 보았다"), conditions=[("tag", "is", str(tag.pk))], stop=True
    )
    first = make_rule(("add_tag", str(tag.pk)))
    make_rule(("note", "", "여기까지는 오지 않는다"))
    services.move(rule=first, up=True, member=first.member)
    assert list(Rule.objects.values_list("pk", flat=True))[:2] == [first.pk, second.pk]

    opened(lake)
    run()

    assert [one.body for one in Note.objects.all()] == ["표시를 보았다"]


def test_what_a_rule_did_sets_off_no_rule(lake, run, make_rule, tag):
    make_rule(("add_tag", str(tag.pk)))
    make_rule(("note", "", "메아리"), trigger="tagged")
    opened(lake)
    run()
    assert not Note.objects.exists()

    tagging.take_off(case=Case.objects.get().pk, tag=tag, member=member())
    tagging.put_on(case=Case.objects.get().pk, tag=tag, member=member())
    run()
    assert Note.objects.count() == 1


def test_it_acts_on_one_case_so_often_a_day_at_most(lake, run, make_rule, tag):
    make_rule(("note", "", "또"), trigger="tagged")
    opened(lake)
    case, who = Case.objects.get().pk, member()
    for _ in range(DAILY + 3):
        tagging.put_on(case=case, tag=tag, member=who)
        tagging.take_off(case=case, tag=tag, member=who)
    run()
    assert Note.objects.count() == DAILY
    assert RuleRun.objects.filter(outcome="limit").count() == 3


def test_what_happened_before_it_was_switched_on_is_none_of_its_business(
    lake, run, make_rule, author
):
    rule = make_rule(("note", "", "x"), active=False, since=None)
    opened(lake)
    services.switch(rule=rule, on=True, member=author)
    run()
    assert not Note.objects.exists()
    opened(lake, author_id="other@x.kr")
    run()
    assert Note.objects.count() == 1


def test_a_rule_that_cannot_act_says_so_and_in_the_end_switches_itself_off(
    lake, run, make_rule, tag, author
):
    rule = make_rule(("note", "", "wird zurückgenommen"), ("add_tag", str(tag.pk)))
    tagging.delete(tag=tag, member=author)
    place = source()
    say(lake, *(letter(place, author_id=f"c{number}@x.kr") for number in range(TROUBLE + 2)))
    run()

    rule.refresh_from_db()
    assert not rule.active
    assert rule.failures == TROUBLE
    assert rule.trouble
    assert RuleRun.objects.filter(outcome="failed").count() == TROUBLE
    assert not Note.objects.exists()
    gave_up = Event.objects.get(kind="rule.gave_up")
    assert author.pk in gave_up.data["to"]
    assert Event.objects.filter(kind="rule.failed").count() == TROUBLE


def test_one_success_forgives_what_failed(lake, run, make_rule, author):
    rule = make_rule(("note", "", "geht"), failures=TROUBLE - 1, trouble="vorhin")
    opened(lake)
    run()
    rule.refresh_from_db()
    assert (rule.active, rule.failures, rule.trouble) == (True, 0, "")


@pytest.mark.parametrize(
    ("trigger", "deed"),
    [
        ("heard", lambda lake, case, _who: say(lake, _again(case))),
        ("status", lambda _lake, case, who: desk.set_status(case=case, member=who, status="open")),
        ("tagged", lambda _lake, case, who: _tag(case, who)),
        ("resolved", lambda _lake, case, who: _settle(case, who)),
    ],
)
def test_it_hears_what_it_waits_for(lake, run, make_rule, trigger, deed):
    opened(lake)
    run()
    make_rule(("note", "", "gehört"), trigger=trigger)
    deed(lake, Case.objects.get().pk, member())
    run()
    assert Note.objects.count() == 1


def test_it_hears_that_a_case_is_taken_up_again(lake, run, make_rule):
    opened(lake)
    case = Case.objects.get().pk
    _settle(case, member())
    make_rule(("note", "", "wieder"), trigger="reopened")
    desk.reopen(case=case, member=member())
    run()
    assert Note.objects.count() == 1


def test_nothing_happens_for_some_hours(lake, run, make_rule):
    make_rule(("note", "", "still"), trigger="idle", hours=2)
    opened(lake)
    case = Case.objects.get().pk
    run()
    _later(hours=1)
    run()
    assert not Note.objects.exists()
    _later(hours=1.1)
    run()
    assert Note.objects.count() == 1
    # its own note does not begin another silence
    _later(hours=3)
    run()
    assert Note.objects.count() == 1
    desk.set_status(case=case, member=member(), status="on_hold")
    _later(hours=2.1)
    run()
    assert Note.objects.count() == 2


def test_a_settled_or_snoozed_case_is_left_in_its_silence(lake, run, make_rule):
    make_rule(("note", "", "still"), trigger="idle", hours=2)
    opened(lake)
    _settle(Case.objects.get().pk, member())
    run()
    _later(hours=2.1)
    run()
    assert not Note.objects.exists()


def test_it_prepares_an_answer_and_sends_none(lake, run, make_rule, author, oracle):
    reply = SavedReply.objects.create(
        title="접수", body="{고객} 님, 곧 답 드릴게요.", member=author, updated_at=now()
    )
    make_rule(("draft", str(reply.pk)))
    say(lake, letter(oracle))
    run()
    draft = Message.objects.get(direction="out")
    assert (draft.state, draft.member, draft.body) == ("draft", None, "김하은 님, 곧 답 드릴게요.")


def test_it_gives_to_the_least_busy_and_by_turns(lake, run, make_rule):
    place = Department.objects.create(name="요금")
    people = [member(name) for name in ("가", "나", "다")]
    for one in people:
        one.department = place
        one.save()
    member("다른 부서")
    viewer = member("보기만", Role.VIEWER)
    viewer.department = place
    viewer.save()
    make_rule(("give_next", str(place.pk)))
    letters_from = source()
    for number in range(6):
        say(lake, letter(letters_from, author_id=f"c{number}@x.kr"))
        run()
    owners = list(Case.objects.order_by("pk").values_list("owner__name", flat=True))
    assert owners == ["가", "나", "다", "가", "나", "다"]

    Case.objects.filter(owner=people[1]).update(status="resolved")
    Rule.objects.update(actions=[["give_least_busy", str(place.pk), ""]])
    for number in range(3):
        say(lake, letter(letters_from, author_id=f"d{number}@x.kr"))
        run()
    last = list(Case.objects.order_by("pk").values_list("owner__name", flat=True))[-3:]
    assert last == ["나", "나", "가"]


def test_the_person_is_whoever_they_were_merged_into(lake, run, make_rule, tag):
    opened(lake)
    run()
    person = Case.objects.get().person
    rich = Person.objects.create(name="김하은", segment="influencer", value=2_000_000)
    person.merged_into = rich
    person.save()
    make_rule(
        ("add_tag", str(tag.pk)),
        trigger="status",
        conditions=[("value", "at_least", "1000000"), ("segment", "is", "influencer")],
    )
    desk.set_status(case=Case.objects.get().pk, member=member(), status="open")
    run()
    assert tags() == ["환불"]


def test_a_case_that_is_erased_meanwhile_is_no_trouble(lake, run, make_rule):
    rule = make_rule(("note", "", "x"))
    opened(lake)
    Message.objects.all().delete()
    Case.objects.get().conversations.all().delete()
    Case.objects.all().delete()
    assert run()
    rule.refresh_from_db()
    assert rule.active


def test_a_merged_tag_is_still_meant(lake, run, make_rule, tag, author):
    other = tagging.make(name="환불 요청", member=author)
    make_rule(("note", "", "gefunden"), trigger="status", conditions=[("tag", "is", str(tag.pk))])
    opened(lake)
    case = Case.objects.get().pk
    tagging.put_on(case=case, tag=tag, member=author)
    tagging.merge(tag=tag, into=other, member=author)
    desk.set_status(case=case, member=author, status="open")
    run()
    assert Note.objects.count() == 1


def test_points_of_a_rule_survive_what_the_customer_says_next(lake, run, make_rule):
    make_rule(("priority", "30"))
    place = source()
    opening = letter(place, kind="question")
    say(lake, opening)
    run()
    before = Case.objects.get().priority
    say(lake, letter(place, thread_id=opening["external_id"], kind="complaint", urgency=2))
    case = Case.objects.get()
    assert case.priority == before + 40
    assert ["rule", 30] in case.priority_reasons


def _again(case: int) -> dict:
    conversation = Case.objects.get(pk=case).conversations.get()
    place = Source.objects.get(pk=conversation.source_id)
    return letter(place, thread_id=conversation.thread)


def _tag(case: int, who) -> None:
    tagging.put_on(case=case, tag=tagging.make(name="VIP", member=who), member=who)


def _settle(case: int, who) -> None:
    Clock.objects.filter(case=case).update(outcome="met", stopped_at=timezone.now())
    desk.resolve(case=case, member=who)


def _later(hours: float) -> None:
    """As if so many hours had passed: everything that happened is that much older."""
    back = timedelta(hours=hours)
    Rule.objects.update(since=F("since") - back)
    Follower.objects.update(looked_at=F("looked_at") - back)
    with connection.cursor() as cursor:
        _let_events_change(cursor)
        Event.objects.update(at=F("at") - back)


def _let_events_change(cursor) -> None:
    if cursor.db.vendor == "sqlite":
        rows = cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal_event'"
        )
        for (name,) in rows.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
    else:
        # what waits for the end of the transaction would keep the table as it is
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE journal_event DISABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
