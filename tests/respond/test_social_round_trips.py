"""A customer and a company on X and on Bluesky: asked there, answered here, seen in the thread."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from desk import answers, form_of, path, say, signed_in
from peers import bluesky_server, x_server
from sori.channels import registry
from sori.channels.bluesky.door import Bluesky
from sori.channels.contract import Listener
from sori.channels.x.door import X
from sori.lake.store import Lake
from sori.listen import services
from sori.listen.models import Source
from sori.listen.vault import opened_settings
from sori.respond.models import Case, Message
from sori.respond.outbox import deliver_due

pytestmark = pytest.mark.django_db


class OnX:
    """X as a customer uses it."""

    door, us, shown = X(), "@shop", "@kim"

    def __init__(self, server: x_server.XServer) -> None:
        self.server = server
        self.settings = x_server.settings_of(server)

    def say(self, text: str, below: Any = None) -> dict[str, Any]:
        return self.server.say(text, "kim", below=below)

    def below(self, post: dict[str, Any]) -> list[tuple[str, str]]:
        """The answers to a post: what each is called, and what it says."""
        asked = [{"type": "replied_to", "id": post["id"]}]
        found = [p for p in self.server.posts if p.get("referenced_tweets") == asked]
        return [(each["id"], each["text"].removeprefix("@kim ")) for each in found]


class OnBluesky:
    """Bluesky as a customer uses it."""

    door, us, shown = Bluesky(), f"@{bluesky_server.HANDLE}", "@kim.bsky.test"

    def __init__(self, server: bluesky_server.BlueskyServer) -> None:
        self.server = server
        self.settings = bluesky_server.settings_of(server)

    def say(self, text: str, below: Any = None) -> dict[str, Any]:
        return self.server.say(text, self.shown[1:], below=below)

    def below(self, post: dict[str, Any]) -> list[tuple[str, str]]:
        """The answers to a post: what each is called, and what it says."""
        found = [
            p
            for p in self.server.posts
            if p["record"].get("reply", {}).get("parent") == bluesky_server.ref(post)
        ]
        return [(each["uri"], each["record"]["text"]) for each in found]


@pytest.fixture(params=["x", "bluesky"])
def place(request: pytest.FixtureRequest) -> Iterator[OnX | OnBluesky]:
    if request.param == "x":
        with x_server.running() as server:
            yield OnX(server)
    else:
        with bluesky_server.running() as server:
            yield OnBluesky(server)


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch, place: OnX | OnBluesky) -> Source:
    installed, name = registry.channel, place.door.name
    monkeypatch.setattr(
        registry, "channel", lambda asked: place.door if asked == name else installed(asked)
    )
    return services.add_source(name="광장", channel=name, settings=place.settings, keep="all")


def listen(lake: Lake, source: Source, place: OnX | OnBluesky, cursor: Any = None) -> Any:
    """What is new there comes into the inbox; returns the next cursor."""
    settings = opened_settings(source)
    for page in place.door.fetch(settings, cursor, Listener(source.pk, datetime.now(UTC))):
        if page.mentions.num_rows:
            say(lake, *page.mentions.to_pylist())
        cursor = page.cursor
    return cursor


def send(asked: Message, body: str) -> None:
    """An agent writes it into the page and sends it; the ten seconds to take it back pass."""
    browser = signed_in()
    response = browser.post(path(asked, "reply"), form_of(browser, asked) | {"body": body})
    assert response.status_code == 302, response.content.decode()
    again()


def again() -> None:
    """The worker turns to the answers once more."""
    Message.objects.filter(direction="out").update(due_at=datetime(2026, 1, 1, tzinfo=UTC))
    deliver_due()


def test_a_customer_asks_and_sees_the_answer_in_the_thread(lake, place, source):
    question = place.say(f"{place.us} 주문한 게 언제 오나요?")
    cursor = listen(lake, source, place)
    asked = Message.objects.get()
    page = signed_in().get(f"/inbox/{asked.conversation.case_id}/").content.decode()

    assert "주문한 게 언제 오나요?" in page
    assert f"To {place.shown}" in page
    assert "in public, everybody can read it" in page

    send(asked, "내일 도착합니다.")

    ((name, said),) = place.below(question)
    assert said == "내일 도착합니다."
    assert [(one.state, one.external_id) for one in answers()] == [("sent", name)]

    answer = next(p for p in place.server.posts if name in {p.get("id"), p.get("uri")})
    place.say(f"{place.us} 고맙습니다!", below=answer)
    listen(lake, source, place, cursor)

    assert Case.objects.count() == 1
    assert asked.conversation.messages.filter(direction="in").count() == 2


@pytest.mark.parametrize("fault", ["silent", "cut", "junk"])
def test_two_attempts_make_one_answer(lake, place, source, fault):
    question = place.say(f"{place.us} 언제 오나요?")
    listen(lake, source, place)
    place.server.faults = [fault]

    send(Message.objects.get(), "내일 도착합니다.")
    assert answers()[0].state == "unknown"
    again()

    assert answers()[0].state == "sent"
    assert len(place.below(question)) == 1


def test_what_is_too_long_there_is_refused_here(lake, place, source):
    question = place.say(f"{place.us} 자세히 알려 주세요")
    listen(lake, source, place)
    asked, browser = Message.objects.get(), signed_in()
    form = form_of(browser, asked) | {"body": "가" * 301}

    response = browser.post(path(asked, "reply"), form)

    assert response.status_code == 422
    assert f"takes {place.door.longest} characters at most" in response.content.decode()
    assert place.below(question) == []
