import json

import pytest

from peers.mails import mail
from sori.channels.mail.reading import Letter, Mailbox, read
from sori.channels.mail.threads import Signer, message_ids, references, thread_named

SIGNER = Signer("a secret")
BOX = Mailbox("help@shop.test/inbox", "help@shop.test", SIGNER, "", answers=True)


def row(listener, raw: bytes, box: Mailbox = BOX):
    return read(Letter(raw, listener.now, "INBOX", 1, 1, len(raw)), box, listener).row


def extra(listener, raw: bytes, box: Mailbox = BOX):
    return json.loads(row(listener, raw, box)["extra"])


def test_mails_that_refer_to_one_another_are_one_thread(listener):
    first = row(listener, mail(Message_ID="<a@x.test>"))
    second = row(
        listener, mail(Message_ID="<b@x.test>", In_Reply_To="<a@x.test>", References="<a@x.test>")
    )
    third = row(listener, mail(Message_ID="<c@x.test>", In_Reply_To="<a@x.test>"))
    other = row(listener, mail(Message_ID="<d@x.test>"))

    assert first["thread_id"] == second["thread_id"] == third["thread_id"] != other["thread_id"]


def test_an_answer_to_ours_is_found_without_references(listener):
    first = row(listener, mail(Message_ID="<a@x.test>"))
    ours = SIGNER.message_id("key-1", first["thread_id"], "shop.test")
    answer = mail(Message_ID="<b@x.test>", In_Reply_To=ours)

    assert row(listener, answer)["thread_id"] == first["thread_id"]
    assert extra(listener, answer)["answers"] == "key-1"


def test_an_answer_to_our_plus_address_is_found_without_any_header(listener):
    thread = thread_named("<a@x.test>")
    to = SIGNER.reply_address("help@shop.test", thread)

    assert row(listener, mail(Message_ID="<b@x.test>", To=to))["thread_id"] == thread


@pytest.mark.parametrize("change", [("key-1", "key-2"), ("sori.", "sorry."), ("0", "1")])
def test_nobody_else_can_make_our_names(change):
    ours = SIGNER.message_id("key-1", "0" * 20, "shop.test")

    assert SIGNER.own(ours) == ("key-1", "0" * 20)
    assert SIGNER.own(ours.upper()) == ("key-1", "0" * 20)
    assert SIGNER.own(ours.replace(*change)) is None
    assert Signer("another").own(ours) is None
    assert Signer("").own(Signer("").message_id("key-1", "0" * 20, "shop.test")) is None
    assert SIGNER.thread_in(SIGNER.reply_address("help@shop.test", "0" * 20)) == "0" * 20
    assert SIGNER.thread_in(Signer("another").reply_address("help@shop.test", "0" * 20)) is None


def test_a_forged_name_of_ours_makes_nobody_one_of_us(listener):
    forged = Signer("guess").message_id("key-1", "0" * 20, "shop.test")
    raw = mail(Message_ID=forged, From="help@shop.test", In_Reply_To=forged)

    made = row(listener, raw)

    assert made is not None
    assert made["thread_id"] != "0" * 20
    assert "answers" not in extra(listener, raw)
    assert (made["addressed"], made["reply_mode"]) == (False, "none")


def test_our_own_answer_is_no_voice(listener):
    ours = SIGNER.message_id("key-1", "0" * 20, "shop.test")

    assert row(listener, mail(Message_ID=ours, From="help@shop.test")) is None


def test_our_name_in_a_stranger_s_mail_is_the_stranger_s_mail(listener):
    """Whoever got an answer knows its Message-ID and may send it again under their own name."""
    ours = SIGNER.message_id("key-1", "0" * 20, "shop.test")

    assert row(listener, mail(Message_ID=ours))["author_id"] == "kim@example.test"


def test_a_message_id_is_no_identity(listener):
    """It is reused after years, missing, or the same in two mailboxes: every mail counts."""
    same, later = mail("one"), mail("two")
    other = BOX._replace(name="sales@shop.test/inbox")
    names = {
        row(listener, same)["external_id"],
        row(listener, later)["external_id"],
        row(listener, same, other)["external_id"],
        row(listener, mail("one", Message_ID=""))["external_id"],
        row(listener, mail("two", Message_ID=""))["external_id"],
        row(listener, mail("two", Message_ID="<>"))["external_id"],
    }

    assert len(names) == 6


def test_the_name_of_a_mail_outlives_its_number(listener):
    raw = mail()
    one = read(Letter(raw, listener.now, "INBOX", 1, 1, len(raw)), BOX, listener).row
    other = read(Letter(raw, None, "INBOX", 2, 99, len(raw)), BOX, listener).row

    assert one["external_id"] == other["external_id"]


@pytest.mark.parametrize(
    "text", ["<a@b>" * 100_000, "<" * 100_000, "<a@b" * 50_000, "<a@b\r\nBcc: x@y>", "<a b@c>"]
)
def test_it_takes_only_what_is_a_message_id(text):
    assert all(" " not in each and "\r" not in each for each in message_ids(text))
    assert len(message_ids(text)) <= 2_000


def test_references_keep_the_beginning_and_the_end():
    chain = [f"<{n}@x>" for n in range(100)]

    kept = references(chain, "<last@x>")

    assert (kept[0], kept[-1], len(kept)) == ("<0@x>", "<last@x>", 20)


def test_an_answer_to_a_question_of_ours_names_it_however_often_it_was_passed_on(listener):
    ours = SIGNER.message_id("ask-12", "0" * 20, "shop.test")
    forged = Signer("another").message_id("ask-12", "0" * 20, "shop.test")
    direct = mail(Message_ID="<b@x.test>", In_Reply_To=ours)
    passed = mail(
        Message_ID="<c@x.test>", References=f"{ours} <b@x.test>", In_Reply_To="<b@x.test>"
    )

    assert extra(listener, direct)["asked"] == "ask-12"
    assert extra(listener, passed)["asked"] == "ask-12"
    assert "asked" not in extra(listener, mail(Message_ID="<d@x.test>", In_Reply_To=forged))


def test_an_answer_to_a_customer_is_no_question(listener):
    ours = SIGNER.message_id("key-1", "0" * 20, "shop.test")

    assert "asked" not in extra(listener, mail(Message_ID="<b@x.test>", In_Reply_To=ours))
