"""Sets of posts as Python integers: post i of a batch is bit i.

One machine instruction then decides 64 posts at once, Python's integers need no size, and `~` of
a set is a negative integer that `&` turns back into a set.
"""

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

Numbers: TypeAlias = npt.NDArray[np.integer[Any]]
FEW: Final = 4
"""Up to so many posts, setting single bits is cheaper than calling numpy."""


def of_mask(mask: npt.NDArray[np.bool_]) -> int:
    """The set of the posts where the mask is true."""
    return int.from_bytes(np.packbits(mask, bitorder="little").tobytes(), "little")


def members(bits: int, posts: int) -> list[int]:
    """The posts of a set, in order; `posts` is how many the batch has."""
    if bits.bit_count() > FEW:
        octets = np.frombuffer(bits.to_bytes((posts + 7) // 8, "little"), np.uint8)
        found: list[int] = np.flatnonzero(np.unpackbits(octets, bitorder="little")).tolist()
        return found
    found = []
    while bits:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return found


def of_members(members: Numbers, scratch: npt.NDArray[np.bool_]) -> int:
    """The set of these posts, named once or more; `scratch` is all false, one a post."""
    if len(members) <= FEW:
        bits = 0
        for post in members.tolist():
            bits |= 1 << post
        return bits
    scratch[members] = True
    bits = of_mask(scratch)
    scratch[members] = False
    return bits


def groups(numbers: Numbers) -> Iterator[tuple[int, slice]]:
    """Each different number of a sorted array, with where its run is."""
    found, starts = np.unique(numbers, return_index=True)
    ends = [*starts[1:].tolist(), len(numbers)]
    for number, start, end in zip(found.tolist(), starts.tolist(), ends, strict=False):
        yield number, slice(start, end)
