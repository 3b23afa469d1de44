"""`sori themes FILE --output OUT.jsonl`: every row comes out, in order, with its theme."""

import csv
import json
from pathlib import Path

from typer.testing import CliRunner

from sori.__main__ import app

ROWS = [
    {"id": "a", "text": "로그인이 안 돼요"},
    {"id": "b", "text": "배송이 너무 늦어요", "star": 1},
    {"id": "c", "text": "로그인이 계속 안 됩니다"},
    {"id": "d", "text": "주차장이 좁네요"},
    {"id": "e", "text": "배송 너무 늦어요 언제 와요"},
    {"id": "f", "text": "로그인이 안 되네요 ㅠㅠ"},
]


def write(path: Path, rows: list[dict]) -> Path:
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def run(file: Path, output: Path, *more: str):
    return CliRunner().invoke(app, ["themes", str(file), "--output", str(output), *more])


def read(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_it_adds_the_theme_of_every_row(tmp_path: Path):
    done = run(write(tmp_path / "in.jsonl", ROWS), tmp_path / "out.jsonl", "--tier", "fast")

    out = read(tmp_path / "out.jsonl")
    assert done.exit_code == 0
    assert [row["theme"] for row in out] == [1, 2, 1, None, 2, 1]
    assert out[0]["theme_name"].startswith("로그인")
    assert out[3]["theme_name"] is None
    assert [
        {name: row[name] for name in given} for row, given in zip(out, ROWS, strict=True)
    ] == ROWS


def test_it_prints_the_largest_themes(tmp_path: Path):
    done = run(write(tmp_path / "in.jsonl", ROWS), tmp_path / "out.jsonl", "--tier", "fast")

    assert "2 themes in 5 of 6 rows" in done.stderr
    assert "로그인" in done.stderr


def test_it_reads_a_table_and_counts_authors(tmp_path: Path):
    path = tmp_path / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(["번호", "내용", "작성자"])
        sheet.writerows([n, "로그인이 안 돼요", "한 사람"] for n in range(5))

    run(path, tmp_path / "out.jsonl", "--tier", "fast")

    assert [row["theme"] for row in read(tmp_path / "out.jsonl")] == [None] * 5


def test_it_keeps_rows_it_cannot_read_and_fields_of_its_own_name(tmp_path: Path):
    path = write(tmp_path / "in.jsonl", [{"text": "로그인이 안 돼요", "theme": "mine"}, *ROWS])
    path.write_text(path.read_text(encoding="utf-8") + "\nbroken\n", encoding="utf-8")

    run(path, tmp_path / "out.jsonl", "--tier", "fast")

    out = read(tmp_path / "out.jsonl")
    assert len(out) == len(ROWS) + 2
    assert (out[0]["theme"], out[0]["theme_given"]) == (1, "mine")
    assert (out[-1]["line"], out[-1]["theme"]) == ("broken", None)
    assert "no JSON" in out[-1]["error"]


def test_it_shows_no_personal_number_in_a_name(tmp_path: Path):
    number = "900101-1234568"
    rows = [{"id": n, "text": f"{number} 번호로 연락 주세요 {n}"} for n in range(4)]

    done = run(write(tmp_path / "in.jsonl", rows), tmp_path / "out.jsonl", "--tier", "fast")

    out = read(tmp_path / "out.jsonl")
    assert out[0]["theme"] == 1
    assert number not in out[0]["theme_name"] + done.stderr


def test_it_says_what_is_missing(tmp_path: Path):
    done = run(write(tmp_path / "in.jsonl", [{"id": 1}]), tmp_path / "out.jsonl")

    assert done.exit_code == 1
    assert "no field holds a message" in " ".join(done.stderr.split())
    assert not (tmp_path / "out.jsonl").exists()
