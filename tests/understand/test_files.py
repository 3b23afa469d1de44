"""Any file of messages is understood alone: rows in order, nothing lost."""

import csv
import gzip
import io
import json

import openpyxl
import pytest
import zstandard

from sori.errors import ConfigurationError
from sori.understand.files import ADDED, understand_file

ROWS = [
    {
        "id": 1,
        "text": "배송이 너무 늦어요. 환불해 주세요",
        "created_at": "2026-10-01",
        "kind": "given",
    },
    {"id": 2, "text": "정말 맛있어요 최고예요", "created_at": "2026-10-02", "kind": None},
    {"id": 3, "text": "영업시간이 어떻게 되나요?", "created_at": "2026-10-03", "kind": ""},
]


def read(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def lines(rows) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def table(rows) -> str:
    sink = io.StringIO()
    writer = csv.DictWriter(sink, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return sink.getvalue()


def sheet(path, rows):
    book = openpyxl.Workbook()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    book.save(path)


@pytest.fixture(
    params=["jsonl", "jsonl.zst", "jsonl.gz", "csv", "csv.gz", "cp949.csv", "tsv", "xlsx"]
)
def file(request, tmp_path):
    path = tmp_path / f"messages.{request.param}"
    if request.param == "xlsx":
        sheet(path, ROWS)
        return path
    data = lines(ROWS) if "jsonl" in request.param else table(ROWS).encode()
    if request.param == "tsv":
        data = data.replace(b",", b"\t")
    if "cp949" in request.param:
        data = data.decode().encode("cp949")
    if path.suffix == ".zst":
        data = zstandard.compress(data)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def test_it_labels_every_row_in_order_and_keeps_its_fields(file, tmp_path):
    done = understand_file(file, tmp_path / "out.jsonl")

    found = read(tmp_path / "out.jsonl")
    assert done == (3, 0, "text")
    assert [int(row["id"]) for row in found] == [1, 2, 3]
    assert [row["text"] for row in found] == [row["text"] for row in ROWS]
    assert found[0]["kind_given"] == "given"
    assert [row["kind"] for row in found] == ["complaint", "praise", "question"]
    assert all(set(ADDED) <= row.keys() for row in found)
    assert all(0 <= row["kind_confidence"] <= 1 for row in found)
    assert found[0]["topics"] == ["delivery.time", "billing.refund"]
    assert found[2]["topics"] == ["store.hours"]
    assert {unit["kind"] for row in found for unit in row["units"]} >= {"complaint", "praise"}


def test_it_keeps_rows_it_cannot_read_and_says_why(tmp_path):
    path = tmp_path / "broken.jsonl"
    path.write_bytes(
        lines(ROWS[:1]) + b"not json\n[1, 2]\n\n" + lines([{"id": 9}, {"id": 10, "text": None}])
        + b'{"id": 11, "text": "\\ud800 half"}\n' + b"\xff\xfe\n" + lines(ROWS[1:])
    )  # fmt: skip

    done = understand_file(path, tmp_path / "out.jsonl")

    found = read(tmp_path / "out.jsonl")
    assert (done.rows, done.errors) == (9, 5)
    assert [row.get("error", "")[:7] for row in found] == [
        "", "line 2:", "line 3:", "line 5:", "line 6:", "", "line 8:", "", "",
    ]  # fmt: skip
    assert found[1]["line"] == "not json"
    assert found[1]["kind"] is None
    assert found[5]["text"] == "\ud800 half"


def test_it_finds_the_text_under_a_korean_name_or_is_told(tmp_path):
    path = tmp_path / "korean.csv"
    path.write_text("번호,내용,메모\n1,너무 비싸요,좋아요\n", encoding="utf-8-sig")

    assert understand_file(path, tmp_path / "a.jsonl").text_field == "내용"
    assert understand_file(path, tmp_path / "b.jsonl", text_field="메모").text_field == "메모"
    assert read(tmp_path / "b.jsonl")[0]["kind"] == "praise"


def test_it_says_which_fields_there_are_when_none_holds_a_message(tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")

    with pytest.raises(ConfigurationError, match="a, b"):
        understand_file(path, tmp_path / "out.jsonl")
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize("name", ["messages.pdf", "absent.jsonl", "false.xlsx"])
def test_it_refuses_what_it_cannot_open_in_words(name, tmp_path):
    if name != "absent.jsonl":
        (tmp_path / name).write_bytes(b"something else")

    with pytest.raises(ConfigurationError):
        understand_file(tmp_path / name, tmp_path / "out.jsonl")


def test_it_takes_an_empty_file(tmp_path):
    (tmp_path / "empty.jsonl").write_bytes(b"")

    done = understand_file(tmp_path / "empty.jsonl", tmp_path / "o.jsonl", tmp_path / "r.html")

    assert done.rows == 0
    assert "한 건도 없습니다" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_it_tells_how_far_it_is(tmp_path):
    path = tmp_path / "many.jsonl"
    path.write_bytes(lines(ROWS * 1000))
    told = []

    understand_file(path, tmp_path / "out.jsonl", progress=lambda *now: told.append(now))

    assert [rows for rows, _ in told] == [1024, 2048, 3000]
    assert told[-1][1] == 3000
    assert len(read(tmp_path / "out.jsonl")) == 3000
