"""The report of a file says what many say: counted, quoted, from a fair sample of long files."""

import json
from pathlib import Path

import pytest

from crowd import ALONE, LOGIN, PARCEL
from sori.understand import gist
from sori.understand.files import understand_file
from sori.understand.gist import Gist


def report(folder: Path, rows: list[dict[str, str]], language: str = "ko") -> str:
    path = folder / "messages.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    understand_file(path, folder / "o.jsonl", folder / "r.html", language=language)
    return (folder / "r.html").read_text(encoding="utf-8")


def test_it_counts_and_quotes_what_many_say(tmp_path: Path):
    html = report(tmp_path, [{"text": text} for text in [*LOGIN, *PARCEL, *ALONE]])

    part = html.split('<ul class="themes">')[1].split("</ul>")[0]
    assert part.index("로그인") < part.index("배송")
    assert part.count("<li>") == 2
    assert ">5<small>41.7%</small>" in part
    assert any(f"<q>{text}</q>" in part for text in LOGIN)
    assert "표본" not in html
    assert "고르게 뽑은" not in html


def test_it_counts_one_author_once(tmp_path: Path):
    loud = [{"text": LOGIN[0], "author": "한 사람"} for _ in range(9)]
    html = report(tmp_path, [*loud, *({"text": text} for text in PARCEL)])

    part = html.split('<ul class="themes">')[1].split("</ul>")[0]
    assert part.count("<li>") == 1
    assert "배송" in part


def test_it_says_when_it_has_read_only_a_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gist, "SAMPLE", 20)
    monkeypatch.setattr("sori.understand.report.SAMPLE", 20)
    rows = [{"text": f"{text} {number}"} for number in range(20) for text in LOGIN]

    assert "고르게 뽑은 20건에서" in report(tmp_path, rows)
    assert "a fair sample of 20 messages" in report(tmp_path, rows, "en")


def test_it_samples_fairly(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gist, "SAMPLE", 100)
    sample = Gist()
    for number in range(1000):
        sample.add(f"text {number}", None)

    kept = [number for number, _, _ in sample._kept]
    assert len(set(kept)) == 100
    assert 35 <= sum(number < 500 for number in kept) <= 65


def test_it_shows_no_personal_data_and_no_markup(tmp_path: Path):
    rows = [
        {"text": f"<b>환불</b> 전화는 010-1234-5678 메일은 kim@mail.example 로 주세요 {number}"}
        for number in range(6)
    ]
    html = report(tmp_path, rows)

    assert '<ul class="themes">' in html
    assert "1234" not in html
    assert "mail.example" not in html
    assert "<b>환불" not in html


def test_it_leaves_the_section_out_when_nobody_agrees(tmp_path: Path):
    assert '<ul class="themes">' not in report(tmp_path, [{"text": text} for text in ALONE])
