"""The tab of what is due: clocks, promises, decisions in order, and a count that does not lie."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk import HOUR, letter, member, now, only_case, opened, say, source
from sori.errors import Refused
from sori.respond import outbox, selectors, services
from sori.respond.models import Case, Clock, Decision, Message
from sori.staff.models import Department

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def due(who: int, **place) -> list[int]:
    return [row["id"] for row in selectors.inbox(member=who, tab="due", **place).rows]


def late(lake, minutes: int, place=None) -> int:
    """A case whose first response is over by so many minutes."""
    at = now() - HOUR - timedelta(minutes=minutes)
    say(lake, letter(place or source(), published_at=at, heard_at=at))
    return Case.objects.latest("pk").pk


def test_it_shows_what_runs_out_first_and_counts_it(lake):
    anna = member().pk
    opened(lake)
    second, first, third = late(lake, 20), late(lake, 90), late(lake, -10)

    assert due(anna) == [first, second, third]
    assert selectors.counts(anna)["due"] == 3


def test_what_rests_or_ended_is_not_due(lake):
    anna = member()
    paused, left = late(lake, 20), late(lake, 30)
    services.set_status(case=paused, member=anna, status="pending")
    services.decide_no_answer(case=left, member=anna, reason="campaign")

    assert due(anna.pk) == []
    assert selectors.counts(anna.pk)["due"] == 0


def test_a_promise_comes_back_before_its_time(lake, oracle):
    anna = member()
    say(lake, letter(oracle))
    asked = Message.objects.get()
    services.acknowledge(answers=asked.pk, member=anna, due_at=now() + 2 * HOUR, token="t" * 22)
    outbox.deliver_due()

    assert due(anna.pk) == []
    with time_machine.travel(now() + 1.6 * HOUR):
        assert due(anna.pk) == [only_case().pk]
        assert selectors.counts(anna.pk)["due"] == 1
        row = selectors.inbox(member=anna.pk, tab="due").rows[0]
        assert (row["clock"]["kind"], row["clock"]["state"]) == ("promise", "soon")


def test_a_decision_comes_back_on_its_day_until_somebody_looks(lake):
    anna, ben = member("안나"), member("벤")
    case = late(lake, 5)
    day = (now() + 7 * DAY).date()
    services.decide_no_answer(
        case=case, member=anna, reason="nothing_to_add", owner=ben, review_on=day
    )

    assert due(anna.pk) == []
    assert Decision.objects.get().owner == ben
    with time_machine.travel(now() + 8 * DAY):
        row = selectors.inbox(member=anna.pk, tab="due").rows[0]
        assert (row["id"], row["review"], row["status"]) == (case, True, "resolved")
        assert selectors.counts(anna.pk)["due"] == 1

        services.decide_no_answer(case=case, member=ben, reason="nothing_to_add")
        assert due(anna.pk) == []


@pytest.mark.parametrize("look", ["reopen", "answer"])
def test_opening_or_answering_is_a_second_look(lake, oracle, look):
    anna = member()
    say(lake, letter(oracle))
    case, asked = only_case().pk, Message.objects.get()
    services.decide_no_answer(
        case=case, member=anna, reason="nothing_to_add", review_on=now().date() + DAY
    )

    if look == "reopen":
        services.reopen(case=case, member=anna)
    else:
        services.remember_answer(answers=asked.pk, member=anna, body="네", at=now())

    assert Decision.objects.get().reviewed_at is not None
    with time_machine.travel(now() + 3 * DAY):
        assert due(anna.pk) == []


def test_it_pages_through_everything_once_at_a_fixed_price(lake):
    anna = member().pk
    at = now() - 2 * HOUR
    place = source()
    rows = [letter(place, author_id=f"c{n}@x.kr", published_at=at, heard_at=at) for n in range(23)]
    say(lake, *rows)
    Clock.objects.filter(pk__in=Clock.objects.values("pk")[:9]).update(due_at=at + HOUR / 2)

    seen, after = [], None
    while True:
        with CaptureQueriesContext(connection) as asked:
            page = selectors.inbox(member=anna, tab="due", after=after, limit=5)
        assert len(asked) == 3
        seen += [row["id"] for row in page.rows]
        if page.next is None:
            break
        after = page.next

    order = Clock.objects.order_by("due_at", "case").values_list("case", flat=True)
    assert seen == list(order)


def test_it_shows_one_department_alone(lake):
    billing = Department.objects.create(name="요금팀")
    late(lake, 5)
    ours = late(lake, 3, source(department=billing))

    assert due(member().pk, only={"department": billing.pk}) == [ours]


def test_signing_needs_a_reason_from_the_list(lake):
    case, anna = late(lake, 5), member()

    for reason, words in (("", ""), ("because", "x"), ("other", " ")):
        with pytest.raises(Refused):
            services.decide_no_answer(case=case, member=anna, reason=reason, words=words)
    services.decide_no_answer(case=case, member=anna, reason="other", words="이미 통화함")

    signed = Decision.objects.get()
    assert (signed.words, signed.owner, signed.member) == ("이미 통화함", anna, anna)
