"""Read what happened, in order, without missing what was committed late."""

from collections.abc import Callable, Iterable, Mapping
from time import monotonic
from typing import Any, Final

from django.db.models import Q

from sori.journal.models import Event

FIELDS: Final = ("id", "at", "kind", "about", "member", "data")
_PATIENCE: Final = 600.0
_MOST_GAPS: Final = 5000
_LOOK_BACK: Final = 500


def since(after: int, *, limit: int = 500, also: Iterable[int] = ()) -> list[dict[str, Any]]:
    """Events with a number above `after`, oldest first, and those of the numbers in `also`.

    On PostgreSQL a number is given before the commit, so an event may appear after a higher one
    was read. Whoever must not miss any uses `Tail`.

    Returns:
        Dictionaries with id, at, kind, about, member (id or None) and data.
    """
    wanted = Q(id__gt=after)
    if gaps := list(also):
        wanted |= Q(id__in=gaps)
    return list(Event.objects.filter(wanted).order_by("id").values(*FIELDS)[:limit])


def about(subject: str, *, limit: int = 200) -> list[dict[str, Any]]:
    """The newest events about one subject ("case:12"), oldest first."""
    newest = Event.objects.filter(about=subject).order_by("-id").values(*FIELDS)[:limit]
    return list(newest)[::-1]


def last() -> int:
    """The highest number so far, 0 when nothing has happened."""
    return Event.objects.order_by("-id").values_list("id", flat=True).first() or 0


class Tail:
    """Follows the journal and misses nothing.

    It remembers the numbers it has not seen between those it has, and asks for them again until
    they come or ten minutes have passed (a number whose transaction was rolled back never comes).
    An overlap of a few seconds would not do: one delivery of the lake may hold its numbers for
    longer than that before it commits.

    Args:
        after: begin after the event of this number; None: after what has happened so far.
        gaps: the numbers up to it that were missing when somebody stopped reading there, each with
            when that was; without, they are looked for.
        clock: the time in seconds; one that all readers share where gaps are handed on.
    """

    def __init__(
        self,
        after: int | None = None,
        *,
        gaps: Mapping[int, float] | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._clock = clock
        if after is not None and gaps is not None:
            self.last, self._gaps = after, dict(gaps)
            return
        # one question, so that nothing can be committed between finding the last and the gaps
        newest = Event.objects.order_by("-id").values_list("id", flat=True)
        if after is not None:
            newest = newest.filter(id__lte=after)
        there = set(newest[:_LOOK_BACK])
        self.last = max(there, default=0) if after is None else after
        holes = set(range(min(there, default=self.last), self.last)) - there
        self._gaps = dict.fromkeys(holes, clock())

    @property
    def gaps(self) -> Mapping[int, float]:
        """The numbers that may still come, each with when it was first missed."""
        return self._gaps

    def read(self, *, limit: int = 500) -> list[dict[str, Any]]:
        """What has been committed since the last call, by number; late ones come as they appear."""
        now = self._clock()
        events = since(self.last, limit=limit, also=self._gaps)
        for event in events:
            number = event["id"]
            self._gaps.pop(number, None)
            if number > self.last:
                missing = range(max(self.last + 1, number - _MOST_GAPS), number)
                self._gaps.update(dict.fromkeys(missing, now))
                self.last = number
        patient = [(gap, at) for gap, at in self._gaps.items() if now - at < _PATIENCE]
        self._gaps = dict(patient[-_MOST_GAPS:])
        return events
