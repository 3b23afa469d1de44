"""Is it one of these? Ideas that mean what somebody is writing, by the vectors of their titles.

The words of asking are taken off first, for they make every wish a little like every other one.
Of 14 invented titles with a twin among 16 ideas, and 8 of the same matters without one, the deep
embedder finds 12 twins at 0.20 and offers something beside 5 of the 8; at 0.28 it finds 10 and
offers beside 1. The fast one finds 9 at 0.18, and 4 at 0.28. So what is offered while somebody
writes may be less alike than what is worth a step of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from django.db.models import Count, Max, QuerySet

from sori.change.ideas.cleaning import bare
from sori.change.ideas.models import SHOWN, Idea
from sori.understand.embedding import Embedder, Vectors, embedder

OFFERED: Final = {"deep": 0.20, "fast": 0.18}
"""How alike an idea must be to be offered while one is writing, by the tier of the embedder."""

ASKED: Final = {"deep": 0.28, "fast": 0.28}
"""How alike, to ask before an idea is sent."""

BEHIND: Final = 0.6
"""The share of the nearest one's likeness that another one must have."""

MOST: Final = 5
SHORTEST: Final = 4
_KEPT: Final = 20_000
_REMADE: Final = 500


class Shelf(NamedTuple):
    """Ideas with the vectors of their titles, of length 1.

    Attributes:
        ideas: ids.
        boards: the board of each.
        vectors: a row each.
    """

    ideas: np.ndarray[tuple[int], np.dtype[np.int64]]
    boards: np.ndarray[tuple[int], np.dtype[np.int64]]
    vectors: Vectors


def fill(ideas: Iterable[Idea]) -> None:
    """Give ideas the vectors of their titles; the caller saves `vector` and `tier`."""
    rows, maker = list(ideas), embedder("auto")
    for row, vector in zip(rows, maker.vectors([bare(row.title) for row in rows]), strict=True):
        row.vector, row.tier = _packed(vector), maker.tier


def alike(
    title: str, boards: Sequence[int], *, but: int = 0, near: Mapping[str, float] = OFFERED
) -> list[int]:
    """Ids of shown ideas on these boards that may be the same, the most alike first.

    Args:
        title: what somebody is writing.
        boards: where to look.
        but: an idea that is not meant.
        near: OFFERED or ASKED.
    """
    if len(title.strip()) < SHORTEST or not boards:
        return []
    maker = embedder("auto")
    shelf = _shelf_of_now(maker)
    there = np.isin(shelf.boards, np.array(boards, np.int64)) & (shelf.ideas != but)
    if not there.any():
        return []
    likeness = shelf.vectors[there] @ maker.vectors([bare(title)])[0]
    enough = max(near[maker.tier], BEHIND * float(likeness.max()))
    best = np.argsort(-likeness, kind="stable")[:MOST]
    return [int(shelf.ideas[there][at]) for at in best if likeness[at] >= enough]


def _shelf_of_now(maker: Embedder) -> Shelf:
    shown = Idea.objects.filter(SHOWN)
    stamp = shown.aggregate(count=Count("pk"), changed=Max("changed_at"))
    return _shelf(maker.tier, stamp["count"], stamp["changed"])


@lru_cache(maxsize=2)
def _shelf(tier: str, count: int, changed: datetime | None) -> Shelf:  # noqa: ARG001
    """Every shown idea; kept until one is shown, hidden or changed."""
    shown = Idea.objects.filter(SHOWN).exclude(title="")
    _remake(shown.exclude(tier=tier))
    rows = list(shown.order_by("-pk").values_list("pk", "board_id", "vector")[:_KEPT])
    vectors = [np.frombuffer(bytes(vector), np.float16) for _idea, _board, vector in rows]
    return Shelf(
        np.array([idea for idea, _board, _vector in rows], np.int64),
        np.array([board for _idea, board, _vector in rows], np.int64),
        np.array(vectors, np.float32),
    )


def _remake(other: QuerySet[Idea]) -> None:
    """Vectors of another embedder tell nothing to this one."""
    while rows := list(other.order_by("pk")[:_REMADE]):
        fill(rows)
        Idea.objects.bulk_update(rows, ["vector", "tier"])


def _packed(vector: Vectors) -> bytes:
    return vector.astype(np.float16).tobytes()
