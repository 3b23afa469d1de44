"""Mask within the JSON that travels with a mention: what else a channel kept, and where to answer.

A spreadsheet's other columns, a form's other fields and a mail's subject line hold personal numbers
as often as the text does. Names that machines gave (message ids, references, addresses) stay as
they are: blotted, they would lead nowhere.
"""

import json
from collections.abc import Callable
from typing import Any, Final, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

Mask: TypeAlias = Callable[[str], tuple[str, list[str]]]

COLUMNS: Final = ("extra", "reply_address")

_MACHINES: Final = frozenset(
    {
        *("message_id", "in_reply_to", "references", "answers", "thread", "key", "source"),
        *("to", "cc", "address", "reply_to", "url", "uid", "uidvalidity", "size", "date"),
        *("list_id", "folder", "authentication", "digest"),
    }
)
# only text with so many digits can hold a number that must be blotted out
_MANY_DIGITS: Final = r"(?:[0-9０-９][^0-9０-９]{0,4}){7}"


def mask_travelling(batch: pa.RecordBatch, mask: Mask) -> dict[str, pa.Array]:
    """The columns of a batch whose JSON had to be masked, masked.

    Args:
        batch: mentions.
        mask: masks one text.
    """
    changed = {}
    for name in COLUMNS:
        if name in batch.schema.names and batch.column(name).null_count < batch.num_rows:
            column = batch.column(name)
            masked = _masked_column(column, mask)
            if masked is not column:
                changed[name] = masked
    return changed


def _masked_column(column: pa.Array, mask: Mask) -> pa.Array:
    suspects = pc.fill_null(pc.match_substring_regex(column, _MANY_DIGITS), fill_value=False)
    if not pc.any(suspects).as_py():
        return column
    texts = column.to_pylist()
    for row in pc.indices_nonzero(suspects).to_pylist():
        texts[row] = _masked_json(texts[row], mask)
    return pa.array(texts, pa.string())


def mask_value(value: Any, mask: Mask, *, spare: frozenset[str] = frozenset()) -> Any:
    """A JSON value with its texts masked; what stands under a name in `spare` stays."""
    if isinstance(value, str):
        return mask(value)[0]
    if isinstance(value, list):
        return [mask_value(item, mask, spare=spare) for item in value]
    if isinstance(value, dict):
        return {
            name: item if name in spare else mask_value(item, mask, spare=spare)
            for name, item in value.items()
        }
    return value


def _masked_json(text: str, mask: Mask) -> str:
    try:
        masked = mask_value(json.loads(text), mask, spare=_MACHINES)
        return json.dumps(masked, ensure_ascii=False)
    except ValueError:
        # no JSON after all: then it is text like any other
        return mask(text)[0]
