"""Write a run into the database; to be called in one transaction."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Final

from django.utils.timezone import localdate

from sori.change import gauging, packing, tallies, telling
from sori.change.counting import Cube, Figures
from sori.change.looking import Look
from sori.change.models import Theme, ThemeChange, ThemeDay, ThemeRun
from sori.journal.services import record
from sori.understand.privacy import CONTACTS, mask
from sori.understand.themes import Change, shortened
from sori.understand.themes import Theme as Found

QUOTED: Final = 240
_NAME: Final = 120
_SAID: Final = ("id", "title", "text", "public")
_REFRESHED: Final = (
    "phrases",
    "central",
    "central_mention",
    "central_public",
    "voices",
    "people",
    "first_seen",
    "last_seen",
    "state",
)


def write_run(found: Look, seconds: float) -> ThemeRun:
    """The run, its themes, their days and their lineage.

    What people decided (names, mergers, hiding) is read again here and never written, so that a
    decision made while the machine was busy stands.
    """
    ThemeRun.objects.exclude(centres=b"").update(centres=b"", members=b"", tallies=b"")
    discovered = found.discovered
    run = ThemeRun.objects.create(
        at=found.at,
        since=found.since,
        voices=found.voices,
        read=found.rows.num_rows,
        compared=discovered.compared,
        tier=discovered.tier,
        next_number=discovered.next_number,
        seconds=seconds,
        centres=packing.packed_centres(discovered.centres),
        members=packing.packed_members(
            found.rows.column("id"), discovered.numbers, discovered.found
        ),
        tallies=packing.packed(tallies.table(found.counted.figures)),
    )
    _write_themes(found)
    _write_days(found)
    gauging.write(found)
    lineage = list(_lineage(discovered.changes, run))
    ThemeChange.objects.bulk_create(lineage)
    telling.tell(found, lineage)
    changes = len(discovered.changes)
    record("themes.weighed", f"weighing:{run.pk}", themes=len(discovered.themes), changes=changes)
    return run


def _write_themes(found: Look) -> None:
    figures = found.counted.figures
    machine = {theme.id: theme for theme in found.discovered.themes}
    kept = {theme.pk: theme for theme in Theme.objects.filter(pk__in=[*figures, *machine])}
    rows = [
        _row(number, machine.get(number), kept.get(number), found) for number in sorted(figures)
    ]
    Theme.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["number"], update_fields=_REFRESHED
    )
    for row in rows:
        known = kept.get(row.pk)
        if known and known.name != row.name:
            Theme.objects.filter(pk=row.pk, named=False).update(name=row.name)
    # a theme that was not heard shows nobody's words: nobody would take them out when asked to
    Theme.objects.exclude(pk__in=list(figures)).exclude(state=Theme.State.GONE).update(
        state=Theme.State.GONE, voices=0, people=0, central="", central_mention=""
    )


def _row(number: int, machine: Found | None, known: Theme | None, found: Look) -> Theme:
    """A theme as the run has found it; one only people have voices in keeps what it had."""
    figures = found.counted.figures[number]
    row = Theme(
        number=number,
        name=known.name if known else "",
        phrases=known.phrases if known else [],
        voices=figures.voices,
        people=len(found.counted.gauges[number].people),
        first_seen=min(known.first_seen, figures.first) if known else figures.first,
        last_seen=figures.last,
        state=Theme.State.ACTIVE,
    )
    if machine:
        row.name = machine.name[:_NAME]
        row.phrases = list(machine.phrases)
    place = found.discovered.central.get(number)
    if place is not None:
        said = {name: found.rows.column(name)[place].as_py() for name in _SAID}
        row.central = quoted(said["text"] or said["title"] or "")
        row.central_mention, row.central_public = said["id"], said["public"]
    return row


def quoted(text: str) -> str:
    """What somebody said in one line, for anybody's eyes: ways to reach people are blotted out."""
    masked, _ = mask(text[: 2 * QUOTED], also=CONTACTS)
    return shortened(masked, QUOTED)


def _write_days(found: Look) -> None:
    """Only the days that are not as they were: most of a window was counted the same before."""
    since = localdate(found.since)
    kept = {(day.theme_id, day.day): day for day in ThemeDay.objects.filter(day__gte=since)}
    now = dict(_days(found.counted.figures))
    gone = [row.pk for key, row in kept.items() if key not in now]
    for start, end in pairwise([*range(0, len(gone), 500), len(gone)]):
        ThemeDay.objects.filter(pk__in=gone[start:end]).delete()
    changed = [
        ThemeDay(theme_id=theme, day=day, counts=counts, carried=carried)
        for (theme, day), (counts, carried) in now.items()
        if (theme, day) not in kept or _told(kept[theme, day]) != (counts, carried)
    ]
    ThemeDay.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["theme", "day"],
        update_fields=["counts", "carried"],
        batch_size=500,
    )


def _days(figures: Mapping[int, Figures]) -> Iterator[tuple[tuple[int, date], tuple[Cube, Cube]]]:
    """Voices, and those of campaigns among them, of every theme and day."""
    for number, one in figures.items():
        for day, cube in one.days.items():
            yield (number, day), (cube, one.carried.get(day, {}))


def _told(row: ThemeDay) -> tuple[Cube, Cube]:
    return row.counts, row.carried


def _lineage(changes: Iterable[Change], run: ThemeRun) -> Iterator[ThemeChange]:
    """A row for every theme a change touches, if anybody was ever heard in it."""
    heard = set(Theme.objects.values_list("pk", flat=True))
    for change in changes:
        for number in sorted({*change.before, *change.after} & heard):
            yield ThemeChange(
                theme_id=number,
                what=change.what,
                at=run.at,
                run=run,
                before=list(change.before),
                after=list(change.after),
            )
