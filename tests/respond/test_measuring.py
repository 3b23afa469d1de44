"""Answers that may only be so long: counted by the channel, told while one writes, refused."""

import json
from typing import Any, ClassVar

import pytest
from django.utils import translation

from desk import HTMX, answers, form_of, letter, member, opened, path, say, signed_in, source
from oracle import Oracle
from sori.channels import registry
from sori.channels.abilities import abilities
from sori.errors import Refused
from sori.respond import services
from sori.respond.models import Message

pytestmark = pytest.mark.django_db


class Telegraph(Oracle):
    """A channel that counts words."""

    name = "telegraph"
    longest: ClassVar[int] = 5

    def measure(self, text: str) -> int:
        return len(text.split())


@pytest.fixture(autouse=True)
def telegraph(monkeypatch) -> None:
    installed = registry.channel
    door = Telegraph()
    monkeypatch.setattr(
        registry, "channel", lambda name: door if name == "telegraph" else installed(name)
    )


@pytest.fixture
def asked(lake, tmp_path) -> Message:
    return wired(lake, tmp_path)


def wired(lake, tmp_path, **row: Any) -> Message:
    place = source("telegraph", settings={"book": str(tmp_path / "book")})
    to = {"to": "kim", "opening": "Dear Kim: "}
    say(lake, letter(place, reply_address=json.dumps(to), **row))
    return Message.objects.latest("pk")


def refusal(asked: Message, body: str) -> str:
    with translation.override("en"), pytest.raises(Refused) as caught:
        services.approve_reply(answers=asked.pk, member=member(), body=body)
    return str(caught.value)


def test_it_refuses_what_the_channel_would_refuse(asked):
    told = refusal(asked, "one two three four")

    assert "at most" in told
    assert "6" in told
    assert "private" not in told
    assert answers() == []


def test_it_takes_what_just_fits_with_what_is_written_before_it(asked):
    services.approve_reply(answers=asked.pk, member=member(), body="one two three")
    assert [one.body for one in answers()] == ["one two three"]


def test_it_advises_to_go_on_in_private_where_everybody_reads(lake, tmp_path):
    asked = wired(lake, tmp_path, public=True, reply_mode="public")
    assert "go on in private" in refusal(asked, "one two three four")


def test_the_page_says_how_much_room_there_is(asked):
    services.draft_reply(answers=asked.pk, member=(who := member()), body="one two")
    page = signed_in(who).get(f"/inbox/{asked.conversation.case_id}/").content.decode()

    assert 'data-limit="5" data-measured="4"' in page
    assert "At most 5 characters" in page


def test_the_server_counts_while_one_writes(asked):
    browser = signed_in()
    words = {"answers": asked.pk, "body": "a b c d"}

    told = json.loads(browser.post(path(asked, "draft"), words, headers=HTMX)["HX-Trigger"])

    assert told["measured"] == {"used": 6, "longest": 5}


def test_refused_words_come_back_measured(asked):
    browser = signed_in()
    form = form_of(browser, asked) | {"body": "a b c d e f"}

    response = browser.post(path(asked, "reply"), form, headers=HTMX)

    assert response.status_code == 422
    assert 'data-measured="8"' in response.content.decode()
    assert "at most" in response.content.decode()


def test_a_channel_without_a_limit_says_nothing_of_one(lake):
    asked, browser = opened(lake), signed_in()
    page = browser.get(f"/inbox/{asked.conversation.case_id}/").content.decode()
    said = browser.post(path(asked, "draft"), {"answers": asked.pk, "body": "a"}, headers=HTMX)

    assert "data-measured" not in page
    assert "measured" not in said["HX-Trigger"]


def test_the_abilities_tell_the_limit():
    assert {row["name"]: row["longest"] for row in abilities()}["email"] is None
