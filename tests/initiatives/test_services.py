"""Initiatives are begun, backed, decided, made and told of; each step leaves its event."""

from datetime import timedelta

import pytest
from django.utils import timezone

from desk import opened
from sori.change.initiatives import evidence, selectors, services
from sori.change.initiatives.describing import describe
from sori.change.initiatives.models import Comment, Initiative, Reminder, Ruling, Tally
from sori.change.models import Theme
from sori.errors import Refused
from sori.journal.models import Event
from sori.lake.query import Reader

pytestmark = pytest.mark.django_db

SENTENCE = "20261120" + "2" * 20


def kinds() -> list[str]:
    events = Event.objects.filter(kind__startswith="initiative.").order_by("pk")
    return [kind.partition(".")[2] for kind in events.values_list("kind", flat=True)]


def test_it_begins_with_what_speaks_for_it(theme, agent):
    pieces = [("theme", "7", "남의 말"), ("mention", SENTENCE, "자꾸 풀려요")]

    row = services.begin(member=agent, title="  앱 로그인 \n 유지 ", evidence=pieces)

    assert (row.title, row.stage) == ("앱 로그인 유지", "heard")
    quotes = dict(row.evidence.values_list("sort", "quote"))
    assert quotes == {"theme": theme.central, "mention": "자꾸 풀려요"}
    quoted = dict(row.evidence.values_list("sort", "quoted"))
    assert quoted == {"theme": theme.central_mention, "mention": SENTENCE}
    assert kinds() == ["begun"]
    assert Tally.objects.get().due_at is not None


@pytest.mark.parametrize("title", ["", "  ", "가" * 161])
def test_it_needs_a_title(agent, title):
    with pytest.raises(Refused):
        services.begin(member=agent, title=title)

    assert not Initiative.objects.exists()


@pytest.mark.parametrize(
    ("sort", "key"),
    [("theme", "8"), ("case", "1"), ("case", "x"), ("mention", "9"), ("idea", "-1"), ("what", "1"),
     ("theme", "07"), ("idea", "9" * 30)],
)  # fmt: skip
def test_it_takes_nothing_for_evidence_that_is_none(begun, boss, theme, sort, key):
    row = begun()

    with pytest.raises(Refused):
        services.attach(initiative=row, member=boss, sort=sort, key=key)

    assert not row.evidence.exists()


def test_it_takes_the_same_evidence_once(begun, boss, theme):
    row = begun()

    for _ in range(2):
        services.attach(initiative=row, member=boss, sort="theme", key="7")

    assert row.evidence.count() == 1
    assert kinds() == ["begun", "evidence_added"]


def test_it_lets_go_of_evidence(begun, boss, theme):
    row = begun()
    services.attach(initiative=row, member=boss, sort="theme", key="7")

    for _ in range(2):
        services.detach(initiative=row, member=boss, sort="theme", key="7")

    assert not row.evidence.exists()
    assert kinds()[-1] == "evidence_removed"
    assert kinds().count("evidence_removed") == 1


def test_it_counts_what_was_said_in_cases(lake, begun, boss):
    said = opened(lake)
    row = begun()

    services.attach(initiative=row, member=boss, sort="case", key=str(said.conversation.case_id))

    assert evidence.mentions(Reader(lake), row) == [said.mention]


def test_it_remembers_every_decision(begun, boss):
    row = begun(decision="no")
    row = services.decide(initiative=row, member=boss, decision="yes", reason="다시 보니 할 만함")

    assert (row.decision, row.reason, row.stage) == ("yes", "다시 보니 할 만함", "decided")
    assert list(Ruling.objects.values_list("decision", flat=True)) == ["no", "yes"]
    assert "reason" not in Event.objects.filter(kind="initiative.decided").latest("pk").data


@pytest.mark.parametrize("decision", ["yes", "no", "later"])
def test_it_decides_nothing_without_a_reason(begun, boss, decision):
    row = begun()
    day = timezone.localdate() + timedelta(days=9)

    with pytest.raises(Refused):
        services.decide(initiative=row, member=boss, decision=decision, reason=" ", review_on=day)

    row.refresh_from_db()
    assert row.decision == ""


@pytest.mark.parametrize("days", [None, 0, -1])
def test_it_puts_nothing_off_without_a_day(begun, boss, days):
    day = None if days is None else timezone.localdate() + timedelta(days=days)

    with pytest.raises(Refused):
        services.decide(
            initiative=begun(), member=boss, decision="later", reason="나중에", review_on=day
        )


@pytest.mark.parametrize("stage", ["doing", "shipped"])
@pytest.mark.parametrize("decision", ["", "no", "later"])
def test_it_makes_nothing_without_a_yes(begun, boss, decision, stage):
    row = begun(decision=decision)

    with pytest.raises(Refused):
        services.move(initiative=row, member=boss, stage=stage)

    row.refresh_from_db()
    assert row.stage == ("decided" if decision else "heard")


@pytest.mark.parametrize("stage", ["told", "checked", "gone"])
def test_it_lets_nobody_skip_the_telling(begun, boss, stage):
    row = begun(decision="yes", stage="shipped")

    with pytest.raises(Refused):
        services.move(initiative=row, member=boss, stage=stage)


def test_it_goes_all_the_way(begun, boss):
    row = begun(decision="yes", stage="doing")
    row = services.move(initiative=row, member=boss, stage="shipped")
    assert (row.shipped_at is not None, selectors.to_tell()) == (True, 1)

    row = services.mark_told(row)
    assert (row.stage, row.told_at is not None, selectors.to_tell()) == ("told", True, 0)

    row = services.mark_checked(row)
    assert (row.stage, row.checked_at is not None) == ("checked", True)
    assert kinds() == ["begun", "decided", "moved", "moved", "told", "checked"]


def test_it_tells_of_a_no_before_it_ends(begun):
    row = begun(decision="no")
    assert selectors.to_tell() == 1

    row = services.mark_told(row)

    assert (row.stage, selectors.to_tell()) == ("told", 0)
    assert Initiative.objects.filter(selectors.ENDED).exists()


def test_it_tells_of_a_later_once_for_each_decision(begun, boss):
    row = services.mark_told(begun(decision="later"))
    assert (row.stage, selectors.to_tell()) == ("decided", 0)

    day = timezone.localdate() + timedelta(days=60)
    services.decide(
        initiative=row, member=boss, decision="later", reason="더 나중에", review_on=day
    )

    assert selectors.to_tell() == 1


def test_it_is_told_once(begun):
    row = services.mark_told(begun(decision="no"))

    again = services.mark_told(row)

    assert again.told_at == row.told_at
    assert kinds().count("told") == 1


@pytest.mark.parametrize("decision", ["", "yes"])
def test_it_has_nothing_to_tell_yet(begun, decision):
    with pytest.raises(Refused):
        services.mark_told(begun(decision=decision))


def test_it_ends_untold_only_when_somebody_signs(begun, boss):
    row = begun(decision="no")
    with pytest.raises(Refused):
        services.leave_untold(initiative=row, member=boss, why="  ")

    row = services.leave_untold(initiative=row, member=boss, why="물어본 분이 없어요")

    assert (row.stage, row.untold_by, row.untold_why) == ("told", boss, "물어본 분이 없어요")
    assert Comment.objects.get().body == "물어본 분이 없어요"
    assert selectors.to_tell() == 0


def test_it_is_signed_once(begun, boss):
    row = services.mark_told(begun(decision="no"))

    with pytest.raises(Refused):
        services.leave_untold(initiative=row, member=boss, why="아무도 안 물어봤어요")


def test_it_waits_for_the_telling_when_it_was_checked_first(begun):
    row = services.mark_checked(begun(decision="yes", stage="shipped"))
    assert (row.stage, selectors.to_tell()) == ("shipped", 1)

    assert services.mark_told(row).stage == "checked"


def test_it_is_reopened_by_the_machine(begun):
    row = services.mark_checked(services.mark_told(begun(decision="yes", stage="shipped")))

    row = services.reopen(initiative=row, why="다시 늘었어요")

    assert (row.stage, row.decision, row.reason) == ("considered", "", "")
    comment = Comment.objects.get()
    assert (comment.member, comment.body) == (None, "다시 늘었어요")
    assert Event.objects.latest("pk").data["before"] == "checked"
    assert Ruling.objects.count() == 1


def test_it_cannot_be_reopened_while_it_is_open(begun, boss):
    with pytest.raises(Refused):
        services.reopen(initiative=begun(), why="왜요", member=boss)


def described(row, **changes):
    kept = {
        "title": row.title,
        "summary": row.summary,
        "owner": row.owner,
        "department": row.department,
        "due_on": row.due_on,
    }
    return kept | changes


def test_it_is_given_to_somebody(begun, boss, agent):
    row = begun()

    describe(initiative=row, member=boss, **described(row, owner=agent))

    assert Event.objects.latest("pk").kind == "initiative.assigned"
    assert Event.objects.latest("pk").data == {"owner": agent.pk, "before": None}


def test_it_lets_nobody_else_give_it_away(agent):
    row = services.begin(member=agent, title="새 요금제 안내")

    with pytest.raises(Refused):
        describe(initiative=row, member=agent, **described(row, owner=agent))

    row = describe(initiative=row, member=agent, **described(row, summary="자세히"))
    assert row.summary == "자세히"


def test_it_lets_nobody_else_change_its_words(begun, agent):
    row = begun()

    with pytest.raises(Refused):
        describe(initiative=row, member=agent, **described(row, title="다른 제목"))


def test_it_writes_nothing_down_when_nothing_changed(begun, boss):
    row = begun()

    describe(initiative=row, member=boss, **described(row))

    assert kinds() == ["begun"]


def test_it_stops_reminding_when_it_has_shipped(begun, boss):
    row = begun(decision="yes")
    day = timezone.localdate() + timedelta(days=9)
    describe(initiative=row, member=boss, **described(row, due_on=day))
    assert set(Reminder.objects.values_list("sort", flat=True)) == {"soon", "over"}

    services.move(initiative=row, member=boss, stage="shipped")

    assert not Reminder.objects.exists()


def test_it_can_be_exported_without_the_words_of_customers(begun, boss, theme):
    row = begun()
    services.attach(initiative=row, member=boss, sort="theme", key="7")

    told = selectors.export(Initiative.objects.get())

    assert (told["title"], told["stage"]) == ("앱 로그인 유지", "heard")
    assert [one["quote"] for one in told["evidence"]] == [""]
    full = selectors.export(Initiative.objects.get(), private=True)
    assert full["evidence"][0]["quote"] == Theme.objects.get().central
