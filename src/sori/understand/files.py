"""Understand any file of messages alone, without a server or a database: `sori understand FILE`."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

import pyarrow as pa

from sori.errors import ConfigurationError
from sori.understand.deep import installed
from sori.understand.lines import line_of, packed
from sori.understand.pipeline import Knowledge, make_pipeline
from sori.understand.report import Report
from sori.understand.tabular import Row, open_rows

Progress: TypeAlias = Callable[[int, int], None]
"""Told after every batch: rows so far, and about how many there are in all."""

TEXT_FIELDS: Final = (
    "text", "content", "내용", "본문", "body", "review", "message", "comment",
    "리뷰", "후기", "댓글", "문의내용",
)  # fmt: skip
TITLE_FIELDS: Final = ("title", "제목", "subject")
AUTHOR_FIELDS: Final = (
    "author_id", "author", "author_name", "user", "user_id", "username", "nickname", "writer",
    "작성자", "글쓴이", "닉네임", "아이디",
)  # fmt: skip
DATE_FIELDS: Final = (
    "created_at", "published_at", "date", "day", "timestamp", "time",
    "작성일", "작성일시", "등록일", "날짜",
)  # fmt: skip
LABELS: Final = (
    "lang", "kind", "also", "sentiment", "urgency", "answer", "abuse", "irony", "spam",
)  # fmt: skip
ADDED: Final = (
    *LABELS,
    *(f"{label}_confidence" for label in LABELS if label != "also"),
    "urgency_reason",
    "abuse_at",
    "topics",
    "units",
)
_BATCH: Final = 1024


class Understood(NamedTuple):
    """What became of a file.

    Attributes:
        rows: rows written, as many as the file has.
        errors: how many of them could not be read; they have an `error` field.
        text_field: the field that was read as the message.
    """

    rows: int
    errors: int
    text_field: str


def understand_file(
    path: Path,
    output: Path,
    report: Path | None = None,
    *,
    text_field: str | None = None,
    language: str = "ko",
    tier: str = "auto",
    progress: Progress | None = None,
) -> Understood:
    """Label every row of a file.

    The output has one JSON object a row, in the order of the file: the fields of the row plus
    ADDED. A field of the input that has the name of a label is kept as `NAME_given`. A row that
    cannot be read has nulls for labels and says why in `error`; nothing is left out. The fields
    of the input are written as they are, the report shows messages only with personal data
    blotted out.

    Args:
        path: .jsonl, .csv, .tsv or .xlsx; all but the last also .gz or .zst.
        output: written beside its place first and moved there when it is complete.
        report: where to write a page with charts and examples.
        text_field: the field that holds the message; found by its name when not given.
        language: of the report, "ko" or "en".
        tier: "fast", "deep", or "auto", which is "deep" where it is installed.
        progress: told how far we are.

    Raises:
        ConfigurationError: when the file, its format or a text field cannot be found, or "deep"
            is wanted and not installed.
    """
    source = open_rows(path)
    understand = make_pipeline(Knowledge(tier=_tier(tier)))
    page = Report(path.name, language) if report else None
    rows = errors = 0
    name = text_field
    part = output.with_name(output.name + ".part")
    with source.stream, ExitStack() as stack:
        sink = stack.enter_context(packed(part, output.suffix))
        while block := list(islice(source.rows, _BATCH)):
            name = name or _text_field(block)
            checked = [_checked(row, name) for row in block]
            batch = understand(_batch(checked, name))
            for row, labels in zip(checked, _labelled(batch), strict=True):
                sink.write(_line(row, labels))
                rows, errors = rows + 1, errors + (row.error is not None)
            if page:
                dates = [_first(row.fields, DATE_FIELDS) for row in checked]
                page.add(batch, dates, [_first(row.fields, AUTHOR_FIELDS) for row in checked])
            if progress:
                progress(rows, round(rows / max(source.share(), 1e-6)))
    part.replace(output)
    if report and page:
        report.write_text(page.html(), encoding="utf-8")
    return Understood(rows, errors, name or "")


def _tier(name: str) -> str:
    """Here every row deserves the best there is: somebody is waiting for the file."""
    return name if name != "auto" else "deep" if installed() else "fast"


def _text_field(rows: list[Row]) -> str:
    """The field most likely to hold the message: a known name, in the order of TEXT_FIELDS."""
    names = {name.strip().lower(): name for row in rows if not row.error for name in row.fields}
    for known in TEXT_FIELDS:
        if known in names:
            return names[known]
    if not names:
        return TEXT_FIELDS[0]
    raise ConfigurationError(
        f"no field holds a message by its name; name it (there are {', '.join(names.values())})"
    )


def _checked(row: Row, text_field: str) -> Row:
    """The row, with an error when it has no message."""
    if row.error is not None:
        return row
    if not isinstance(row.fields.get(text_field), str):
        return row._replace(error=f"line {row.line}: no text in {text_field!r}")
    return row


def _batch(rows: list[Row], text_field: str) -> pa.RecordBatch:
    texts, titles = [], []
    for row in rows:
        texts.append(_utf8(row.fields[text_field]) if row.error is None else "")
        given = (row.fields.get(name) for name in TITLE_FIELDS if name != text_field)
        titles.append(next((_utf8(title) for title in given if isinstance(title, str)), None))
    return pa.record_batch(
        {"title": pa.array(titles, pa.string()), "text": pa.array(texts, pa.string())}
    )


def _utf8(text: str) -> str:
    """The text without halves of characters, which JSON can write and Arrow cannot hold."""
    return text if text.isascii() else text.encode("utf-8", "ignore").decode("utf-8")


def _labelled(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    columns = [batch.column(name).to_pylist() for name in ADDED]
    for values in zip(*columns, strict=True):
        yield dict(zip(ADDED, values, strict=True))


def _line(row: Row, labels: dict[str, Any]) -> bytes:
    given = {(f"{name}_given" if name in labels else name): v for name, v in row.fields.items()}
    for name, value in labels.items():
        if row.error is not None:
            value = None
        given[name] = round(value, 4) if isinstance(value, float) else value
    if row.error is not None:
        given["error"] = row.error
    return line_of(given)


def _first(fields: dict[str, Any], names: Sequence[str]) -> str | None:
    """What the first of some fields says, where one of them holds text."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None
