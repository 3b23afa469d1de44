"""Who wrote, whether a machine did, and what is proven: nobody becomes somebody else."""

import json
import random

import pytest

from peers.mails import mail
from sori.channels.mail import facts, parts
from sori.channels.mail.reading import PARSE_ERRORS, Letter, Mailbox, read
from sori.channels.mail.threads import Signer

BOX = Mailbox("box", "help@shop.test", Signer("s"), "mx.shop.test", answers=True)


def row(listener, raw: bytes, box: Mailbox = BOX):
    return read(Letter(raw, listener.now, "INBOX", 1, 1, len(raw)), box, listener).row


def extra(listener, raw: bytes):
    return json.loads(row(listener, raw)["extra"])


def test_it_tells_who_wrote_and_where_to_answer(listener):
    found = row(listener, mail(From="=?euc-kr?B?sejDtrz2?= <Kim.CS@Example.test>"))

    assert (found["author_id"], found["author_name"]) == ("kim.cs@example.test", "김철수")
    assert json.loads(found["reply_address"])["to"] == "Kim.CS@Example.test"
    assert (found["addressed"], found["public"], found["reply_mode"]) == (True, False, "private")


def test_it_answers_the_sender_not_whom_reply_to_names(listener):
    raw = mail(Reply_To="thief@evil.test", Cc="boss@example.test")

    assert json.loads(row(listener, raw)["reply_address"])["to"] == "kim@example.test"
    assert extra(listener, raw)["reply_to"] == [{"name": "", "address": "thief@evil.test"}]
    assert extra(listener, raw)["cc"] == [{"name": "", "address": "boss@example.test"}]


@pytest.mark.parametrize(
    "raw",
    [
        mail(From="a@x.test, b@x.test"),
        mail().replace(b"To: ", b"From: help@shop.test\r\nTo: ", 1),
        mail(From=""),
        mail(From="nobody"),
        mail(From="<>"),
        mail(
            From="=?utf-8?b?" + "aGVscEBzaG9wLnRlc3Q=" + "?="
        ),  # an address inside an encoded word
        mail(From="kim@example.test\u200b"),
        mail(From="kim@example.test\x00@evil.test"),
    ],
)
def test_it_answers_nobody_where_the_sender_is_in_doubt(listener, raw):
    found = row(listener, raw)

    assert (found["author_id"], found["reply_mode"], found["reply_address"]) == (None, "none", None)
    assert json.loads(found["extra"])["doubt"]


@pytest.mark.parametrize(
    "line",
    [
        '"help@shop.test" <kim@example.test>',
        "help@shop.test <kim@example.test>",
        "=?utf-8?q?help=40shop=2Etest?= <kim@example.test>",
        "kim@example.test (help@shop.test)",
        '"a\\" <help@shop.test>" <kim@example.test>',
        "<help@shop.test> <kim@example.test>",
    ],
)
def test_a_name_that_looks_like_an_address_is_only_a_name(listener, line):
    assert row(listener, mail(From=line))["author_id"] in {"kim@example.test", None}


def test_look_alikes_are_other_people(listener):
    cyrillic = row(listener, mail(From="kim@ex\u0430mple.test"))["author_id"]

    assert cyrillic not in {"kim@example.test"}


AUTOMATIC = {
    "auto-submitted": mail(Auto_Submitted="auto-replied"),
    "auto-submitted, with words": mail(Auto_Submitted="auto-generated; type=x"),
    "precedence": mail(Precedence="Bulk"),
    "list": mail(List_Id="<news.example.test>"),
    "newsletter": mail(List_Unsubscribe="<mailto:x@example.test>"),
    "suppress": mail(X_Auto_Response_Suppress="All"),
    "autoreply": mail(X_Autoreply="yes"),
    "null sender": mail(Return_Path="<>"),
    "no-reply": mail(From="no-reply@example.test"),
    "mailer-daemon": mail(From="MAILER-DAEMON@example.test"),
    "absent, Korean": mail(Subject="[자동응답] 부재중입니다"),
    "absent, English": mail(Subject="Automatic reply: Out of office"),
}


@pytest.mark.parametrize("sort", AUTOMATIC)
def test_it_knows_what_no_person_wrote(listener, sort):
    told = extra(listener, AUTOMATIC[sort])

    assert told["automatic"] is True
    assert told["automatic_because"]


@pytest.mark.parametrize(
    "raw",
    [
        mail(),
        mail(Auto_Submitted="no"),
        mail(Subject="Re: 부재중 전화 문의"),
        mail(From="noreen@x.test"),
    ],
)
def test_it_takes_no_person_for_a_machine(listener, raw):
    assert extra(listener, raw)["automatic"] is False


@pytest.mark.parametrize(
    ("results", "believed"),
    [
        (["mx.shop.test; spf=pass smtp.mailfrom=x; dkim=pass; dmarc=pass"], True),
        (["MX.shop.test 1; dmarc=pass (p=REJECT)"], True),
        (["evil.test; dmarc=pass"], False),
        (["mx.shop.test.evil.test; dmarc=pass"], False),
        (["x; dmarc=fail", "mx.shop.test; dmarc=pass"], False),
        (["evil (mx.shop.test); dmarc=pass"], False),
        ([], False),
    ],
)
def test_it_believes_our_own_server_alone(listener, results, believed):
    head = "".join(f"Authentication-Results: {line}\r\n" for line in results).encode()

    told = extra(listener, head + mail())

    assert (told.get("authentication", {}).get("dmarc") == "pass") is believed


def test_forgers_become_nobody_we_know(listener):
    """Thousands of made-up heads: none is one of us, none writes as the customer."""
    dice = random.Random(20261123)
    pieces = [
        "help@shop.test",
        "kim@example.test",
        "evil@x.test",
        '"',
        "<",
        ">",
        ",",
        " ",
        ":",
        ";",
    ]
    pieces += ["(", ")", "\\", "=?utf-8?q?", "?=", "=40", "\u200b", "\u202e", "%", "@", "+", "\t"]
    us = customers = 0
    for _ in range(5_000):
        words = "".join(dice.choices(pieces, k=dice.randint(1, 8)))
        try:
            who = facts.sender(parts.fields(parts.opened(mail(From=f"{words}<evil@x.test>"))))
        except PARSE_ERRORS:
            continue
        us += who.address == "help@shop.test"
        customers += who.address == "kim@example.test"

    assert (us, customers) == (0, 0)
