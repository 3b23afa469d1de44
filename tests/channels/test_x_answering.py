"""Answers on X: once, only where X allows them, and of a length it takes."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from peers import x_server
from peers.x_server import XServer, settings_of
from sori.channels.contract import Address, Listener, Measured, Recognises
from sori.channels.x.door import X
from sori.errors import ReplyError, ReplyNotAccepted, ReplyRejected

CHANNEL = X()


@pytest.fixture
def server() -> Iterator[XServer]:
    with x_server.running() as place:
        yield place


@pytest.fixture
def settings(server):
    return CHANNEL.Settings(**settings_of(server))


def asked(server, settings) -> Address:
    """A customer asks; where an answer goes."""
    server.say("@shop 언제 오나요?", "kim")
    here = Listener(7, datetime.now(UTC))
    row = [r for page in CHANNEL.fetch(settings, None, here) for r in page.mentions.to_pylist()][-1]
    to = json.loads(row["reply_address"])
    return Address(row["reply_mode"], to, to["shown"])


def ours(server) -> list[dict]:
    return [each for each in server.posts if each["author_id"] == x_server.US]


def test_the_customer_sees_the_answer_in_the_thread(server, settings):
    sent = CHANNEL.reply(settings, asked(server, settings), "내일 도착합니다.", "k1")

    (answer,) = ours(server)
    assert answer["referenced_tweets"] == [{"type": "replied_to", "id": server.posts[0]["id"]}]
    assert answer["text"] == "@kim 내일 도착합니다."
    assert sent.external_id == answer["id"]


def test_a_wrong_key_writes_nothing(server, settings):
    to = asked(server, settings)
    wrong = CHANNEL.Settings(**settings_of(server, access_token_secret="wrong"))
    with pytest.raises(ReplyRejected, match="401"):
        CHANNEL.reply(wrong, to, "네", "k1")
    without = CHANNEL.Settings(**settings_of(server) | dict.fromkeys(x_server.KEYS, ""))
    with pytest.raises(ReplyRejected, match="four keys"):
        CHANNEL.reply(without, to, "네", "k1")
    assert ours(server) == []


@pytest.mark.parametrize("status", ["302", "400", "401", "403", "404"])
def test_a_refusal_is_for_good(server, settings, status):
    to = asked(server, settings)
    server.faults = [status]
    with pytest.raises(ReplyRejected, match=f"refused with {status}"):
        CHANNEL.reply(settings, to, "네", "k1")
    assert ours(server) == []


@pytest.mark.parametrize(("status", "wait"), [("429", 60.0), ("402", 3600.0)])
def test_what_may_not_be_written_now_waits(server, settings, status, wait):
    to = asked(server, settings)
    server.faults = [status]
    with pytest.raises(ReplyNotAccepted) as caught:
        CHANNEL.reply(settings, to, "네", "k1")
    assert caught.value.retry_after == wait


def test_nobody_there_is_not_accepted(server, settings):
    to = asked(server, settings)
    gone = settings.model_copy(update={"address": "http://127.0.0.1:9"})
    with pytest.raises(ReplyNotAccepted):
        CHANNEL.reply(gone, to, "네", "k1")


@pytest.mark.parametrize("fault", ["silent", "cut", "junk"])
def test_what_became_of_it_is_read_back(server, settings, fault):
    to, since = asked(server, settings), datetime.now(UTC)
    server.faults = [fault]
    with pytest.raises(ReplyError) as caught:
        CHANNEL.reply(settings, to, "내일 <b> & 모레\n\n도착합니다", "k1")
    assert not isinstance(caught.value, ReplyRejected | ReplyNotAccepted)

    seen = CHANNEL.recognise(settings, to, "내일 <b> & 모레\n\n도착합니다", since)

    assert seen is not None
    assert seen.external_id == ours(server)[0]["id"]


@pytest.mark.parametrize("status", ["500", "503"])
def test_a_failing_server_may_have_written_it(server, settings, status):
    to, since = asked(server, settings), datetime.now(UTC)
    server.faults = [status]
    with pytest.raises(ReplyError) as caught:
        CHANNEL.reply(settings, to, "네", "k1")
    assert not isinstance(caught.value, ReplyRejected | ReplyNotAccepted)
    assert CHANNEL.recognise(settings, to, "네", since) is None


def test_it_takes_no_other_answer_for_ours(server, settings):
    to, since = asked(server, settings), datetime.now(UTC)
    question = server.posts[0]
    CHANNEL.reply(settings, to, "다른 답", "k1")
    server.say("@kim 같은 답", "lee", below=question)
    server.say("@kim 같은 답", "shop", below=ours(server)[0])

    assert CHANNEL.recognise(settings, to, "같은 답", since) is None
    server.say("@kim 같은 답", "shop", below=question)
    assert CHANNEL.recognise(settings, to, "같은 답", since + timedelta(hours=1)) is None
    assert CHANNEL.recognise(settings, to, "같은 답", since) is not None
    assert CHANNEL.find(settings, to, "k1") is None


def test_it_counts_as_x_does():
    assert isinstance(CHANNEL, Measured)
    assert isinstance(CHANNEL, Recognises)
    for text, counted in {
        "": 0,
        "hello": 5,
        "안녕하세요": 10,
        "가" * 140: 280,
        "가족👨‍👩‍👧 🇰🇷": 4 + 2 + 1 + 2,
        "👍🏽1️⃣©️": 6,
        "“quoted” — ok": 13,
        "https://shop.example/" + "x" * 300: 23,
        "(https://a.example/b).": 26,
        "여기 a.example/b 요": 5 + 23 + 3,
        "kim@mail.example v1.0": 21,
        "e\u0301": 1,
    }.items():
        assert CHANNEL.measure(text) == counted, text
