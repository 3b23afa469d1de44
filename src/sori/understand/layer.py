"""Lay learned corrections out as a small table that speaks at run time as it did while learning."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from sori.understand.company import Places
from sori.understand.fitting import Correction
from sori.understand.linear import IDF_STEPS, Table
from sori.understand.sparse import Features, Keys, counted, placed

MOST: Final = 40_000
"""No company's layer knows more features than this; it stays below a megabyte or two."""

_LEAST: Final = 2
"""A feature of a single text could only give that text away, and teaches nothing."""

_TOP: Final = 127


def keys_worth_knowing(taught: Features) -> Keys:
    """The features that at least two of the taught texts share, the commonest first to stay."""
    _, keys, _ = counted(taught)
    known, texts = np.unique(keys, return_counts=True)
    shared = np.flatnonzero(texts >= _LEAST)
    commonest = shared[np.argsort(-texts[shared], kind="stable")[:MOST]]
    kept: Keys = known[np.sort(commonest)]
    return kept


def rarity_of(keys: Keys, found: Features) -> npt.NDArray[np.uint8]:
    """How rare each key is among some texts, as a table keeps it: in sixteenths."""
    _, stands, _ = counted(found)
    known, texts = np.unique(stands, return_counts=True)
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    among = np.where(known[at] == keys, texts[at], 0)
    rare = np.log(len(found.ends) / (among + 1.0)) + 1.0
    return np.clip(np.rint(rare * IDF_STEPS), 1, 255).astype(np.uint8)


def layer(
    keys: Keys, rarity: npt.NDArray[np.uint8], learned: Mapping[str, Correction]
) -> tuple[Places, Table]:
    """Put the corrections of all heads into one table of 8-bit weights.

    Args:
        keys: the features, in the order of the corrections' rows.
        rarity: how rare each is.
        learned: a correction a head.

    Returns:
        Where each head's columns are, and the table.
    """
    places: Places = {}
    first = 0
    for head, correction in learned.items():
        places[head] = (first, len(correction.bias))
        first += len(correction.bias)
    weights = np.hstack([correction.weights for correction in learned.values()])
    said = weights * (rarity / IDF_STEPS)[:, None]
    scales = np.maximum(np.abs(said).max(axis=0, initial=0.0), 1e-9) / _TOP
    checks, slots = placed(keys)
    steps = np.zeros((len(checks), first), np.int8)
    steps[slots] = np.rint(said / scales)
    rare = np.zeros(len(checks), np.uint8)
    rare[slots] = rarity
    bias = np.concatenate([correction.bias for correction in learned.values()])
    table = Table(checks, rare, steps, scales.astype(np.float32), bias.astype(np.float32), {})
    return places, table
