"""Mails that came back are told from all others, and tied to ours by proof alone."""

import json

import pytest

from peers import returned
from peers.mails import mail
from peers.returned import DELAYED, FAILED
from sori.channels.mail.reading import Letter, Mailbox, read
from sori.channels.mail.threads import Signer

SIGNER = Signer("s")
BOX = Mailbox("box", "help@shop.test", SIGNER, "", answers=True)
OURS = SIGNER.message_id("key-1", "0" * 20, "shop.test")
OTHERS = Signer("another").message_id("key-1", "0" * 20, "shop.test")


def told(listener, raw: bytes):
    row = read(Letter(raw, listener.now, "INBOX", 1, 1, len(raw)), BOX, listener).row
    return json.loads(row["extra"])


@pytest.mark.parametrize("server", FAILED)
def test_it_knows_what_came_back_and_why(listener, server):
    make, status, lasting = FAILED[server]

    found = told(listener, make(OURS))

    report = found["bounce"]
    assert (report["action"], report["status"], report["lasting"]) == ("failed", status, lasting)
    assert (report["about"], report["key"]) == (OURS, "key-1")
    assert found["automatic"] is True


@pytest.mark.parametrize("server", DELAYED)
def test_late_is_not_lost(listener, server):
    report = told(listener, DELAYED[server](OURS))["bounce"]

    assert (report["action"], report["lasting"], report["about"]) == ("delayed", False, OURS)


@pytest.mark.parametrize("server", [*FAILED, *DELAYED])
def test_a_forged_report_is_about_nothing(listener, server):
    make = FAILED[server][0] if server in FAILED else DELAYED[server]
    for name in (OTHERS, "<r1@shop.test>", OURS.replace("key-1", "key-2"), OURS[:-20] + "@x>"):
        found = told(listener, make(name))

        assert "about" not in found["bounce"], name
        assert "key" not in found["bounce"], name
        assert found["automatic"] is True


def test_a_read_receipt_is_no_bounce(listener):
    found = told(listener, returned.read_receipt(OURS))

    assert "bounce" not in found
    assert found["automatic"] is True


@pytest.mark.parametrize(
    "raw",
    [
        mail(f"안 왔어요\n\nMessage-ID: {OURS}\n", Subject="Undelivered: 제 택배"),
        mail(f"550 5.1.1 배송 실패\n\nMessage-ID: {OURS}\n", Subject="배송 실패"),
        mail("메일이 반송됐대요", Subject="반송 문의"),
        mail("휴면 계정을 풀어 주세요", Subject="Re: 발송 실패", In_Reply_To=OURS),
    ],
)
def test_a_person_who_writes_of_a_failure_stays_a_person(listener, raw):
    found = told(listener, raw)

    assert "bounce" not in found
    assert found["automatic"] is False


def test_it_names_the_mail_not_those_that_it_answered(listener):
    """A bounce brings back the whole head, and with it the names of earlier answers of ours."""
    earlier = SIGNER.message_id("key-0", "0" * 20, "shop.test")
    body = f"550 5.1.1 user unknown\n\nReferences: {earlier}\nIn-Reply-To: {earlier}\n"
    daemon = {"From": "MAILER-DAEMON@x.test", "Subject": "failure notice"}

    whole = told(listener, mail(f"{body}Message-ID: {OURS}\n", **daemon))
    unclear = told(listener, mail(f"{body}your mail {OURS}\n", **daemon))

    assert whole["bounce"]["about"] == OURS
    assert "about" not in unclear["bounce"]


@pytest.mark.parametrize("many", ["Message-ID: <sori.", "\n" * 3, "550 ", "5.1.", "<sori.a."])
def test_it_does_not_choke(listener, cpu_seconds, many):
    raw = mail(many * 40_000, From="MAILER-DAEMON@x.test", Subject="failure notice")

    assert cpu_seconds(lambda: told(listener, raw)) < 2
