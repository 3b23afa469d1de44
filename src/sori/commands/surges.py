"""`sori surges`: the days on which something happened, in any dated file."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyarrow as pa
import typer

from sori.commands.terminal import console, fail, plain_errors, progress_bar

if TYPE_CHECKING:
    from sori.understand.episodes import Episode, Voices
    from sori.understand.messages import Messages

_BATCH: Final = 1024


def surges(
    file: Annotated[Path, typer.Argument(help="JSON lines, CSV or xlsx; also .gz and .zst.")],
    text: Annotated[str | None, typer.Option(help="The column that holds the words.")] = None,
    date: Annotated[str | None, typer.Option(help="The column that holds the date.")] = None,
    zone: Annotated[str, typer.Option(help="Where a day begins.")] = "Asia/Seoul",
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Tell the days on which far more was said than usual, and what was said."""
    from sori.understand.episodes import episodes
    from sori.understand.messages import read_messages

    with plain_errors(), progress_bar() as bar:
        task = bar.add_task("Reading", total=None)
        messages = read_messages(file, text)
        voices = _voices(messages, date, zone, file.name, (bar, task))
        found = episodes(voices)
    undated = len(messages.rows) - len(voices.days)
    if undated:
        console.print(f"{undated:,} of {len(messages.rows):,} rows have no text or no date")
    if as_json:
        typer.echo(json.dumps([_fields(one) for one in found], ensure_ascii=False, indent=2))
        return
    for one in found:
        typer.echo(_sentence(one))
    if not found:
        console.print("Nothing surged.")


def _voices(
    messages: "Messages", date: str | None, zone: str, file: str, shown: tuple[Any, Any]
) -> "Voices":
    from sori.channels.dates import instant
    from sori.understand.episodes import Voices
    from sori.understand.files import DATE_FIELDS
    from sori.understand.messages import field_among

    field = date or field_among(DATE_FIELDS, messages.rows)
    if field is None:
        fail(f"{file}: no field holds a date by its name; name it with --date")
    try:
        here = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        fail(f"there is no time zone {zone!r}; one is Asia/Seoul")
    rows, days, hours = [], [], []
    for number, row in enumerate(messages.rows):
        moment = instant(row.fields.get(field), here) if messages.texts[number] else None
        if moment:
            rows.append(number)
            there = moment.astimezone(here)
            days.append(there.date())
            hours.append(there.hour)
    if not rows:
        fail(f"{file}: no row has both a text and a date in {field!r}")
    texts, complaints = _complaints([messages.texts[number] for number in rows], shown)
    authors = [messages.authors[number] for number in rows]
    return Voices(days, texts, authors, complaints, hours if len(set(hours)) > 1 else None)


def _complaints(texts: Sequence[str], shown: tuple[Any, Any]) -> tuple[pa.Array, list[bool]]:
    """The texts with personal data blotted out, and whether each complains or is negative."""
    from sori.understand.pipeline import make_pipeline

    bar, task = shown
    bar.update(task, description="Understanding", total=len(texts))
    understand = make_pipeline()
    cleaned: list[str] = []
    found: list[bool] = []
    for start in range(0, len(texts), _BATCH):
        part = pa.array(texts[start : start + _BATCH], pa.string())
        batch = understand(pa.record_batch({"text": part}))
        kinds, moods = (batch.column(name).to_pylist() for name in ("kind", "sentiment"))
        cleaned += batch.column("text").to_pylist()
        found += [
            kind == "complaint" or mood == "negative"
            for kind, mood in zip(kinds, moods, strict=True)
        ]
        bar.update(task, completed=len(found))
    return pa.array(cleaned, pa.string()), found


def _fields(episode: "Episode") -> dict[str, Any]:
    return {
        "day": episode.day.isoformat(),
        "last": episode.last.isoformat(),
        "peak": episode.peak.isoformat(),
        "about": episode.about,
        "voices": episode.voices,
        "expected": round(episode.expected, 1),
        "words": list(episode.words),
        "campaign": episode.campaign,
        "hour": episode.hour,
    }


def _sentence(episode: "Episode") -> str:
    until = f" until {episode.last}" if episode.last > episode.day else ""
    peak = f" on {episode.peak}" if episode.peak > episode.day else ""
    mark = " [campaign]" if episode.campaign else ""
    words = f": {', '.join(episode.words)}" if episode.words else ""
    begun = f" from {episode.hour:02}:00" if episode.hour is not None else ""
    return (
        f"{episode.day}{until}  {episode.voices:,} {episode.about}{begun}{peak}, "
        f"expected {episode.expected:,.1f}{mark}{words}"
    )
