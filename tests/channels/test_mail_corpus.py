"""The mails CPython itself is tested with: each is read, none is an exception."""

import json
import sysconfig
from importlib.util import find_spec
from pathlib import Path

import pytest

from sori.channels.email import Email

EMAIL = Email()


def corpus() -> list[Path]:
    spec = find_spec("test.test_email") or find_spec("test")
    places = [Path(each) for each in (spec.submodule_search_locations or [])] if spec else []
    places.append(Path(sysconfig.get_path("stdlib")) / "test" / "test_email")
    return sorted({path for place in places for path in (place / "data").glob("msg_*.txt")})


def test_it_reads_all_of_them(listener):
    mails = corpus()
    if not mails:
        pytest.skip("NO MAIL CORPUS: this Python comes without its test.test_email package")
    settings = EMAIL.Settings(
        address="help@shop.test", password="x", imap_host="x.test", smtp_host="x.test"
    )
    rows = broken = 0
    for path in mails:
        page = EMAIL.reread(settings, path.read_bytes(), listener)
        assert page.mentions.num_rows + len(page.broken) == 1, path.name
        for row in page.mentions.to_pylist():
            rows += 1
            assert json.loads(row["extra"])["automatic"] in {True, False}
            assert "\0" not in row["text"]
        broken += len(page.broken)

    assert len(mails) >= 40
    assert broken == 0
