"""The lists of the explorer: themes, topics, channels, rules and people with most mentions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sori.insight.explore.conditions import partition
from sori.insight.explore.look import Look
from sori.insight.explore.sampling import Sample

SHOWN: Final = 10


@dataclass(frozen=True)
class Row:
    """One line of a list: a theme, a topic, a channel or a rule.

    Attributes:
        value: which one.
        now: mentions now.
        before: mentions in the time before; None where there is none to compare with.
    """

    value: Any
    now: int
    before: int | None

    @property
    def growth(self) -> float | None:
        """How much more than before, 0.5 is half as much again; None where nothing was before."""
        return self.now / self.before - 1 if self.before else None


@dataclass(frozen=True)
class Author:
    """Somebody who speaks.

    Attributes:
        channel: where.
        value: their id there.
        name: what they are called.
        now: how much they say.
        complaints: how much of it is a complaint.
        followers: how many read them; None where the channel does not tell.
    """

    channel: str
    value: str
    name: str
    now: int
    complaints: int
    followers: int | None


def top(look: Look, panel: str) -> tuple[list[Row], Sample]:
    """The values that most mentions have, of "themes", "topics", "channels" or "rules"."""
    sample = look.sample(panel, look.both)
    since = look.span.begin
    limit: dict[str, Any] = {} if panel == "themes" else {"limit": SHOWN}
    found = look.ask(panel, look.both, sample.days, since=since, **limit)
    rows = _rooted(found, look.roots) if panel == "themes" else found
    border = partition(since) if since else ""
    now = sample.factor(lambda day: day >= border)
    then = sample.factor(lambda day: day < border)
    compared = look.span.before is not None
    return [
        Row(
            row["value"],
            round(row["now"] * now),
            round(row["before"] * then) if compared else None,
        )
        for row in rows[:SHOWN]
    ], sample


def _rooted(rows: list[dict[str, Any]], roots: Mapping[int, int]) -> list[dict[str, Any]]:
    """The rows with those of merged themes counted where the themes went, most first."""
    if not roots:
        return rows
    sums: dict[int, dict[str, Any]] = {}
    for row in rows:
        number = roots.get(row["value"], row["value"])
        held = sums.setdefault(number, {"value": number, "now": 0, "before": 0})
        held["now"] += row["now"]
        held["before"] += row["before"]
    return sorted(sums.values(), key=lambda row: (-row["now"], row["value"]))


def authors(look: Look) -> tuple[list[Author], Sample]:
    """Who says most."""
    sample = look.sample("authors", look.present)
    factor = sample.factor()
    rows = look.ask("authors", look.present, sample.days, limit=SHOWN)
    found = [Author(**row | {"name": row["name"] or row["value"]}) for row in rows]
    return [
        replace(one, now=round(one.now * factor), complaints=round(one.complaints * factor))
        for one in found
    ], sample
