"""Makes voices for tests: `voices(3)` are three mentions of today."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from sori import mention

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def voice(number: int, **fields: Any) -> dict[str, Any]:
    """One mention as a dictionary; its number is its name."""
    return {
        "source": 1,
        "channel": "fake",
        "external_id": f"post-{number}",
        "author_id": f"author-{number % 7}",
        "text": f"배송이 늦어요 {number}",
        "heard_at": NOON,
        "published_at": NOON,
    } | fields


def voices(count: int, start: int = 0, *, days: int = 1, **fields: Any) -> pa.RecordBatch:
    """Mentions numbered from `start`, spread over the last `days`."""
    return mention.heard(
        voice(number, published_at=NOON - timedelta(days=number % days), **fields)
        for number in range(start, start + count)
    )


def numbers(rows: Any) -> list[int]:
    """The numbers of mentions, in order of appearance."""
    return [int(name.rpartition("-")[2]) for name in rows.column("external_id").to_pylist()]
