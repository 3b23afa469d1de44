"""What a surge is made of, from its voices: since when, how many people, copies, where it began."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np

from sori.understand.copies import Prints, voices_of
from sori.understand.nearcopy import SLOTS
from sori.understand.watching import onset

FIRST: Final = 3
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Measured:
    """A surge as its voices tell it.

    Attributes:
        since: when it began.
        last: when it was heard last.
        peak_at: the beginning of its loudest hour.
        peak: voices in that hour.
        voices: voices of their own since it began.
        people: different accounts among them.
        urgent: how many of them are urgent.
        copies: what was repeated or copied besides.
        loudest: the most that one account said.
        channel: where it began.
        source: in which source it began.
        first_voices: the mentions it began with.
        ids: of all its voices.
    """

    since: datetime
    last: datetime
    peak_at: datetime
    peak: int
    voices: int
    people: int
    urgent: int
    copies: int
    loudest: int
    channel: str
    source: int
    first_voices: tuple[str, ...]
    ids: frozenset[str]

    @property
    def campaign(self) -> bool:
        """Whether most of it are copies, or the words of one account."""
        return self.copies > self.voices or 2 * self.loudest > self.voices + self.copies


def begun(rows: Sequence[Mapping[str, Any]], rate: float, now: datetime) -> datetime:
    """When a surge began.

    Args:
        rows: its voices in order of time, copies too.
        rate: voices an hour that are usual.
        now: the end.
    """
    origin = rows[0]["said_at"]
    moments = np.array([(row["said_at"] - origin) / _HOUR for row in rows])
    at: datetime = rows[onset(moments, rate, until=(now - origin) / _HOUR)]["said_at"]
    return at


def measured(rows: Sequence[Mapping[str, Any]], since: datetime) -> Measured:
    """Measure a surge.

    Args:
        rows: voices in order of time, copies too; at least one is not before `since`.
        since: when it began.
    """
    rows = [row for row in rows if row["said_at"] >= since]
    own = [row for row, counts in zip(rows, _own(rows), strict=True) if counts]
    said = Counter(_account(row) for row in rows)
    peak_at, peak = _peak([row["said_at"] for row in own])
    return Measured(
        since=since,
        last=rows[-1]["said_at"],
        peak_at=peak_at,
        peak=peak,
        voices=len(own),
        people=len({_account(row) for row in own}),
        urgent=sum(row["urgency"] == 2 for row in own),
        copies=len(rows) - len(own),
        loudest=max(said.values()),
        channel=rows[0]["channel"],
        source=rows[0]["source"],
        first_voices=tuple(row["id"] for row in own[:FIRST]),
        ids=frozenset(row["id"] for row in rows),
    )


def _own(rows: Sequence[Mapping[str, Any]]) -> list[bool]:
    """Which of the rows are no copies."""
    nothing = [0] * SLOTS
    prints = Prints(
        [row["fingerprint"] for row in rows],
        np.array([row["sketch"] or nothing for row in rows], np.int32).reshape(-1, SLOTS),
        np.array([row["size"] for row in rows], np.int64),
    )
    days = [row["said_at"].date() for row in rows]
    authors = [
        f"{row['channel']}\0{row['author_id']}" if row["author_id"] else None for row in rows
    ]
    complaints = [row["kind"] == "complaint" for row in rows]
    found: list[bool] = voices_of(days, prints, authors, complaints).tolist()
    return found


def _account(row: Mapping[str, Any]) -> object:
    """Who spoke; somebody without a name is nobody but themselves."""
    return (row["channel"], row["author_id"]) if row["author_id"] else row["id"]


def _peak(moments: Sequence[datetime]) -> tuple[datetime, int]:
    """The beginning of the loudest hour, and how many were heard in it."""
    best, most, end = moments[0], 0, 0
    for start, moment in enumerate(moments):
        while end < len(moments) and moments[end] < moment + _HOUR:
            end += 1
        if end - start > most:
            best, most = moment, end - start
    return best, most
