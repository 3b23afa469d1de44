"""One look at the lake through a selection: who asks, what for, when, and what may be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import pyarrow as pa

from sori.insight.explore.conditions import conditions, partition, times
from sori.insight.explore.costs import BUDGET, FILE, micros
from sori.insight.explore.sampling import LEAST_DAYS, Sample, between, sample
from sori.insight.explore.selection import Selection
from sori.insight.explore.span import Span, span_of
from sori.lake.query import Reader
from sori.sql import read_sql

Stretch: TypeAlias = tuple[datetime | None, datetime | None]
"""A first moment and the one after the last; None is an open end."""


@dataclass(frozen=True)
class Look:
    """One look at the lake through a selection.

    Attributes:
        reader: the lake.
        selection: what to show.
        now: the moment of asking.
        zone: the company's time zone.
        meant: the selection with all that its values stand for; as it is if not given.
        roots: where merged themes went; their mentions count there.
    """

    reader: Reader
    selection: Selection
    now: datetime
    zone: ZoneInfo
    meant: Selection | None = None
    roots: Mapping[int, int] = field(default_factory=dict)

    @cached_property
    def span(self) -> Span:
        """The stretch of time."""
        return span_of(self.selection, self.now, self.zone)

    @cached_property
    def earliest(self) -> date | None:
        """The first day of which there is anything to see."""
        sizes = self.sizes(self.present)
        return date.fromisoformat(min(sizes)) if sizes else None

    @property
    def present(self) -> Stretch:
        """The time asked for."""
        return self.span.begin, self.span.end

    @property
    def past(self) -> Stretch | None:
        """The time before it; None where there is none."""
        return (self.span.before, self.span.begin) if self.span.before else None

    @property
    def both(self) -> Stretch:
        """The time before and the time asked for, as one."""
        return self.span.before or self.span.begin, self.span.end

    def sample(
        self,
        question: str,
        stretch: Stretch,
        *,
        budget: float = BUDGET,
        least_days: int = LEAST_DAYS,
        without: tuple[str, ...] = (),
    ) -> Sample:
        """The days to read so that a question is answered within a budget: all, if they fit.

        Args:
            question: one of `costs.QUESTIONS`.
            stretch: the time that is asked of.
            budget: CPU microseconds.
            least_days: fewer days than these are never read.
            without: days that were read already; the sample is one of the others.
        """
        sizes = {day: size for day, size in self.sizes(stretch).items() if day not in without}
        return sample(sizes, self.micros(question), FILE, budget, least_days)

    def micros(self, question: str) -> float:
        """What one mention costs."""
        return micros(question, self.selection, timed=self.span.begin is not None)

    @cached_property
    def _every_day(self) -> Mapping[str, int]:
        return self.reader.sizes()

    def sizes(self, stretch: Stretch) -> dict[str, int]:
        """How many mentions each partition of a stretch of time has, newest first."""
        begin, end = stretch
        first, last = (partition(at) if at else None for at in (begin, end))
        return between(self._every_day, first, last)

    def ask(
        self,
        name: str,
        stretch: Stretch,
        days: tuple[str, ...] | None = None,
        *,
        others: bool = False,
        **parameters: Any,
    ) -> list[dict[str, Any]]:
        """The rows that answer `queries/explore/NAME.sql`, asked of the chosen mentions.

        Args:
            name: which question.
            stretch: of which time.
            days: look only into these partitions.
            others: ask of those of the same time that were not chosen.
            parameters: what else the question names with a $.
        """
        return list(self.table(name, stretch, days, others=others, **parameters).to_pylist())

    def table(
        self,
        name: str,
        stretch: Stretch,
        days: tuple[str, ...] | None = None,
        *,
        others: bool = False,
        **parameters: Any,
    ) -> pa.Table:
        """The same as `ask`, as an Arrow table."""
        asked = times(*stretch, days) | conditions(self.meant or self.selection) | parameters
        return self.reader.table(chosen_sql(name, others), **asked)


@cache
def chosen_sql(name: str, others: bool = False) -> str:
    """A question with what it is asked of: the table `chosen`."""
    picked = f"({sql('picked')})"
    which = f"not coalesce({picked}, false)" if others else picked
    within, question = sql("within"), sql(name)
    # of files that lie beside this one, never of anything that somebody typed
    return f"with within as ({within}), chosen as (select * from within where {which})\n{question}"  # noqa: S608


def sql(name: str) -> str:
    """The text of `queries/explore/NAME.sql`."""
    return read_sql("insight", f"explore/{name}")
