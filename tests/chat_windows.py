"""A chat window without a browser: what its script asks, asked by a test."""

import hashlib
import hmac
import itertools
import json
import time
from typing import Any

from django.http import HttpResponse
from django.test import Client

from sori import flow
from sori.listen.models import Source
from sori.listen.services import add_source
from sori.respond import outbox, services
from sori.respond.models import Message
from sori.staff.models import Member

SHOP = "https://shop.example"
SECRET = "a secret of the shop"
_numbers = itertools.count(1)


def chat(**settings: Any) -> Source:
    """A chat that a shop may show."""
    asked = {"origins": [SHOP], "secret": SECRET} | settings
    number = next(_numbers)
    return add_source(name=f"채팅 {number}", channel="chat", settings=asked)


def statement(secret: str = SECRET, **who: Any) -> dict[str, str]:
    """Who a customer is, as the shop signs it."""
    identity = json.dumps({"id": 42, "name": "김하은", "at": int(time.time())} | who)
    signature = hmac.new(secret.encode(), identity.encode(), hashlib.sha256).hexdigest()
    return {"identity": identity, "signature": signature}


class Window:
    """One window on a page.

    Attributes:
        source: the chat.
        origin: of the page; None for what is no browser.
        token: what it was given at its start.
    """

    def __init__(self, source: Source, origin: str | None = SHOP, client: Client | None = None):
        self.source = source
        self.origin = origin
        self.token = ""
        self.client = client or Client()

    def ask(self, what: str, body: Any = None, **more: Any) -> HttpResponse:
        """Ask something; what is no text goes out as JSON, with the token."""
        said = {"token": self.token, **(body or {})} if not isinstance(body, str | bytes) else body
        raw = said if isinstance(said, str | bytes) else json.dumps(said)
        headers = {"Origin": self.origin} if self.origin else {}
        return self.client.post(
            f"/chat/{self.source.slug}/{what}", raw, "text/plain", headers=headers, **more
        )

    def start(self, language: str = "ko", **more: Any) -> "Window":
        """Open it."""
        answer = self.ask("start", {"language": language, **more})
        assert answer.status_code == 200, answer.content
        self.token = answer.json()["token"]
        return self

    def say(self, text: str, name: str = "", **more: Any) -> HttpResponse:
        """Say something under a name of its own."""
        return self.ask("say", {"id": name or f"line-{next(_numbers):04}", "text": text, **more})

    def shown(self, **more: Any) -> dict[str, Any]:
        """What it shows."""
        answer = self.ask("history", more)
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        return found

    def texts(self) -> list[str]:
        """What it shows, text by text."""
        return [line["text"] for line in self.shown()["lines"]]


def taken_up(source: Source) -> Message:
    """What was said has become a message; the newest of them."""
    flow.turn(Source.objects.get(pk=source.pk))
    flow.receive()
    return Message.objects.filter(conversation__source=source, direction="in").latest("pk")


def answered(asked: Message, member: Member, body: str = "곧 도착합니다.") -> Message:
    """Approved and sent."""
    made = services.approve_reply(answers=asked.pk, member=member, body=body)
    outbox.deliver_due()
    return Message.objects.get(pk=made.pk)
