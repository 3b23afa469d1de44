"""Answers on Bluesky: once, in the thread, with links and names that work, of a length it takes."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from peers import bluesky_server
from peers.bluesky_server import HANDLE, BlueskyServer, ref, settings_of
from sori.channels.bluesky.door import Bluesky, rkey
from sori.channels.bluesky.facets import facets_of
from sori.channels.contract import Address, Listener, Measured, Post
from sori.errors import ReplyError, ReplyNotAccepted, ReplyRejected

CHANNEL = Bluesky()


@pytest.fixture
def server() -> Iterator[BlueskyServer]:
    with bluesky_server.running() as place:
        yield place


@pytest.fixture
def settings(server):
    return CHANNEL.Settings(**settings_of(server))


def asked(server, settings, **more) -> Address:
    """A customer asks; where an answer goes."""
    server.say(f"@{HANDLE} 언제 오나요?", "kim.bsky.test", **more)
    here = Listener(7, datetime.now(UTC))
    row = [r for page in CHANNEL.fetch(settings, None, here) for r in page.mentions.to_pylist()][-1]
    to = json.loads(row["reply_address"])
    return Address(row["reply_mode"], to, to["shown"])


def ours(server) -> list[dict]:
    return [each for each in server.posts if each["author"] == server.us]


def test_the_customer_sees_the_answer_in_the_thread(server, settings):
    first = server.say("누구 아는 사람?", "lee.bsky.test")
    to = asked(server, settings, below=first)
    question = server.posts[-1]

    sent = CHANNEL.reply(settings, to, "내일 도착합니다.", "k1")

    (answer,) = ours(server)
    assert answer["record"]["reply"] == {"root": ref(first), "parent": ref(question)}
    assert answer["record"]["text"] == "내일 도착합니다."
    assert answer["record"]["langs"] == ["ko"]
    assert sent.external_id == answer["uri"]
    assert CHANNEL.find(settings, to, "k1") == sent._replace(
        at=datetime.fromisoformat(answer["record"]["createdAt"])
    )


def test_links_names_and_tags_are_marked_by_bytes(server, settings):
    kim = server.say("안녕", "kim.bsky.test")["author"]["did"]
    text = "@kim.bsky.test 님, https://shop.example/배송#지금 을 @nobody.bsky.test 봐요 #배송 #12"
    CHANNEL.reply(settings, asked(server, settings), text, "k1")

    record = ours(server)[0]["record"]
    raw = record["text"].encode()
    found = {
        raw[each["index"]["byteStart"] : each["index"]["byteEnd"]].decode(): each["features"][0]
        for each in record["facets"]
    }
    link, name, tag = (f"app.bsky.richtext.facet#{kind}" for kind in ("link", "mention", "tag"))
    assert found == {
        "@kim.bsky.test": {"$type": name, "did": kim},
        "https://shop.example/배송#지금": {"$type": link, "uri": "https://shop.example/배송#지금"},
        "#배송": {"$type": tag, "tag": "배송"},
    }


def test_an_address_of_mail_is_no_name():
    assert facets_of("kim@mail.example 로", lambda _: "did:plc:x") == []


def test_one_key_makes_one_answer(server, settings):
    to = asked(server, settings)
    first = CHANNEL.reply(settings, to, "내일이요", "k1")
    with pytest.raises(ReplyError) as caught:
        CHANNEL.reply(settings, to, "내일이요", "k1")
    assert not isinstance(caught.value, ReplyRejected | ReplyNotAccepted)
    assert CHANNEL.find(settings, to, "k1").external_id == first.external_id
    assert len(ours(server)) == 1


@pytest.mark.parametrize("status", ["302", "400", "403", "413"])
def test_a_refusal_is_for_good(server, settings, status):
    to = asked(server, settings)
    server.faults = [status]
    with pytest.raises(ReplyRejected, match=status):
        CHANNEL.reply(settings, to, "네", "k1")
    assert ours(server) == []


def test_too_many_answers_wait(server, settings):
    to = asked(server, settings)
    server.faults = ["429"]
    server.headers = {"Retry-After": "77"}
    with pytest.raises(ReplyNotAccepted) as caught:
        CHANNEL.reply(settings, to, "네", "k1")
    assert caught.value.retry_after == 77


def test_nobody_there_is_not_accepted(server, settings):
    to = asked(server, settings)
    gone = settings.model_copy(update={"service": "http://127.0.0.1:9"})
    with pytest.raises(ReplyNotAccepted):
        CHANNEL.reply(gone, to, "네", "k1")


def test_a_password_that_was_withdrawn_is_refused(server, settings):
    to = asked(server, settings)
    wrong = settings_of(server, app_password="withdrawn")
    with pytest.raises(ReplyRejected, match="Invalid identifier"):
        CHANNEL.reply(CHANNEL.Settings(**wrong), to, "네", "k1")


def test_a_token_that_ran_out_is_renewed_and_the_answer_made_once(server, settings):
    to = asked(server, settings)
    server.expire()
    CHANNEL.reply(settings, to, "내일이요", "k1")
    assert len(ours(server)) == 1
    assert server.sign_ins == 1


@pytest.mark.parametrize("fault", ["silent", "cut", "junk"])
def test_what_became_of_it_is_read_back(server, settings, fault):
    to = asked(server, settings)
    server.faults = [fault]
    with pytest.raises(ReplyError) as caught:
        CHANNEL.reply(settings, to, "내일이요", "k1")
    assert not isinstance(caught.value, ReplyRejected | ReplyNotAccepted)
    seen = CHANNEL.find(settings, to, "k1")
    assert seen is not None
    assert seen.external_id == ours(server)[0]["uri"]
    assert CHANNEL.find(settings, to, "k2") is None


@pytest.mark.parametrize("status", ["500", "502"])
def test_a_failing_server_may_have_written_it(server, settings, status):
    to = asked(server, settings)
    server.faults = [status]
    with pytest.raises(ReplyError) as caught:
        CHANNEL.reply(settings, to, "네", "k1")
    assert not isinstance(caught.value, ReplyRejected | ReplyNotAccepted)
    assert CHANNEL.find(settings, to, "k1") is None


def test_an_address_that_is_none_is_refused(settings):
    with pytest.raises(ReplyRejected, match="no post"):
        CHANNEL.reply(settings, Address("public", {"shown": "@kim"}, "@kim"), "네", "k1")


def test_names_of_answers_have_the_form_of_all_posts():
    names = {rkey(f"key {number}") for number in range(1000)}
    assert len(names) == 1000
    assert all(len(each) == 13 and each[0] in "234567abcdefghij" for each in names)


def test_it_knows_which_posts_are_gone(server, settings):
    posts = [server.say(f"글 {number}") for number in range(30)]
    gone = {server.posts.pop(3)["uri"], server.posts.pop(-1)["uri"]}
    asked = [Post(each["uri"], {}) for each in posts]
    page = CHANNEL.recheck(settings, asked, Listener(7, datetime.now(UTC)))
    assert set(page.gone) == gone
    assert page.edited is None


def test_it_counts_as_bluesky_does():
    assert isinstance(CHANNEL, Measured)
    for text, counted in {
        "": 0,
        "hello": 5,
        "가" * 300: 300,
        "가족 🇰🇷": 4,
        "👍🏽e\u0301": 2,
        "https://shop.example/" + "x" * 300: 321,
        "👨‍👩‍👧" * 100: 180,
    }.items():
        assert CHANNEL.measure(text) == counted, text
