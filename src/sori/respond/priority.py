"""What comes first: the points that speak for a case, and how many of them the company gives.

Pure: nothing here reads a clock or a database. Some reasons last (who heard the voice, how many
stars it gave), others pass: how long somebody has waited, a promise that is nearly due, a surge.
`weigh` says when the points will change next by themselves, so that a worker may look again then.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

Reason = tuple[str, int]

LASTING: Final = ("reach", "public", "low_rating")
"""Reasons that a voice brings with it and that stay with its case."""

KINDS: Final = ("complaint", "question")
"""Kinds that speak for a case."""

OURS: Final = ("urgent", *KINDS, *LASTING, "value", "age", "promise", "surge")
"""Every reason there is, in the order in which they are told; others come from rules."""

AGES: Final = (timedelta(hours=1), timedelta(hours=4), timedelta(days=1), timedelta(days=3))
"""After so long a wait the points for waiting are given once more."""

PROMISE_NEAR: Final = timedelta(hours=1)
"""How long before its time a promise presses."""


@dataclass(frozen=True)
class Weights:
    """How many points the company gives; 0 says that a reason does not matter here.

    Attributes:
        urgent: for each step of urgency, of which there are two.
        complaint, question: for the kind.
        reach: when the voice reaches at least `far_reach` followers.
        public: when all can read it.
        low_rating: when it gives one or two stars.
        value: when the person is worth at least `high_value` a year.
        age: for each of AGES that somebody has waited.
        promise: when a promise is due within an hour, or broken.
        surge: when it is part of a surge that goes on.
        far_reach: followers.
        high_value: in the currency of the installation, a year.
    """

    urgent: int = 20
    complaint: int = 10
    question: int = 5
    reach: int = 20
    public: int = 5
    low_rating: int = 5
    value: int = 15
    age: int = 5
    promise: int = 15
    surge: int = 15
    far_reach: int = 10_000
    high_value: int = 1_000_000


DEFAULT: Final = Weights()


@dataclass(frozen=True)
class Facts:
    """What speaks for a case.

    Attributes:
        kind: of the case, "" when nobody knows.
        urgency: 0 to 2, None when nobody knows.
        lasting: those of LASTING that hold.
        value: what the person is worth in a year, if anybody said so.
        waiting_since: since when they wait for words of ours; None when they do not.
        promised_at: when the promise that is still open is due.
        surging_until: until when it counts as part of a surge.
        given: reasons that are not OURS, with their points.
    """

    kind: str = ""
    urgency: int | None = None
    lasting: frozenset[str] = frozenset()
    value: Decimal | None = None
    waiting_since: datetime | None = None
    promised_at: datetime | None = None
    surging_until: datetime | None = None
    given: tuple[Reason, ...] = field(default=())


@dataclass(frozen=True)
class Weighed:
    """The reasons of a case, with their points, and when they change by themselves.

    A reason that holds but gets no points here is among them, so that it counts at once when the
    company thinks otherwise.
    """

    reasons: tuple[Reason, ...]
    next_at: datetime | None

    @property
    def points(self) -> int:
        """Their sum; higher is sooner."""
        return sum(points for _, points in self.reasons)


def weigh(facts: Facts, weights: Weights, now: datetime) -> Weighed:
    """Why a case comes first, and when to ask again (None: when something happens)."""
    turns = _turns(facts)
    times = {
        "urgent": facts.urgency or 0,
        "complaint": facts.kind == "complaint",
        "question": facts.kind == "question",
        **{word: word in facts.lasting for word in LASTING},
        "value": facts.value is not None and facts.value >= weights.high_value,
        "age": sum(at <= now for at in turns["age"]),
        "promise": sum(at <= now for at in turns["promise"]),
        "surge": sum(at > now for at in turns["surge"]),
    }
    reasons = tuple(
        (word, getattr(weights, word) * int(times[word])) for word in OURS if times[word]
    )
    later = (at for moments in turns.values() for at in moments if at > now)
    return Weighed(reasons + facts.given, min(later, default=None))


def lasting(reasons: Iterable[Iterable[object]]) -> frozenset[str]:
    """Those of a case's reasons that stay with it."""
    return frozenset(str(word) for word, _ in reasons if word in LASTING)


def given(reasons: Iterable[tuple[str, int]]) -> tuple[Reason, ...]:
    """Those of a case's reasons that are not ours to weigh."""
    return tuple((word, points) for word, points in reasons if word not in OURS)


def joined(
    reasons: Iterable[tuple[str, int]], more: Iterable[tuple[str, int]], kind: str
) -> list[list[object]]:
    """The reasons of a case and of a further voice in it: each once, with the higher points.

    Of the kinds only that of the case counts.
    """
    points = {word: one for word, one in dict(more).items() if word not in KINDS or word == kind}
    for word, one in dict(reasons).items():
        points[word] = max(one, points.get(word, one))
    return [[word, one] for word, one in points.items()]


def _turns(facts: Facts) -> dict[str, list[datetime]]:
    """The moments at which a passing reason begins to count once more, or ends."""
    since, promised, surging = facts.waiting_since, facts.promised_at, facts.surging_until
    return {
        "age": [since + age for age in AGES] if since else [],
        "promise": [promised - PROMISE_NEAR] if promised else [],
        "surge": [surging] if surging else [],
    }
