"""How long somebody may wait for us: which policy holds, when a clock is due, how it stands.

Nothing here reads a clock or a database; the time now is an argument. A calendar decides which
time counts: `WALL`, in which all of it does, or business hours (`business.Hours`). What people see
count down is always the wall clock's: the moment it is due does not depend on who looks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple, Protocol


class Calendar(Protocol):
    """Which time counts."""

    def after(self, start: datetime, span: timedelta) -> datetime:
        """The moment at which `span` of counted time has passed since `start`."""
        ...

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much counted time lies between two moments; negative when `end` comes first."""
        ...

    def opening(self, at: datetime) -> datetime:
        """The first moment from `at` on that counts: `at` itself, or the next opening."""
        ...


class Wall:
    """All time counts, day and night: what the customer feels."""

    def after(self, start: datetime, span: timedelta) -> datetime:
        """`start` plus `span`."""
        return start + span

    def between(self, start: datetime, end: datetime) -> timedelta:
        """`end` minus `start`."""
        return end - start

    def opening(self, at: datetime) -> datetime:
        """`at`: it is never closed."""
        return at


WALL: Final = Wall()


class Target(NamedTuple):
    """What we aim at: within `due`, and within `limit` at the very latest."""

    due: timedelta
    limit: timedelta


RESPONSE: Final = Target(due=timedelta(hours=1), limit=timedelta(hours=2))
"""An hour, two at most: after that silence becomes a complaint, for everybody sees it."""


class Matter(NamedTuple):
    """What a policy may ask of a matter.

    Attributes:
        department: who answers, or None.
        kind: complaint, question..., "" when nobody knows.
        urgency: 0 to 2, None when nobody knows.
        channel: where it was said.
        addressed: whether it was said to us.
        value: what the person is worth in a year, in the currency of the installation; None when
            nobody knows.
    """

    department: int | None = None
    kind: str = ""
    urgency: int | None = None
    channel: str = ""
    addressed: bool = True
    value: Decimal | None = None


@dataclass(frozen=True)
class Policy:
    """How fast we are for some matters.

    Attributes:
        key: the row it stands in; None for the house's own.
        first, following: the aims for the first response and for each later one.
        resolution: the aim for settling the matter; None when nobody set one.
        calendar: our working hours.
        calendar_key: the row those stand in; None when we work day and night.
        department, kind, channel: only these; None for all.
        urgency: only matters at least this urgent; None for all.
        addressed: only what was said to us (or, False, to nobody); None for all.
        value: only people worth at least so much a year; None for all.
    """

    key: int | None = None
    first: Target = RESPONSE
    following: Target = RESPONSE
    resolution: Target | None = None
    calendar: Calendar = WALL
    calendar_key: int | None = None
    department: int | None = None
    kind: str | None = None
    channel: str | None = None
    urgency: int | None = None
    addressed: bool | None = None
    value: int | None = None

    def holds(self, matter: Matter) -> bool:
        """Whether it is meant for this matter; what nobody knows fits no condition."""
        wanted = (self.department, self.kind, self.channel, self.addressed)
        shown = (matter.department, matter.kind, matter.channel, matter.addressed)
        fits = all(one is None or one == other for one, other in zip(wanted, shown, strict=True))
        urgent = self.urgency is None or (matter.urgency or 0) >= self.urgency
        worth = self.value is None or (matter.value or 0) >= self.value
        return fits and urgent and worth


DEFAULT: Final = Policy()
"""What holds where the company has said nothing: an hour, two at most, day and night."""


def choose(policies: Sequence[Policy], matter: Matter) -> Policy:
    """The first policy that is meant for this matter, else `DEFAULT`."""
    return next((policy for policy in policies if policy.holds(matter)), DEFAULT)


SOON: Final = 0.25
"""When less than this share of the time allowed is left, a clock asks for attention."""


class Span(NamedTuple):
    """A clock as it was set: when the waiting began, when it asks for attention, the aim, and the
    last moment."""

    started_at: datetime
    soon_at: datetime
    due_at: datetime
    limit_at: datetime


class Standing(NamedTuple):
    """How a clock stands at one moment.

    Attributes:
        state: "ok", "soon", "over", "late" (past the limit), "paused", "met", "missed" or
            "dropped".
        seconds: time left until it is due; negative when it is over. For a stopped clock, time
            that was left when it stopped.
        share: of the time allowed, how much is left, 0 to 1; the ring on the page.
    """

    state: str
    seconds: int
    share: float


def start(at: datetime, target: Target = RESPONSE, calendar: Calendar = WALL) -> Span:
    """Set a clock for somebody who has been waiting since `at`."""
    return Span(
        at,
        calendar.after(at, target.due * (1 - SOON)),
        calendar.after(at, target.due),
        calendar.after(at, target.limit),
    )


def resumed(span: Span, paused_at: datetime, at: datetime, calendar: Calendar = WALL) -> Span:
    """A clock that goes on after a pause: it has as much counted time left as it had then.

    What had run out before the pause stays run out.
    """

    def later(moment: datetime) -> datetime:
        left = calendar.between(paused_at, moment)
        return calendar.after(at, left) if left > timedelta(0) else moment

    return Span(span.started_at, later(span.soon_at), later(span.due_at), later(span.limit_at))


def outcome(span: Span, stopped_at: datetime) -> str:
    """How a clock that an answer stopped has ended: "met" or "missed".

    It is measured against `due_at`, the moment the page counted down to, so that no screen can say
    "over" and another one "met" of the same answer.
    """
    return "met" if stopped_at <= span.due_at else "missed"


def standing(
    span: Span,
    now: datetime,
    *,
    outcome: str = "running",
    stopped_at: datetime | None = None,
    paused_at: datetime | None = None,
) -> Standing:
    """How a clock stands.

    Args:
        span: the clock as it was set.
        now: the moment to look at; ignored when it has stopped or rests.
        outcome: "running", "met", "missed" or "dropped".
        stopped_at: when it stopped, if it did.
        paused_at: since when we have been waiting for somebody else, so that nobody is waiting
            for us.
    """
    left = span.due_at - (stopped_at or paused_at or now)
    allowed = span.due_at - span.started_at
    share = min(max(left / allowed, 0.0), 1.0) if allowed else 0.0
    seconds = int(left.total_seconds())
    if outcome != "running":
        return Standing(outcome, seconds, share)
    if paused_at is not None:
        return Standing("paused", seconds, share)
    return Standing(_running(span, now), seconds, share)


def _running(span: Span, now: datetime) -> str:
    if now > span.limit_at:
        return "late"
    if now > span.due_at:
        return "over"
    return "soon" if now > span.soon_at else "ok"
