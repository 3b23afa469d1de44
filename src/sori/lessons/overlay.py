"""Write what people said over what a model said, in rows of the lake."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa

from sori.understand.urgency import NOW

CERTAIN: Final = 1.0
"""How sure a label is that a person gave."""


def overlaid(rows: pa.Table, people: Mapping[str, Mapping[str, Any]]) -> pa.Table:
    """The rows with the labels that people gave; everything else stays.

    What follows from a label goes with it: a kind is not `also` there, only what is urgent has a
    reason, and the only opinion inside a mention is the mention's own.

    Args:
        rows: columns of `mention.SCHEMA`.
        people: values by mention and label.
    """
    if not people:
        return rows
    ids = rows.column("id").to_pylist()
    touched = {row: dict(people[name]) for row, name in enumerate(ids) if name in people}
    also, reasons, units = (rows.column(name) for name in ("also", "urgency_reason", "units"))
    for row, values in touched.items():
        if "kind" in values:
            others = values.get("also", also[row].as_py()) or []
            values["also"] = [one for one in others if one != values["kind"]]
        if "urgency" in values:
            urgent = values["urgency"] == NOW
            values["urgency_reason"] = reasons[row].as_py() if urgent else None
        opinions = units[row].as_py() or []
        if len(opinions) == 1 and values.keys() & {"kind", "sentiment"}:
            values["units"] = [opinions[0] | _opinion(values)]
    for label in sorted({label for values in touched.values() for label in values}):
        those = [row for row, values in touched.items() if label in values]
        rows = _written(rows, label, those, [touched[row][label] for row in those])
        if f"{label}_confidence" in rows.schema.names:
            rows = _written(rows, f"{label}_confidence", those, [CERTAIN] * len(those))
    return rows


def _opinion(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a person's word makes of an opinion; one of no kind has none."""
    said = {name: values[name] for name in ("kind", "sentiment") if name in values}
    return said | ({"kind": None} if said.get("kind") == "other" else {})


def _written(rows: pa.Table, name: str, those: Sequence[int], values: Sequence[Any]) -> pa.Table:
    """The table with one column reading differently in some rows."""
    column = rows.column(name)
    added = pa.array(values, column.type)
    places = np.arange(len(column))
    places[list(those)] = len(column) + np.arange(len(added))
    made = pa.chunked_array([*column.chunks, added]).take(pa.array(places))
    return rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), made)
