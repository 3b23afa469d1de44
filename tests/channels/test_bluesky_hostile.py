"""Whatever a stream sends, nothing breaks: what cannot be read is put aside, and we go on."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peers import bluesky_server, stream_server
from peers.bluesky_server import HANDLE
from sori.channels.bluesky import ear as ears
from sori.channels.bluesky.dialects import DIALECTS, Said, Unreadable, genuine, plain, shown
from sori.channels.bluesky.ear import Ear, Position
from sori.channels.bluesky.pages import rows_of
from sori.channels.bluesky.sieve import DEEPEST, Sieve, query
from sori.channels.contract import Listener

pytestmark = pytest.mark.skipif(
    not stream_server.there(), reason="NO STREAM: pip install websockets libipld"
)
HERE = Listener(7, datetime(2026, 11, 28, tzinfo=UTC))
ME = "did:plc:us"

leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.text(max_size=20)
    | st.binary(max_size=20)
    | st.sampled_from([ME, f"at://{ME}/app.bsky.feed.post/1", "did", "ko", "텀블러"])
)
names = st.sampled_from(
    [
        "text",
        "reply",
        "parent",
        "root",
        "uri",
        "cid",
        "facets",
        "features",
        "index",
        "did",
        "embed",
        "record",
        "images",
        "alt",
        "langs",
        "tags",
        "createdAt",
        "$type",
        "byteStart",
    ]
)
anything = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=6),
    max_leaves=25,
)
fields = st.sampled_from(
    [
        "seq",
        "repo",
        "ops",
        "blocks",
        "time",
        "commit",
        "did",
        "time_us",
        "kind",
        "t",
        "op",
        "collection",
        "operation",
        "rkey",
        "path",
        "action",
        "record",
    ]
)


class Script:
    """A line that brings what a test wrote down."""

    def __init__(self, messages: list[bytes]) -> None:
        self.messages = messages

    def next(self, _seconds: float) -> bytes | None:
        return self.messages.pop(0) if self.messages else None

    def close(self) -> None:
        pass


def good(kind: str, number: int) -> bytes:
    """A message that somebody names us."""
    network = bluesky_server.BlueskyServer(1)
    network.count = number
    post = network.say(f"@{HANDLE} 안녕 {number}")
    make = {"firehose": stream_server.firehose_frame, "jetstream": stream_server.jetstream_message}
    return make[kind](1_000 + number, post, "create")


def heard(kind: str, messages: list[bytes]) -> Ear:
    sieve = Sieve(bluesky_server.BlueskyServer(1).us["did"], ["텀블러"], addressed=True)
    ear = Ear(Script(messages), DIALECTS[kind], sieve, Position("x", 1), [])  # type: ignore[arg-type]
    for _ in range(10):
        ear.listen(0.01)
    return ear


def read(kind: str, raw: bytes) -> Said | None:
    try:
        return DIALECTS[kind].read(raw)
    except Unreadable:
        return None


@pytest.mark.parametrize("kind", stream_server.KINDS)
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_good_message_that_was_bent_is_read_or_put_aside(kind, data):
    raw = bytearray(good(kind, 1))
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    bent = bytes(raw)[: data.draw(st.integers(0, len(raw)))]

    ear = heard(kind, [bent, good(kind, 2)])

    assert ear.position.after is not None or ear.trouble
    assert len(ear.batch.broken) <= 1
    if not ear.trouble:
        assert any("안녕 2" in post.record["text"] for post, _ in ear.batch.posts.values())


@pytest.mark.parametrize("kind", stream_server.KINDS)
@settings(max_examples=100, deadline=None)
@given(raw=st.binary(max_size=300))
def test_any_bytes_are_read_or_put_aside(kind, raw):
    read(kind, raw)


@settings(max_examples=100, deadline=None)
@given(
    head=st.dictionaries(fields, anything, max_size=3),
    body=st.dictionaries(fields, anything, max_size=8),
    kind=st.sampled_from(["#commit", "#info", "#sync", "#account", ""]),
)
def test_any_frame_of_the_firehose_is_read_or_put_aside(head, body, kind):
    import libipld

    try:
        raw = libipld.encode_dag_cbor({"op": 1, "t": kind} | head)
        raw += libipld.encode_dag_cbor({"seq": 5, "repo": "did:plc:x"} | body)
    except (ValueError, OverflowError):
        return  # the test itself cannot write this down
    read("firehose", raw)


@settings(max_examples=100, deadline=None)
@given(told=st.dictionaries(fields, anything, max_size=8))
def test_any_message_of_jetstream_is_read_or_put_aside(told):
    read("jetstream", json.dumps({"time_us": 5} | told, default=str).encode("utf-8", "replace"))


@settings(max_examples=150, deadline=None)
@given(record=anything)
def test_any_record_is_kept_or_not_and_shown_or_put_aside(record):
    sieve = Sieve(ME, ["텀블러", "#ko"], addressed=True)
    sieve.keeps("did:plc:x", record)
    post = ears.Written("at://did:plc:x/app.bsky.feed.post/1", "bafy", "did:plc:x", record)
    genuine(post)
    rows, broken = rows_of([shown(post, None, {})], ME, HERE)
    assert len(rows) + len(broken) == 1


def test_what_is_deeper_than_any_record_is_put_aside():
    deep: dict = {"text": "텀블러"}
    for _ in range(200):
        deep = {"embed": deep, "text": "텀블러"}
    assert Sieve(ME, ["텀블러"], addressed=True).keeps("did:plc:x", deep)
    with pytest.raises(Unreadable):
        plain(deep)
    assert DEEPEST < 200
    for kind, raw in (("firehose", b"\x81" * 100_000), ("jetstream", b"[" * 100_000)):
        assert read(kind, raw) is None


@pytest.mark.parametrize("kind", stream_server.KINDS)
def test_memory_is_bounded_however_much_is_ours(kind, monkeypatch):
    monkeypatch.setattr(ears, "MOST_BYTES", 10_000)
    ear = heard(kind, [good(kind, number) for number in range(2_000)])
    assert ear.batch.full
    assert len(ear.batch.posts) < 100
    assert len(ear.known) <= ears.REMEMBERED


@settings(max_examples=100, deadline=None)
@given(words=st.text(max_size=50))
def test_any_words_are_a_search_or_refused(words):
    try:
        found = query(words)
    except ValueError:
        return
    assert found.has or found.tags


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("텀블러", "새 텀블러예요", True),
        ("텀블러", "새 텀블러예요".encode().decode(), True),
        ("텀블러", "새 \u1110\u1165\u11b7블러", True),
        ("Sori Telecom", "SORI의 telecom", True),
        ("sori telecom", "sori", False),
        ('"배송이 늦"', "배송이 늦네", True),
        ('"배송이 늦"', "배송이 너무 늦네", False),
        ("sori -광고", "sori 광고", False),
        ('sori -"공짜 쿠폰"', "sori 공짜 쿠폰", False),
        ("#텀블러", "이거 #텀블러 좋다", True),
        ("#텀블러", "텀블러", False),
        ("sori lang:ko", "sori", True),
        ("sori lang:en", "sori", False),
    ],
)
def test_searches_mean_what_they_mean_there(words, text, found):
    sieve = Sieve(ME, [words], addressed=False)
    assert sieve.keeps("did:plc:x", {"text": text, "langs": ["ko-KR"]}) is found


def test_links_captions_and_tags_are_searched_too():
    sieve = Sieve(ME, ["sori.example", "깨진", "#불만"], addressed=False)
    link = {"index": {}, "features": [{"uri": "https://sori.example/a"}]}
    for record in (
        {"text": "여기", "facets": [link]},
        {"text": "", "embed": {"images": [{"alt": "깨진 컵"}]}},
        {"text": "", "tags": ["불만"]},
    ):
        assert sieve.keeps("did:plc:x", record)
