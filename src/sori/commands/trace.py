"""`sori trace`: where a mention went, every sentence behind an initiative, and what is lost."""

import json
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.tree import Tree

from sori.commands.site import open_site
from sori.commands.terminal import console, fail, plain_errors, progress_bar

if TYPE_CHECKING:
    from sori.tracing.checking import Check
    from sori.tracing.steps import Step
    from sori.tracing.way import Way

_PAGE: Final = 1_000


def trace(
    mention: Annotated[str, typer.Argument(help="The id of a mention, or a case: #12.")] = "",
    initiative: Annotated[
        int | None, typer.Option(help="Every sentence behind this initiative.")
    ] = None,
    orphans: Annotated[
        bool, typer.Option("--orphans", help="Count where all mentions ended, and what is lost.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Tell where a mention went, what stands behind an initiative, and what is lost."""
    if sum((bool(mention), initiative is not None, orphans)) != 1:
        fail("name one: the id of a mention, --initiative NUMBER, or --orphans")
    with plain_errors():
        open_site()
        from django.utils import translation

        with translation.override("en"):
            if orphans:
                _orphans(as_json=as_json)
            elif initiative is not None:
                _sentences(initiative, as_json=as_json)
            else:
                _ways(mention, as_json=as_json)


def _ways(asked: str, *, as_json: bool) -> None:
    from sori.listen import memory
    from sori.tracing.finding import find
    from sori.tracing.way import way

    lake, reader = memory.lake(), memory.reader()
    ids = find(reader, asked, private=True)
    found = [one for one in (way(lake, reader, name, private=True) for name in ids) if one]
    if not found:
        fail(f"there is no mention or case {asked!r}, or it was forgotten")
    if as_json:
        rows = [_fields(one) for one in found]
        typer.echo(json.dumps(rows[0] if len(rows) == 1 else rows, ensure_ascii=False, indent=2))
        return
    for one in found:
        Console(highlight=False).print(_tree(one))


def _tree(way: "Way") -> Tree:
    from sori.tracing import wording

    said = escape(way.said["text"]) if way.said else "(deleted)"
    tree = Tree(f"[bold]{said}[/]\n[dim]{way.mention}[/]")
    for step in way.steps:
        branch = tree.add(_title(step))
        for line in step.lines:
            branch.add(f"[dim]{escape(line)}[/]")
    last = tree.add(f"[bold {'red' if way.why else 'green'}]{wording.end(way.end)}[/]")
    if way.why:
        last.add(wording.why(way.why))
    return tree


def _title(step: "Step") -> str:
    from django.utils import timezone

    at = f"  [dim]{timezone.localtime(step.at):%Y-%m-%d %H:%M}[/]" if step.at else ""
    took = f"  [dim]after {_lasted(step.took)}[/]" if step.took is not None else ""
    return f"{escape(step.title)}{at}{took}"


def _lasted(seconds: float) -> str:
    """Some time in days, hours and minutes."""
    days, rest = divmod(round(seconds), 86_400)
    hours, rest = divmod(rest, 3_600)
    parts = [(days, "d"), (hours, "h"), (rest // 60, "min")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 min"


def _fields(way: "Way") -> dict[str, Any]:
    return {
        "mention": way.mention,
        "end": way.end.value,
        "why": way.why.value if way.why else None,
        "text": way.said["text"] if way.said else None,
        "steps": [
            {
                "step": step.sort,
                "title": step.title,
                "at": step.at.isoformat() if step.at else None,
                "lines": list(step.lines),
                "path": step.path,
                "seconds": step.took,
            }
            for step in way.steps
        ],
    }


def _sentences(number: int, *, as_json: bool) -> None:
    from sori.change.initiatives.models import Initiative
    from sori.listen import memory
    from sori.tracing.facts import company
    from sori.tracing.finding import behind, shown

    row = Initiative.objects.filter(pk=number).first()
    if row is None:
        fail(f"there is no initiative {number}")
    reader = memory.reader()
    here, ids = company(memory.lake()), behind(reader, row)
    console.print(f"[bold]{escape(row.title)}[/]: {len(ids):,} sentences")
    for start in range(0, len(ids), _PAGE):
        for one in shown(reader, here, ids[start : start + _PAGE], private=True):
            if as_json:
                fields = {"mention": one["id"], "end": one["end"].value, "text": one["text"]}
                typer.echo(json.dumps(fields, ensure_ascii=False))
            else:
                typer.echo(f"{one['id']}  {one['end'].value:<10}  {one['text']}")


def _orphans(*, as_json: bool) -> None:
    from sori.listen import memory
    from sori.tracing.checking import check

    lake, reader = memory.lake(), memory.reader()
    with progress_bar() as bar:
        task = bar.add_task("Tracing", total=sum(reader.sizes().values()))
        found = check(lake, reader, told=lambda count: bar.advance(task, count))
    if as_json:
        typer.echo(json.dumps(_counts(found), ensure_ascii=False, indent=2))
        return
    _tell(found)


def _counts(found: "Check") -> dict[str, Any]:
    return {
        "mentions": found.mentions,
        "orphans": found.orphans,
        "states": {end.value: count for end, count in found.states.most_common()},
        "lost": [one._asdict() for one in found.lost],
    }


def _tell(found: "Check") -> None:
    from sori.listen import memory
    from sori.tracing import wording
    from sori.tracing.facts import company
    from sori.tracing.finding import shown

    for end, count in found.states.most_common():
        typer.echo(f"{count:>12,}  {wording.end(end)}")
    typer.echo(f"{found.orphans:,} of {found.mentions:,} mentions are lost.")
    why = {one.mention: one.why for one in found.lost}
    reader, here = memory.reader(), company(memory.lake())
    for one in shown(reader, here, list(why), private=True):
        typer.echo(f"{one['id']}  {wording.why(why[one['id']])}  {one['text']}")
