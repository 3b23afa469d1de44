"""The list, the thread and the customer: true, in order, and at a fixed price."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk import HOUR, letter, member, now, only_case, post, say, source
from sori.respond import figures, outbox, selectors, services, threads
from sori.respond.models import Case, Clock, Message

pytestmark = pytest.mark.django_db


def many(lake, place, count: int) -> None:
    """So many cases of different people, the last one the newest."""
    base = now() - timedelta(minutes=30)
    rows = [
        letter(
            place,
            f"문의 {n}",
            author_id=f"c{n}@customer.example",
            published_at=base + timedelta(milliseconds=n),
        )
        for n in range(count)
    ]
    say(lake, *rows)


def questions(ask) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        ask()
    return len(asked)


def test_it_pages_through_everything_once(lake):
    many(lake, source(), 23)
    # some change at the very same moment
    Case.objects.filter(pk__in=Case.objects.values("pk")[5:12]).update(updated_at=now())
    anna = member().pk

    seen, after = [], None
    while True:
        page = selectors.inbox(member=anna, after=after, limit=5)
        seen += [row["id"] for row in page.rows]
        if page.next is None:
            break
        after = page.next

    newest = Case.objects.order_by("-updated_at", "-id").values_list("id", flat=True)
    assert seen == list(newest)


@pytest.mark.parametrize(
    "after", ["", "~", "x~1", "2026-01-01~1", "2026-01-01T00:00:00+00:00~-1", "a" * 999]
)
def test_it_starts_at_the_top_for_a_place_that_was_made_up(lake, after):
    many(lake, source(), 3)

    assert len(selectors.inbox(member=0, after=after).rows) == 3


def test_it_shows_each_tab_what_belongs_there_and_counts_it(lake, oracle):
    many(lake, oracle, 6)
    anna = member()
    ids = list(Case.objects.order_by("id").values_list("id", flat=True))
    services.take(case=ids[0], member=anna)
    services.take(case=ids[1], member=member())
    services.decide_no_answer(case=ids[2], member=anna, reason="campaign")
    asked = Message.objects.get(conversation__case=ids[3])
    answer = services.approve_reply(answers=asked.pk, member=anna, body="네")
    Message.objects.filter(pk=answer.pk).update(state="unknown")

    shown = {
        tab: sorted(row["id"] for row in selectors.inbox(member=anna.pk, tab=tab).rows)
        for tab in selectors.TABS
    }

    assert shown == {
        "mine": [ids[0]],
        "unassigned": [ids[3], ids[4], ids[5]],
        "due": [],
        "open": [ids[0], ids[1], ids[3], ids[4], ids[5]],
        "unsettled": [ids[3]],
        "snoozed": [],
        "resolved": [ids[2]],
    }
    assert selectors.counts(anna.pk) == {tab: len(rows) for tab, rows in shown.items()}
    assert selectors.unread(anna.pk) == 1


def test_it_tells_a_row_in_full(lake, oracle):
    asked = letter(oracle, "언제 오나요", kind="question", urgency=1)
    say(lake, asked)
    anna = member("안나")
    services.take(case=only_case().pk, member=anna)

    row = selectors.inbox(member=anna.pk, tab="mine").rows[0]

    assert (row["who"], row["subject"], row["excerpt"]) == ("김하은", "배송 문의", "언제 오나요")
    assert (row["channel"], row["kind"], row["owner_name"]) == ("email", "question", "안나")
    assert (row["unread"], row["unsettled"]) == (True, False)
    assert row["clock"]["state"] == "ok"
    assert row["clock"]["due_at"] == asked["published_at"] + HOUR


def test_its_price_does_not_grow(lake, oracle):
    anna = member().pk
    many(lake, oracle, 10)
    case = Case.objects.first().pk

    def prices() -> list[int]:
        return [
            questions(lambda: selectors.inbox(member=anna)),
            questions(lambda: selectors.counts(anna)),
            questions(lambda: threads.thread(case, member=anna)),
            questions(lambda: threads.customer(case)),
            questions(lambda: figures.silence()),
            questions(lambda: figures.first_response(since=now() - HOUR)),
        ]

    few = prices()
    many(lake, oracle, 1000)
    asked = Message.objects.filter(conversation__case=case).get()
    follow = [
        letter(oracle, thread_id=asked.external_id, author_id="c0@customer.example")
        for _ in range(300)
    ]
    say(lake, *follow)
    for _ in range(50):
        services.write_note(case=case, member=member(), body="메모")

    assert prices() == few
    # search reads its hits in large portions until it has seen 1,001 cases
    assert questions(lambda: selectors.found(query="문의", member=anna)) <= 6
    assert few[0] <= 3
    assert max(few) <= 11


def test_it_finds_cases_by_what_was_said(lake):
    many(lake, source(), 3)
    say(lake, letter(source(), "환불 부탁드려요", title="환불"))

    page = selectors.found(query="환불", member=0)

    assert (page.total, [row["subject"] for row in page.rows]) == (1, ["환불"])
    assert selectors.found(query="없는말", member=0) == selectors.Page([], None, 0)


def test_it_tells_the_thread_in_order(lake, oracle):
    anna = member("안나")
    first = letter(oracle, "하나", sentiment="negative")
    say(lake, first)
    case = only_case().pk
    services.take(case=case, member=anna)
    services.write_note(case=case, member=anna, body="메모")
    asked = Message.objects.get()
    services.draft_reply(answers=asked.pk, member=member("벤"), body="초안")
    services.approve_reply(answers=asked.pk, member=anna, body="둘")
    outbox.deliver_due()
    say(lake, letter(oracle, "셋", thread_id=first["thread_id"], sentiment="positive"))

    told = threads.thread(case, member=anna.pk)

    kinds = [(one["type"], one.get("body") or one["kind"]) for one in told["entries"]]
    assert sorted(kinds) == sorted(
        [
            ("message", "하나"),
            ("event", "case.opened"),
            ("event", "case.assigned"),
            ("note", "메모"),
            ("message", "둘"),
            ("message", "셋"),
        ]
    )
    assert [one["at"] for one in told["entries"]] == sorted(one["at"] for one in told["entries"])
    reply = next(one for one in told["entries"] if one.get("body") == "둘")
    assert (reply["state"], reply["member_name"], reply["shown"]) == (
        "sent",
        "안나",
        "kim@customer.example",
    )
    assert [draft["body"] for draft in told["drafts"]] == ["초안"]
    newest = Message.objects.get(body="셋")
    assert (told["answerable"]["id"], told["answerable"]["to"]) == (
        newest.pk,
        "kim@customer.example",
    )
    assert threads.thread(10**9, member=anna.pk) is None


def test_it_pages_backwards_through_a_long_thread(lake):
    place = source()
    base = now() - HOUR
    first = letter(place, "0", published_at=base)
    more = [
        letter(
            place, str(n), thread_id=first["thread_id"], published_at=base + timedelta(seconds=n)
        )
        for n in range(1, 25)
    ]
    say(lake, first, *more)

    newest = threads.thread(only_case().pk, member=0, limit=10)
    older = threads.thread(only_case().pk, member=0, limit=10, before=newest["earlier"])
    oldest = threads.thread(only_case().pk, member=0, limit=10, before=older["earlier"])

    def bodies(told) -> list[str]:
        return [one["body"] for one in told["entries"] if one["type"] == "message"]

    assert bodies(oldest) + bodies(older) + bodies(newest) == [str(n) for n in range(25)]
    assert oldest["earlier"] is None


def test_it_cannot_answer_what_nobody_can(lake):
    say(lake, post(source(), answer=True))

    assert threads.answerable(only_case().pk) is None


def test_it_knows_the_customer(lake):
    place = source()
    for mood in ("negative", "positive", None):
        say(lake, letter(place, sentiment=mood))
    newest = Case.objects.order_by("-pk").first()

    told = threads.customer(newest.pk)

    assert told["name"] == "김하은"
    assert [one["external_id"] for one in told["identities"]] == ["kim@customer.example"]
    assert (told["case_count"], len(told["cases"])) == (3, 2)
    assert sorted(told["mood"]) == ["", "negative", "positive"]


def test_it_knows_how_fast_we_are_and_who_waits(lake):
    many(lake, source(), 6)
    for clock, minutes in zip(Clock.objects.order_by("pk"), (10, 20, 90, 40), strict=False):
        at = clock.started_at + timedelta(minutes=minutes)
        late = at > clock.due_at
        ended = {"stopped_at": at, "outcome": "missed" if late else "met"}
        Clock.objects.filter(pk=clock.pk).update(worked_seconds=60 * minutes // 2, **ended)
    until = now() + 2 * HOUR

    assert figures.first_response(since=now() - 2 * HOUR, until=until) == {
        "count": 4,
        "median_seconds": 30 * 60,
        "median_worked_seconds": 15 * 60,
        "met": 3,
    }
    assert figures.first_response(since=until)["median_seconds"] is None

    waiting = figures.silence()
    assert (waiting["count"], waiting["over"], len(waiting["rows"])) == (2, 0, 2)
    assert waiting["rows"][0]["waiting_since"] <= waiting["rows"][1]["waiting_since"]
    Clock.objects.filter(outcome="running").update(due_at=now() - HOUR)
    assert figures.silence(limit=1)["over"] == 2


def test_it_shows_that_answers_are_held():
    assert selectors.held() is None
    services.hold_outgoing(reason="복원된 백업")
    assert selectors.held()["reason"] == "복원된 백업"


def test_it_puts_the_most_urgent_first_and_shows_each_once(lake):
    place = source()
    for number in range(12):
        say(lake, letter(place, author_id=f"c{number}@x.kr", urgency=number % 3, kind="complaint"))
    seen, after = [], None
    while True:
        page = selectors.inbox(member=0, urgent=True, after=after, limit=5)
        seen += page.rows
        after = page.next
        if after is None:
            break

    assert len({row["id"] for row in seen}) == len(seen) == 12
    places = [(row["priority"], row["updated_at"], row["id"]) for row in seen]
    assert places == sorted(places, reverse=True)
    assert places[0][0] > places[-1][0]


@pytest.mark.parametrize("after", ["", "~", "x~y~z", "1~2026-11-28~1", f"{10**30}~now~1", "a~1"])
def test_a_place_that_somebody_made_up_is_the_top(lake, after):
    say(lake, letter(source()))
    assert len(selectors.inbox(member=0, urgent=True, after=after).rows) == 1
