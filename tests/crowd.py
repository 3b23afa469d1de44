"""Many customers who say the same things in other words, and a lake that hears them."""

import itertools
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
from django.utils import timezone

from sori.lake.store import Lake
from sori.mention import SCHEMA, heard, widen
from sori.understand.pipeline import make_pipeline

numbers = itertools.count(1)

LOGIN = [
    "로그인이 안 돼요",
    "로그인이 계속 안 됩니다",
    "로그인이 안 되네요 ㅠㅠ",
    "아침부터 로그인이 안 돼요 뭐죠",
    "앱 로그인이 안 됩니다",
]
PARCEL = [
    "배송이 너무 늦어요",
    "배송이 늦어도 너무 늦네요",
    "배송 너무 늦어요 언제 와요",
    "주문한 지 일주일인데 배송이 너무 늦습니다",
]
REFUND = ["환불 처리가 왜 이렇게 느린가요", "환불 처리 언제 되나요", "환불 처리 좀 빨리 해주세요"]
ALONE = ["다크 모드를 만들어 주세요", "직원분 정말 친절했어요", "주차장이 좁아서 불편"]


def voice(text: str, **row: Any) -> dict[str, Any]:
    """A public post of five minutes ago by somebody new, unless said otherwise."""
    number = next(numbers)
    at = row.get("published_at") or timezone.now() - timedelta(minutes=5)
    return {
        "source": 1,
        "channel": "blog",
        "external_id": f"post-{number}",
        "author_id": f"author-{number}",
        "text": text,
        "published_at": at,
        "heard_at": at,
    } | row


def understood(*rows: dict[str, Any]) -> pa.RecordBatch:
    """Rows as the lake takes them; a label that is given wins over the machine's."""
    names = {field.name for field in SCHEMA}
    labels = {"queries", "kind", "urgency", "theme", "topics"} & names
    batch = make_pipeline()(heard({k: v for k, v in r.items() if k not in labels} for r in rows))
    batch = widen(batch)
    for name in labels:
        if any(name in row for row in rows):
            told = batch.column(name).to_pylist()
            given = [row.get(name, one) for row, one in zip(rows, told, strict=True)]
            place = batch.schema.get_field_index(name)
            batch = batch.set_column(place, name, pa.array(given, SCHEMA.field(name).type))
    return batch


def say(lake: Lake, *rows: dict[str, Any]) -> list[str]:
    """Let the lake hear them; returns their ids."""
    batch = understood(*rows)
    source = rows[0]["source"]
    lake.append(batch, source=source, sequence=lake.sequence(source) + 1)
    return [str(key) for key in batch.column("id").to_pylist()]


def say_all(lake: Lake, *texts: str, **row: Any) -> list[str]:
    """Each text by somebody else."""
    return say(lake, *(voice(text, **row) for text in texts))


def days_ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)
