"""An old call log is read as it was exported, without being told which column is what."""

import json
from datetime import UTC, datetime
from pathlib import Path

from sori.channels.contract import Listener
from sori.channels.files import Files, FileSettings

LISTENER = Listener(4, datetime(2026, 11, 23, tzinfo=UTC))
HEAD = "상담번호,통화일시,고객명,전화번호,통화내용,상담원,유형\n"
ROW = "V-1,2024-03-02 10:20,김하은,010-1234-5678,환불이 아직 안 됐다고 하심,이서연,불만\n"
PAGE = Path(__file__).parents[2] / "docs" / "howto" / "log-a-call.md"


def test_it_reads_the_example_of_the_documentation(tmp_path: Path):
    assert HEAD + ROW in PAGE.read_text(encoding="utf-8")
    file = tmp_path / "calls.csv"
    file.write_text(HEAD + ROW, encoding="utf-8")

    [page] = Files().fetch(FileSettings(path=file, addressed=True), None, LISTENER)

    [row] = page.mentions.to_pylist()
    assert row["external_id"] == "4:V-1"
    assert (row["author_id"], row["author_name"]) == ("010-1234-5678", "김하은")
    assert row["text"] == "환불이 아직 안 됐다고 하심"
    assert row["published_at"] == datetime(2024, 3, 2, 1, 20, tzinfo=UTC)
    assert (row["addressed"], row["public"]) == (True, False)
    assert json.loads(row["extra"]) == {"상담원": "이서연", "유형": "불만"}


def test_a_customer_number_names_the_account_before_a_telephone_does(tmp_path: Path):
    file = tmp_path / "calls.csv"
    file.write_text("전화번호,고객번호,내용\n010-1234-5678,C-7,환불\n", encoding="utf-8")

    [page] = Files().fetch(FileSettings(path=file), None, LISTENER)

    assert page.mentions["author_id"].to_pylist() == ["C-7"]
