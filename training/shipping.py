"""Write a fitted linear model as the small table the package ships."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sori.understand.compiled import compiled


@compiled
def _place(keys, checks, slots):
    mask = np.uint32(len(checks) - 1)
    for at in range(len(keys)):
        slot = keys[at] & mask
        while checks[slot] != 0:
            slot = (slot + np.uint32(1)) & mask
        checks[slot] = keys[at]
        slots[at] = slot


def ship(
    folder: Path,
    name: str,
    *,
    keys: npt.NDArray,
    rarity: npt.NDArray,
    weights: npt.NDArray,
    bias: npt.NDArray,
    card: dict[str, Any],
) -> None:
    """Quantise to 8 bits and write `NAME.{checks,rarity,weights}.npy` and `NAME.json`.

    Args:
        folder: where to write.
        name: the model's name.
        keys: key of every feature.
        rarity: its idf in sixteenths.
        weights: features by columns, to be multiplied with idf-weighted, length-1 rows.
        bias: a number a column.
        card: what else the model should know about itself.
    """
    size = 1 << int(np.ceil(np.log2(len(keys) / 0.8)))
    checks = np.zeros(size, np.uint32)
    slots = np.zeros(len(keys), np.int64)
    _place(keys, checks, slots)
    said = weights * (rarity.astype(np.float64) / 16)[:, None]
    scales = np.maximum(np.quantile(np.abs(said), 0.9995, axis=0), 1e-9) / 127
    table = np.zeros((size, said.shape[1]), np.int8)
    table[slots] = np.clip(np.rint(said / scales), -127, 127)
    rare = np.zeros(size, np.uint8)
    rare[slots] = rarity
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / f"{name}.checks.npy", checks)
    np.save(folder / f"{name}.rarity.npy", rare)
    np.save(folder / f"{name}.weights.npy", table)
    whole = card | {"scales": [float(s) for s in scales], "bias": [float(b) for b in bias]}
    text = json.dumps(whole, ensure_ascii=False, indent=1)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
