"""`sori channels`: which places Sori can listen to and answer in."""

import json
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from sori.commands.terminal import console

COLUMNS: Final = {
    "name": "Channel",
    "reply": "Answers",
    "find": "Reads back",
    "post": "Posts",
    "longest": "Longest answer",
    "edits": "Edits",
    "deletes": "Deletions",
    "attachments": "Files",
    "wait": "At once",
    "reread": "Reads again",
    "history": "First look",
    "cost": "Costs",
    "limits": "Limits",
}
BRIEFLY: Final = ("name", "reply", "find", "longest", "edits", "deletes", "attachments", "wait")
"""What fits a terminal; the rest stands in the JSON."""

NOTICED: Final = {"told": "at once", "asked": "within a day", "": "–"}


def channels(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the table of docs/reference/channels.md.")
    ] = False,
) -> None:
    """List the channels that are installed and what each can do."""
    from sori.channels.abilities import abilities

    rows = abilities()
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif as_markdown:
        typer.echo(markdown(rows))
    else:
        table = Table(*(COLUMNS[name] for name in BRIEFLY))
        for row in rows:
            table.add_row(*(_cell(name, row[name]) for name in BRIEFLY))
        console.print(table)


def markdown(rows: list[dict[str, Any]]) -> str:
    """The rows of `abilities` as a table in Markdown."""
    lines = [f"| {' | '.join(COLUMNS.values())} |", "|---" * len(COLUMNS) + "|"]
    lines += [f"| {' | '.join(_cell(name, row[name]) for name in COLUMNS)} |" for row in rows]
    return "\n".join(lines)


def _cell(name: str, value: object) -> str:
    if name in {"edits", "deletes"}:
        return NOTICED[str(value)]
    if isinstance(value, bool):
        return "yes" if value else "–"
    return str(value or "–")
