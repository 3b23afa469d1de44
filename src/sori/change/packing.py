"""How centres are kept in the database, as numpy's npz, and members, as Arrow. Pure."""

import io
from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa

from sori.understand.assigning import NONE, Centres

_MEMBERS: Final = pa.schema(
    [pa.field("id", pa.string()), pa.field("theme", pa.int64()), pa.field("found", pa.int64())]
)


def packed_centres(centres: Centres) -> bytes:
    """Centres in half precision, which moves a likeness by less than a thousandth."""
    out = io.BytesIO()
    np.savez(out, numbers=centres.numbers, vectors=centres.vectors.astype(np.float16))
    return out.getvalue()


def unpacked_centres(content: bytes) -> Centres:
    """Centres as they were packed."""
    with np.load(io.BytesIO(content), allow_pickle=False) as kept:
        return Centres("fast", kept["numbers"], kept["vectors"].astype(np.float32))


def packed_members(ids: pa.Array, numbers: np.ndarray, found: np.ndarray) -> bytes:
    """Every voice a run has read and the number of its theme, null for none.

    Args:
        ids: of the voices.
        numbers: their themes.
        found: the same as if people had split no theme.
    """
    themes = [pa.array(some, pa.int64(), mask=some == NONE) for some in (numbers, found)]
    return packed(pa.table([ids, *themes], schema=_MEMBERS))


def unpacked_members(content: bytes) -> pa.Table:
    """Columns id, theme and found; no rows where nothing was packed."""
    rows = _unpacked(content) if content else _MEMBERS.empty_table()
    # runs of before anybody could split a theme kept one number a voice
    return rows if "found" in rows.column_names else rows.append_column("found", rows["theme"])


def unpacked_tallies(content: bytes) -> pa.Table:
    """What a run has counted, see `tallies`; without columns where nothing was packed."""
    return _unpacked(content) if content else pa.table({})


def packed_ids(ids: Sequence[str]) -> bytes:
    """The mentions of a campaign."""
    return packed(pa.table({"id": pa.array(ids, pa.string())}))


def unpacked_ids(content: bytes) -> pa.Table:
    """Column id."""
    return _unpacked(content)


def packed(rows: pa.Table) -> bytes:
    """A table as `unpacked_members` or `unpacked_ids` gives it."""
    out = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(out, rows.schema, options=options) as writer:
        writer.write_table(rows)
    return bytes(out.getvalue())


def _unpacked(content: bytes) -> pa.Table:
    with pa.ipc.open_stream(content) as reader:
        return reader.read_all()
