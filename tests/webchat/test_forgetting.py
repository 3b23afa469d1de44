"""A visitor who is forgotten is nowhere any more, and their token opens nothing."""

import json
import zipfile

import pytest

from chat_windows import Window, answered, statement, taken_up
from desk import member
from sori.portrait.export import export
from sori.respond.models import Message
from sori.staff.models import Role
from sori.webchat.models import Line, Visitor
from traces import erase, rows_with

pytestmark = pytest.mark.django_db
WORDS = "보라빛고래가나타났다"


def test_it_leaves_nothing_of_a_stranger(window, source, lake):
    window.say(WORDS)
    asked = taken_up(source)
    answered(asked, member(), "답")
    window.say(f"{WORDS} 아직 아무도 읽지 않은 말")
    other = Window(source).start()
    other.say("저는 남습니다")

    erasure = erase(asked.conversation.identity.person)

    assert erasure.counts["chat_lines"] == 2
    assert rows_with(WORDS) == []
    assert window.ask("history").status_code == 401
    assert other.texts() == ["저는 남습니다"]


def test_it_takes_nothing_more_of_a_customer_who_was_forgotten(source, lake):
    window = Window(source).start(**statement())
    window.say(WORDS)
    erase(taken_up(source).conversation.identity.person)

    again = Window(source).ask("start", statement())

    assert (again.status_code, again.json()) == (410, {"error": "forgotten"})
    assert not Visitor.objects.exists()
    assert not Line.objects.exists()


def test_it_is_taken_along_by_whoever_asks_for_their_data(window, source, lake):
    window.say(WORDS)
    window.ask("mail", {"email": "me@customer.example"})
    taken_up(source)
    person = Message.objects.get().conversation.identity.person_id

    made = export(person=person, member=member(role=Role.ADMIN))
    with made, zipfile.ZipFile(made) as archive:
        rows = [json.loads(line) for line in archive.read("desk.jsonl").splitlines()]

    assert [row["text"] for row in rows if row["type"] == "chat_line"] == [WORDS]
    assert [row["email"] for row in rows if row["type"] == "chat_visitor"] == [
        "me@customer.example"
    ]
