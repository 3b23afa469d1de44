"""Take out of a text what nobody wrote: control characters, NUL, halves of characters.

What the customer wrote stays as it was written: nothing is folded, shortened or corrected in what
is stored. (Models read a plainer form, see `letters`.) This step comes first, because a NUL ends
texts in many a database and a stray direction mark can hide a number from the masking.
"""

import re
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from sori.understand.contract import Step, with_columns

# C0 and C1 controls but tab, line feed and carriage return; marks that turn or hide text; the
# byte order mark. The zero-width joiner stays: emoji and several scripts need it.
_UNWRITTEN: Final = (
    "\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f"
    "\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb"
)
_UNWRITTEN_OR_HALF: Final = re.compile(f"[{_UNWRITTEN}\ud800-\udfff]")
_UNWRITTEN_RE2: Final = (
    "["
    + "".join(
        character if character == "-" else f"\\x{{{ord(character):04x}}}"
        for character in _UNWRITTEN
    )
    + "]"
)


def clean(text: str) -> str:
    """The text without control characters, direction marks and lone surrogates.

    >>> clean("안녕\\x00하세요\\ud83d")
    '안녕하세요'
    """
    return _UNWRITTEN_OR_HALF.sub("", text)


def make_clean() -> Step:
    """The step that cleans `text` and, where there is one, `title`. Nulls stay null."""

    def step(batch: pa.RecordBatch) -> pa.RecordBatch:
        return with_columns(
            batch,
            {
                name: _clean_column(batch.column(name))
                for name in ("title", "text")
                if name in batch.schema.names
            },
        )

    return step


def _clean_column(column: pa.Array) -> pa.Array:
    if column.null_count == len(column):
        return column
    texts = column.cast(pa.string())
    if not pc.any(pc.match_substring_regex(texts, _UNWRITTEN_RE2)).as_py():
        return texts
    return pc.replace_substring_regex(texts, _UNWRITTEN_RE2, "")
