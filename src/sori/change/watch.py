"""Watch for surges, every minute: tell when something grows faster than chance, and when it ends.

Each is told once and ends once, however many workers there are: whoever watches has claimed the
round, and writes all that a minute has brought in one transaction.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import structlog
from django.utils import timezone

from sori.change import campaigning, rounds, runs, selectors, series, surging
from sori.change.measuring import Measured, begun, measured
from sori.change.models import Surge
from sori.database import write_atomic
from sori.journal.services import record
from sori.lake.query import Reader
from sori.respond.prioritising import mark_surging
from sori.understand.surge import LONGEST
from sori.understand.watching import CALM, WINDOWS, Alarm, Series, severity

ROUND: Final = "watch"
EVERY: Final = timedelta(minutes=1)
_LINGERING: Final = WINDOWS.index(240)
_DAY: Final = timedelta(days=1)
_LONG: Final = timedelta(days=LONGEST)
_EXPLAINS: Final = 0.5
_PATIENCE: Final = timedelta(minutes=4)
_NARROW: Final = ("theme", "topic", "query")
_PARTICULAR: Final = (*_NARROW, "source", "all")

log = structlog.get_logger(__name__)


class Seen(NamedTuple):
    """A surge as it stands now, not saved, and what it is made of."""

    surge: Surge
    found: Measured

    @property
    def beyond(self) -> float:
        """How many more voices than usual, copies too."""
        return max(self.found.voices + self.found.copies - self.surge.expected, 1.0)


def watch(reader: Reader) -> int:
    """Look once, if it is time to; returns how many surges began or ended."""
    with rounds.turn(ROUND, again=EVERY) as turn:
        if turn is None:
            return 0
        now = timezone.now()
        glance = Glance(reader, now)
        seen, ended = glance.changes()
        with write_atomic():
            turn.end(now + EVERY)
            if glance.something_new:
                rounds.ask(runs.ROUND, within=timedelta(0))
            _speak_for(seen, now)
            return _write(seen, ended)


class Glance:
    """One look at everything that is watched; writes nothing.

    Args:
        reader: the lake.
        now: the moment of looking.
    """

    def __init__(self, reader: Reader, now: datetime) -> None:
        self._reader = reader
        self._now = now.astimezone(series.zone())
        self._watch = series.watch(reader, now)
        self._rows = {one: row for row, one in enumerate(self._watch.series)}
        self._counts = series.windows(reader, self._watch.series, now)
        self._usual = self._watch.usual(self._now)
        self._carried = campaigning.carried_since(now - _LONG)
        self.something_new = False
        """Whether voices of no theme grow, so that it is time to look for themes."""

    def changes(self) -> tuple[list[Seen], list[Surge]]:
        """The surges that go on or begin, the particular before the general; those that ended."""
        told = self._told_until()
        alarms = {
            self._watch.series[one.row]: one
            for one in self._watch.alarms(self._counts, self._now, told)
        }
        if alarms.pop(series.THEMELESS, None):
            last = selectors.newest_run()
            self.something_new = last is None or self._now - last.at >= _PATIENCE
        seen, ended = [], []
        for surge in Surge.objects.filter(ended_at=None):
            key = Series(surge.sort, surge.key)
            if not self._goes_on(surge, alarms.pop(key, None)):
                ended.append(surge)
            elif rows := series.made_of(self._reader, key, surge.since, surge.last):
                seen.append(self._told(surge, measured(rows, surge.since)))
        seen += filter(None, (self._begun(key, alarm, told) for key, alarm in alarms.items()))
        seen.sort(key=_particular)
        _explain(seen)
        return seen, ended

    def _told_until(self) -> dict[Series, datetime]:
        """Until when the surges that have ended today were loud: nobody wants to hear it again."""
        ended = Surge.objects.filter(ended_at__isnull=False, last__gte=self._now - _DAY)
        rows = ended.order_by("last").values_list("sort", "key", "last")
        return {Series(sort, key): last for sort, key, last in rows}

    def _goes_on(self, surge: Surge, alarm: Alarm | None) -> bool:
        """Whether a surge is not over yet; marks one that is."""
        row = self._rows.get(Series(surge.sort, surge.key))
        # a day that was loud in the morning is still a loud day at night
        loud = alarm is not None and alarm.minutes <= WINDOWS[_LINGERING]
        if not loud and row is not None:
            counts, usual = self._counts[:, _LINGERING], self._usual[_LINGERING]
            loud = self._watch.lingers(counts, usual, row, surely=alarm is None)
        if loud:
            surge.last = self._now
        if self._now - surge.last >= CALM:
            surge.ended_at = self._now
        return surge.ended_at is None

    def _begun(self, key: Series, alarm: Alarm, told: Mapping[Series, datetime]) -> Seen | None:
        """The surge that an alarm is about; None when nobody can be named who spoke."""
        since = max(self._now - _DAY, told.get(key, self._now - _DAY))
        rows = series.made_of(self._reader, key, since, self._now)
        rows = [row for row in rows if row["said_at"] > since]
        if not rows:
            return None
        since = begun(rows, alarm.expected * 60 / alarm.minutes, self._now)
        surge = Surge(sort=key.sort, key=key.key, since=since, told_at=self._now, last=self._now)
        return self._told(surge, measured(rows, since))

    def _told(self, surge: Surge, found: Measured) -> Seen:
        """The surge with what its voices say."""
        usual = self._expected(surge)
        surge.name = surging.name_of(surge) or surge.name
        surge.peak_at, surge.peak = found.peak_at, found.peak
        surge.voices, surge.people = found.voices, found.people
        surge.urgent, surge.copies = found.urgent, found.copies
        surge.channel, surge.source = found.channel, found.source
        surge.first_voices = list(found.first_voices)
        surge.expected = usual
        seen = Seen(surge, found)
        surge.carried_by_id = self._carrier(seen)
        surge.campaign = found.campaign or surge.carried_by_id is not None
        worst = severity(found.voices, usual, found.people, found.urgent)
        surge.severity = 1 if surge.campaign else worst
        return seen

    def _carrier(self, seen: Seen) -> int | None:
        """The campaign that half of what was heard too much belongs to."""
        shared = {number: len(ids & seen.found.ids) for number, ids in self._carried.items()}
        most = max(shared, key=lambda number: shared[number], default=None)
        return most if most and shared[most] >= _EXPLAINS * seen.beyond else None

    def _expected(self, surge: Surge) -> float:
        """How many voices are usual while it lasted; for more than a day, by its last one."""
        row = self._rows.get(Series(surge.sort, surge.key))
        if row is None:
            return 0.0
        lasted = surge.last - surge.since
        usual = self._watch.expected(self._now - min(lasted, _DAY), self._now)
        return float(usual.voices[row]) * max(lasted / _DAY, 1.0)


def _particular(seen: Seen) -> tuple[int, int, str]:
    """The more particular first; among equals the larger."""
    surge = seen.surge
    return _PARTICULAR.index(surge.sort), -surge.voices, surge.key


def _explain(seen: Sequence[Seen]) -> None:
    """Let a surge that is mostly another one, seen from farther away or beside it, say so.

    Half of what was heard too much must be voices of the other one, or both must be themes that
    speak of nearly the same; the other one is more particular or, among equals, larger, so no two
    explain each other. Whatever is explained points to what nothing explains.
    """
    for at, one in enumerate(seen):
        shared = [len(one.found.ids & other.found.ids) for other in seen[:at]]
        most = max(shared, default=0)
        by = seen[shared.index(most)].surge if most >= _EXPLAINS * one.beyond else None
        by = by or next((other.surge for other in seen[:at] if _alike(one, other)), None)
        one.surge.within = (by.within or by) if by else None


def _alike(one: Seen, other: Seen) -> bool:
    """Whether both are themes that speak of nearly the same: one matter in several wordings."""
    if one.surge.sort != Surge.Sort.THEME or other.surge.sort != Surge.Sort.THEME:
        return False
    return selectors.likeness(int(one.surge.key), int(other.surge.key)) >= selectors.ALIKE


def _speak_for(seen: Sequence[Seen], now: datetime) -> None:
    """Let the cases of what grows come first, until a later look says so again."""
    for surge, found in seen:
        if surge.sort in _NARROW and not surge.campaign:
            mark_surging(found.ids, until=now + _PATIENCE)


def _write(seen: Sequence[Seen], ended: Sequence[Surge]) -> int:
    """Save what a look has brought; returns how many surges began or ended."""
    began = 0
    for surge, _ in seen:
        new = surge.pk is None
        # the particular ones are saved first, so what explains a surge has its number by now
        surge.save()
        if new:
            began += 1
            about, campaign = f"surge:{surge.pk}", surge.campaign
            record("surge.began", about, sort=surge.sort, key=surge.key, campaign=campaign)
            log.info("surge_began", sort=surge.sort, key=surge.key, voices=surge.voices)
    for surge in ended:
        surge.save(update_fields=["last", "ended_at"])
        record("surge.ended", f"surge:{surge.pk}", sort=surge.sort, key=surge.key)
    return began + len(ended)
