"""How long somebody may wait for us: when a clock is due, how it stands, in plain numbers.

Nothing here reads a clock or a database; the time now is an argument. A calendar decides which
time counts; there is one so far, `WALL`, in which all of it does.
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple, Protocol


class Calendar(Protocol):
    """Which time counts."""

    def after(self, start: datetime, span: timedelta) -> datetime:
        """The moment at which `span` of counted time has passed since `start`."""
        ...

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much counted time lies between two moments; negative when `end` comes first."""
        ...


class Wall:
    """All time counts, day and night: what the customer feels."""

    def after(self, start: datetime, span: timedelta) -> datetime:
        """`start` plus `span`."""
        return start + span

    def between(self, start: datetime, end: datetime) -> timedelta:
        """`end` minus `start`."""
        return end - start


WALL: Final = Wall()


class Policy(NamedTuple):
    """What we promise: answered within `due`, and within `limit` at the very latest."""

    due: timedelta
    limit: timedelta


RESPONSE: Final = Policy(due=timedelta(hours=1), limit=timedelta(hours=2))
"""An hour, two at most: after that silence becomes a complaint, for everybody sees it."""

SOON: Final = 0.25
"""Below this share of the time left a clock asks for attention."""


class Span(NamedTuple):
    """A clock as it was set: when the waiting began, the aim, and the last moment."""

    started_at: datetime
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


def start(at: datetime, policy: Policy = RESPONSE, calendar: Calendar = WALL) -> Span:
    """Set a clock for somebody who has been waiting since `at`."""
    return Span(at, calendar.after(at, policy.due), calendar.after(at, policy.limit))


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
    paused: bool = False,
    calendar: Calendar = WALL,
) -> Standing:
    """How a clock stands.

    Args:
        span: the clock as it was set.
        now: the moment to look at; ignored when it has stopped.
        outcome: "running", "met", "missed" or "dropped".
        stopped_at: when it stopped, if it did.
        paused: whether we are waiting for somebody else, so that nobody is waiting for us.
        calendar: which time counts.
    """
    left = calendar.between(stopped_at or now, span.due_at)
    allowed = calendar.between(span.started_at, span.due_at)
    share = min(max(left / allowed, 0.0), 1.0) if allowed else 0.0
    seconds = int(left.total_seconds())
    if outcome != "running":
        return Standing(outcome, seconds, share)
    if paused:
        return Standing("paused", seconds, share)
    return Standing(_running(left, share, now > span.limit_at), seconds, share)


def _running(left: timedelta, share: float, past_limit: bool) -> str:
    if past_limit:
        return "late"
    if left < timedelta(0):
        return "over"
    return "soon" if share < SOON else "ok"
