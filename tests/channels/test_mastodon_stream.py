"""What a Mastodon server tells at once: when to look, and what was edited or deleted."""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brought import edited, gone, texts
from peers import mastodon_server
from peers.mastodon_server import MastodonServer, settings_of
from sori.channels.eventstream import Event
from sori.channels.mastodon import ear as ears
from sori.channels.mastodon import live
from sori.channels.mastodon.door import Mastodon
from sori.channels.mastodon.ear import Ear
from sori.errors import ChannelError

MASTODON = Mastodon()


@pytest.fixture
def server(monkeypatch) -> Iterator[MastodonServer]:
    monkeypatch.setattr(ears, "SECONDS_A_CALL", 0.0)
    with mastodon_server.running() as place:
        yield place
        live.shelf.clear()


def chosen(server, **more):
    return MASTODON.Settings(**settings_of(server, **more))


def pages(server, here, cursor=None, **more):
    return list(MASTODON.fetch(chosen(server, **more), cursor, here))


def listening(server, here, **more) -> Any:
    """The cursor of somebody whose stream is open, and who has looked since it was opened."""
    server.say("@shop 처음")
    cursor = pages(server, here, **more)[-1].cursor
    assert MASTODON.wait(chosen(server, **more), cursor, 5)  # nobody knows what happened before
    assert pages(server, here, cursor, **more) == []
    return cursor


def waited(server, cursor, seconds=0.6, **more) -> bool | None:
    return MASTODON.wait(chosen(server, **more), cursor, seconds)


def wait_often(server) -> None:
    for _ in range(5):
        waited(server, None, 2)


def test_who_waits_is_told_at_once(server, here):
    cursor = listening(server, here)
    told: list[float] = []

    def wait() -> None:
        if waited(server, cursor, 10):
            told.append(time.monotonic())

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.4)
    start = time.monotonic()
    server.say("@shop 지금 문 열었나요")
    thread.join(10)

    assert told[0] - start < 2
    assert texts(pages(server, here, cursor)) == ["@shop 지금 문 열었나요"]
    assert server.opened == 1


def test_what_is_said_to_others_wakes_nobody(server, here):
    cursor = listening(server, here)
    server.say("아무 말")
    server.say("@lee 안녕", "park")
    server.say("우리 소식", "shop")
    server.event("filters_changed", "")
    server.event("notification", {"type": "favourite", "status": {}})
    assert not waited(server, cursor)
    assert pages(server, here, cursor) == []


def test_hashtags_and_the_server_itself_wake_whoever_hears_them(server, here):
    cursor = listening(server, here, hashtags=["Sori"])
    server.say("#sori 좋네요")
    assert waited(server, cursor, hashtags=["Sori"])
    live.shelf.clear()

    cursor = listening(server, here, local=True)
    server.say("이 동네 이야기")
    assert waited(server, cursor, local=True)


def test_an_edit_and_a_deletion_are_brought_at_the_next_look(server, here):
    cursor = listening(server, here)
    kept, taken = server.say("@shop 하나"), server.say("@shop 둘")
    found = pages(server, here, cursor)
    cursor = found[-1].cursor
    assert texts(found) == ["@shop 하나", "@shop 둘"]
    assert waited(server, cursor)

    server.reword(kept, "@shop 하나, 고침")
    assert waited(server, cursor)
    found = pages(server, here, cursor)
    assert (edited(found), gone(found), texts(found)) == (["@shop 하나, 고침"], [], [])
    assert found[0].edited["external_id"].to_pylist() == [kept["uri"]]

    cursor = found[-1].cursor
    server.unsay(taken)
    assert waited(server, cursor)
    found = pages(server, here, cursor)
    assert (edited(found), gone(found)) == ([], [taken["uri"]])
    assert pages(server, here, found[-1].cursor) == []


def test_whoever_edits_our_name_away_is_edited_too(server, here):
    cursor = listening(server, here)
    said = server.say("@shop 하나")
    cursor = pages(server, here, cursor)[-1].cursor
    server.reword(said, "아무것도 아니에요")
    said["mentions"] = []
    server.event("status.update", said)
    waited(server, cursor)
    assert edited(pages(server, here, cursor)) == ["아무것도 아니에요"]


def test_what_was_not_heard_here_is_neither_edited_nor_deleted(server, here):
    cursor = listening(server, here)
    other = server.say("남의 글", "lee")
    ours = server.say("우리 글", "shop")
    server.reword(other, "남의 글, 고침")
    server.reword(ours, "우리 글, 고침")
    server.unsay(other)
    server.unsay(ours)
    assert not waited(server, cursor)
    assert pages(server, here, cursor) == []


def test_an_edit_by_notice_counts_as_one(server, here):
    cursor = listening(server, here)
    said = server.say("@shop 하나")
    cursor = pages(server, here, cursor)[-1].cursor
    changed = said | {"content": "<p>@shop 고침</p>"}
    server.event("notification", {"type": "update", "id": "1", "status": changed})
    assert waited(server, cursor)
    assert edited(pages(server, here, cursor)) == ["@shop 고침"]


def test_what_is_edited_and_then_deleted_is_only_deleted(server, here):
    cursor = listening(server, here)
    said = server.say("@shop 하나")
    cursor = pages(server, here, cursor)[-1].cursor
    server.reword(said, "@shop 고침")
    server.unsay(said)
    waited(server, cursor)
    waited(server, cursor)  # on a slow machine the deletion comes a moment behind the edit
    found = pages(server, here, cursor)
    assert (edited(found), gone(found)) == ([], [said["uri"]])


def test_what_is_said_and_deleted_between_two_looks_is_never_brought(server, here):
    cursor = listening(server, here)
    server.unsay(server.say("@shop 잘못"))
    waited(server, cursor)
    assert pages(server, here, cursor) == []


def test_what_was_said_while_the_stream_was_away_is_brought_all_the_same(server, here):
    cursor = listening(server, here)
    live.shelf.clear()
    server.say("@shop 밤사이")
    server.refuses = (503, {})
    with pytest.raises(ChannelError, match="503"):
        waited(server, cursor)
    found = pages(server, here, cursor)
    assert texts(found) == ["@shop 밤사이"]

    server.refuses = None
    server.say("@shop 아침")
    assert waited(server, found[-1].cursor)
    assert texts(pages(server, here, found[-1].cursor)) == ["@shop 아침"]


def test_a_page_that_is_left_is_brought_again(server, here):
    cursor = listening(server, here)
    said = server.say("@shop 하나")
    cursor = pages(server, here, cursor)[-1].cursor
    server.unsay(said)
    waited(server, cursor)

    look = MASTODON.fetch(chosen(server), cursor, here)
    assert next(look).gone == [said["uri"]]
    look.close()

    assert gone(pages(server, here, cursor)) == [said["uri"]]


def test_a_stream_that_breaks_keeps_what_it_told_and_is_opened_anew(server, here, monkeypatch):
    monkeypatch.setattr(live, "YOUNG", 0.0)
    cursor = listening(server, here)
    said = server.say("@shop 하나")
    cursor = pages(server, here, cursor)[-1].cursor
    assert waited(server, cursor)
    server.cut = 0
    server.unsay(said)
    assert waited(server, cursor, 5)
    server.cut = None
    assert waited(server, cursor, 5)
    assert gone(pages(server, here, cursor)) == [said["uri"]]
    assert server.opened == 2


def test_a_stream_that_ends_as_soon_as_it_is_open_is_left_alone(server, here):
    server.cut = 0
    with pytest.raises(ChannelError):
        wait_often(server)
    assert server.opened <= 2


def test_who_waits_makes_way_for_a_look(server, here):
    cursor = listening(server, here)
    waiting = threading.Thread(target=waited, args=(server, cursor, 20))
    waiting.start()
    time.sleep(0.4)
    start = time.monotonic()
    pages(server, here, cursor)
    assert time.monotonic() - start < 2
    waiting.join(5)
    assert not waiting.is_alive()
    assert server.opened == 1


def test_looks_are_no_closer_together_than_their_calls_may_be(server, here, monkeypatch):
    monkeypatch.setattr(ears, "SECONDS_A_CALL", 0.5)
    cursor = listening(server, here)
    server.say("@shop 하나")
    start = time.monotonic()
    assert waited(server, cursor, 10)
    assert 0.8 < time.monotonic() - start < 3


def test_a_stream_without_a_sign_of_life_is_given_up(server, here, monkeypatch):
    monkeypatch.setattr(ears, "SILENT", 0.2)
    with pytest.raises(ChannelError, match="silent"):
        wait_often(server)


def test_whoever_does_not_want_it_does_not_have_it(server, here):
    cursor = pages(server, here, live=False)
    assert waited(server, cursor, 20, live=False) is None
    assert server.opened == 0


@pytest.mark.parametrize(
    "said", [None, 5, "", "javascript:x", "ws://me:pw@10.0.0.1/", "x" * 9999, {"a": 1}]
)
def test_a_server_that_does_not_say_where_is_asked_itself(server, here, said):
    server.streams = said
    listening(server, here)
    assert server.opened == 1


def test_a_sealed_server_does_not_send_our_token_in_the_open(server, here, monkeypatch):
    asked: list[str] = []
    told = {"urls": {"streaming_api": "ws://10.0.0.1"}}
    monkeypatch.setattr(live.api, "ask", lambda *_: told)
    monkeypatch.setattr(live.eventstream, "dial", lambda url, **_: asked.append(url))
    sealed = chosen(server, instance="https://social.example")
    live._opened(sealed, "1", None)
    assert asked == ["https://social.example/api/v1/streaming/user"]


def test_the_newest_are_remembered_and_no_more(server, here, monkeypatch):
    monkeypatch.setattr(live, "MOST_KNOWN", 5)
    for number in range(9):
        server.say(f"@shop {number}")
    server.say("#우리가게 우리 글", "shop")
    cursor = pages(server, here, hashtags=["우리가게"])[-1].cursor
    assert len(cursor["known"]) == 5
    assert list(cursor["known"].values())[-1].startswith(server.url + "/users/kim/")


class Script:
    """A stream that brings what a test wrote down."""

    def __init__(self, events: list[Event]) -> None:
        self.events, self.heard_at = events, time.monotonic()

    def next(self, _seconds: float) -> Event | None:
        return self.events.pop(0) if self.events else None

    def close(self) -> None:
        pass


def heard(events: list[Event]) -> Ear:
    chosen = MASTODON.Settings(
        instance="https://social.example", access_token="x", hashtags=["a"], local=True
    )
    ear = Ear(Script(events), chosen, "1")
    ear.news = False
    for _ in range(3):
        ear.listen(0.01)
    return ear


leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.just("1")
fields = st.sampled_from(
    ["id", "uri", "type", "status", "account", "acct", "content", "visibility", "tags", "mentions"]
)
anything = st.recursive(
    leaves,
    lambda one: st.lists(one, max_size=3) | st.dictionaries(fields, one, max_size=8),
    max_leaves=20,
)
kinds = st.sampled_from(["update", "notification", "status.update", "delete", "message", ""])


@settings(max_examples=200, deadline=None)
@given(told=st.lists(st.tuples(kinds, anything | st.text(max_size=30)), max_size=5))
def test_whatever_it_tells_nothing_breaks_and_the_next_is_heard(told):
    bent = [Event(kind, what if isinstance(what, str) else json.dumps(what)) for kind, what in told]
    named = Event("notification", json.dumps({"type": "mention"}))
    ear = heard([*bent, named])
    assert ear.news
    assert ear.trouble is None


def test_what_is_too_deep_is_passed_over():
    assert not heard(
        [Event("update", "[" * 100_000), Event("status.update", '{"a":' * 99_999)]
    ).news


def test_memory_is_bounded_however_much_it_tells(monkeypatch):
    monkeypatch.setattr(ears, "MOST_BYTES", 100_000)
    status = mastodon_server.MastodonServer(1).say("@shop " + "가" * 500)
    edits = [
        Event("status.update", json.dumps(status | {"id": str(number)})) for number in range(999)
    ]
    deletes = [Event("delete", str(number)) for number in range(5_000, 7_500)]
    ear = heard([*edits, *deletes])
    assert 0 < len(ear.edits) < 60
    assert len(ear.gone) == ears.MOST_GONE
    assert "998" in ear.edits
    assert "7499" in ear.gone
