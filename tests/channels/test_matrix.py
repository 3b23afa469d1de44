"""What is said in rooms of Matrix: once each, with its thread; edits and what was taken back."""

import json
from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from peers import matrix_server
from peers.matrix_server import ROOM, US, MatrixServer, settings_of
from sori.channels.contract import Address
from sori.channels.matrix.door import Matrix
from sori.errors import ChannelError, ReplyError, ReplyNotAccepted, ReplyRejected

MATRIX = Matrix()


@pytest.fixture
def server() -> Iterator[MatrixServer]:
    with matrix_server.running() as place:
        yield place


def pages(server, here, cursor=None, **more):
    return list(MATRIX.fetch(MATRIX.Settings(**settings_of(server, **more)), cursor, here))


def rows(found):
    return [row for page in found for row in page.mentions.to_pylist()]


def to(event, **more) -> Address:
    address = {"room": ROOM, "event": event["event_id"], "user": event["sender"], "shown": "x"}
    return Address("public", address | more, "x")


def reply(server, event, text="확인해 볼게요.", key="key-1", **more):
    return MATRIX.reply(MATRIX.Settings(**settings_of(server)), to(event, **more), text, key)


def test_it_hears_what_is_said_in_a_room(server, here):
    said = server.say("결제가 두 번 됐어요")
    (row,) = rows(pages(server, here))

    assert row["external_id"] == said["event_id"]
    assert row["text"] == "결제가 두 번 됐어요"
    assert (row["author_id"], row["author_name"]) == ("@kim:matrix.test", "kim 님")
    assert (row["title"], row["thread_id"]) == ("고객센터", ROOM)
    assert row["addressed"]
    assert row["public"]
    assert row["reply_mode"] == "public"


def test_a_room_that_asks_for_an_invitation_is_private(server, here):
    server.rule = "invite"
    server.say("안녕하세요")
    (row,) = rows(pages(server, here))

    assert (row["public"], row["reply_mode"]) == (False, "private")


def test_in_other_peoples_rooms_only_what_names_us_is_said_to_us(server, here):
    server.say("우리끼리 하는 말")
    server.say("이것 좀 봐 주세요", **{"m.mentions": {"user_ids": [US]}})
    server.say(f"{US} 예전 방식으로 부르기")

    found = [row["addressed"] for row in rows(pages(server, here, ours=False))]
    assert found == [False, True, True]


def test_our_own_words_are_no_voices(server, here):
    server.say("안내 말씀", US)

    assert rows(pages(server, here)) == []


def test_a_thread_is_one_conversation(server, here):
    first = server.say("첫 글")
    told = {"rel_type": "m.thread", "event_id": first["event_id"], "is_falling_back": True}
    server.say("이어서", **{"m.relates_to": told | {"m.in_reply_to": {"event_id": "$other"}}})
    server.say("인용", **{"m.relates_to": {"m.in_reply_to": {"event_id": first["event_id"]}}})

    _, threaded, quoting = rows(pages(server, here))
    assert (threaded["thread_id"], threaded["parent_id"]) == (first["event_id"],) * 2
    assert (quoting["thread_id"], quoting["parent_id"]) == (ROOM, first["event_id"])


def test_it_reads_a_gap_back_to_where_it_was(server, here):
    server.say("처음")
    (page,) = pages(server, here)
    server.at_once = 3
    for number in range(250):
        server.say(f"글 {number}")

    found = rows(pages(server, here, page.cursor))

    assert [row["text"] for row in found] == [f"글 {number}" for number in range(250)]


def test_it_tells_edits_and_what_was_taken_back(server, here):
    first, second = server.say("하나"), server.say("둘")
    (page,) = pages(server, here)
    server.reword(first, "하나 고침")
    server.unsay(second)

    (after,) = pages(server, here, page.cursor)

    assert after.mentions.num_rows == 0
    assert after.edited is not None
    (edited,) = after.edited.to_pylist()
    assert (edited["external_id"], edited["text"]) == (first["event_id"], "하나 고침")
    assert edited["id"] == page.mentions["id"][0].as_py()
    assert list(after.gone) == [second["event_id"]]


def test_nobody_edits_what_somebody_else_said(server, here):
    first = server.say("내 말")
    (page,) = pages(server, here)
    server.reword(first, "바꿔치기", "lee")

    (after,) = pages(server, here, page.cursor)

    assert after.edited is None
    assert after.mentions.num_rows == 0


def test_what_is_encrypted_is_put_aside(server, here):
    server.happen("m.room.encrypted", {"ciphertext": "x"})
    (page,) = pages(server, here)

    assert [each.reason for each in page.broken] == ["it is encrypted, so nobody here can read it"]


def test_a_picture_is_heard_by_its_name(server, here):
    server.say("화면.png", msgtype="m.image")

    assert rows(pages(server, here))[0]["text"] == "[image] 화면.png"


def test_it_answers_in_the_thread_and_names_who_asked(server):
    first = server.say("언제 오나요?")
    sent = reply(server, first, root=first["event_id"])

    ours = server.events[-1]
    assert sent.external_id == ours["event_id"]
    assert ours["content"]["m.relates_to"] == {
        "rel_type": "m.thread",
        "event_id": first["event_id"],
        "is_falling_back": False,
        "m.in_reply_to": {"event_id": first["event_id"]},
    }
    assert ours["content"]["m.mentions"] == {"user_ids": ["@kim:matrix.test"]}


def test_the_same_key_says_it_once(server):
    first = server.say("언제 오나요?")

    assert reply(server, first).external_id == reply(server, first).external_id
    assert len(server.events) == 2


def test_it_finds_its_answer_after_the_server_fell_silent(server):
    first = server.say("언제 오나요?")
    server.after = "silent"
    with pytest.raises(ReplyError) as caught:
        reply(server, first)
    settings = MATRIX.Settings(**settings_of(server))

    found = MATRIX.find(settings, to(first), "key-1")

    assert not isinstance(caught.value, ReplyNotAccepted | ReplyRejected)
    assert found is not None
    assert found.external_id == server.events[-1]["event_id"]
    assert MATRIX.find(settings, to(first), "key-2") is None


@pytest.mark.parametrize(
    ("status", "headers", "body", "kind", "wait"),
    [
        (429, {"Retry-After": "7"}, {}, ReplyNotAccepted, 7),
        (429, {}, {"retry_after_ms": 2500}, ReplyNotAccepted, 2.5),
        (403, {}, {"errcode": "M_FORBIDDEN"}, ReplyRejected, None),
        (413, {}, {"errcode": "M_TOO_LARGE"}, ReplyRejected, None),
        (502, {}, {}, ReplyError, None),
    ],
)
def test_it_says_what_a_refusal_means(server, status, headers, body, kind, wait):
    first = server.say("언제 오나요?")
    server.refusal = (status, headers, body)

    with pytest.raises(ReplyError) as caught:
        reply(server, first)

    assert type(caught.value) is kind
    assert getattr(caught.value, "retry_after", None) == wait


@pytest.mark.parametrize(
    ("status", "permanent"), [(401, True), (403, True), (429, False), (500, False), (301, True)]
)
def test_a_failed_look_says_whether_to_try_again(server, here, status, permanent):
    server.refusal = (status, {}, {"errcode": "M_X", "error": "no", "retry_after_ms": 1000})

    with pytest.raises(ChannelError) as caught:
        pages(server, here)

    assert caught.value.permanent is permanent
    assert "M_X no" in str(caught.value)


def test_it_can_wait_for_news(server, here):
    server.say("처음")
    (page,) = pages(server, here)
    settings = MATRIX.Settings(**settings_of(server))

    assert MATRIX.wait(settings, page.cursor, 0.1) is False
    server.say("새 글")
    assert MATRIX.wait(settings, page.cursor, 0.1) is True


@pytest.mark.parametrize(
    "wrong",
    [
        {"homeserver": "http://x.test", "allow_private": False},
        {"homeserver": "https://a@x.test"},
        {"rooms": ["#alias:x.test"]},
    ],
)
def test_it_asks_for_settings_that_will_do(wrong):
    with pytest.raises(ValidationError):
        MATRIX.Settings(**({"homeserver": "https://x.test", "access_token": "x"} | wrong))


def test_hostile_events_break_nothing(server, here):
    server.say("처음")
    for content in ({"body": 5}, {"m.relates_to": "x"}, {"m.new_content": []}, {"msgtype": []}):
        server.happen("m.room.message", content)
    server.events.append({"event_id": ["no", "name"]})
    server.events.append({"event_id": "$x", "sender": "@a:b", "type": "m.room.message"})
    server.say("나중")

    (page,) = pages(server, here)

    texts = page.mentions["text"].to_pylist()
    assert (texts[0], texts[-1]) == ("처음", "나중")
    assert len(page.broken) == 2
    assert json.dumps(page.cursor)
