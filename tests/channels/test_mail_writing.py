import email
from datetime import UTC, datetime
from email.policy import default

import pytest

from sori.channels.mail.threads import Signer
from sori.channels.mail.writing import written

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SIGNER = Signer("s")
LONG_ID = "<SL2P216MB0123ABCDEF0123456789ABCDEF0123456789@SL2P216MB0123.KORP216.PROD.OUTLOOK.COM>"


def made(text="고객님, 오늘 출고됩니다.", key="key-1", plus=False, name="우리가게", **to):
    address = {"to": "kim@example.test", "subject": "배송 문의", "in_reply_to": "<m1@x.test>"} | to
    return written(
        to=address,
        text=text,
        key=key,
        sender=(name, "help@shop.test"),
        signer=SIGNER,
        plus=plus,
        at=NOW,
    )


def read(raw: bytes):
    return email.message_from_bytes(raw, policy=default)


def test_it_writes_an_answer_a_mail_program_understands():
    mail = read(made(references=["<m0@x.test>", "<m1@x.test>"]).raw)

    assert str(mail["From"]) == "우리가게 <help@shop.test>"
    assert str(mail["To"]) == "kim@example.test"
    assert mail["Subject"] == "Re: 배송 문의"
    assert mail["In-Reply-To"] == "<m1@x.test>"
    assert mail["References"] == "<m0@x.test> <m1@x.test>"
    assert mail["Auto-Submitted"] is None
    assert mail["Reply-To"] is None
    assert mail.get_content().strip() == "고객님, 오늘 출고됩니다."


def test_its_name_is_the_same_at_every_attempt_and_says_it_is_ours():
    one, other, third = made(), made(), made(key="key-2")

    assert one.message_id == other.message_id != third.message_id
    assert SIGNER.own(one.message_id).key == "key-1"
    assert read(one.raw)["Message-ID"] == one.message_id


def test_it_offers_a_plus_address_when_asked():
    address = str(read(made(plus=True, thread="0" * 20).raw)["Reply-To"])

    assert SIGNER.thread_in(address) == "0" * 20


def test_it_leaves_long_message_ids_in_one_piece():
    mail = made(in_reply_to=LONG_ID, references=[LONG_ID.replace("SL", str(n)) for n in range(30)])

    assert f"In-Reply-To: {LONG_ID}\r\n".encode() in mail.raw
    assert b"=?" not in mail.raw.split(b"From:")[0]
    assert max(map(len, mail.raw.split(b"\r\n"))) < 998
    assert len(read(mail.raw)["References"].split()) == 20


@pytest.mark.parametrize(
    "subject", ["Re: 배송", "RE: 배송", "re:배송", "답장: 배송", "Re[2]: 배송"]
)
def test_it_does_not_pile_up_answers_to_answers(subject):
    assert read(made(subject=subject).raw)["Subject"] == subject


@pytest.mark.parametrize(
    "poison",
    [
        "x\r\nBcc: all@x.test",
        "x\nBcc: all@x.test",
        "x\rBcc: all@x.test",
        "x\x00",
        "x\u2028Bcc: a@b",
        "x\x0b\x0cBcc: a@b.test",
        "=?utf-8?q?x=0D=0ABcc:_all@x.test?=",
        "x\x85Bcc: a@b.test",
        "x" * 50000,
    ],
)
@pytest.mark.parametrize(
    "where", ["subject", "name", "text", "in_reply_to", "references", "thread", "key"]
)
def test_nothing_breaks_out_of_its_line(poison, where):
    value = [poison, f"<{poison}>"] if where == "references" else poison
    mail = made(**{where: value})
    head, _, _ = mail.raw.partition(b"\r\n\r\n")
    names = [line.split(b":")[0].lower() for line in head.split(b"\r\n") if line[:1] not in b" \t"]

    allowed = {b"message-id", b"in-reply-to", b"references", b"from", b"to", b"subject", b"date"}
    allowed |= {b"content-type", b"content-transfer-encoding", b"mime-version"}
    assert set(names) <= allowed
    assert len(names) == len(set(names))
    assert b"\n" not in head.replace(b"\r\n", b"")
    assert max(map(len, mail.raw.split(b"\r\n"))) < 998
    assert str(read(mail.raw)["To"]) == "kim@example.test"


def test_every_letter_of_the_words_arrives():
    words = "첫 줄\n.점\n..두 점\nFrom 여기\n\n긴 줄 " + "가나다 😀 " * 500 + "\n\ttab  끝"

    assert read(made(words).raw).get_content().replace("\r\n", "\n").strip() == words
