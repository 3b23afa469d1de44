"""What reading X costs, and what may still be spent; a limit is never passed.

Money is counted in millionths of a US dollar, by days and months in UTC, as X does. What a question
can cost at the most is held back before it is asked, and the cursor that says so is written down
first; what it did cost takes its place afterwards. Whatever happens in between, a lost answer or a
power cut, what was held back counts as spent.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final, NamedTuple

from sori.channels.contract import Json
from sori.errors import ChannelError

MILLION: Final = 1_000_000
REMEMBERED: Final = 500


class Prices(NamedTuple):
    """What is charged and how much of it, in millionths of a dollar.

    Attributes:
        post: one post read.
        user: one account read along with it.
        day: what may be spent in a day.
        month: what may be spent in a month.
    """

    post: int
    user: int
    day: int
    month: int

    @property
    def voice(self) -> int:
        """What a post by somebody not met today costs at the most."""
        return self.post + self.user


def millionths(dollars: float, *, up: bool) -> int:
    """Dollars in millionths: prices are rounded up, limits down.

    >>> millionths(0.0000014, up=True), millionths(0.0000014, up=False)
    (2, 1)
    """
    exact = round(dollars * MILLION * 1000)
    return -(-exact // 1000) if up else exact // 1000


class Purse:
    """What was spent today and this month.

    Args:
        kept: what `kept` said last time, or nothing.
        prices: as they are now.
        now: the moment.

    Attributes:
        held: what is held back for a question that is not answered yet.
    """

    def __init__(self, kept: Mapping[str, Any], prices: Prices, now: datetime) -> None:
        self._prices = prices
        self._day, self._month = str(kept.get("day", "")), str(kept.get("month", ""))
        self._today, self._monthly = int(kept.get("today", 0)), int(kept.get("monthly", 0))
        self._charged: dict[str, None] = dict.fromkeys(kept.get("charged", ()))
        self.held = 0
        self._turn(now)
        self._spend(int(kept.get("held", 0)))  # nobody knows what became of that question

    def kept(self) -> dict[str, Json]:
        """What to remember."""
        return {
            "day": self._day,
            "month": self._month,
            "today": self._today,
            "monthly": self._monthly,
            "held": self.held,
            "charged": [*self._charged],
        }

    @property
    def left(self) -> int:
        """What may still be spent, held-back money not among it."""
        today = self._prices.day - self._today
        return max(0, min(today, self._prices.month - self._monthly) - self.held)

    def affords(self, most: int) -> int:
        """How many voices may be asked for: `most`, or as many as the rest will pay."""
        return min(most, self.left // self._prices.voice) if self._prices.voice else most

    def hold(self, voices: int, now: datetime) -> None:
        """Hold back what so many voices cost at the most.

        Raises:
            ChannelError: when there is not enough left; with the time until there is.
        """
        self._turn(now)
        amount = voices * self._prices.voice
        if amount > self.left or voices <= 0:
            raise self.used_up(now)
        self.held = amount

    def settle(
        self, posts: Iterable[str], users: Iterable[str], now: datetime, *, unseen: int = 0
    ) -> None:
        """Put what a question did cost in the place of what was held back for it.

        Args:
            posts: the ids of the posts that came; one that came before today costs nothing again.
            users: the ids of the accounts that came along.
            now: the moment; what comes after midnight counts for the new day.
            unseen: how many more voices may have been sent to us, and charged.
        """
        self.held = 0
        self._turn(now)
        self._spend(unseen * self._prices.voice)
        priced = [(f"p{each}", self._prices.post) for each in posts]
        priced += [(f"u{each}", self._prices.user) for each in users]
        for name, price in priced:
            if name not in self._charged:
                self._spend(price)
            self._charged.pop(name, None)
            self._charged[name] = None
        self._charged = dict.fromkeys([*self._charged][-REMEMBERED:])

    def used_up(self, now: datetime) -> ChannelError:
        """How to say that there is not enough left, and when there will be."""
        monthly = self._prices.month - self._monthly < self._prices.day - self._today
        amount = (self._prices.month if monthly else self._prices.day) / MILLION
        whose, when = ("this month's", "next month") if monthly else ("today's", "tomorrow")
        return ChannelError(
            f"{whose} ${amount:,.2f} for reading X are used up; it goes on {when} (UTC)",
            retry_after=until_next(now, monthly=monthly),
        )

    def _spend(self, amount: int) -> None:
        self._today += amount
        self._monthly += amount

    def _turn(self, now: datetime) -> None:
        """Begin a new day or month with nothing spent; a clock set back begins nothing."""
        day = f"{now.astimezone(UTC):%Y-%m-%d}"
        if day > self._day:
            self._day, self._today, self._charged = day, 0, {}
        if day[:7] > self._month:
            self._month, self._monthly = day[:7], 0


def until_next(now: datetime, *, monthly: bool) -> float:
    """Seconds until the next day, or month, begins in UTC.

    >>> until_next(datetime(2026, 11, 30, 23, 59, tzinfo=UTC), monthly=True)
    60.0
    """
    today = now.astimezone(UTC).date()
    if monthly:
        today = (today.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return (datetime.combine(today + timedelta(days=1), time(), UTC) - now).total_seconds()
