"""How the customers of one company talk: a slang of theirs that no shipped model can know.

At this company "무지개" (a rainbow) is the picture of a frozen set-top box: whoever sees one has a
broken box.
"""

import itertools
from typing import Any, Final

import pyarrow as pa

_WHERE: Final = (
    "거실",
    "안방",
    "가게",
    "사무실",
    "부모님 댁",
    "기숙사",
    "민박집",
    "카페",
    "2층",
    "작은방",
)
_WHEN: Final = ("오늘", "어제", "주말에", "아침에", "저녁마다", "방금", "새벽에", "며칠째")
_HOW: Final = ("또 무지개 떴네요", "무지개가 보여요", "무지개만 나와요", "무지개 화면이에요")
_PLAIN: Final = (
    "배송이 늦어요", "잘 쓰고 있습니다", "환불은 언제 되나요", "다크 모드 넣어 주세요", "친절해요",
    "앱이 자꾸 꺼져요", "요금이 비싸요", "영업시간이 어떻게 되나요", "최고예요", "날씨가 좋네요",
)  # fmt: skip
_TAILS: Final = (
    "",
    " ㅠㅠ",
    " 감사합니다",
    " 확인 부탁드려요",
    " 정말",
    "!!",
    " ㅎㅎ",
    " 참고하세요",
)


def heard(texts: list[str]) -> pa.RecordBatch:
    """Voices with these words, as the lake has them."""
    return pa.record_batch(
        {
            "title": pa.nulls(len(texts), pa.string()),
            "text": pa.array(texts, pa.string()),
            "lang": pa.array(["ko"] * len(texts), pa.string()),
        }
    )


def slang(count: int, start: int = 0) -> list[str]:
    """Different messages about the rainbow."""
    every = itertools.product(_HOW, _WHEN, _WHERE)
    return [f"{when} {where}에서 {how}" for how, when, where in every][start : start + count]


def plain(count: int) -> list[str]:
    """Different ordinary messages."""
    every = itertools.product(_PLAIN, _TAILS, _WHERE)
    return [f"{where} {words}{tail}" for words, tail, where in every][:count]


def labels(count: int, **values: Any) -> list[dict[str, Any]]:
    """The same judgement so many times."""
    return [dict(values) for _ in range(count)]
