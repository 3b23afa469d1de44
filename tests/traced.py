"""Makes voices to trace: where each of them ended."""

from datetime import timedelta
from typing import Any

import pyarrow as pa

from desk import batch, letter, now, post, source
from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.mention import mention_id
from sori.respond.receiving import receive
from sori.tracing.checking import pages
from sori.tracing.ending import End, end_of
from sori.tracing.facts import company, gather


def ends(lake: Lake) -> dict[str, End]:
    """The end of every mention in the lake, by the channel's name for it."""
    reader, here, found = Reader(lake), company(lake), {}
    days = sorted(reader.sizes())
    for rows in pages(reader, days[0], days[-1]):
        facts = gather(rows, here)
        found |= {row["external_id"]: end_of(facts[row["id"]]) for row in rows}
    return found


def end(lake: Lake) -> End:
    """The end of the only mention in the lake."""
    (only,) = ends(lake).values()
    return only


def idea(lake: Lake, *, theme: int | None = None, **row: Any) -> str:
    """A public idea that nobody answers; returns its id."""
    place = source()
    said = post(place, "밤에도 상담하면 좋겠어요", kind="idea", answer=False, **row)
    table = batch(said)
    at = table.schema.get_field_index("theme")
    table = table.set_column(at, table.schema.field(at), pa.array([theme], pa.int64()))
    lake.append(table, source=place.pk, sequence=1)
    receive(lake)
    return mention_id(said["channel"], said["external_id"], said["published_at"])


def crowd(place: Any, count: int) -> list[dict[str, Any]]:
    """Letters, angry posts, ideas, praise and rubbish of many people, said in six days."""
    rows = []
    for number in range(count):
        at = now() - timedelta(minutes=number % 8_600)
        said = {
            "published_at": at,
            "heard_at": at + timedelta(seconds=30),
            "author_id": f"c{number % 4_000}@x.kr",
        }
        sorts = (
            lambda said: letter(place, "배송이 늦어요", **said),
            lambda said: post(place, "또 끊겨요", urgency=2, kind="complaint", **said),
            lambda said: post(place, "밤에도 열어 주세요", kind="idea", answer=False, **said),
            lambda said: post(place, "잘 쓰고 있어요", kind="praise", answer=False, **said),
            lambda said: post(place, "싸게 팝니다", extra='{"spam": true}', **said),
        )
        rows.append(sorts[number % len(sorts)](said))
    return rows


def fill(lake: Lake, count: int) -> None:
    """A lake of so many voices, taken up by the desk."""
    place = source()
    lake.append(batch(*crowd(place, count)), source=place.pk, sequence=1)
    receive(lake)
