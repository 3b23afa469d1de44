from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from sori.channels.dates import instant

SEOUL = ZoneInfo("Asia/Seoul")
AFTERNOON = datetime(2026, 11, 22, 6, 20, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 21, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-22 15:20",
        "2026-11-22T15:20:00",
        "2026-11-22T06:20:00Z",
        "2026-11-22T15:20:00+09:00",
        "2026.11.22 15:20",
        "2026. 11. 22. 15:20",
        "2026/11/22 15:20:00",
        "2026.11.22. 오후 3:20",
        "2026년 11월 22일 오후 3시 20분",
        "2026년 11월 22일 (일) 오후 3:20",
        "2026년11월22일 15시20분",
        "2026-11-22 (일) 15:20:00",
        "2026.11.22 일요일 PM 3:20",
        "2026.11.22 3:20 pm",
        "26.11.22 15:20",
        "20261122152000",
        "202611221520",
        "Sun, 22 Nov 2026 15:20:00 +0900",
        "2026-11-22 15:20:00 KST",
        1795328400,
        1795328400.0,
        1795328400000,
        "1795328400",
        "1795328400000",
        datetime(2026, 11, 22, 15, 20),  # noqa: DTZ001 (a moment without a zone is what is tested)
        AFTERNOON,
    ],
    ids=str,
)
def test_it_understands_how_people_write_a_moment(value):
    assert instant(value, SEOUL) == AFTERNOON


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-22",
        "2026.11.22",
        "2026. 11. 22.",
        "2026년 11월 22일",
        "2026/11/22",
        "26.11.22",
        "20261122",
        "2026.11.22 오전 12:00",
        date(2026, 11, 22),
    ],
    ids=str,
)
def test_it_understands_how_people_write_a_day(value):
    assert instant(value, SEOUL) == MIDNIGHT


@pytest.mark.parametrize(
    "value",
    [
        "",
        "언젠가",
        "2026.13.45",
        "2026-11-22 25:00",
        "0001-01-01",
        "9999-12-31",
        True,
        None,
        [],
        {},
        "x" * 10000,
        "2026.11.22" * 500,
        float("nan"),
        float("inf"),
        -5,
        12,
        "11.22",
        "3:20",
    ],
    ids=lambda value: str(value)[:20],
)
def test_it_says_nothing_where_it_cannot_know(value):
    assert instant(value, SEOUL) is None
