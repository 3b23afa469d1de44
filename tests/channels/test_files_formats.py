"""Every form of a file gives the same rows."""

import csv
import gzip
import io
import json
from datetime import UTC, datetime

import openpyxl
import pytest
import zstandard

from sori.channels.files import Files
from sori.errors import ChannelError

FILES = Files()
ROWS = [
    {
        "id": "a1",
        "작성자": "김철수",
        "내용": "배송이 늦어요, 정말",
        "작성일": "2026.11.22 오후 3:20",
        "별점": "1",
    },
    {
        "id": "a2",
        "작성자": "이영희",
        "내용": '"똠방각하" 최고\n두 줄',
        "작성일": "2026년 11월 23일",
        "별점": "5",
    },
    {"id": "a3", "작성자": "", "내용": "+1 그냥", "작성일": "", "별점": ""},
]


def read(path, listener, cursor=None, **more):
    return list(FILES.fetch(FILES.Settings(path=path, **more), cursor, listener))


def rows(pages):
    return [row for page in pages for row in page.mentions.to_pylist()]


def as_csv(encoding="utf-8", delimiter=",", head="") -> bytes:
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, ROWS[0].keys(), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(ROWS)
    return (head + sheet.getvalue()).encode(encoding)


def as_lines() -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in ROWS)


def as_sheet() -> bytes:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(list(ROWS[0]))
    for row in ROWS:
        page.append([value or None for value in row.values()])
    page["D2"] = datetime(2026, 11, 22, 15, 20)  # noqa: DTZ001 (spreadsheets know no zones)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


FORMS = {
    "lines.jsonl": as_lines(),
    "bom.jsonl": b"\xef\xbb\xbf" + as_lines(),
    "array.json": json.dumps(ROWS, ensure_ascii=False, indent=1).encode(),
    "comma.csv": as_csv(),
    "excel.csv": as_csv("utf-8-sig"),
    "windows.csv": as_csv("cp949"),
    "semicolon.csv": as_csv(delimiter=";"),
    "tab.tsv": as_csv(delimiter="\t"),
    "pipe.txt": as_csv(delimiter="|"),
    "announced.csv": as_csv(delimiter=";", head="sep=;\n"),
    "unicode-text.txt": as_csv("utf-16", delimiter="\t"),
    "sheet.xlsx": as_sheet(),
}


@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
@pytest.mark.parametrize("form", FORMS)
def test_it_reads_every_form(tmp_path, listener, form, packing):
    pack = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.compress}[packing]
    path = tmp_path / (form + packing)
    path.write_bytes(pack(FORMS[form]))

    pages = read(path, listener)
    found = rows(pages)

    assert [row["external_id"] for row in found] == ["7:a1", "7:a2", "7:a3"]
    assert [row["author_name"] for row in found] == ["김철수", "이영희", None]
    assert found[1]["text"].replace("\r\n", "\n") == '"똠방각하" 최고\n두 줄'
    assert found[0]["published_at"] == datetime(2026, 11, 22, 6, 20, tzinfo=UTC)
    assert found[1]["published_at"] == datetime(2026, 11, 22, 15, tzinfo=UTC)
    assert found[2]["published_at"] is None
    assert [row["rating"] for row in found] == [1, 5, None]
    assert pages[-1].cursor["over"] is True
    assert not any(page.broken for page in pages)


def test_it_takes_what_the_map_names_and_keeps_the_rest(tmp_path, listener):
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"text":"제목","content":"본문","nick":"김","when":"2026-11-22","n":3,"x":null}\n'
    )

    (row,) = rows(
        read(path, listener, map="title=text, text=content, author=nick, created_at=when")
    )

    assert (row["title"], row["text"], row["author_name"]) == ("제목", "본문", "김")
    assert row["published_at"] == datetime(2026, 11, 21, 15, tzinfo=UTC)
    assert json.loads(row["extra"]) == {"n": 3}


def test_it_names_the_columns_there_are_when_one_is_not(tmp_path, listener):
    path = tmp_path / "a.csv"
    path.write_text("본문,날짜\n가,나\n")

    with pytest.raises(ChannelError, match="no column 내용; there are: 본문, 날짜") as caught:
        read(path, listener, map="text=내용")
    assert caught.value.permanent


@pytest.mark.parametrize("text", ["text", "text=", "=내용", "color=색", "text=a,,author"])
def test_it_explains_a_map_that_cannot_be(tmp_path, text):
    with pytest.raises(ValueError):
        FILES.Settings(path=tmp_path, map=text)


def test_it_puts_other_scales_on_five_stars(tmp_path, listener):
    path = tmp_path / "a.jsonl"
    path.write_text("".join(f'{{"text":"t","rating":{n}}}\n' for n in (1, 10, 5.5, 0, 11)))

    found = rows(read(path, listener, stars=10))

    assert [row["rating"] for row in found] == [1, 5, 3, None, None]
    assert json.loads(found[3]["extra"]) == {"rating": 0}


def test_it_says_who_was_spoken_to(tmp_path, listener):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text":"t"}\n')

    (public,), (ours,) = rows(read(path, listener)), rows(read(path, listener, addressed=True))

    assert (public["public"], public["addressed"]) == (True, False)
    assert (ours["public"], ours["addressed"]) == (False, True)


@pytest.mark.parametrize(
    "body",
    [
        b"(\xb5/\xfdbroken",
        b"\x1f\x8bbroken",
        b"PK\x03\x04broken",
        b"[1, 2",
        b"",
        zstandard.compress(as_lines() * 5000)[:-20],
        gzip.compress(as_lines() * 5000)[:-20],
    ],
    ids=["zst", "gz", "xlsx", "json", "empty", "cut zst", "cut gz"],
)
def test_it_says_that_a_file_is_broken(tmp_path, listener, body):
    path = tmp_path / "broken"
    path.write_bytes(body)

    with pytest.raises(ChannelError):
        read(path, listener)


def test_it_reads_nothing_but_ordinary_files(tmp_path, listener):
    for path in (tmp_path / "none", tmp_path, "/dev/zero"):
        with pytest.raises(ChannelError) as caught:
            read(path, listener)
        assert caught.value.permanent
