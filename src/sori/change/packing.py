"""How a run keeps what every worker needs: centres as numpy's npz, members as Arrow. Pure."""

import io
from typing import Final

import numpy as np
import pyarrow as pa

from sori.understand.assigning import NONE, Centres

_MEMBERS: Final = pa.schema([pa.field("id", pa.string()), pa.field("theme", pa.int64())])


def packed_centres(centres: Centres) -> bytes:
    """Centres in half precision, which moves a likeness by less than a thousandth."""
    out = io.BytesIO()
    np.savez(out, numbers=centres.numbers, vectors=centres.vectors.astype(np.float16))
    return out.getvalue()


def unpacked_centres(content: bytes) -> Centres:
    """Centres as they were packed."""
    with np.load(io.BytesIO(content), allow_pickle=False) as kept:
        return Centres("fast", kept["numbers"], kept["vectors"].astype(np.float32))


def packed_members(ids: pa.Array, numbers: np.ndarray) -> bytes:
    """Every voice a run has read and the number of its theme, null for none."""
    themes = pa.array(numbers, pa.int64(), mask=numbers == NONE)
    return packed(pa.table([ids, themes], schema=_MEMBERS))


def packed(members: pa.Table) -> bytes:
    """A table of members as `unpacked_members` gives it."""
    out = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(out, _MEMBERS, options=options) as writer:
        writer.write_table(members)
    return bytes(out.getvalue())


def unpacked_members(content: bytes) -> pa.Table:
    """Columns id and theme; no rows where nothing was packed."""
    if not content:
        return _MEMBERS.empty_table()
    with pa.ipc.open_stream(content) as reader:
        return reader.read_all()
