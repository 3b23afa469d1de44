"""`sori retrain` learns from what people corrected, `sori replay` reads the lake again."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from sori.commands.site import open_site
from sori.commands.terminal import console, fail, plain_errors, progress_bar

if TYPE_CHECKING:
    from sori.lessons.models import Replay, Version

VERDICTS = {
    "better": "[green]better: switched on[/]",
    "too_few": "too few to tell (30 are needed)",
    "not_better": "not better beyond chance: left off",
    "worse_than_now": "worse than what is in use: left off",
}


def retrain() -> None:
    """Learn the company's own heads from corrected labels; switch on what is better."""
    with plain_errors():
        open_site()
        from sori.lessons.training import retrain as learn

        with progress_bar() as bar:
            task = bar.add_task("Learning", total=1.0)
            version = learn(told=lambda done: bar.update(task, completed=done))
        _tell_version(version)


def replay(
    since: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The first day.")],
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The last day; today if not given."),
    ] = None,
    source: Annotated[str, typer.Option(help="Only what this source brought.")] = "",
) -> None:
    """Understand the lake again, exactly once; run again after a crash, it goes on."""
    with plain_errors():
        open_site()
        from sori import replaying

        last = until.date() if until else datetime.now(UTC).date()
        begun = replaying.begin(since=since.date(), until=last, source=_source(source))
        if begun.reached:
            console.print(f"Going on after {begun.reached}, where it was broken off.")
        days = replaying.days(begun)
        with progress_bar() as bar:
            task = bar.add_task("Understanding again", total=sum(days.values()))
            done = replaying.run(begun, told=lambda day, _: bar.advance(task, days.get(day, 0)))
        _tell_replay(done)


def _source(name: str) -> int | None:
    from sori.listen.models import Source

    if not name:
        return None
    found = Source.objects.filter(name=name).first() or Source.objects.filter(slug=name).first()
    return found.pk if found else fail(f"there is no source {name!r}")


def _tell_version(version: "Version") -> None:
    table = Table(
        "label", "judged", "right before", "right after", "of 100 voices", "what came of it"
    )
    for head, one in version.figures.items():
        if not one["judged"]:
            continue
        known = one["verdict"] != "too_few"
        judged, voices = one["judged"], one["voices"]
        change = (one["gained"] - one["lost"]) / voices if known else 0.0
        table.add_row(
            head,
            f"{judged:,}",
            f"{one['before']:,}" if known else "",
            f"{one['after']:,}" if known else "",
            f"{100 * one['share']:.1f} → {100 * (one['share'] + change):.1f}" if known else "",
            VERDICTS[one["verdict"]],
        )
    if not table.row_count:
        console.print("Nobody has corrected a label yet; in the inbox, L opens the palette.")
        return
    console.print(table)
    better = [head for head, one in version.figures.items() if one["verdict"] == "better"]
    if better:
        console.print(
            f"own-{version.number} is in use: {', '.join(better)}. Older voices keep their"
        )
        console.print("labels until they are understood again: sori replay --since DATE")
    else:
        console.print(f"own-{version.number} is kept and not switched on.")


def _tell_replay(done: "Replay") -> None:
    console.print(f"{done.rows:,} voices understood again by {done.model}")
    kinds = sorted({kind for pair in done.tally for kind in pair.split(">")})
    if not kinds:
        return
    table = Table("before \\ after", *(kind or "unclear" for kind in kinds))
    for before in kinds:
        counts = [done.tally.get(f"{before}>{after}", 0) for after in kinds]
        table.add_row(before or "unclear", *(f"{count:,}" if count else "·" for count in counts))
    console.print(table)
