"""`sori understand`: say what every row of a file means, with no server and no database."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from sori.commands.terminal import console, plain_errors, progress_bar


def understand(
    file: Annotated[Path, typer.Argument(help="JSON lines, CSV or xlsx; also .gz and .zst.")],
    output: Annotated[Path, typer.Option(help="Where to write the rows, as JSON lines.")],
    report: Annotated[Path | None, typer.Option(help="Also write a page for people.")] = None,
    text: Annotated[str | None, typer.Option(help="The column that holds the words.")] = None,
    language: Annotated[str, typer.Option(help="The report's language: ko or en.")] = "ko",
    tier: Annotated[
        Literal["auto", "fast", "deep"],
        typer.Option(help="Who reads: a small model (fast), a larger one besides (deep)."),
    ] = "auto",
) -> None:
    """Say what every row of a file means."""
    from sori.understand.files import understand_file

    with plain_errors(), progress_bar() as bar:
        task = bar.add_task("Understanding", total=None)
        done = understand_file(
            file,
            output,
            report=report,
            text_field=text,
            language=language,
            tier=tier,
            progress=lambda rows, total: bar.update(task, completed=rows, total=total),
        )
    console.print(f"{done.rows:,} rows understood, written to {output}")
    if done.errors:
        console.print(f"{done.errors:,} of them could not be read: see their field `error`")
    if report:
        console.print(f"Open the report: {report.absolute().as_uri()}")
