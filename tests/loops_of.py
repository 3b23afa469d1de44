"""A small language for tellings: people raise something, and hear what became of it."""

import json
from collections import Counter
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.conf import settings
from django.utils import timezone

import oracle
from desk import letter, member, now, numbers, post, say, source
from sori.change.initiatives.models import Evidence, Initiative
from sori.change.loops import audience, handing, services
from sori.change.loops.models import LoopNotice, Telling
from sori.change.loops.wording import Text
from sori.channels import registry
from sori.channels.contract import Address, Sent
from sori.errors import ReplyRejected
from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.listen.models import Source
from sori.people.models import Identity
from sori.respond import outbox
from sori.respond.models import Message
from sori.staff.models import Role

KOREAN = Text(
    "{고객}님, {날짜}에 해 주신 말씀 기억하고 있어요.",
    "말씀하신 {과제}, 이제 됩니다.\n\n{나} 드림",
    "{고객}님, {과제} 이제 됩니다!",
)
ENGLISH = Text(
    "Dear {customer}, you wrote to us on {when}.",
    "{title} is here now.\n\n{me}",
    "{customer}, {title} is here now!",
)
NEVER = (0, 0)
CHANNELS = ("cafe", "chat", "email", "forum", "shop", "store")


BOOK: list[dict[str, Any]] = []
"""What the fake channels accepted, in order."""


class Quick(oracle.Oracle):
    """Remembers what it accepts, or refuses everything when its script says so."""

    def reply(self, settings: Any, to: Address, text: str, key: str) -> Sent:
        if settings.script == ["refuse"]:
            raise ReplyRejected("no such account")
        BOOK.append({"key": key, "to": dict(to.to), "text": text})
        return Sent(f"<{key}@{self.name}>", timezone.now())


class Narrow(Quick):
    """Takes forty characters."""

    name = "narrow"
    longest: ClassVar[int] = 40

    def measure(self, text: str) -> int:
        return len(text)


def install(patch: pytest.MonkeyPatch, *names: str) -> None:
    """Fake channels that answer, of these names, beside those of `oracle`; the book is empty."""
    BOOK.clear()
    oracle.install(patch)
    before = registry.channel
    fakes: dict[str, Any] = {name: _named(Quick, name) for name in names}
    fakes["narrow"] = Narrow()
    patch.setattr(registry, "channel", lambda name: fakes.get(name) or before(name))


def _named(kind: type, name: str) -> Any:
    return type(name.title(), (kind,), {"name": name})()


def place(channel: str, book: str = "") -> Source:
    """A source of a fake channel; the oracle's writes what it accepts into a book of its own."""
    return source(channel, settings={"book": book, "script": ["accept"]})


def mailbox() -> Source:
    """A mailbox that could send a new mail; of a fake channel called email."""
    return source("email", settings={"book": "", "smtp_host": "mail.example"})


def voice(at: Source, account: str, **row: Any) -> dict[str, Any]:
    """A private letter of this account that can be answered where it was written."""
    to = json.dumps({"to": account})
    said = {"channel": at.channel, "author_id": account, "author_name": f"{account} 님"}
    return letter(at, "검은 화면이 있으면 좋겠어요", reply_address=to, **said | row)


def public(at: Source, account: str, **row: Any) -> dict[str, Any]:
    """Public praise: nobody waits for an answer, so the desk opens no case."""
    to = json.dumps({"to": account})
    said = {"channel": at.channel, "author_id": account, "author_name": account, "answer": False}
    said |= {"reply_mode": "public", "reply_address": to}
    return post(at, "어두운 화면 정말 기다렸어요", **said | row)


def initiative(lake: Lake, *rows: dict[str, Any], **fields: Any) -> Initiative:
    """A shipped change that these voices asked for."""
    owner = fields.pop("owner", None) or member("한지우", Role.SUPERVISOR)
    by_source: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        by_source.setdefault(row["source"], []).append(row)
    for some in by_source.values():
        say(lake, *some)
    made = Initiative.objects.create(
        title="어두운 화면",
        owner=owner,
        created_by=owner,
        created_at=now(),
        **{"stage": Initiative.Stage.SHIPPED, "shipped_at": now()} | fields,
    )
    asked_for(made, lake)
    return made


def asked_for(made: Initiative, lake: Lake) -> None:
    """Everything in the lake speaks for it."""
    rows = Reader(lake).table("select id from mentions").to_pylist()
    Evidence.objects.bulk_create(
        [
            Evidence(initiative=made, sort=Evidence.Sort.MENTION, key=row["id"], added_at=now())
            for row in rows
        ],
        ignore_conflicts=True,
    )


def written(made: Initiative, **how: Any) -> Telling:
    """What they will read."""
    asked = {
        "member": made.owner,
        "texts": {"ko": KOREAN, "en": ENGLISH},
        "per_minute": services.MOST_A_MINUTE,
        "quiet": NEVER,
    } | how
    return services.write(initiative=made, **asked)


def approved(lake: Lake, made: Initiative, **how: Any) -> Telling:
    """A telling that runs."""
    telling = written(made, **how)
    crowd = audience.untold(telling, audience.everybody(Reader(lake), made))
    reached = sum(one.told for one in crowd)
    return services.approve(Reader(lake), telling=telling, member=made.owner, expected=reached)


def time_passes() -> None:
    """A minute goes by, for the throttle and for what waits to be due."""
    past = timezone.now() - timedelta(minutes=1)
    LoopNotice.objects.filter(handed_at__isnull=False).update(handed_at=past)
    Telling.objects.filter(due_at__isnull=False).update(due_at=past, lease_until=None)


def tell_all(telling: Telling, *, between: Any = None) -> int:
    """Work until it is done; returns how many turns that took."""
    for turn in range(1, 500):
        time_passes()
        handing.hand_due()
        while outbox.deliver_due(limit=100):
            pass
        telling.refresh_from_db()
        if telling.state != Telling.State.RUNNING:
            return turn
        if between:
            between(turn)
    raise AssertionError("it never ends")


def notices() -> list[Message]:
    """Every loop notice at the desk."""
    return list(Message.objects.filter(notice=True).order_by("pk"))


def received() -> Counter[str]:
    """How often each address was written to, by the channels' own book."""
    return Counter(line["to"]["to"] for line in BOOK)


def person(account: str) -> int:
    """Whose account this is."""
    return Identity.objects.get(external_id=account).person_id


def lake_of() -> Lake:
    """The lake of this test, opened anew."""
    return Lake(settings.LAKE)


def fresh() -> int:
    """A number nobody else has."""
    return next(numbers)
