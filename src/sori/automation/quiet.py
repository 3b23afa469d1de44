"""Cases in which nothing happened for some hours, read from the journal.

What rules and clocks did is not something that happened: otherwise a rule that leaves a note in a
silence would end the silence.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sori.database import chunks
from sori.journal.models import Event
from sori.journal.selectors import FIELDS

SETTLES: Final = frozenset({"case.resolved", "case.left_unanswered"})
_SPOKEN: Final = frozenset({"case.opened", "case.heard", "case.reopened", "case.relabelled"})
_MACHINES: Final = ("clock.", "promise.", "rule.")


def case_of(event: Mapping[str, Any]) -> int | None:
    """The case an event is about."""
    noun, _colon, number = str(event["about"]).partition(":")
    return int(number) if noun == "case" and number.isdecimal() else None


def caused(event: Mapping[str, Any]) -> bool:
    """Whether a rule brought it about."""
    return "rule" in event["data"]


def happened(event: Mapping[str, Any]) -> bool:
    """Whether it counts as something that happened in a case."""
    return not caused(event) and not str(event["kind"]).startswith(_MACHINES)


def message_of(event: Mapping[str, Any]) -> int | None:
    """What the customer said in an event; None where it is not about that."""
    return event["data"].get("message") if event["kind"] in _SPOKEN else None


def fallen_quiet(hours: int, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """The last thing that happened in each case whose silence became this long.

    Args:
        hours: how long nothing must have happened.
        since: silences that became that long after this moment,
        until: and not after this one.
    """
    long = timedelta(hours=hours)
    rows = Event.objects.filter(
        at__gt=since - long, at__lte=until - long, about__startswith="case:"
    ).order_by("id")
    last = {row["about"]: row for row in rows.values(*FIELDS).iterator() if happened(row)}
    broken = set()
    for some in chunks(sorted(last)):
        first = min(last[about]["id"] for about in some)
        later = Event.objects.filter(about__in=some, id__gt=first).values(*FIELDS)
        broken |= {
            row["about"] for row in later if row["id"] > last[row["about"]]["id"] and happened(row)
        }
    return [row for about, row in last.items() if about not in broken]


def silences(
    events: Iterable[Mapping[str, Any]], hours: int, until: datetime
) -> Iterator[tuple[Mapping[str, Any], datetime]]:
    """Every silence of this length among past events, with the moment it became so long.

    Args:
        events: of any cases, oldest first; those of settled cases begin no silence.
        hours: how long nothing must have happened.
        until: when the events end.
    """
    long = timedelta(hours=hours)
    last: dict[str, Mapping[str, Any]] = {}
    for event in filter(happened, events):
        before = last.get(event["about"])
        if before and event["at"] - before["at"] > long and before["kind"] not in SETTLES:
            yield before, before["at"] + long
        last[event["about"]] = event
    for before in last.values():
        if until - before["at"] > long and before["kind"] not in SETTLES:
            yield before, before["at"] + long
