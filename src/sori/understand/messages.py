"""All messages of a file at once, for what looks at many of them together."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa

from sori.errors import ConfigurationError
from sori.understand.clean import clean
from sori.understand.files import AUTHOR_FIELDS, TEXT_FIELDS, TITLE_FIELDS
from sori.understand.privacy import make_privacy
from sori.understand.tabular import Row, open_rows

_TOLD_EVERY: Final = 5000


class Messages(NamedTuple):
    """The messages of a file.

    Attributes:
        rows: the rows as they stand in the file; those that cannot be read have an error.
        texts: title and message of each, "" where there is none.
        authors: who wrote it; None where the file does not tell.
        text_field: the field that was read as the message.
    """

    rows: list[Row]
    texts: list[str]
    authors: list[str | None]
    text_field: str


def read_messages(
    path: Path,
    text_field: str | None = None,
    progress: Callable[[float], None] | None = None,
) -> Messages:
    """Read a whole file.

    Args:
        path: .jsonl, .csv, .tsv or .xlsx; all but the last also .gz or .zst.
        text_field: the field that holds the message; found by its name when not given.
        progress: told the share of the file that is read.

    Raises:
        ConfigurationError: when the file, its format or a field with messages cannot be found.
    """
    source = open_rows(path)
    rows = []
    with source.stream:
        for row in source.rows:
            rows.append(row)
            if progress and len(rows) % _TOLD_EVERY == 0:
                progress(source.share())
    name = text_field or field_among(TEXT_FIELDS, rows)
    if name is None or not any(name in row.fields for row in rows if row.error is None):
        names = dict.fromkeys(field for row in rows[:1000] for field in row.fields)
        raise ConfigurationError(
            f"{path.name}: no field {text_field!r} holds a message (there are {', '.join(names)})"
            if text_field
            else f"{path.name}: no field holds a message by its name; name it with --text "
            f"(there are {', '.join(names)})"
        )
    author = field_among(AUTHOR_FIELDS, rows)
    title = field_among(tuple(field for field in TITLE_FIELDS if field != name), rows)
    return Messages(
        rows=rows,
        texts=[_text(row, name, title) for row in rows],
        authors=[_author(row, author) for row in rows],
        text_field=name,
    )


def field_among(known: Sequence[str], rows: Sequence[Row]) -> str | None:
    """The first of some names that the rows have, as the rows spell it."""
    names = {
        name.strip().lower(): name
        for row in rows[:1000]
        if row.error is None
        for name in row.fields
    }
    return next((names[one] for one in known if one in names), None)


def _author(row: Row, author: str | None) -> str | None:
    told = row.fields.get(author) if author else None
    return str(told) if told else None


def _text(row: Row, name: str, title: str | None) -> str:
    """What a row says; a row that could not be read says nothing."""
    if row.error is not None:
        return ""
    parts = [row.fields.get(field) for field in (title, name) if field]
    return clean(" ".join(part for part in parts if isinstance(part, str)))


def masked(texts: Sequence[str]) -> list[str]:
    """The texts with personal data blotted out: what is found in them will be shown."""
    done = make_privacy()(pa.record_batch({"text": pa.array(texts, pa.string())}))
    found: list[str] = done.column("text").to_pylist()
    return found
