"""Whatever an outgoing server does, the outcome of an answer is told as it is.

The server's own list of what it took is the truth: nothing it took may be called "not accepted",
for that would be sent a second time.
"""

import pytest
import structlog

from peers.crooked_smtp import GONE, SILENT, crooked
from peers.mail_server import free_ports
from sori.channels.contract import Address, Replies, Sent
from sori.channels.email import Email
from sori.errors import ReplyError, ReplyNotAccepted, ReplyRejected

EMAIL = Email()
TO = Address("private", {"to": "kim@example.test", "subject": "배송"}, "kim@example.test")


def settings(port: int, **more):
    return EMAIL.Settings(
        **{
            "address": "help@shop.test",
            "password": "x",
            "imap_host": "127.0.0.1",
            "imap_port": 1,
            "smtp_host": "127.0.0.1",
            "smtp_port": port,
            "smtp_security": "none",
            "file_sent": False,
            "timeout": 1,
        }
        | more
    )


def outcome(port: int, **more) -> type:
    try:
        return type(EMAIL.reply(settings(port, **more), TO, "오늘 출고됩니다.", "key-1"))
    except ReplyError as error:
        return type(error)


REFUSED_BEFORE = {
    "busy at the door": {"connect": "421 busy"},
    "closed at the door": {"connect": "554 no"},
    "gone at the door": {"connect": GONE},
    "silent at the door": {"connect": SILENT},
    "gone at hello": {"EHLO": GONE},
    "no hello": {"EHLO": "502 no", "HELO": "550 no"},
    "sender not now": {"MAIL": "451 later"},
    "gone at sender": {"MAIL": GONE},
    "silent at sender": {"MAIL": SILENT},
    "recipient not now": {"RCPT": "450 greylisted"},
    "gone at recipient": {"RCPT": GONE},
    "silent at recipient": {"RCPT": SILENT},
    "not now": {"DATA": "451 later"},
    "no more": {"DATA": "554 no"},
    "gone before go ahead": {"DATA": GONE},
    "silent before go ahead": {"DATA": SILENT},
    "not now, after the body": {"body": "452 full"},
    "busy, after the body": {"body": "421 shutting down"},
}
REFUSED_FOR_GOOD = {
    "sender": {"MAIL": "550 who?"},
    "recipient": {"RCPT": "550 unknown"},
    "recipient, five five one": {"RCPT": "551 moved"},
    "body": {"body": "554 spam"},
}
UNKNOWN = {
    "gone in the body": {"half": "yes"},
    "gone after the body": {"body": GONE},
    "silent after the body": {"body": SILENT},
    "taken, then gone": {"accepted": GONE},
    "taken, then silent": {"accepted": SILENT},
    "taken, then nonsense": {"accepted": "hello"},
    "taken, then go ahead": {"accepted": "354 more"},
    "taken, then a number that is none": {"accepted": "999 what"},
}


@pytest.mark.parametrize("what", REFUSED_BEFORE)
def test_a_refusal_that_may_pass_is_not_accepted(what):
    with crooked(**REFUSED_BEFORE[what]) as server:
        assert outcome(server.port) is ReplyNotAccepted
        assert server.taken == []


@pytest.mark.parametrize("what", REFUSED_FOR_GOOD)
def test_a_refusal_for_good_is_rejected(what):
    with crooked(**REFUSED_FOR_GOOD[what]) as server:
        assert outcome(server.port) is ReplyRejected
        assert server.taken == []


@pytest.mark.parametrize("what", UNKNOWN)
def test_silence_after_the_body_is_unknown(what):
    with crooked(**UNKNOWN[what]) as server:
        assert outcome(server.port) is ReplyError


@pytest.mark.parametrize("goodbye", ["221 bye", GONE, SILENT, "500 no"])
def test_what_was_taken_is_sent_however_the_server_says_goodbye(goodbye):
    with crooked(QUIT=goodbye) as server:
        assert outcome(server.port) is Sent
        assert [recipients for recipients, _ in server.taken] == [["kim@example.test"]]


def test_nobody_listening_is_not_accepted():
    assert outcome(free_ports(1)[0]) is ReplyNotAccepted


@pytest.mark.parametrize("security", ["ssl", "starttls"])
def test_no_safe_connection_is_not_accepted_and_no_password_told(security):
    with crooked() as server:
        assert outcome(server.port, smtp_security=security) is ReplyNotAccepted
        assert not any(words.startswith("AUTH") for words in server.told)


def test_a_wrong_password_is_not_accepted_and_not_repeated_in_words():
    hello = "250-crooked.test\r\n250 AUTH PLAIN"
    with crooked(EHLO=hello, AUTH="535 5.7.8 help@shop.test wrong: AGhlbHA=") as server:
        with pytest.raises(ReplyNotAccepted) as caught:
            EMAIL.reply(settings(server.port), TO, "t", "key-1")
        assert "AGhlbHA=" not in str(caught.value)
        assert server.taken == []


def test_a_copy_that_cannot_be_filed_changes_nothing():
    with crooked() as server, structlog.testing.capture_logs() as told:
        assert outcome(server.port, file_sent=True) is Sent
        assert len(server.taken) == 1
    assert "mail.copy_not_filed" in [line["event"] for line in told]


@pytest.mark.parametrize(
    "address",
    [
        "kim@example.test, all@example.test",
        "kim@example.test\r\nBcc: all@x.test",
        "",
        "kim",
        "<kim@example.test>",
        "kim@example.test\r\nRCPT TO:<all@x.test>",
        "kim @example.test",
        "kim@example.test\u2028x",
        "kim@example.test\x00",
        "a@b@c.test",
        "@example.test",
    ],
)
def test_it_writes_to_exactly_one_address_or_to_nobody(address):
    with crooked() as server:
        with pytest.raises(ReplyRejected):
            EMAIL.reply(settings(server.port), TO._replace(to={"to": address}), "t", "key-1")
        assert not any(words.startswith("RCPT") for words in server.told)


def test_it_cannot_answer_without_an_outgoing_server():
    with pytest.raises(ReplyRejected):
        EMAIL.reply(settings(25, smtp_host=""), TO, "t", "key-1")
    assert isinstance(EMAIL, Replies)


def test_a_thousand_crooked_moments_never_call_a_taken_mail_not_accepted():
    """Every stage with every kind of trouble, against the server's own list of what it took."""
    troubles = [GONE, "421 a", "450 b", "500 c", "550 d", "999 e", "nonsense"]
    for stage in ("connect", "EHLO", "MAIL", "RCPT", "DATA", "body", "accepted", "QUIT"):
        for trouble in troubles:
            with crooked(**{stage: trouble}) as server:
                found = outcome(server.port)
                if server.taken and stage == "accepted" and trouble[0] in "45":
                    continue  # a server that takes a mail and refuses it lies; nobody can tell
                assert bool(server.taken) <= (found in {Sent, ReplyError}), (stage, trouble)
                assert (found is Sent) <= bool(server.taken), (stage, trouble)
