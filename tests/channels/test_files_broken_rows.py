"""A row that cannot be read is kept with its bytes; the rows around it are read."""

import io
import zipfile

import openpyxl
import pytest

from sori.channels.files import Files
from sori.errors import ChannelError

FILES = Files()


def read(path, listener, **more):
    pages = list(FILES.fetch(FILES.Settings(path=path, **more), None, listener))
    texts = [text for page in pages for text in page.mentions["text"].to_pylist()]
    return texts, [broken for page in pages for broken in page.broken]


@pytest.mark.parametrize(
    "line",
    [
        b"{broken",
        b"[1,2]",
        b'"text"',
        b'{"text": "\xff\xfe"}',
        b'{"text": NaN}',
        b'{"id": 3}',
        b'{"text": "\\ud800"}',
        b'{"text": ""}',
        b'{"a":' * 5000,
        b'{"text": "' + b"x" * 17000000,
    ],
    ids=lambda line: repr(line[:16]),
)
def test_it_keeps_a_broken_line_and_reads_the_next(tmp_path, listener, line):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text":"one"}\n' + line + b'\n{"text":"two"}\n')

    texts, broken = read(path, listener)

    assert texts == ["one", "two"]
    assert len(broken) == 1
    assert broken[0].raw[:1_000_000] == (line + b"\n")[:1_000_000]
    assert broken[0].reason


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"a,b,c\n", "3 cells under 2"),
        (b'"never closed,b\n', "never closed"),
        (b"\xff\xfe\xfa,b\n", "neither UTF-8 nor CP949"),
        (b",b\n", "neither a text"),
    ],
)
def test_it_keeps_a_broken_row_under_its_header(tmp_path, listener, line, reason):
    path = tmp_path / "a.csv"
    path.write_bytes("내용,누가\n하나,가\n".encode() + line + "둘,나\n셋,다\n".encode())

    texts, broken = read(path, listener, map="text=내용")

    assert texts == ["하나", "둘", "셋"]
    assert len(broken) == 1
    assert reason in broken[0].reason
    assert line in broken[0].raw or "neither a text" in reason


def test_it_reads_letters_of_both_code_pages_in_one_file(tmp_path, listener):
    path = tmp_path / "a.csv"
    path.write_bytes(b"text\n" + "유니코드\n".encode() + "완성형 똠\n".encode("cp949"))

    assert read(path, listener) == (["유니코드", "완성형 똠"], [])


def test_it_reads_a_row_from_quarantine_once_the_columns_are_told(tmp_path, listener):
    path = tmp_path / "a.csv"
    path.write_text("본분,누가\n하나,가\n")
    _, (broken,) = read(path, listener)

    page = FILES.reread(FILES.Settings(path=path, map="text=본분"), broken.raw, listener)

    assert page.mentions["text"].to_pylist() == ["하나"]


def test_what_is_still_broken_stays_broken(tmp_path, listener):
    page = FILES.reread(FILES.Settings(path=tmp_path), b"{broken\n", listener)

    assert (page.mentions.num_rows, len(page.broken)) == (0, 1)


@pytest.mark.parametrize("damage", [lambda xml: xml[:-40], lambda xml: xml.replace(b"<", b"\0")])
def test_a_damaged_spreadsheet_says_so(tmp_path, listener, damage):
    book, packed = openpyxl.Workbook(), io.BytesIO()
    for row in (["text"], ["one"], ["two"]):
        book.active.append(row)
    book.save(packed)
    with zipfile.ZipFile(packed) as whole, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as broken:
        for name in whole.namelist():
            content = whole.read(name)
            broken.writestr(name, damage(content) if "sheet1" in name else content)

    with pytest.raises(ChannelError, match="the spreadsheet cannot be read"):
        read(tmp_path / "a.xlsx", listener)
