"""`sori listen`: take a file through the whole turn of the wheel, with a ledger at the end."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from sori.commands.site import open_site
from sori.commands.terminal import console, fail, plain_errors, progress_bar

if TYPE_CHECKING:
    from sori.listen.ledger import Arrival
    from sori.listen.models import Source


def listen(
    file: Annotated[Path, typer.Argument(help="JSON lines, CSV or xlsx; also .gz and .zst.")],
    source: Annotated[str, typer.Option(help="The name of the source; made when it is new.")],
    mapping: Annotated[
        str,
        typer.Option("--map", help="Which column is what: text=내용,author=작성자,created_at=날짜"),
    ] = "",
    zone: Annotated[str, typer.Option(help="Time zone of dates that name none.")] = "Asia/Seoul",
    matched_only: Annotated[
        bool, typer.Option("--matched-only", help="Keep only what a listening rule matches.")
    ] = False,
) -> None:
    """Listen to a file; a second time adds nothing, and an interrupted run goes on."""
    if not file.exists():
        fail(f"there is no file {file}")
    with plain_errors():
        open_site()
        settings = {"path": str(file.absolute()), "map": mapping, "zone": zone}
        _turn(_source(source, settings, matched_only=matched_only))


def _source(name: str, settings: dict[str, Any], *, matched_only: bool) -> "Source":
    from sori.listen.models import Source
    from sori.listen.services import add_source, change_source

    keep = Source.Keep.MATCHED if matched_only else Source.Keep.EVERYTHING
    known = Source.objects.filter(name=name).first()
    if known is None:
        return add_source(name=name, channel="files", settings=settings, keep=keep)
    if known.channel != "files":
        fail(f"the source {name!r} is no file but {known.channel!r}; choose another name")
    return change_source(source=known, settings=settings, keep=keep, member=None)


def _turn(source: "Source") -> None:
    from sori import flow
    from sori.listen import selectors

    before = selectors.source(source.pk)
    with progress_bar() as bar:
        task = bar.add_task(source.name, total=None)

        def told(arrival: "Arrival") -> None:
            place: dict[str, Any] = arrival.cursor if isinstance(arrival.cursor, dict) else {}
            bar.update(task, completed=place.get("bytes", 0), total=place.get("total"))

        flow.turn(source, told=told)
    flow.receive()
    after = selectors.source(source.pk)
    if before is None or after is None:
        fail(f"the source {source.name!r} was deleted meanwhile")
    if after.error:
        fail(after.error)
    table = Table("", "seen", "stored", "duplicate", "not matched", "quarantined")
    names = ("seen", "stored", "duplicate", "not_matched", "quarantined", "forgotten")
    then, now = before.ledger, after.ledger
    table.add_row("this time", *(f"{getattr(now, n) - getattr(then, n):,}" for n in names))
    table.add_row("in all", *(f"{getattr(now, n):,}" for n in names))
    console.print(table)
