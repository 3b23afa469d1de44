"""The pages of the sources: connect one, steer it, see its ledger; nobody sees a secret again."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sori import flow
from sori.listen.models import Quarantine, Source
from sori.listen.vault import opened_secrets
from sori.staff.models import Member, Role

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"
MAILBOX = {
    "name": "고객지원",
    "interval": "60",
    "keep": "everything",
    "settings-address": "help@example.com",
    "settings-imap_host": "imap.example.com",
    "settings-smtp_host": "smtp.example.com",
    "settings-user": "help@example.com",
    "settings-password": PASSWORD,
}


def signed_in(client: Client, role: Role) -> Client:
    client.force_login(Member.objects.create_user(f"{role}@example.com", name=role, role=role))
    return client


@pytest.fixture
def admin(client: Client) -> Client:
    return signed_in(client, Role.ADMIN)


def defaults(page: str) -> dict[str, str]:
    """The values a browser would send for the selects and inputs that nobody touched."""
    from html.parser import HTMLParser

    class Form(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.values: dict[str, str] = {}
            self._select = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = dict(attrs)
            name = given.get("name") or ""
            if tag == "input" and name.startswith("settings-"):
                if given.get("type") == "checkbox" and "checked" not in given:
                    return
                self.values[name] = given.get("value") or ""
            elif tag == "select":
                self._select = name
            elif tag == "option" and "selected" in given:
                self.values[self._select] = given.get("value") or ""

    form = Form()
    form.feed(page)
    return form.values


def test_it_draws_a_form_for_every_channel(admin: Client):
    for channel in ("email", "rss", "files", "webform"):
        page = admin.get(f"/sources/new/{channel}/")

        assert page.status_code == 200
        assert 'name="settings-' in page.content.decode()


def test_it_never_shows_a_secret_again(admin: Client, lake: object):
    blank = admin.get("/sources/new/email/").content.decode()
    answer = admin.post("/sources/new/email/", defaults(blank) | MAILBOX)
    assert answer.status_code == 302, answer.content.decode()
    row = Source.objects.get()

    pages = [admin.get(f"/sources/{row.pk}/"), admin.get(f"/sources/{row.pk}/settings/")]

    assert all(PASSWORD not in page.content.decode() for page in pages)
    assert PASSWORD not in str(row.settings)
    assert PASSWORD in opened_secrets(row).values()


def test_it_keeps_a_secret_that_is_left_empty(admin: Client, lake: object):
    blank = admin.get("/sources/new/email/").content.decode()
    admin.post("/sources/new/email/", defaults(blank) | MAILBOX)
    row = Source.objects.get()
    page = admin.get(f"/sources/{row.pk}/settings/").content.decode()

    answer = admin.post(
        f"/sources/{row.pk}/settings/",
        defaults(page) | MAILBOX | {"settings-password": "", "name": "메일"},
    )

    assert answer.status_code == 302, answer.content.decode()
    row.refresh_from_db()
    assert row.name == "메일"
    assert PASSWORD in opened_secrets(row).values()


def test_it_says_what_is_wrong_beside_the_field(admin: Client):
    answer = admin.post(
        "/sources/new/rss/",
        {"name": "x", "interval": "60", "keep": "everything", "settings-url": "ftp://example.com"},
    )

    assert answer.status_code == 422
    assert "http://" in answer.content.decode()
    assert not Source.objects.exists()


def test_it_says_what_somebody_typed_in_their_language(admin: Client):
    address = "/sources/new/kafka/"
    form = defaults(admin.get(address).content.decode()) | {
        "name": "스트림",
        "interval": "60",
        "keep": "everything",
        "settings-brokers": "kafka-1:100%,000",
        "settings-topic": "voices",
    }
    page = admin.post(address, form, headers={"Accept-Language": "ko"}).content.decode()
    assert "‘kafka-1:100%’은(는) 호스트:포트 꼴이 아니에요" in page


def test_it_takes_an_uploaded_file_through_the_wheel(admin: Client, lake: object, home: Path):
    blank = admin.get("/sources/new/files/").content.decode()
    table = "text,author\n배송이 너무 늦어요,kim\n".encode()
    upload = SimpleUploadedFile("../../reviews.csv", table)

    answer = admin.post(
        "/sources/new/files/",
        defaults(blank)
        | {"name": "리뷰", "interval": "60", "keep": "everything", "settings-path": upload},
    )

    assert answer.status_code == 302, answer.content.decode()
    row = Source.objects.get()
    assert Path(row.settings["path"]).parent == home / "uploads"
    assert flow.turn(row) == 1
    page = admin.get(f"/sources/{row.pk}/").content.decode()
    assert page.count('data-label="저장">1<') + page.count('data-label="Stored">1<') == 1


def test_it_pauses_and_resumes(admin: Client):
    row = Source.objects.create(name="a", slug="a", channel="webform")

    admin.post(f"/sources/{row.pk}/pause/")
    row.refresh_from_db()
    assert row.state == Source.State.PAUSED
    refused = admin.post(f"/sources/{row.pk}/poll/", follow=True)
    assert refused.status_code == 200
    admin.post(f"/sources/{row.pk}/resume/")
    row.refresh_from_db()
    assert row.state == Source.State.ACTIVE


def test_it_reads_a_quarantined_row_again(admin: Client, lake: object, tmp_path: Path):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"text": "\xed\x95\x9c"}\n{"text": 5, broken\n')
    from sori.listen.services import add_source

    row = add_source(name="rows", channel="files", settings={"path": str(path)})
    flow.turn(row)
    item = Quarantine.objects.get()

    admin.post(f"/sources/quarantine/{item.pk}/replay/")
    flow.turn(Source.objects.get())

    item.refresh_from_db()
    assert item.asked_at is None
    assert item.settled_at is None
    assert item.outcome


@pytest.mark.parametrize("role", [Role.AGENT, Role.AUDITOR])
def test_it_shows_but_does_not_offer_what_the_role_may_not(client: Client, role: Role):
    row = Source.objects.create(name="a", slug="a", channel="webform")
    page = signed_in(client, role).get(f"/sources/{row.pk}/")

    assert page.status_code == 200
    assert "/pause/" not in page.content.decode()
    assert client.post(f"/sources/{row.pk}/pause/").status_code == 403
    assert client.get(f"/sources/{row.pk}/settings/").status_code == 403
