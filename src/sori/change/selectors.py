"""Read what the newest run knows: centres, members, where merged themes went; kept per process."""

from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import Final, TypeVar

import numpy as np
import pyarrow as pa

from sori.change import counting, packing
from sori.change.models import Theme, ThemeRun
from sori.understand.assigning import Centres
from sori.understand.embedding import FAST_DIMS

Kept = TypeVar("Kept")

ALIKE: Final = 0.3
"""Of pairs of the demo company's themes fewer than one in a hundred are so alike."""


def newest_run() -> ThemeRun | None:
    """The newest run, without what it keeps packed."""
    return ThemeRun.objects.defer("centres", "members").order_by("-at", "-pk").first()


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
    """Every voice the newest run has read and the number of its theme: columns id and theme."""
    found = _of_newest(_members)
    return packing.unpacked_members(b"") if found is None else found


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


# the moment is part of the key: a number may be given again when a transaction was rolled back


@lru_cache(maxsize=2)
def _centres(run: int, at: str) -> Centres:  # noqa: ARG001
    return packing.unpacked_centres(_packed("centres", run))


@lru_cache(maxsize=2)
def _members(run: int, at: str) -> pa.Table:  # noqa: ARG001
    return packing.unpacked_members(_packed("members", run))


def _packed(name: str, run: int) -> bytes:
    kept = ThemeRun.objects.filter(pk=run).exclude(**{name: b""})
    return bytes(kept.values_list(name, flat=True).get())
