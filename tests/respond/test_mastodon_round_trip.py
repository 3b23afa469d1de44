"""A customer and a company on Mastodon: asked there, answered in the inbox, seen in the thread."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from desk import answers, form_of, path, say, signed_in
from peers import mastodon_server
from peers.mastodon_server import MastodonServer, settings_of
from sori.channels import registry
from sori.channels.contract import Listener
from sori.channels.mastodon.door import Mastodon
from sori.lake.store import Lake
from sori.listen import services
from sori.listen.models import Source
from sori.respond.models import Case, Message
from sori.respond.outbox import deliver_due

pytestmark = pytest.mark.django_db

DOOR = Mastodon()


@pytest.fixture
def server() -> Iterator[MastodonServer]:
    with mastodon_server.running() as place:
        yield place


@pytest.fixture
def source(monkeypatch, server) -> Source:
    installed = registry.channel
    monkeypatch.setattr(
        registry, "channel", lambda name: DOOR if name == "mastodon" else installed(name)
    )
    return services.add_source(
        name="마스토돈", channel="mastodon", settings=settings_of(server), keep="all"
    )


def listen(lake: Lake, source: Source, cursor: Any = None) -> Any:
    """What is new there comes into the inbox; returns the next cursor."""
    settings = DOOR.Settings(**settings_of_source(source))
    for page in DOOR.fetch(settings, cursor, Listener(source.pk, datetime.now(UTC))):
        say(lake, *page.mentions.to_pylist())
        cursor = page.cursor
    return cursor


def settings_of_source(source: Source) -> dict[str, Any]:
    return source.settings | {"access_token": mastodon_server.TOKEN}


def send(asked: Message, body: str) -> None:
    """An agent writes it into the page and sends it; the ten seconds to take it back pass."""
    browser = signed_in()
    response = browser.post(path(asked, "reply"), form_of(browser, asked) | {"body": body})
    assert response.status_code == 302, response.content.decode()
    answer = answers()[-1]
    Message.objects.filter(pk=answer.pk).update(due_at=datetime(2026, 1, 1, tzinfo=UTC))
    deliver_due()


def test_a_customer_asks_and_sees_the_answer_in_the_thread(lake, server, source):
    question = server.say("@shop 주문한 게 언제 오나요?", "kim")
    cursor = listen(lake, source)
    asked = Message.objects.get()
    page = signed_in().get(f"/inbox/{asked.conversation.case_id}/").content.decode()

    assert "주문한 게 언제 오나요?" in page
    assert "To @kim" in page
    assert "in public, everybody can read it" in page
    assert 'data-limit="500" data-measured="5"' in page

    send(asked, "내일 도착합니다.")

    (answer,) = server.around(question["id"])["descendants"]
    assert answer["source"] == "@kim 내일 도착합니다."
    assert [(one.state, one.external_id) for one in answers()] == [("sent", answer["uri"])]

    server.say("@shop 고맙습니다!", "kim", in_reply_to_id=answer["id"])
    listen(lake, source, cursor)

    assert Case.objects.count() == 1
    assert asked.conversation.messages.filter(direction="in").count() == 2


def test_a_direct_message_is_answered_directly(lake, server, source):
    server.say("@shop 제 주문번호는 1234예요", "kim", visibility="direct")
    listen(lake, source)

    send(Message.objects.get(), "확인했습니다")

    assert server.statuses[-1]["visibility"] == "direct"


@pytest.mark.parametrize("after", ["silent", "502"])
def test_two_attempts_make_one_answer(lake, server, source, after):
    server.say("@shop 언제 오나요?", "kim")
    listen(lake, source)
    server.after = after

    send(Message.objects.get(), "내일 도착합니다.")
    assert answers()[0].state == "unknown"
    server.after = ""
    Message.objects.filter(direction="out").update(due_at=datetime(2026, 1, 1, tzinfo=UTC))
    deliver_due()

    assert answers()[0].state == "sent"
    assert len(server.keys) == 1
    assert len(server.statuses) == 2


def test_what_is_too_long_there_is_refused_here(lake, server, source):
    server.say("@shop 자세히 알려 주세요", "kim")
    listen(lake, source)
    asked, browser = Message.objects.get(), signed_in()
    form = form_of(browser, asked) | {"body": "가" * 496}

    response = browser.post(path(asked, "reply"), form)

    assert response.status_code == 422
    assert "Mastodon takes 500 characters at most" in response.content.decode()
    assert len(server.statuses) == 1
