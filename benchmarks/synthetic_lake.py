"""A lake of synthetic mentions with the columns and the skew of real ones, for benchmarks.

A year of an invented telecom: weekdays and hours have their shape, few authors say much and many
say little, most mentions are about few topics. The columns `fingerprint`, `sketch`, `vector` and
`units` are left empty: pages never read them, and they would triple the time it takes to build.
"""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from sori.lake.store import Lake
from sori.mention import SCHEMA

END = datetime(2026, 11, 23, 15, tzinfo=UTC)
DAYS = 365
PIECE = 400_000
RULES = 40
TOPICS = [f"topic-{number:02}" for number in range(48)]
CHANNELS = ["x", "naver_cafe", "playstore", "email", "youtube", "rss"]
SHARES = [0.34, 0.26, 0.16, 0.12, 0.08, 0.04]
SUBJECTS = (
    "배송이", "환불이", "요금이", "상담원이", "데이터가", "결제가", "로그인이", "앱이",
    "로밍이", "와이파이가", "멤버십이", "인증번호가", "개통이", "해지가", "설치 기사님이",
)  # fmt: skip
VERBS = (
    "너무 늦어요", "안 돼요", "자꾸 끊겨요", "두 번 나갔어요", "정말 친절하셨어요", "언제 되나요",
    "왜 이렇게 비싼가요", "있으면 좋겠어요", "빨라져서 좋네요", "연결이 안 됩니다", "또 멈췄어요",
    "어떻게 하나요", "문의드립니다", "확인 부탁드려요", "감사합니다", "실망입니다",
)  # fmt: skip
PLACES = ("어제부터", "오늘 아침에", "지난주에", "앱에서", "매장에서", "전화로", "집에서", "역에서")
RARE = "소행성"


def build(folder: Path, mentions: int) -> None:
    """Make a lake of so many mentions in a folder, unless it is there already."""
    if folder.exists():
        return
    draft = folder.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)
    lake, dice = Lake(str(draft / "lake")), np.random.default_rng(7)
    texts = pa.array(_texts(dice))
    days = _days(dice, mentions)
    for number, part in enumerate(_parts(days), start=1):
        # by author, as upkeep would sort the files of days that are over
        rows = _rows(dice, part, mentions, texts).sort_by("author_id")
        lake.append(rows, source=1, sequence=number)
    # a rename is whole or not at all, so that no half-built lake is ever measured
    draft.rename(folder)


def _texts(dice: np.random.Generator) -> list[str]:
    """Some thousands of things to say, one to six sentences long; one in five hundred is rare."""
    made = []
    for number in range(8_000):
        sentences = [
            f"{dice.choice(PLACES)} {dice.choice(SUBJECTS)} {dice.choice(VERBS)}"
            for _ in range(int(dice.integers(1, 6)))
        ]
        made.append(". ".join(sentences) + (f" {RARE}" if number % 500 == 0 else ""))
    return made


def _days(dice: np.random.Generator, mentions: int) -> Any:
    """How many mentions on each day, the oldest first; the last days are busier."""
    weight = np.linspace(0.7, 1.3, DAYS) * dice.uniform(0.8, 1.2, DAYS)
    weight[np.arange(DAYS) % 7 > 4] *= 0.6
    counts = np.floor(weight / weight.sum() * mentions).astype(int)
    counts[-1] += mentions - counts.sum()
    return counts


def _parts(counts: Any) -> list[Any]:
    """The day of each mention, in pieces that fit into memory; no day is in two pieces."""
    parts, waiting, held = [], [], 0
    for day, count in enumerate(counts):
        waiting.append(np.full(count, day))
        held += count
        if held >= PIECE:
            parts.append(np.concatenate(waiting))
            waiting, held = [], 0
    return [*parts, *([np.concatenate(waiting)] if waiting else [])]


def _rows(dice: np.random.Generator, days: Any, mentions: int, texts: pa.Array) -> pa.Table:
    count = len(days)
    second = dice.normal(54_000, 15_000, count).clip(0, 86_399).astype(np.int64)
    start = int((END - timedelta(days=DAYS)).replace(hour=0).timestamp())
    published = (start + days.astype(np.int64) * 86_400 + second) * 1_000_000
    published += dice.integers(0, 1_000_000, count)
    at = published + dice.integers(1, 300, count) * 1_000_000
    untold = dice.random(count) < 0.05
    channel = dice.choice(len(CHANNELS), count, p=SHARES)
    author = (mentions / 4 * dice.random(count) ** 3).astype(np.int64)
    columns: dict[str, Any] = {
        "id": _ids(dice, np.where(untold, at, published)),
        "source": channel * 2 + author % 2 + 1,
        "channel": pa.array(CHANNELS).take(channel),
        "external_id": _hex(dice, count),
        "url": pa.array([f"https://example.com/post/{number}" for number in range(count)]),
        "author_id": pa.array(author).cast(pa.string()),
        "author_name": pa.array(author).cast(pa.string()),
        "followers": pa.array(
            (np.exp(5 + 2 * _noise(author)) + 1).astype(np.int64), mask=channel > 1
        ),
        "text": texts.take(pa.array(dice.integers(0, len(texts), count))),
        "published_at": pa.array(published, mask=untold),
        "heard_at": at,
        "addressed": channel == 3,
        "public": channel != 3,
        "reply_mode": pa.array(["public", "private"]).take((channel == 3).astype(np.int64)),
        "queries": _lists(dice, count, np.arange(RULES), (0.5, 0.4, 0.1)),
        "lang": _words(dice, ["ko", "en", None], [0.85, 0.12, 0.03], count),
    }
    columns |= _meaning(dice, count)
    arrays = [
        pa.array(columns[field.name]).cast(field.type)
        if field.name in columns
        else pa.nulls(count, field.type)
        for field in SCHEMA
    ]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def _meaning(dice: np.random.Generator, count: int) -> dict[str, Any]:
    """What understanding would have said."""
    sure = dice.beta(5, 1.5, count).astype(np.float32)
    kinds = ["complaint", "question", "idea", "praise", "other", None]
    moods = ["negative", "neutral", "positive", "mixed", None]
    theme = (3_000 * dice.random(count) ** 3).astype(np.int64) + 1
    made: dict[str, Any] = {
        "kind": _words(dice, kinds, [0.34, 0.22, 0.07, 0.13, 0.14, 0.1], count),
        "kind_confidence": sure,
        "sentiment": _words(dice, moods, [0.4, 0.34, 0.14, 0.04, 0.08], count),
        "sentiment_confidence": sure[::-1],
        "urgency": pa.array(dice.choice(3, count, p=[0.6, 0.33, 0.07]), mask=sure < 0.3),
        "topics": _lists(dice, count, TOPICS, (0.3, 0.5, 0.2)),
        "theme": pa.array(theme, mask=dice.random(count) < 0.6),
        "model": pa.array(["labels-1"]).take(pa.array(np.zeros(count, np.int64))),
    }
    for name, share in (("answer", 0.4), ("abuse", 0.015), ("irony", 0.02), ("spam", 0.05)):
        made[name] = dice.random(count) < share
        made[f"{name}_confidence"] = sure
    return made


def _noise(numbers: Any) -> Any:
    """A number between -1 and 1 that is always the same for the same author."""
    return np.sin(numbers * 12.9898)


def _words(
    dice: np.random.Generator, words: list[str | None], shares: list[float], count: int
) -> Any:
    return pa.array(words, pa.string()).take(pa.array(dice.choice(len(words), count, p=shares)))


def _lists(dice: np.random.Generator, count: int, values: Any, shares: tuple[float, ...]) -> Any:
    """Lists of no, one or two values; the first values are the most frequent."""
    sizes = dice.choice(len(shares), count, p=shares)
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    places = (len(values) * dice.random(int(offsets[-1])) ** 2).astype(np.int64)
    return pa.ListArray.from_arrays(offsets, pa.array(values).take(pa.array(places)))


def _hex(dice: np.random.Generator, count: int) -> Any:
    """Twenty random hexadecimal digits each."""
    digits = np.frombuffer(b"0123456789abcdef", np.uint8)[dice.integers(0, 16, (count, 20))]
    return _fixed(digits)


def _ids(dice: np.random.Generator, at: Any) -> Any:
    days = np.datetime_as_string(at.astype("datetime64[us]").astype("datetime64[D]"))
    letters = np.frombuffer("".join(days).replace("-", "").encode(), np.uint8).reshape(len(at), 8)
    digits = np.frombuffer(b"0123456789abcdef", np.uint8)[dice.integers(0, 16, (len(at), 20))]
    return _fixed(np.hstack([letters, digits]))


def _fixed(letters: Any) -> Any:
    count, width = letters.shape
    offsets = np.arange(count + 1, dtype=np.int32) * width
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(letters))]
    return pa.Array.from_buffers(pa.string(), count, buffers)
