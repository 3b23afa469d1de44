"""`sori themes`: group what many people say in other words, with no server and no database."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import typer
from rich.table import Table

from sori.commands.terminal import console, plain_errors, progress_bar

if TYPE_CHECKING:
    from sori.understand.messages import Messages
    from sori.understand.themes import Themes

SHOWN: Final = 15
_BATCH: Final = 512


def themes(
    file: Annotated[Path, typer.Argument(help="JSON lines, CSV or xlsx; also .gz and .zst.")],
    output: Annotated[Path, typer.Option(help="Where to write the rows, as JSON lines.")],
    text: Annotated[str | None, typer.Option(help="The column that holds the words.")] = None,
    tier: Annotated[
        Literal["auto", "fast", "deep"],
        typer.Option(help="How to compare: by characters (fast) or by meaning too (deep)."),
    ] = "auto",
) -> None:
    """Group what many people say in other words."""
    from sori.understand.messages import masked, read_messages

    with plain_errors(), progress_bar() as bar:
        task = bar.add_task("Reading", total=1.0)
        messages = read_messages(file, text, lambda share: bar.update(task, completed=share))
        bar.update(task, completed=1.0)
        found = _discovered(messages, masked(messages.texts), tier, bar)
        _write(output, messages, found)
    grouped = int((found.of_text >= 0).sum())
    console.print(
        f"{len(found.themes):,} themes in {grouped:,} of {len(messages.rows):,} rows "
        f"({found.tier}), written to {output}"
    )
    if found.themes:
        console.print(_table(found))


def _discovered(messages: "Messages", texts: list[str], tier: Any, bar: Any) -> "Themes":
    import numpy as np

    from sori.understand.embedding import embedder
    from sori.understand.themes import discover

    maker = embedder(tier)
    task = bar.add_task("Comparing", total=len(texts))
    vectors = np.zeros((len(texts), maker.dims), np.float32)
    for start in range(0, len(texts), _BATCH):
        vectors[start : start + _BATCH] = maker.vectors(texts[start : start + _BATCH])
        bar.update(task, completed=start + _BATCH)
    grouping = bar.add_task("Grouping", total=1.0)
    return discover(
        texts,
        vectors,
        messages.authors,
        tier=maker.tier,
        progress=lambda share: bar.update(grouping, completed=share),
    )


def _write(output: Path, messages: "Messages", found: "Themes") -> None:
    from sori.understand.lines import line_of, packed

    part = output.with_name(output.name + ".part")
    with packed(part, output.suffix) as sink:
        for row, at in zip(messages.rows, found.of_text.tolist(), strict=True):
            theme = found.themes[at] if at >= 0 else None
            given = {_kept(name): value for name, value in row.fields.items()}
            given["theme"] = theme.id if theme else None
            given["theme_name"] = theme.name if theme else None
            if row.error is not None:
                given["error"] = row.error
            sink.write(line_of(given))
    part.replace(output)


def _kept(name: str) -> str:
    """A field of the input that has the name of one of ours is kept under another."""
    return f"{name}_given" if name in ("theme", "theme_name") else name


def _table(found: "Themes") -> Table:
    from rich.markup import escape

    from sori.understand.themes import shortened

    table = Table("theme", "voices", "people", "name", "in their words")
    for theme in found.themes[:SHOWN]:
        words = escape(shortened(theme.central, 60))
        table.add_row(
            str(theme.id), f"{theme.voices:,}", f"{theme.people:,}", escape(theme.name), words
        )
    return table
