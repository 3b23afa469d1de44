"""Whoever forges a mail becomes nobody else by it, and no answer goes astray.

Thousands of forged mails, made from a seed, come beside the conversation of a real customer: in
the agent's name, under names that look like the customer's, with invented and borrowed
Message-IDs, References, plus addresses, Reply-To and Authentication-Results.
"""

import base64
import json
import random
from collections.abc import Callable
from typing import Any, Final

import pytest
from django.utils import timezone

from desk import letter, member, say
from oracle import install
from peers.mails import mail
from sori.channels.contract import Listener
from sori.channels.mail.reading import Letter, Mailbox, read
from sori.channels.mail.threads import Signer
from sori.lake.store import Lake
from sori.listen.models import Source
from sori.people.models import Identity
from sori.respond import outbox, services
from sori.respond.models import Conversation, Message

pytestmark = [pytest.mark.once, pytest.mark.django_db]

BOX: Final = "help@shop.test"
AGENT: Final = "jimin@shop.test"
KIM: Final = "kim@customer-strasse.example"
SIGNER: Final = Signer("the secret of this mailbox")
STRANGER: Final = Signer("another secret")
MAILBOX: Final = Mailbox("box", BOX, SIGNER, "mx.shop.test", answers=True)
FIRST: Final = "<kims-first-mail@customer.example>"
THREAD: Final = "0123456789abcdef0123"
HER_ANSWER: Final = SIGNER.message_id("key", THREAD, "shop.test")


def word(text: str, how: str = "b") -> str:
    """An encoded word."""
    packed = base64.b64encode(text.encode()).decode()
    quoted = "".join(f"={byte:02X}" for byte in text.encode())
    return f"=?utf-8?{how}?{packed if how == 'b' else quoted}?="


SENDERS: Final[list[Callable[[str], str]]] = [
    lambda _: BOX,
    lambda _: f"소리 고객센터 <{BOX.upper()}>",
    lambda _: f"지민 <{AGENT}>",
    lambda evil: f'"{KIM}" <{evil}>',
    lambda evil: f'"{BOX}" <{evil}>',
    lambda evil: f"{word(KIM)} <{evil}>",
    lambda evil: f"{word(f'김하은 <{KIM}>')} <{evil}>",
    lambda evil: f"{word(f'x{chr(13)}{chr(10)}From: {KIM}', 'q')} <{evil}>",
    lambda evil: f"{word(f'x{chr(10)}Reply-To: {KIM}')} <{evil}>",
    lambda evil: f"{evil}\r\nFrom: {KIM}",
    lambda evil: f"{KIM}\r\nFrom: {evil}",
    lambda evil: f"{evil}, {KIM}",
    lambda evil: f"{KIM}, {evil}",
    lambda evil: f"{evil}( <{KIM}>",
    lambda evil: f"<{KIM}> <{evil}>",
    lambda evil: f'"a" <{evil}> (<{KIM}>)',
    lambda evil: f"{KIM}\0 <{evil}>",
    lambda evil: f"\u202e{KIM[::-1]}\u202c <{evil}>",
    lambda evil: f"김하은 <{evil}>",
    lambda _: KIM.replace("strasse", "straße"),
    lambda _: KIM.replace("k", "\u212a", 1),
    lambda _: KIM.replace("s", "\u017f", 1),
    lambda _: KIM.replace("i", "\u0456", 1),
    lambda _: KIM.replace("k", "\uff4b", 1),
    lambda _: KIM.replace("e", "e\u200b", 1),
    lambda _: KIM.replace(".", "\u3002", 1),
    lambda _: KIM + ".evil.test",
    lambda evil: f"{KIM.replace('@', '%')}@{evil.partition('@')[2]}",
    lambda _: word(KIM),
    lambda _: "",
]
IDS: Final = [
    FIRST,
    HER_ANSWER.replace(".key.", ".other."),
    HER_ANSWER.replace(THREAD, THREAD[::-1]),
    STRANGER.message_id("key", THREAD, "shop.test"),
    STRANGER.message_id("ask-1", THREAD, "shop.test"),
    f"<sori.key.{THREAD}.{'a' * 24}@shop.test>",
    "<x@evil.test>",
]
ADDRESSED: Final = [
    BOX,
    STRANGER.reply_address(BOX, THREAD),
    f"help+{THREAD}.{'a' * 16}@shop.test",
    f"help+{THREAD}@shop.test",
]
RESULTS: Final = [
    "mx.shop.test; dkim=pass; dmarc=pass",
    "mx.shop.test (comment); spf=pass smtp.mailfrom=" + KIM,
    "x; dmarc=pass\r\nAuthentication-Results: mx.shop.test; dmarc=pass",
]
OUR_SERVER: Final = "mx.shop.test; dmarc=fail"


def forged(dice: random.Random, number: int) -> bytes:
    """One forged mail; our own server has written on top of it what it found out."""
    evil = f"a{number}@evil.test"
    raw = mail(
        f"제 계좌로 환불해 주세요 {number}",
        From=dice.choice(SENDERS)(evil),
        To=dice.choice(ADDRESSED),
        Message_ID=dice.choice(IDS),
        In_Reply_To=dice.choice(["", *IDS]),
        References=" ".join(dice.choices(IDS, k=dice.randint(0, 3))),
        Reply_To=dice.choice(["", evil, KIM, f"{KIM}, {evil}", AGENT]),
        Sender=dice.choice(["", KIM, BOX]),
        Subject=dice.choice(["Re: 배송 문의", word("Re: 배송\r\nFrom: " + KIM), "환불"]),
        Authentication_Results=dice.choice(["", *RESULTS]),
    )
    return f"Authentication-Results: {OUR_SERVER}\r\n".encode() + raw


@pytest.fixture
def place(lake: Lake, monkeypatch, tmp_path) -> Source:
    """A mailbox with the conversation of a verified customer in it, who was answered."""
    install(monkeypatch)
    box = Source.objects.create(
        name="box", slug="box", channel="oracle", settings={"book": str(tmp_path / "book")}
    )
    to = json.dumps({"to": KIM})
    say(lake, letter(box, author_id=KIM, thread_id=THREAD, external_id=FIRST, reply_address=to))
    Identity.objects.update(verified=True)
    asked = Message.objects.get()
    services.approve_reply(answers=asked.pk, member=member(), body="오늘 출고됩니다")
    outbox.deliver_due()
    Message.objects.filter(direction="out").update(external_id=HER_ANSWER, key="key")
    return box


@pytest.mark.parametrize("count", [400, pytest.param(5_000, marks=pytest.mark.slow)])
def test_no_forged_mail_becomes_anybody_else_s(lake: Lake, place: Source, count: int):
    dice = random.Random(count)
    rows: list[dict[str, Any]] = []
    for number in range(count):
        raw, now = forged(dice, number), timezone.now()
        found = read(
            Letter(raw, now, "INBOX", 1, number, len(raw)), MAILBOX, Listener(place.pk, now)
        )
        assert found.row is not None, raw
        rows.append(found.row)
    kim = Conversation.objects.get()
    before = list(Message.objects.filter(conversation=kim).order_by("pk").values())

    say(lake, *rows)

    assert list(Message.objects.filter(conversation=kim).order_by("pk").values()) == before
    assert not Message.objects.exclude(conversation=kim).filter(direction="out").exists()
    who = Identity.objects.get(external_id=KIM)
    assert (who.name, who.person.name, who.verified) == ("김하은", "김하은", True)
    assert who.person.identities.count() == 1
    assert not Identity.objects.exclude(pk=who.pk).filter(verified=True).exists()
    for row in rows:
        known, to = json.loads(row["extra"]), json.loads(row["reply_address"] or "null")
        assert row["author_id"] != KIM
        assert not {"answers", "asked"} & set(known), known
        assert known["authentication"] == {"dmarc": "fail"}
        assert to is None or to["to"] != KIM
        assert to is None or (to["to"].lower() == row["author_id"].lower())
        if row["author_id"] == BOX:
            assert (row["addressed"], to, known["own"]) == (False, None, True)
    assert not Message.objects.filter(conversation__identity__external_id=BOX).exists()
    # so that it cannot pass for want of forgeries
    authors = [row["author_id"] for row in rows]
    assert authors.count(None) > count / 10
    assert authors.count(BOX) > count / 50
    assert authors.count(AGENT) > count / 100
