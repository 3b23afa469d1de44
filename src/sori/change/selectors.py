"""Read what the newest run knows: centres, members, tallies, mergers; kept per process."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import lru_cache
from typing import Final, TypeVar

import numpy as np
import pyarrow as pa

from sori.change import counting, packing
from sori.change.models import Subscription, Theme, ThemeRun
from sori.change.tallies import Tallies
from sori.change.tallies import read as read_tallies
from sori.understand.assigning import Centres
from sori.understand.embedding import FAST_DIMS

Kept = TypeVar("Kept")

ALIKE: Final = 0.3
"""Of pairs of the demo company's themes fewer than one in a hundred are so alike."""


def newest_run() -> ThemeRun | None:
    """The newest run, without what it keeps packed."""
    return ThemeRun.objects.defer("centres", "members", "tallies").order_by("-at", "-pk").first()


def next_number() -> int:
    """No theme has this number or a higher one."""
    run = newest_run()
    return run.next_number if run else 1


def active_centres() -> Centres | None:
    """The centres a new voice may belong to; None when there are none."""
    every = every_centre()
    active = Theme.objects.filter(state=Theme.State.ACTIVE).values_list("pk", flat=True)
    here = np.isin(every.numbers, np.array(list(active), np.int64))
    if not here.any():
        return None
    return Centres(every.tier, every.numbers[here], every.vectors[here])


def every_centre() -> Centres:
    """The centres of all themes that the newest run remembers."""
    none = Centres("fast", np.empty(0, np.int64), np.empty((0, FAST_DIMS), np.float32))
    return _of_newest(_centres) or none


def members() -> pa.Table:
    """Every voice the newest run has read and its theme: columns id, theme and found."""
    found = _of_newest(_members)
    return packing.unpacked_members(b"") if found is None else found


def tallies() -> Tallies:
    """What the newest run has counted."""
    return _of_newest(_tallies) or read_tallies(packing.unpacked_tallies(b""))


def roots() -> dict[int, int]:
    """Where every merged theme went in the end."""
    pointers = Theme.objects.values_list("pk", "merged_into").exclude(merged_into=None)
    return counting.roots({number: into for number, into in pointers if into is not None})


def _of_newest(unpack: Callable[[int, str], Kept]) -> Kept | None:
    """What the newest run keeps; None when there was no run."""
    while run := newest_run():
        with suppress(ThemeRun.DoesNotExist):  # a newer one took its place: ask for that
            return unpack(run.pk, run.at.isoformat())
    return None


def similar(theme: Theme, most: int = 5) -> list[tuple[Theme, float]]:
    """The themes that speak of things most like this one, and how alike they are, 0 to 1."""
    every, where = every_centre(), roots()
    own = [at for at, n in enumerate(every.numbers.tolist()) if where.get(n, n) == theme.pk]
    if not own:
        return []
    alike = (every.vectors @ every.vectors[own].T).max(axis=1)
    standing = Theme.objects.filter(merged_into=None, hidden=False, state=Theme.State.ACTIVE)
    shown = standing.in_bulk(every.numbers.tolist())
    order = [int(row) for row in np.argsort(-alike) if row not in own and alike[row] >= ALIKE]
    found = [(int(every.numbers[row]), float(alike[row])) for row in order]
    return [(shown[number], near) for number, near in found if number in shown][:most]


def likeness(one: int, other: int) -> float:
    """How alike two themes are, 0 to 1; 0 where the newest run does not know them."""
    every = every_centre()
    rows = [np.flatnonzero(every.numbers == number) for number in (one, other)]
    if not all(len(found) for found in rows):
        return 0.0
    return float((every.vectors[rows[0]] @ every.vectors[rows[1]].T).max())


def family(theme: int) -> list[int]:
    """The numbers of a theme and of all that were merged into it, its own first."""
    return [theme, *(number for number, root in roots().items() if root == theme)]


def counted_with(theme: int) -> list[int]:
    """A theme and all that were merged into it or into those, also where it was itself merged."""
    pointers = dict(Theme.objects.exclude(merged_into=None).values_list("pk", "merged_into"))
    found = [theme]
    for one in found:
        found += [
            number for number, into in pointers.items() if into == one and number not in found
        ]
    return found


def subscribed() -> dict[int, int]:
    """Every theme that somebody wants to hear of, with what is counted with it, and their root."""
    heard = set(Subscription.objects.values_list("theme", flat=True))
    if not heard:
        return {}
    where = roots()
    ours = {where.get(one, one) for one in heard}
    return {one: one for one in ours} | {one: into for one, into in where.items() if into in ours}


def follows(theme: Theme, member: int | None) -> bool:
    """Whether a member wants to hear of a theme, or of one that was merged into it."""
    return Subscription.objects.filter(theme__in=family(theme.pk), member=member).exists()


def subscribers(themes: Iterable[int]) -> dict[int, frozenset[int]]:
    """For each of these themes who wants to hear of it, or of what it is counted with."""
    where = roots()
    by_root: dict[int, set[int]] = defaultdict(set)
    for theme, member in Subscription.objects.values_list("theme", "member"):
        by_root[where.get(theme, theme)].add(member)
    return {one: frozenset(by_root.get(where.get(one, one), ())) for one in themes}


# the moment is part of the key: a number may be given again when a transaction was rolled back


@lru_cache(maxsize=2)
def _centres(run: int, at: str) -> Centres:  # noqa: ARG001
    return packing.unpacked_centres(_packed("centres", run))


@lru_cache(maxsize=2)
def _members(run: int, at: str) -> pa.Table:  # noqa: ARG001
    return packing.unpacked_members(_packed("members", run))


@lru_cache(maxsize=2)
def _tallies(run: int, at: str) -> Tallies:  # noqa: ARG001
    content = bytes(ThemeRun.objects.values_list("tallies", flat=True).get(pk=run))
    newest = newest_run()
    if not content and newest and newest.pk != run:
        raise ThemeRun.DoesNotExist
    return read_tallies(packing.unpacked_tallies(content))


def _packed(name: str, run: int) -> bytes:
    kept = ThemeRun.objects.filter(pk=run).exclude(**{name: b""})
    return bytes(kept.values_list(name, flat=True).get())
