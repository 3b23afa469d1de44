"""A small language to fill a desk: customers speak, the lake hears, members answer."""

import itertools
import json
import re
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
from django.test import Client
from django.utils import timezone

from sori.lake.store import Lake
from sori.listen.models import Source
from sori.mention import heard, widen
from sori.respond.models import Case, Message
from sori.respond.receiving import receive
from sori.staff.models import Member, Role

numbers = itertools.count(1)
HOUR = timedelta(hours=1)
HTMX = {"HX-Request": "true"}


def now() -> datetime:
    return timezone.now()


def member(name: str = "지민", role: str = Role.AGENT) -> Member:
    return Member.objects.create_user(f"m{next(numbers)}@sori.example", name=name, role=role)


def source(channel: str = "letters", **fields: Any) -> Source:
    name = f"source {next(numbers)}"
    return Source.objects.create(name=name, slug=f"s{next(numbers)}", channel=channel, **fields)


def letter(place: Source, text: str = "배송이 언제 오나요?", **row: Any) -> dict[str, Any]:
    """A mail from Kim, unless said otherwise."""
    number = next(numbers)
    said = {
        "source": place.pk,
        "channel": "email",
        "external_id": f"<{number}@customer.example>",
        "author_id": "kim@customer.example",
        "author_name": "김하은",
        "title": "배송 문의",
        "text": text,
        "published_at": now() - timedelta(minutes=2),
        "heard_at": now() - timedelta(minutes=1),
        "addressed": True,
        "public": False,
        "reply_mode": "private",
        "reply_address": json.dumps({"to": "kim@customer.example"}),
    } | row
    said.setdefault("thread_id", said["external_id"])
    return said


def post(place: Source, text: str = "통신이 자꾸 끊겨요", **row: Any) -> dict[str, Any]:
    """A public post that nobody addressed to us."""
    number = next(numbers)
    return {
        "source": place.pk,
        "channel": "blog",
        "external_id": f"post-{number}",
        "author_id": f"blogger{number}",
        "author_name": "블로거",
        "reply_mode": "link",
        "text": text,
        "published_at": now() - timedelta(minutes=2),
        "heard_at": now() - timedelta(minutes=1),
    } | row


UNDERSTOOD = ("queries", "kind", "sentiment", "urgency", "answer", "abuse", "topics")


def batch(*rows: dict[str, Any]) -> pa.RecordBatch:
    """Rows as the lake takes them."""
    table = widen(heard({k: v for k, v in row.items() if k not in UNDERSTOOD} for row in rows))
    for name in UNDERSTOOD:
        place = table.schema.get_field_index(name)
        column = pa.array([row.get(name) for row in rows], table.schema.field(place).type)
        table = table.set_column(place, name, column)
    return table


def say(lake: Lake, *rows: dict[str, Any]) -> int:
    """Put rows into the lake and receive them."""
    place = rows[0]["source"]
    lake.append(batch(*rows), source=place, sequence=lake.sequence(place) + 1)
    return receive(lake)


def alike(lake: Lake, theme: int, count: int, **row: Any) -> list[Message]:
    """So many different people write about the same theme; their letters, oldest first."""
    place = source()
    rows = [
        letter(
            place,
            f"로그인이 안 돼요 {number}",
            **{
                "author_id": f"customer{number}@x.kr",
                "author_name": f"고객{number}",
                "reply_address": json.dumps({"to": f"customer{number}@x.kr"}),
            }
            | row,
        )
        for number in range(count)
    ]
    said = batch(*rows)
    at = said.schema.get_field_index("theme")
    said = said.set_column(at, said.schema.field(at), pa.array([theme] * count, pa.int64()))
    lake.append(said, source=place.pk, sequence=1)
    receive(lake)
    return list(Message.objects.filter(conversation__source=place).order_by("pk"))


def opened(lake: Lake, **row: Any) -> Message:
    """A case with one letter in it; returns the letter."""
    say(lake, letter(source(), **row))
    return Message.objects.latest("pk")


def only_case() -> Case:
    return Case.objects.get()


def signed_in(who: Member | None = None) -> Client:
    """A browser that reads English."""
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(who or member())
    return browser


def form_of(browser: Client, asked: Message) -> dict[str, str]:
    """What the page's own form would send."""
    page = browser.get(f"/inbox/{asked.conversation.case_id}/").content.decode()
    form = re.search(r'<form class="reply".*?</form>', page, re.DOTALL)
    assert form
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0])
    return {name: value for name, value in fields if name != "csrfmiddlewaretoken"}


def path(asked: Message, deed: str) -> str:
    """Where a deed to the case of this message goes."""
    return f"/inbox/{asked.conversation.case_id}/{deed}/"


def answers() -> list[Message]:
    """Every answer there is, in the order they were begun."""
    return list(Message.objects.filter(direction="out").order_by("pk"))
