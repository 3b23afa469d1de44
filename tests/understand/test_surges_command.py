"""`sori surges FILE`: any dated file, one line a surge."""

import json
import random
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from sori.__main__ import app

BROKEN = [
    "로그인이 안 돼요 짜증나네요",
    "업데이트하고 접속 오류 나요",
    "접속이 안 됩니다 뭐하는 건지",
    "로그인 오류 때문에 못 씁니다",
]
USUAL = [
    "잘 쓰고 있어요",
    "이체가 빨라서 좋아요",
    "글씨가 작아요",
    "편리합니다 추천해요",
    "색상이 예쁘네요",
    "메뉴 찾기가 어려워요",
]
BREAK = date(2026, 10, 20)


def reviews() -> list[tuple[date, str]]:
    dice = random.Random(5)
    rows = []
    for number in range(70):
        day = date(2026, 9, 1) + timedelta(days=number)
        rows += [
            (day, f"{dice.choice(USUAL)} {dice.choice('가나다라마바사')}")
            for _ in range(dice.randint(6, 10))
        ]
        rows += [(day, dice.choice(BROKEN)) for _ in range(30 if day == BREAK else 0)]
    return rows


def run(*arguments: object):
    return CliRunner().invoke(app, ["surges", *map(str, arguments)])


def write(path: Path, form) -> Path:
    lines = [
        json.dumps({"text": text, "created_at": form(day)}, ensure_ascii=False)
        for day, text in reviews()
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


FORMS = {
    "day": date.isoformat,
    "dots": lambda day: day.strftime("%Y.%m.%d"),
    "korean": lambda day: f"{day.year}년 {day.month}월 {day.day}일 오후 3:20",
    "iso": lambda day: f"{day.isoformat()}T02:00:00Z",
    "epoch": lambda day: int(
        datetime(day.year, day.month, day.day, 1, tzinfo=ZoneInfo("Asia/Seoul")).timestamp()
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_it_prints_the_day_in_whatever_form_it_was_written(tmp_path: Path, form: str):
    done = run(write(tmp_path / "reviews.jsonl", FORMS[form]))

    assert done.exit_code == 0
    (line,) = done.stdout.strip().splitlines()
    assert line.startswith("2026-10-20  ")
    assert "로그인" in line or "접속" in line


def test_it_tells_the_hour_where_the_file_does(tmp_path: Path):
    dice = random.Random(6)
    lines = [
        json.dumps({"text": text, "created_at": f"{day} {_hour(day, text, dice):02}:10"})
        for day, text in reviews()
    ]
    path = tmp_path / "timed.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")

    (line,) = run(path).stdout.strip().splitlines()
    (surge,) = json.loads(run(path, "--json").stdout)

    assert line.startswith("2026-10-20  ")
    assert "complaints from 14:00, expected" in line
    assert surge["hour"] == 14


def _hour(day: date, text: str, dice: random.Random) -> int:
    return dice.randint(14, 17) if day == BREAK and text in BROKEN else dice.randint(8, 22)


def test_it_prints_json_for_programs(tmp_path: Path):
    done = run(write(tmp_path / "reviews.jsonl", date.isoformat), "--json")

    (surge,) = json.loads(done.stdout)
    assert surge["day"] == surge["last"] == surge["peak"] == "2026-10-20"
    assert surge["voices"] > 20 > surge["expected"]
    assert surge["campaign"] is False


def test_it_prints_an_empty_list_of_a_quiet_file(tmp_path: Path):
    path = tmp_path / "quiet.csv"
    path.write_text("내용,작성일\n좋아요,2026-11-01\n별로예요,2026-11-02\n", encoding="utf-8")

    done = run(path, "--json")

    assert (done.exit_code, json.loads(done.stdout)) == (0, [])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"text": "좋아요"}', "no field holds a date"),
        ('{"words": "좋아요", "date": "2026-11-01"}', "no field holds a message"),
        ('{"text": "좋아요", "created_at": "어제쯤"}', "no row has both"),
    ],
)
def test_it_says_what_is_missing(tmp_path: Path, content: str, said: str):
    path = tmp_path / "rows.jsonl"
    path.write_text(content, encoding="utf-8")

    done = run(path)

    assert done.exit_code == 1
    assert said in " ".join(done.stderr.split())


def test_it_counts_rows_without_a_date_and_goes_on(tmp_path: Path):
    path = write(tmp_path / "reviews.jsonl", date.isoformat)
    path.write_text(
        path.read_text(encoding="utf-8") + '\n{"text": "언제더라"}\nbroken', encoding="utf-8"
    )

    done = run(path)

    assert done.exit_code == 0
    assert "2 of " in done.stderr
    assert done.stdout.startswith("2026-10-20")
