"""Keep the themes of one run recognisable in the next.

A theme that is found again keeps its number, and its name where people gave it one. It is the same
theme when it shares texts with the earlier one; where the two runs share no texts (the window has
moved on), when their centres lie close together.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from sori.understand.themes import Change, Theme, Themes

SAME_CENTRE: Final = 0.75
SAME_MEMBERS: Final = 0.2
"""Of the texts of both, so many must be in common, or in one of them for a split or a merger."""
PART: Final = 0.5
"""A theme has split where of several later ones so much came from it; merged the other way."""


def match_previous(previous: Themes, now: Themes) -> Themes:
    """The themes of now under the numbers they had before.

    Pairs are matched best first, each theme once: first by the share of texts in common, then by
    centres. A number is never given to another theme, also not that of one which is gone.

    Returns:
        `now` with `id`, `name` and `named` taken over, and `changes` filled.
    """
    shared = _shared(previous, now)
    ids: dict[int, int] = {}
    taken: set[int] = set()
    for _, was, at in [*_by_members(previous, now, shared), *_by_centres(previous, now, shared)]:
        if at not in ids and was not in taken:
            ids[at] = previous.themes[was].id
            taken.add(was)
    next_id = previous.next_id
    themes = []
    old = {theme.id: theme for theme in previous.themes}
    for at, theme in enumerate(now.themes):
        if at not in ids:
            ids[at], next_id = next_id, next_id + 1
        themes.append(_called(replace(theme, id=ids[at]), old.get(ids[at])))
    changes = tuple(_changes(previous, tuple(themes), shared, taken))
    return replace(now, themes=tuple(themes), next_id=next_id, changes=changes)


def rename(themes: Themes, number: int, name: str) -> Themes:
    """The themes with a name that people gave to one of them; it stays from run to run."""
    return replace(
        themes,
        themes=tuple(
            replace(theme, name=name, named=True) if theme.id == number else theme
            for theme in themes.themes
        ),
    )


def _called(theme: Theme, before: Theme | None) -> Theme:
    if before is not None and before.named:
        return replace(theme, name=before.name, named=True)
    return theme


def _shared(previous: Themes, now: Themes) -> Counter[tuple[int, int]]:
    """How many texts two themes have in common, by position before and position now."""
    where = {key: was for was, theme in enumerate(previous.themes) for key in theme.members}
    return Counter(
        (where[key], at)
        for at, theme in enumerate(now.themes)
        for key in theme.members
        if key in where
    )


def _by_members(
    previous: Themes, now: Themes, shared: Counter[tuple[int, int]]
) -> list[tuple[float, int, int]]:
    pairs = []
    for (was, at), both in shared.items():
        sizes = len(previous.themes[was].members), len(now.themes[at].members)
        if both >= SAME_MEMBERS * min(sizes):
            pairs.append((both / (sum(sizes) - both), was, at))
    return sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2]))


def _by_centres(
    previous: Themes, now: Themes, shared: Counter[tuple[int, int]]
) -> list[tuple[float, int, int]]:
    if not previous.themes or not now.themes or previous.tier != now.tier:
        return []
    alike = previous.centres @ now.centres.T
    near = [
        (float(alike[was, at]), int(was), int(at))
        for was, at in zip(*np.nonzero(alike >= SAME_CENTRE), strict=True)
        if (int(was), int(at)) not in shared
    ]
    return sorted(near, key=lambda pair: (-pair[0], pair[1], pair[2]))


def _changes(
    previous: Themes, now: tuple[Theme, ...], shared: Counter[tuple[int, int]], taken: set[int]
) -> Iterator[Change]:
    came: dict[int, list[int]] = defaultdict(list)
    went: dict[int, list[int]] = defaultdict(list)
    for (was, at), both in shared.items():
        before, after = previous.themes[was], now[at]
        if both >= PART * len(after.members):
            came[before.id].append(after.id)
        if both >= PART * len(before.members):
            went[after.id].append(before.id)
    known = {theme.id for theme in previous.themes}
    gone = [theme.id for was, theme in enumerate(previous.themes) if was not in taken]
    yield from (
        Change("split", (one,), tuple(sorted(parts)))
        for one, parts in sorted(came.items())
        if len(parts) > 1
    )
    yield from (
        Change("merged", tuple(sorted(parts)), (one,))
        for one, parts in sorted(went.items())
        if len(parts) > 1
    )
    yield from (Change("new", (), (theme.id,)) for theme in now if theme.id not in known)
    yield from (Change("gone", (one,), ()) for one in gone)
