"""Answers on Mastodon: once, no more public than the question, and of a length it takes."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from peers import mastodon_server
from peers.mastodon_server import MastodonServer, settings_of
from sori.channels.contract import Address, Listener, Measured, Recognises
from sori.channels.mastodon.door import Mastodon
from sori.errors import ReplyError, ReplyNotAccepted, ReplyRejected

MASTODON = Mastodon()


@pytest.fixture
def server() -> Iterator[MastodonServer]:
    with mastodon_server.running() as place:
        yield place


@pytest.fixture
def settings(server):
    return MASTODON.Settings(**settings_of(server))


def asked(server, settings, **more) -> Address:
    """A customer asks; where an answer goes."""
    server.say("@shop 언제 오나요?", "kim", **more)
    here = Listener(7, datetime.now(UTC))
    row = [
        row for page in MASTODON.fetch(settings, None, here) for row in page.mentions.to_pylist()
    ]
    to = json.loads(row[-1]["reply_address"])
    return Address(row[-1]["reply_mode"], to, to["shown"])


def ours(server) -> list[dict]:
    return [each for each in server.statuses if each["account"] == server.us]


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private", "direct"])
def test_the_customer_sees_the_answer_in_the_thread(server, settings, visibility):
    to = asked(server, settings, visibility=visibility)

    sent = MASTODON.reply(settings, to, "내일 도착합니다.", "k1")

    (answer,) = ours(server)
    assert server.around(server.statuses[0]["id"])["descendants"] == [answer]
    assert answer["source"] == "@kim 내일 도착합니다."
    assert answer["visibility"] == visibility
    assert sent.external_id == answer["uri"]


def test_one_key_makes_one_answer(server, settings):
    to = asked(server, settings)
    first = MASTODON.reply(settings, to, "내일이요", "k1")
    assert MASTODON.reply(settings, to, "내일이요", "k1") == first
    assert len(ours(server)) == 1


def test_a_name_that_is_there_is_not_written_twice(server, settings):
    MASTODON.reply(settings, asked(server, settings), "안녕하세요 @kim 님", "k1")
    assert ours(server)[0]["source"] == "안녕하세요 @kim 님"


def test_a_visibility_nobody_knows_is_never_public(server, settings):
    to = asked(server, settings)
    MASTODON.reply(settings, to._replace(to={**to.to, "visibility": "?"}), "네", "k1")
    assert ours(server)[0]["visibility"] == "direct"


@pytest.mark.parametrize("status", [302, 401, 403, 404, 422])
def test_a_refusal_is_for_good(server, settings, status):
    to = asked(server, settings)
    server.refusal = (status, {})
    with pytest.raises(ReplyRejected, match=str(status)):
        MASTODON.reply(settings, to, "네", "k1")
    assert ours(server) == []


def test_too_many_answers_wait(server, settings):
    to = asked(server, settings)
    server.refusal = (429, {"Retry-After": "77"})
    with pytest.raises(ReplyNotAccepted) as caught:
        MASTODON.reply(settings, to, "네", "k1")
    assert caught.value.retry_after == 77


def test_nobody_there_is_not_accepted(settings, server):
    to = asked(server, settings)
    gone = settings.model_copy(update={"instance": "http://127.0.0.1:9"})
    with pytest.raises(ReplyNotAccepted):
        MASTODON.reply(gone, to, "네", "k1")


@pytest.mark.parametrize("after", ["silent", "500", "502"])
def test_what_became_of_it_is_read_back(server, settings, after):
    to, since = asked(server, settings), datetime.now(UTC)
    server.after = after
    with pytest.raises(ReplyError) as caught:
        MASTODON.reply(settings, to, "내일  도착합니다.\n\n고맙습니다", "k1")
    assert not isinstance(caught.value, ReplyRejected | ReplyNotAccepted)

    seen = MASTODON.recognise(settings, to, "내일  도착합니다.\n\n고맙습니다", since)

    assert seen is not None
    assert seen.external_id == ours(server)[0]["uri"]


def test_it_takes_no_other_answer_for_ours(server, settings):
    to, since = asked(server, settings), datetime.now(UTC)
    question = server.statuses[0]["id"]
    MASTODON.reply(settings, to, "다른 답", "k1")
    server.say("@kim 같은 답", "lee", in_reply_to_id=question)
    server.say("@kim 같은 답", "shop", in_reply_to_id=ours(server)[0]["id"])

    assert MASTODON.recognise(settings, to, "같은 답", since) is None
    server.say("@kim 같은 답", "shop", in_reply_to_id=question)
    assert MASTODON.recognise(settings, to, "같은 답", since + timedelta(hours=1)) is None
    assert MASTODON.recognise(settings, to, "같은 답", since) is not None
    assert MASTODON.find(settings, to, "k1") is None


def test_it_counts_as_mastodon_does():
    assert isinstance(MASTODON, Measured)
    assert isinstance(MASTODON, Recognises)
    for text, counted in {
        "": 0,
        "안녕하세요": 5,
        "가족👨‍👩‍👧 🇰🇷": 5,
        "👍🏽e\u0301": 2,
        "https://shop.example/" + "x" * 300: 23,
        "(https://a.example/b).": 26,
        "@kim@very.long.domain.example 네": 6,
        "kim@mail.example": 16,
    }.items():
        assert MASTODON.measure(text) == counted, text
