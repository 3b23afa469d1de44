"""Tell within minutes that something is said far more often than habit and chance allow.

Many series are watched at once, in windows of a quarter of an hour to a day that end now, every
minute: a thousand chances a minute for a false alarm. So the allowance of false alarms is fixed for
all of it together (`ALLOWED` a day) and divided among sorts of series, series, windows, and the
windows of a day. A general growth of all voices is no surge of every part: what is usual is scaled
by how far all other voices have grown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sori.understand.habits import SCALES, Counts, Expected, Floats, Habits, Outlook
from sori.understand.surge import tail

WINDOWS: Final = (15, 60, 240, 1440)
"""Minutes."""
SCALE_OF: Final = (0, 0, 1, 2)
"""By window, the scale (`habits.SCALES`) of a series' own ups and downs."""
LEAST: Final = 5
GROWTH: Final = 1.6
ALLOWED: Final = 1 / 600
"""False alarms a day over everything that is watched: one in 600 days."""
LOOKS: Final = 8.0
"""So many independent looks a window is worth: sliding makes it more than one, that windows lie in
one another and series share voices makes it less. `benchmarks/surges.py` measures what it comes to.
"""
LINGERS: Final = 0.05
LINGERS_GROWTH: Final = 1.3
CALM: Final = timedelta(hours=6)
"""A surge has ended when it was calm for so long."""
UNLIKE: Final = 1.0
"""When everything grows, its parts do not grow alike: so much relative variance at most."""
_SLACK: Final = 0.5
_NEAR: Final = 4.0


class Series(NamedTuple):
    """Something whose voices are counted: its sort ("theme", "query", ...) and which one."""

    sort: str
    key: str


EVERYTHING: Final = Series("all", "")
NEVER: Final[Mapping[Series, datetime]] = MappingProxyType({})


@dataclass(frozen=True)
class Alarm:
    """A window in which a series surged.

    Attributes:
        row: which series.
        minutes: how long the window is.
        voices: how many there were.
        expected: how many are usual, the growth of all others included.
        chance: probability of so many by chance.
    """

    row: int
    minutes: int
    voices: int
    expected: float
    chance: float

    @property
    def beyond(self) -> float:
        """How many voices too many, in units of what is usual (one at least)."""
        return (self.voices - self.expected) / max(self.expected, 1.0)


class Watch:
    """Judges windows of some series.

    Args:
        series: what is watched; EVERYTHING among it.
        habits: what is usual, a row a series.
    """

    def __init__(self, series: Sequence[Series], habits: Habits) -> None:
        self.series = series
        self.habits = habits
        self.everything = list(series).index(EVERYTHING)
        self._limits = _limits(series)
        self._outlook: Outlook | None = None

    def alarms(
        self, counts: Counts, now: datetime, told: Mapping[Series, datetime] = NEVER
    ) -> list[Alarm]:
        """For each series that surges its window that is furthest from chance.

        Args:
            counts: voices by series and WINDOWS, each window ending now.
            now: in the zone that the habits were learned in.
            told: until when a series was told already; a window that reaches back so far says
                nothing new.
        """
        found: dict[int, Alarm] = {}
        for at, usual in enumerate(self.usual(now)):
            start = now - timedelta(minutes=WINDOWS[at])
            for one in self.judge(counts[:, at], usual, at):
                if start < told.get(self.series[one.row], start):
                    continue
                if one.row not in found or one.chance < found[one.row].chance:
                    found[one.row] = one
        return [found[row] for row in sorted(found)]

    def usual(self, now: datetime) -> list[Expected]:
        """What is usual in each of WINDOWS that ends now."""
        return [self.expected(now - timedelta(minutes=minutes), now) for minutes in WINDOWS]

    def expected(self, since: datetime, until: datetime) -> Expected:
        """What is usual between two moments that lie at most a day apart."""
        hour = until.replace(minute=0, second=0, microsecond=0)
        if self._outlook is None or self._outlook.hour != hour:
            self._outlook = Outlook(self.habits, hour)
        return self._outlook.expected(since, until)

    def judge(self, voices: Counts, usual: Expected, window: int) -> list[Alarm]:
        """The series that surge in one of WINDOWS."""
        scaled, variance = self._in_these_times(voices, usual, SCALE_OF[window])
        # the tail of these counts is longer than the bell's: so near nothing is beyond chance
        enough = (voices >= LEAST) & (voices > scaled + _NEAR * np.sqrt(variance))
        likely = enough & (voices >= GROWTH * scaled) & self.habits.known
        found = []
        for row in np.flatnonzero(likely).tolist():
            count, mean = int(voices[row]), float(scaled[row])
            chance = tail(count, mean, float(variance[row]))
            if chance < self._limits[row] * WINDOWS[window]:
                found.append(Alarm(row, WINDOWS[window], count, mean, chance))
        return found

    def lingers(self, voices: Counts, usual: Expected, row: int, *, surely: bool) -> bool:
        """Whether a surge that was told is still loud, by a window of four hours.

        Args:
            voices: in that window.
            usual: there.
            row: which series.
            surely: whether it must be more than a whim of chance.
        """
        scaled, variance = self._in_these_times(voices, usual, SCALES.index(4))
        count, mean = int(voices[row]), float(scaled[row])
        if count < max(2.0, LINGERS_GROWTH * mean):
            return False
        return not surely or tail(count, mean, float(variance[row])) < LINGERS

    def _in_these_times(self, voices: Counts, usual: Expected, scale: int) -> tuple[Floats, Floats]:
        """What is usual, scaled by how far all other voices have grown; mean and variance."""
        rest = np.maximum(voices[self.everything] - voices, 0)
        due = np.maximum(usual.voices[self.everything] - usual.voices, 0)
        # no more than is sure: chance alone makes others grow, too
        growth = np.maximum((rest - np.sqrt(rest) + _SLACK) / (due + _SLACK), 1.0)
        growth[self.everything] = 1.0
        scaled: Floats = usual.voices * growth
        relative = self.habits.spread[:, scale] + usual.doubt + UNLIKE * (1 - 1 / growth)
        return scaled, scaled + relative * scaled**2


def _limits(series: Sequence[Series]) -> Floats:
    """For each series the chance that is no chance any more, a minute of window."""
    sorts: dict[str, int] = {}
    for one in series:
        sorts[one.sort] = sorts.get(one.sort, 0) + 1
    share = ALLOWED / (len(sorts) * len(WINDOWS) * 1440 * LOOKS)
    return np.array([share / sorts[one.sort] for one in series])


def onset(
    moments: npt.NDArray[np.float64], rate: float, *, until: float, growth: float = GROWTH
) -> int:
    """With which voice a surge began: the one since when there is most that habit cannot explain.

    Args:
        moments: when each voice was heard, in hours, in order.
        rate: voices an hour that are usual.
        until: the end, in hours.
        growth: so many times the usual rate is still put down to habit.

    Returns:
        The position of that voice in `moments`.
    """
    since = np.arange(len(moments), 0, -1)
    due = growth * rate * (until - moments)
    return int(np.argmax(since - due))


def severity(voices: int, usual: float, people: int, urgent: int) -> int:
    """How bad it is, 1 to 3, by points everybody can count.

    A point each: three times the usual; eight times; twenty people; a hundred people; every third
    voice urgent. Two points make it 2, four make it 3.
    """
    times = voices / max(usual, 1.0)
    points = [times >= 3, times >= 8, people >= 20, people >= 100, 3 * urgent >= voices > 0]
    return 1 + (sum(points) >= 2) + (sum(points) >= 4)
