"""The connection of a chat window: who may listen, what it hears, and that it says somebody is
there."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from django.test import Client

from chat_windows import SHOP, Window, answered, chat, taken_up
from desk import member
from sori.listen.services import pause
from sori.respond import services
from sori.web import chat_live
from sori.webchat.models import Visitor
from waiting import topics, wait_until


@pytest.fixture
def window(site: str, lake: object, monkeypatch: pytest.MonkeyPatch) -> Window:
    monkeypatch.setattr(chat_live, "BEAT", 0.5)
    monkeypatch.setattr(chat_live, "SOON", 0.2)
    return Window(chat(), client=Client(headers={"Host": "127.0.0.1"})).start()


@contextmanager
def listening(site: str, window: Window) -> Iterator[list[str]]:
    """What comes while it is open, line by line, without the silence."""
    heard: list[str] = []
    ready, address = threading.Event(), f"{site}/chat/{window.source.slug}/live"

    def listen() -> None:
        said = {"content": json.dumps({"token": window.token}), "headers": {"Origin": SHOP}}
        try:
            with client.stream("POST", address, **said) as answer:
                for line in answer.iter_lines():
                    ready.set()
                    heard.extend([line] if line.startswith("data:") else [])
        except httpx.HTTPError:
            pass
        finally:
            ready.set()

    with httpx.Client(timeout=15) as client:
        ear = threading.Thread(target=listen, daemon=True)
        ear.start()
        assert ready.wait(10)
        yield heard


def refused(site: str, window: Window, token: object = None, origin: str | None = SHOP) -> int:
    body = json.dumps({"token": window.token if token is None else token})
    headers = {"Origin": origin} if origin else {}
    address = f"{site}/chat/{window.source.slug}/live"
    return httpx.post(address, content=body, headers=headers, timeout=15).status_code


def test_it_tells_of_an_answer_and_of_nothing_else(site: str, window: Window) -> None:
    window.say("질문")
    asked = taken_up(window.source)
    case = asked.conversation.case_id
    with listening(site, window) as heard:
        wait_until(lambda: f"case:{case}" in topics())
        services.write_note(case=case, member=member(), body="우리끼리")
        services.draft_reply(answers=asked.pk, member=member(), body="초안")
        answered(asked, member())
        wait_until(lambda: heard)
        assert heard == ["data: news"]


def test_it_finds_the_case_of_somebody_who_has_just_begun(site: str, window: Window) -> None:
    with listening(site, window) as heard:
        window.say("첫 말")
        taken_up(window.source)
        wait_until(lambda: heard)


def test_it_says_that_somebody_is_there(site: str, window: Window) -> None:
    Visitor.objects.update(seen_at=None)
    with listening(site, window):
        wait_until(lambda: Visitor.objects.get().seen_at is not None)


def test_it_lets_nobody_listen_without_a_token_or_from_another_site(
    site: str, window: Window
) -> None:
    assert refused(site, window, "x") == 401
    assert refused(site, window, 5) == 400
    assert refused(site, window, "x" * 9_000) == 413
    assert refused(site, window, origin=None) == 403
    assert refused(site, window, origin="https://evil.example") == 403
    address = f"{site}/chat/{window.source.slug}/live"
    assert httpx.get(address, headers={"Origin": SHOP}).status_code == 405
    assert httpx.post(address, content=b"[", headers={"Origin": SHOP}).status_code == 400
    other = Window(chat())
    assert refused(site, other, window.token) == 401


def test_it_ends_when_the_chat_is_closed_or_the_visitor_forgotten(
    site: str, window: Window
) -> None:
    with listening(site, window):
        pause(source=window.source, member=None)
        wait_until(lambda: "windows" not in topics())
    assert refused(site, window) == 404


def test_it_bears_so_many_windows_of_one_visitor(
    site: str, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_live, "MOST", 1)
    with listening(site, window):
        assert refused(site, window) == 429
