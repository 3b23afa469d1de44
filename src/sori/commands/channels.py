"""`sori channels`: which places Sori can listen to and answer in."""

import json
from typing import Annotated

import typer
from rich.table import Table

from sori.commands.terminal import console


def channels(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False,
) -> None:
    """List the channels that are installed and what each can do."""
    from sori.channels.abilities import abilities

    rows = abilities()
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table(
        "channel", "fetch", "reply", "read back", "post", "replay", "tells at once", "longest"
    )
    for row in rows:
        marks = [
            "✓" if row[name] else ""
            for name in ("fetch", "reply", "find", "post", "reread", "wait")
        ]
        table.add_row(str(row["name"]), *marks, str(row["longest"] or ""))
    console.print(table)
