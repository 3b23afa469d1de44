"""Does a voice deserve an answer? Decided from one row, the company's rules, and the time.

Everything that deserves an answer ends in a case; what does not gets a reason all the same, so
that nothing is dropped without a word. The machine can only open doors here: being unsure counts
for the customer, never against.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sori.mention import short
from sori.respond.priority import DEFAULT, Facts, Weights, weigh

ANSWERED: Final = ("addressed", "earlier", "asks", "urgent", "unsure")
"""Reasons to open a case: somebody spoke to us; spoke to us long ago (no clock); would be glad of
an answer; is in trouble; or a listening rule found it and the machine cannot tell, be it that the
words seem to mean their opposite."""

LEFT: Final = ("automatic", "spam", "own", "colleague", "past", "unreachable", "quiet")
"""Reasons not to: a machine wrote it; rubbish; we said it ourselves; a colleague answers what we
asked by mail; public and too old to answer;
public where nobody can answer; nobody expects an answer."""

RAISED: Final = "rule"
"""The word for points that a rule or a macro gave; what is heard later does not take them away."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Rules:
    """What the company has decided.

    Attributes:
        departments: department by source id.
        query_departments: department by listening rule; wins over the source's.
        imports: ids of sources that are files somebody loaded: their voices lie in the past, so
            nobody is waiting by the clock.
        recent: how old a voice may be and still be waiting.
        weights: how many points the company gives to what speaks for a case.
        colleagues: who belongs to the company, as mail addresses and "@domain"s.
    """

    departments: Mapping[int, int] = field(default_factory=dict)
    query_departments: Mapping[int, int] = field(default_factory=dict)
    imports: frozenset[int] = frozenset()
    recent: timedelta = timedelta(days=7)
    weights: Weights = DEFAULT
    colleagues: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Decision:
    """What becomes of a voice.

    Attributes:
        reason: one word of ANSWERED or LEFT.
        thread: the key of the conversation it belongs to, within source and account.
        at: when it was said, as far as we can believe it.
        department: who should answer, if the rules say.
        priority: the sum of the points in `reasons`; higher is sooner.
        reasons: why it is this urgent, as (word, points).
        waits: whether somebody waits by the clock, since `at`.
    """

    reason: str
    thread: str
    at: datetime
    department: int | None = None
    priority: int = 0
    reasons: tuple[tuple[str, int], ...] = ()
    waits: bool = False

    @property
    def deserves(self) -> bool:
        """Whether it deserves an answer, and so a case."""
        return self.reason in ANSWERED


def decide(row: Row, rules: Rules, now: datetime) -> Decision:
    """Decide about one mention.

    Args:
        row: a mention with the columns of `mention.SCHEMA`; absent ones count as null.
        rules: what the company has decided.
        now: the time.
    """
    at = said_at(row)
    fresh = _fresh(row, rules, at)
    reason = _reason(row, rules, fresh=fresh)
    thread = thread_of(row)
    if reason not in ANSWERED:
        return Decision(reason, thread, at)
    waits = fresh and row["source"] not in rules.imports
    weighed = weigh(_speaks(row, rules, at if waits else None), rules.weights, now)
    return Decision(
        reason=reason,
        thread=thread,
        at=at,
        department=_department(row, rules),
        priority=weighed.points,
        reasons=weighed.reasons,
        waits=waits,
    )


def said_at(row: Row) -> datetime:
    """When it was said: when the world could see it, but never after we heard it.

    A date in the future is a clock that runs wrong on the other side.
    """
    heard: datetime = row["heard_at"]
    published: datetime | None = row.get("published_at")
    return min(published, heard) if published else heard


def thread_of(row: Row) -> str:
    """The key of the thread a mention belongs to: at most 255 characters."""
    key = row.get("thread_id") or row.get("parent_id") or row["external_id"]
    return short(str(key), 255)


def extra(row: Row) -> Mapping[str, Any]:
    """What else the channel knew; empty where it is no JSON object."""
    text = row.get("extra")
    if not text:
        return {}
    try:
        known = json.loads(text)
    except ValueError:
        return {}
    return known if isinstance(known, dict) else {}


def _fresh(row: Row, rules: Rules, at: datetime) -> bool:
    """Whether it was still waiting when we heard it: that we looked late takes nothing away."""
    if row["source"] in rules.imports and not row.get("published_at"):
        return False
    heard: datetime = row["heard_at"]
    return heard - at <= rules.recent


def _reason(row: Row, rules: Rules, *, fresh: bool) -> str:
    known = extra(row)
    for word in ("own", "automatic", "spam"):
        if known.get(word):
            return word
    if known.get("asked") and _is_colleague(row, rules):
        return "colleague"
    if row.get("addressed"):
        return "addressed" if fresh else "earlier"
    if not fresh:
        return "past"
    # it counts in every figure all the same; a case would only be a clock nobody can stop
    return "unreachable" if row.get("reply_mode") == "none" else _public_reason(row)


def _is_colleague(row: Row, rules: Rules) -> bool:
    """Whether its author belongs to the company; a question passed on may be answered by others."""
    address = str(row.get("author_id") or "").casefold()
    return bool({address, f"@{address.rpartition('@')[2]}"} & rules.colleagues)


def _public_reason(row: Row) -> str:
    if row.get("spam"):
        return "spam"
    if row.get("urgency") == 2:
        return "urgent"
    if row.get("answer"):
        return "asks"
    # praise that may be meant the other way round is for a person to read
    doubtful = row.get("answer") is None or row.get("irony")
    if doubtful and row.get("queries"):
        return "unsure"
    return "quiet"


def _department(row: Row, rules: Rules) -> int | None:
    found = (rules.query_departments.get(query) for query in row.get("queries") or ())
    return next((one for one in found if one), rules.departments.get(row["source"]))


def _speaks(row: Row, rules: Rules, at: datetime | None) -> Facts:
    """What speaks for a voice, waiting since `at`."""
    rating = row.get("rating")
    holds = {
        "reach": (row.get("followers") or 0) >= rules.weights.far_reach,
        "public": bool(row.get("public")),
        "low_rating": rating is not None and rating <= 2,
    }
    return Facts(
        kind=row.get("kind") or "",
        urgency=row.get("urgency"),
        lasting=frozenset(word for word, so in holds.items() if so),
        waiting_since=at,
    )
