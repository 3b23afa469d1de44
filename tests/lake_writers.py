"""What other processes do to a lake while a test looks on."""

from datetime import date

from sori.lake.store import Lake
from voices import voices


def append_pages(uri: str, source: int, pages: int, rows: int) -> None:
    """Append page after page as one source."""
    lake = Lake(uri)
    for page in range(pages):
        batch = voices(rows, page * rows, source=source, channel=f"fake-{source}")
        lake.append(batch, source=source, sequence=page + 1)


def compact_often(uri: str, times: int) -> None:
    """Compact and sweep the same day again and again."""
    lake = Lake(uri)
    for _ in range(times):
        lake.compact(date(2026, 11, 23))
        lake.vacuum()


def forget_often(uri: str, times: int) -> None:
    """Forget somebody who was never there, which reads and sweeps everything."""
    lake = Lake(uri)
    for number in range(times):
        lake.forget(ids=["20261123" + f"{number:020x}"], authors=[("fake-1", "nobody")])
