"""What reading X may cost is never passed, whatever X does and wherever we are cut off."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from peers import x_server
from peers.x_server import POST, USER, XServer, settings_of
from sori.channels.contract import Listener, Page
from sori.channels.x.door import X
from sori.channels.x.live import LEAST, ON_THE_WAY
from sori.channels.x.spending import MILLION, Prices, Purse, until_next
from sori.errors import ChannelError
from sori.listen.polling import gathered
from sori.mention import heard

CHANNEL = X()
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
PRICES = Prices(POST, USER, day=100_000, month=250_000)
FAULTS = ("", "", "", "429", "402", "500", "cut", "silent", "junk", "twice")


@pytest.fixture
def server() -> Iterator[XServer]:
    with x_server.running() as place:
        yield place


def look(server, cursor, now, *, stop=99, **more):
    """One look that is cut off after `stop` pages; returns the cursor that was written down."""
    server.clock = lambda: now
    chosen = CHANNEL.Settings(**settings_of(server, **more))
    try:
        for number, page in enumerate(CHANNEL.fetch(chosen, cursor, Listener(7, now))):
            if page.at_once:
                cursor = page.cursor
            if number >= stop:
                return cursor  # a power cut: only what was written down at once is there again
            last = page.cursor
    except ChannelError:
        return cursor
    return last


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    looks=st.lists(
        st.tuples(
            st.integers(0, 40),
            st.lists(st.sampled_from(FAULTS), max_size=3),
            st.sampled_from([99, 99, 0, 1, 2]),
            st.sampled_from([1, 1, 1, 900]),
        ),
        min_size=3,
        max_size=12,
    ),
    per_day=st.sampled_from([0.0, 0.07, 0.31, 1.0]),
    per_month=st.sampled_from([0.5, 1.1]),
)
@example([(20, ["cut"], 99, 1), (20, [], 99, 1)], 0.31, 1.1)
@example([(20, ["", "junk"], 99, 1), (20, [], 99, 1)], 0.31, 1.1)
@example([(20, [], 0, 1), (20, [], 99, 1)], 0.31, 1.1)
def test_no_limit_is_ever_passed(looks, per_day, per_month):
    with x_server.running() as server:
        cursor, now = None, NOON
        for count, faults, stop, minutes in looks:
            for number in range(count):
                server.say(f"@shop 텀블러 {number}", f"user{number}", at=now)
            server.faults = list(faults)
            limits = {"per_day": per_day, "per_month": per_month}
            cursor = look(server, cursor, now, stop=stop, queries=["텀블러"], **limits)
            now += timedelta(minutes=minutes)

        assert all(spent <= per_day * MILLION for spent in server.spent.values())
        for month in ("2026-11", "2026-12"):
            assert sum(server.spent[day] for day in server.spent if day[:7] == month) <= (
                per_month * MILLION
            )


def test_it_stops_before_it_asks_and_goes_on_the_next_day(server):
    for number in range(20):
        server.say(f"@shop {number}", f"user{number}", at=NOON)
    limits = {"per_day": 0.3, "per_month": 100.0}
    cursor = look(server, None, NOON, **limits)
    assert server.spent == {"2026-11-29": 300_000}
    asked = len(server.asked)

    chosen = CHANNEL.Settings(**settings_of(server, **limits))
    with pytest.raises(ChannelError, match=r"today's \$0.30") as caught:
        list(CHANNEL.fetch(chosen, cursor, Listener(7, NOON)))
    assert not caught.value.permanent
    assert caught.value.retry_after == pytest.approx(12 * 3600, abs=5)
    assert len(server.asked) == asked

    server.say("@shop 내일", at=NOON)
    look(server, cursor, NOON + timedelta(days=1), **limits)
    assert 0 < server.spent["2026-11-30"] <= 300_000


@pytest.mark.parametrize(
    ("fault", "held"), [("503", False), ("429", False), ("cut", True), ("silent", True)]
)
def test_only_what_may_have_been_handed_out_counts(server, fault, held):
    server.say("@shop 하나", at=NOON)
    server.faults = [fault]
    cursor = look(server, None, NOON)
    assert (cursor["purse"]["held"] > 0) is held


def test_a_network_that_is_down_costs_nothing(server):
    nowhere = {"address": "http://127.0.0.1:9", "queries": ["텀블러"], "live_seconds": 1}
    cursor = look(server, None, NOON, **nowhere)
    cursor = look(server, cursor, NOON, mentions=False, **nowhere)
    assert (cursor["purse"]["today"], cursor["purse"]["held"]) == (0, 0)


def test_the_same_post_costs_once_a_day(server):
    server.say("@shop 텀블러", at=NOON)
    cursor = look(server, None, NOON, queries=["텀블러"])
    cursor = look(server, cursor, NOON, queries=["텀블러"])

    assert server.spent == {"2026-11-29": POST + USER}
    assert cursor["purse"]["today"] == POST + USER
    assert cursor["purse"]["held"] == 0


def test_a_flood_on_the_stream_stays_within_the_limit(server):
    def flood():
        while not server.streams:
            time.sleep(0.01)
        for number in range(600):
            server.say(f"텀블러 {number}", f"user{number}", at=NOON)

    server.clock = lambda: NOON
    server.pace = 1 / 250
    most = (ON_THE_WAY + 2 * LEAST) * (POST + USER)
    limits = {"per_day": most / MILLION, "live_seconds": 10}
    chosen = settings_of(server, mentions=False, queries=["텀블러"], **limits)
    flooding = threading.Thread(target=flood)
    flooding.start()
    found = list(CHANNEL.fetch(CHANNEL.Settings(**chosen), None, Listener(7, NOON)))
    flooding.join()

    assert sum(page.mentions.num_rows for page in found) == 2 * LEAST
    assert found[-1].cursor["purse"]["today"] == most
    assert 2 * LEAST * (POST + USER) <= server.spent["2026-11-29"] <= most


def test_what_was_held_back_counts_when_nobody_knows():
    purse = Purse({}, PRICES, NOON)
    purse.hold(4, NOON)
    after = Purse(purse.kept(), PRICES, NOON)
    assert after.left == PRICES.day - 4 * PRICES.voice


def test_a_new_day_begins_with_nothing_spent_and_a_month_goes_on():
    purse = Purse({}, PRICES, NOON)
    purse.hold(6, NOON)
    purse.settle("123456", "123456", NOON)
    assert purse.left == 10_000
    tomorrow = Purse(purse.kept(), PRICES, NOON + timedelta(days=1))
    assert tomorrow.left == PRICES.day
    tomorrow.hold(6, NOON + timedelta(days=1))
    tomorrow.settle("123456", "123456", NOON + timedelta(days=1))
    third = Purse(tomorrow.kept(), PRICES, NOON + timedelta(days=2))
    assert third.left == PRICES.day, "December has begun"


def test_a_clock_that_is_set_back_begins_no_new_day():
    purse = Purse({}, PRICES, NOON)
    purse.hold(6, NOON)
    purse.settle("123456", "123456", NOON)
    assert Purse(purse.kept(), PRICES, NOON - timedelta(days=1)).left == purse.left


def test_what_is_answered_after_midnight_counts_for_the_new_day():
    midnight = datetime(2026, 11, 29, tzinfo=UTC)
    purse = Purse({}, PRICES, midnight - timedelta(seconds=1))
    purse.hold(2, midnight - timedelta(seconds=1))
    purse.settle("12", "12", midnight + timedelta(seconds=1))
    assert purse.left == PRICES.day - 2 * PRICES.voice
    assert purse.kept()["day"] == "2026-11-29"


def test_a_month_that_is_used_up_says_when_the_next_begins():
    purse = Purse({"day": "2026-11-29", "month": "2026-11", "monthly": 245_000}, PRICES, NOON)
    with pytest.raises(ChannelError, match="this month's") as caught:
        purse.hold(1, NOON)
    assert caught.value.retry_after == until_next(NOON, monthly=True) == 36 * 3600


def test_a_cost_is_written_down_before_the_next_page_is_asked_for():
    asked = []

    def brought() -> Iterator[Page]:
        for number in range(3):
            asked.append(number)
            yield Page(heard([]), number, at_once=number == 1)

    pages = gathered(brought(), seconds=60)
    assert (next(pages).cursor, asked) == (1, [0, 1])
    assert (next(pages).cursor, asked) == (2, [0, 1, 2])
