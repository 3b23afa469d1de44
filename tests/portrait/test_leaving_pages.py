"""The pages on which a person is taken along and forgotten."""

import io
import json
import zipfile

import pytest
from django.conf import settings
from django.test import Client

from desk import letter, member, say, source
from sori.journal.models import Event
from sori.lake.attachments import Attachments
from sori.people.models import Erasure, Person
from sori.portrait.erasing import erase_due
from sori.staff.models import Role

pytestmark = pytest.mark.django_db


def browser(role: str = Role.SUPERVISOR) -> Client:
    made = Client(headers={"Accept-Language": "en"})
    made.force_login(member(role=role))
    return made


def kim(lake) -> str:
    digest = Attachments(settings.FILES).put(b"a picture")
    files = [{"digest": digest, "name": "a.png", "media_type": "image/png", "size": 9}]
    say(lake, letter(source(), "의자가 부서졌어요", attachments=files))
    return f"/people/{Person.objects.get().pk}/"


def test_it_hands_over_everything_in_one_archive(lake):
    path = kim(lake)

    answer = browser().post(path + "export/")

    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    said = [json.loads(line) for line in archive.read("said.jsonl").splitlines()]
    desk = [json.loads(line) for line in archive.read("desk.jsonl").splitlines()]
    about = json.loads(archive.read("about.json"))
    assert [row["text"] for row in said] == ["의자가 부서졌어요"]
    assert {row["type"] for row in desk} == {"message", "case"}
    assert about["accounts"][0]["external_id"] == "kim@customer.example"
    assert [archive.read(name) for name in archive.namelist() if "files/" in name] == [b"a picture"]
    assert Event.objects.get(kind="person.exported").data == {
        "mentions": 1, "messages": 2, "files": 1,
    }  # fmt: skip


def test_it_asks_before_it_forgets_and_shows_how_far_it_is(lake):
    path, one = kim(lake), browser()

    asked = one.get(path + "forget/").content.decode()
    assert "What will go" in asked
    assert one.post(path + "forget/").status_code == 422
    begun = one.post(path + "forget/", {"sure": "on"})
    where = f"/people/erasures/{Erasure.objects.get().pk}/"
    assert begun["Location"] == where
    assert "Step 0 of 6" in one.get(where).content.decode()
    assert "They are being forgotten." in one.get(path).content.decode()

    assert erase_due() == 1

    part = one.get(where, headers={"HX-Request": "true", "HX-Target": "progress"}).content.decode()
    assert "They are forgotten." in part
    assert "hx-get" not in part
    assert "<html" not in part
    assert one.get(path).status_code == 404


def test_only_supervisors_and_administrators_may(lake):
    path = kim(lake)

    for role in (Role.AGENT, Role.CONTRIBUTOR, Role.AUDITOR):
        assert browser(role).get(path + "forget/").status_code == 403
        assert browser(role).post(path + "export/").status_code == 403
        assert "Forget" not in browser(role).get(path).content.decode()
