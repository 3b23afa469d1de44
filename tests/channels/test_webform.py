import json
from datetime import UTC, datetime

import pytest

from sori.channels.contract import Delivery, Pushed, Rereads
from sori.channels.webform import Webform

FORM = Webform()
AT = datetime(2026, 11, 23, 11, 59, tzinfo=UTC)


def made(listener, body, **settings):
    return FORM.read(FORM.Settings(**settings), [Delivery("k1", body, AT)], listener)


def test_it_makes_one_mention_of_a_sheet(listener):
    page = made(
        listener,
        {"name": "김철수", "email": "Kim@Example.com", "subject": "환불", "text": "  언제 되나요? "}
        | {"topic": "배송", "page": "/help"},
    )
    (row,) = page.mentions.to_pylist()

    assert (row["external_id"], row["thread_id"]) == ("7:k1", "7:k1")
    assert (row["author_id"], row["author_name"]) == ("kim@example.com", "김철수")
    assert (row["title"], row["text"]) == ("환불", "언제 되나요?")
    assert (row["published_at"], row["heard_at"]) == (AT, listener.now)
    assert (row["addressed"], row["public"], row["reply_mode"]) == (True, False, "none")
    assert json.loads(row["extra"]) == {"topic": "배송", "page": "/help"}


def test_it_can_be_answered_through_a_mail_source(listener):
    (row,) = made(
        listener, {"text": "t", "email": "kim@example.com", "subject": "s"}, reply_by="help"
    ).mentions.to_pylist()

    assert row["reply_mode"] == "private"
    assert json.loads(row["reply_address"]) == {
        "source": "help",
        "to": "kim@example.com",
        "subject": "s",
        "thread": "7:k1",
    }


def test_it_cannot_be_answered_without_an_address(listener):
    (row,) = made(listener, {"text": "t"}, reply_by="help").mentions.to_pylist()

    assert (row["reply_mode"], row["reply_address"], row["author_id"]) == ("none", None, None)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": "   "},
        {"text": "x" * 100001},
        {"text": 5},
        {"text": "t", "email": "a@b, c@d"},
        {"text": "t", "email": "kim@example.com\r\nBcc: all@x.test"},
        {"text": "t", "email": "kim"},
    ],
    ids=lambda body: str(body)[:40],
)
def test_it_puts_what_it_cannot_read_aside_and_reads_the_next(listener, body):
    deliveries = [Delivery("k1", body, AT), Delivery("k2", {"text": "good"}, AT)]

    page = FORM.read(FORM.Settings(), deliveries, listener)

    assert page.mentions["text"].to_pylist() == ["good"]
    assert [each.external_id for each in page.broken] == ["7:k1"]
    assert FORM.reread(FORM.Settings(), page.broken[0].raw, listener).broken


def test_it_is_brought_to_us(listener):
    assert isinstance(FORM, Pushed)
    assert isinstance(FORM, Rereads)
    assert list(FORM.fetch(FORM.Settings(), None, listener)) == []
