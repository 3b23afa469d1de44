"""Mentions leave the house as a file that no spreadsheet computes and that names nobody."""

import csv
import io
from datetime import timedelta
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer import remember, said
from sori.insight.explore import export
from sori.journal.models import Event
from sori.lake.store import Lake
from sori.staff.models import Member, Role

UNHURRIED = settings(deadline=None)
pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(client: Client) -> Client:
    member = Member.objects.create_user("s@example.com", name="S", role=Role.SUPERVISOR)
    client.force_login(member)
    return client


def recent(text: str, **fields: Any) -> dict[str, Any]:
    at = timezone.now() - timedelta(hours=2)
    return said(text, published_at=at, heard_at=at, **fields)


def taken(client: Client, form: str = "csv", selection: str = "") -> bytes:
    answer = client.post(f"/explore/export/{form}/", {"selection": selection})
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def rows_of(file: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"), newline="")))


@UNHURRIED
@given(st.text(max_size=20))
def test_it_makes_no_cell_that_begins_like_a_formula(text: str):
    cell = export.cell(text)

    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert cell.removeprefix("'") == text.replace("\0", "").removeprefix("'")


@pytest.mark.parametrize(
    "evil", ["=1+1", "+82 10", "-2", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "＝1+1"]
)
def test_it_puts_an_apostrophe_before_what_looks_like_a_formula(
    supervisor: Client, lake: Lake, evil: str
):
    remember(lake, [recent(evil, title=evil, url="https://example.com/" if evil else None)])

    (row,) = rows_of(taken(supervisor))

    assert row["text"] == f"'{evil}"
    assert row["title"] == f"'{evil}"


def test_it_opens_in_a_korean_excel(supervisor: Client, lake: Lake):
    remember(lake, [recent('환불, "안 와요"\n두 줄', kind="complaint", topics=["a", "b"])])

    file = taken(supervisor)

    assert file.startswith(b"\xef\xbb\xbf")
    (row,) = rows_of(file)
    assert row["text"] == '환불, "안 와요"\n두 줄'
    assert (row["kind"], row["topics"], row["abuse"]) == ("complaint", "a, b", "")


def test_it_names_no_author_but_tells_them_apart(supervisor: Client, lake: Lake):
    who = {"author_id": "kim@example.com", "author_name": "김하은", "channel": "email"}
    remember(
        lake,
        [
            recent("하나", **who, public=False, url="https://example.com/kim", source=1),
            recent("둘", **who, reply_address='{"to": "kim@example.com"}'),
            recent("셋", author_id="lee"),
        ],
    )

    file = taken(supervisor)

    for secret in ("kim", "김하은", "lee"):
        assert secret not in file.decode()
    authors = {row["text"]: row["author"] for row in rows_of(file)}
    assert authors["하나"] == authors["둘"] != authors["셋"]


def test_it_takes_only_what_the_selection_picks(supervisor: Client, lake: Lake):
    remember(lake, [recent("환불", kind="complaint"), recent("최고", kind="praise")])

    assert [row["text"] for row in rows_of(taken(supervisor, selection="kind=praise"))] == ["최고"]
    assert rows_of(taken(supervisor, selection="kind=idea")) == []


def test_it_writes_parquet_with_texts_as_they_are(supervisor: Client, lake: Lake):
    remember(lake, [recent("=1+1", theme=3, topics=["a"])])

    table = pq.read_table(io.BytesIO(taken(supervisor, "parquet")))

    assert table.column("text").to_pylist() == ["=1+1"]
    assert table.column("theme").to_pylist() == [3]
    assert {"author_id", "author_name", "reply_address"} & set(table.column_names) == set()


def test_it_stops_at_a_limit_and_says_so(
    supervisor: Client, lake: Lake, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(export, "MOST", 3)
    remember(lake, [recent(f"말 {number}") for number in range(5)])

    answer = supervisor.post("/explore/export/csv/", {"selection": ""})

    assert "newest-3.csv" in answer["Content-Disposition"]
    assert len(rows_of(b"".join(answer.streaming_content))) == 3  # type: ignore[attr-defined]
    assert Event.objects.get(kind="mentions.exported").data["capped"] is True


def test_it_remembers_who_took_what_but_not_who_was_looked_for(supervisor: Client, lake: Lake):
    remember(lake, [recent("환불")])
    taken(supervisor, selection="words=환불&author=kim@example.com&kind=unknown")

    event = Event.objects.get(kind="mentions.exported")

    assert event.member == Member.objects.get()
    assert event.data["rows"] == 0
    assert event.data["selection"] == ["words=환불", "kind=unknown", "author=…"]


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.AGENT, Role.AUDITOR])
def test_it_lets_only_those_take_who_may(client: Client, lake: Lake, role: str):
    client.force_login(Member.objects.create_user("a@example.com", name="A", role=role))

    assert client.post("/explore/export/csv/", {"selection": ""}).status_code == 403
    assert "/explore/export/" not in client.get("/explore/").content.decode()
    assert not Event.objects.filter(kind="mentions.exported").exists()


def test_it_knows_two_formats_and_takes_nothing_by_a_mere_look(supervisor: Client, lake: Lake):
    assert supervisor.post("/explore/export/xlsx/", {"selection": ""}).status_code == 404
    assert supervisor.get("/explore/export/csv/").status_code == 405
