"""What every installed channel promises, whatever it listens to."""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from peers import (
    bluesky_server,
    kafka_server,
    mastodon_server,
    matrix_server,
    wordpress_api,
    x_server,
)
from peers.mail_server import PASSWORD
from peers.mails import mail
from sori.channels import registry
from sori.channels.contract import (
    Delivery,
    Facts,
    Listener,
    Page,
    Post,
    Pushed,
    Rechecks,
    Replies,
    Rereads,
    Waits,
)
from sori.errors import ChannelError
from sori.mention import HEARD_SCHEMA, REPLY_MODES, mention_key

SECRET_WORDS = ("password", "secret", "token", "key_file", "api_key")


class Place:
    """Somewhere people talk, as a test needs it.

    Attributes:
        settings: reach it.
        wrong: settings that reach nothing.
        fixed: whether what was said there cannot be changed.
    """

    settings: dict[str, Any]
    wrong: dict[str, Any] | None = None
    fixed: bool = False

    def say(self, words: str) -> None:
        raise NotImplementedError

    def poison(self) -> None:
        raise NotImplementedError

    def unsay(self, words: str) -> None:
        raise NotImplementedError

    def reword(self, words: str, other: str) -> None:
        raise NotImplementedError


class FilePlace(Place):
    def __init__(self, tmp_path):
        self.path = tmp_path / "voices.jsonl"
        self.path.touch()
        self.settings = {"path": str(self.path), "format": "jsonl"}
        self.wrong = {"path": str(tmp_path / "nothing")}

    def say(self, words):
        with self.path.open("a") as file:
            file.write(json.dumps({"text": words}) + "\n")

    def poison(self):
        with self.path.open("a") as file:
            file.write("{poison\n")


class FeedPlace(Place):
    """Its poison kills the reader: the whole document is broken, and the next one is good."""

    def __init__(self, web):
        self.items: list[str] = []
        self.poisoned = False
        self.settings = {"url": web.url + "/feed", "allow_private": True}
        self.wrong = {"url": web.url + "/nothing", "allow_private": True}
        web.answers["/feed"] = lambda _: (200, {}, self.document())

    def document(self) -> bytes:
        return f'<rss version="2.0"><channel>{"".join(self.items)}</channel></rss>'.encode()

    def say(self, words):
        self.items.insert(0, f"<item><guid>{words}</guid><description>{words}</description></item>")


class MailPlace(Place):
    def __init__(self, server):
        self.server = server
        self.address = f"{uuid.uuid4().hex[:12]}@shop.test"
        self.settings = {
            "address": self.address,
            "password": PASSWORD,
            "imap_host": "127.0.0.1",
            "imap_port": server.imap_port,
            "imap_security": "none",
        }
        self.wrong = self.settings | {"password": "wrong"}

    def say(self, words):
        self.server.deliver(mail(words, Message_ID=f"<{uuid.uuid4()}@x.test>"), self.address)

    def poison(self):
        parts = b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" * 1_000
        raw = mail(parts, Content_Type='multipart/mixed; boundary="b"')
        self.server.deliver(raw, self.address)


class FormPlace(Place):
    def __init__(self):
        self.settings: dict[str, Any] = {}
        self.sheets: list[Delivery] = []

    def say(self, words):
        self._bring({"text": words})

    def poison(self):
        self._bring({"text": ""})

    def _bring(self, body):
        at = datetime(2026, 11, 23, 11, tzinfo=UTC)
        self.sheets.append(Delivery(f"k{len(self.sheets)}", body, at))


class WishPlace(FormPlace):
    def say(self, words):
        wish = {"title": words, "email": "kim@customer.example", "idea": len(self.sheets)}
        self._bring(wish | {"text": words})


class NaverPlace(Place):
    def __init__(self, search):
        self.search = search
        self.settings = search.settings("말")
        self.wrong = self.settings | {"client_secret": "wrong"}

    def say(self, words):
        self.search.blog(words, title="말")

    def poison(self):
        self.search.posts["blog"].insert(0, {"title": "말", "description": "poison"})


class MastodonPlace(Place):
    """What our account is told there."""

    def __init__(self, server):
        self.server = server
        self.settings = mastodon_server.settings_of(server)
        self.wrong = self.settings | {"access_token": "wrong"}

    def say(self, words):
        self.server.tell(self.server.say(words))

    def poison(self):
        self.server.tell({"id": 5, "uri": "https://x.test/5", "content": None})

    def unsay(self, words):
        self.server.unsay(self._said(words))

    def reword(self, words, other):
        self.server.reword(self._said(words), other)

    def _said(self, words):
        return next(each for each in self.server.statuses if each["source"] == words)


class MatrixPlace(Place):
    """A room of ours there."""

    def __init__(self, server):
        self.server = server
        self.settings = matrix_server.settings_of(server)
        self.wrong = self.settings | {"access_token": "wrong"}

    def say(self, words):
        self.server.say(words)

    def poison(self):
        self.server.events.append({"event_id": "$poison", "type": "m.room.message"})


class WordpressPlace(Place):
    """Comments below its first post."""

    def __init__(self, site):
        self.site = site
        self.settings = wordpress_api.settings_of(site)
        self.wrong = self.settings | {"application_password": "wrong"}

    def say(self, words):
        self.site.comment(words)

    def poison(self):
        self.site.comments.append(
            {"id": 5, "date": self.site.comments[-1]["date"], "content": None}
        )

    def unsay(self, words):
        self.site.comments.remove(self._said(words))

    def reword(self, words, other):
        self._said(words)["content"] = {"rendered": f"<p>{other}</p>"}

    def _said(self, words):
        said = {"rendered": f"<p>{words}</p>\n"}
        return next(one for one in self.site.comments if one["content"] == said)


class XPlace(Place):
    """What names our account there."""

    def __init__(self, server):
        self.server = server
        self.settings = x_server.settings_of(server)
        self.wrong = self.settings | {"bearer_token": "wrong"}

    def say(self, words):
        named = {"entities": {"mentions": [{"id": x_server.US, "username": "shop"}]}}
        self.server.say(words, **named)

    def poison(self):
        self.say("poison")
        self.server.posts[-1]["text"] = None


class BlueskyPlace(Place):
    """What our account is told there."""

    fixed = True

    def __init__(self, server):
        self.server = server
        self.settings = bluesky_server.settings_of(server)
        self.wrong = self.settings | {"app_password": "wrong"}

    def say(self, words):
        self.server.tell(self.server.say(words))

    def poison(self):
        self.server.tell(self.server.say("poison") | {"record": {"text": None}})

    def unsay(self, words):
        self.server.posts.remove(
            next(each for each in self.server.posts if each["record"]["text"] == words)
        )


class KafkaPlace(Place):
    """A topic of one partition."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.topic = f"voices-{uuid.uuid4().hex[:8]}"
        self.settings = cluster.settings(self.topic)
        self.wrong = cluster.settings("nothing")

    def say(self, words):
        self.cluster.say(self.topic, {"text": words})

    def poison(self):
        self.cluster.say(self.topic, b"{poison")


class DropPlace(Place):
    """A folder; each voice is dropped as a file of its own."""

    def __init__(self, folder, monkeypatch):
        monkeypatch.setenv("SORI_DROPS", str(folder))
        self.folder, self.files = folder, 0
        self.settings = {"folder": str(folder), "still": 0}
        self.wrong = {"folder": str(folder / "nothing")}

    def say(self, words):
        self._drop(json.dumps({"text": words}))

    def poison(self):
        self._drop("{poison")

    def _drop(self, content):
        self.files += 1
        (self.folder / f"{self.files}.jsonl").write_text(content)


class DemoPlace(Place):
    """Nobody can say anything here: it invents its voices, in the name of another channel."""

    def __init__(self, tmp_path):
        self.settings = {
            "speaks_as": "email",
            "voices": 200,
            "since": "2026-11-22",
            "anchor": "2026-11-23",
            "outbox": str(tmp_path / "outbox.jsonl"),
        }


@pytest.fixture
def mastodon() -> Iterator[mastodon_server.MastodonServer]:
    with mastodon_server.running() as server:
        yield server


@pytest.fixture
def matrix() -> Iterator[matrix_server.MatrixServer]:
    with matrix_server.running() as server:
        yield server


@pytest.fixture
def wordpress() -> Iterator[wordpress_api.WordpressApi]:
    with wordpress_api.running() as site:
        yield site


@pytest.fixture
def x() -> Iterator[x_server.XServer]:
    with x_server.running() as server:
        yield server


@pytest.fixture
def bluesky() -> Iterator[bluesky_server.BlueskyServer]:
    with bluesky_server.running() as server:
        yield server


@pytest.fixture(scope="session")
def kafka() -> Iterator[kafka_server.Cluster]:
    if not kafka_server.there():
        pytest.skip("NO KAFKA: pip install confluent-kafka")
    with kafka_server.pretended() as cluster:
        yield cluster


@pytest.fixture(params=registry.names())
def name(request) -> str:
    return request.param


@pytest.fixture
def door(name):
    return registry.channel(name)


@pytest.fixture
def place(name, request, tmp_path) -> Place:
    makers = {
        "files": lambda: FilePlace(tmp_path),
        "rss": lambda: FeedPlace(request.getfixturevalue("web")),
        "email": lambda: MailPlace(request.getfixturevalue("dovecot")),
        "webform": FormPlace,
        "portal": WishPlace,
        "naver": lambda: NaverPlace(request.getfixturevalue("naver_search")),
        "calllog": FormPlace,
        "chat": FormPlace,
        "mastodon": lambda: MastodonPlace(request.getfixturevalue("mastodon")),
        "matrix": lambda: MatrixPlace(request.getfixturevalue("matrix")),
        "wordpress": lambda: WordpressPlace(request.getfixturevalue("wordpress")),
        "x": lambda: XPlace(request.getfixturevalue("x")),
        "bluesky": lambda: BlueskyPlace(request.getfixturevalue("bluesky")),
        "kafka": lambda: KafkaPlace(request.getfixturevalue("kafka")),
        "drop": lambda: DropPlace(tmp_path, request.getfixturevalue("monkeypatch")),
        "demo": lambda: DemoPlace(tmp_path),
    }
    assert name in makers, f"give the channel {name} a Place in this file"
    return makers[name]()


def pages(door, place, cursor, listener) -> list[Page]:
    settings = door.Settings(**place.settings)
    if isinstance(door, Pushed):  # the listener keeps the place: a number of deliveries
        done = cursor or 0
        waiting = place.sheets[done : done + 2]
        if not waiting:
            return []
        page = door.read(settings, waiting, listener)._replace(cursor=done + len(waiting))
        return [page, *pages(door, place, page.cursor, listener)]
    return list(door.fetch(settings, cursor, listener))


def names(found: list[Page]) -> list[str]:
    return [each for page in found for each in page.mentions["id"].to_pylist()]


@pytest.fixture
def now(listener) -> Listener:
    return listener._replace(now=datetime.now(UTC) + timedelta(seconds=2))


@pytest.fixture
def spoken(name, place) -> Place:
    if name != "demo":
        for words in ("one", "two", "three", "four", "five"):
            place.say(words)
    return place


def test_it_has_a_name_and_a_sentence_about_itself(name, door):
    assert door.name == name
    assert (type(door).__doc__ or "").strip()
    assert isinstance(door.overlaps, bool)
    assert isinstance(door.direct, bool)


def fields(door) -> Iterator[tuple[str, FieldInfo]]:
    yield from door.Settings.model_fields.items()


def test_it_tells_what_people_should_know_of_it(door):
    facts = door.facts

    assert isinstance(facts, Facts)
    assert facts.history
    assert {facts.edits, facts.deletes} <= {"told", ""}
    for sentence in filter(None, (facts.history, facts.cost, facts.limits)):
        assert sentence.endswith(".")


def test_it_tells_what_became_of_posts(door, spoken, now):
    if not isinstance(door, Rechecks):
        pytest.skip("it cannot be asked")
    found = [row for page in pages(door, spoken, None, now) for row in page.mentions.to_pylist()]
    posts = {
        row["text"]: Post(row["external_id"], json.loads(row["reply_address"])) for row in found
    }
    spoken.unsay("two")
    if not spoken.fixed:
        spoken.reword("four", "vier")

    page = door.recheck(door.Settings(**spoken.settings), list(posts.values()), now)

    assert not page.mentions.num_rows
    assert list(page.gone) == [posts["two"].external_id]
    if spoken.fixed:
        assert page.edited is None
        return
    edited = {row["id"]: row["text"] for row in page.edited.to_pylist()}
    assert edited[next(row["id"] for row in found if row["text"] == "four")] == "vier"
    assert page.edited.schema.equals(HEARD_SCHEMA)


def test_a_form_can_be_drawn_from_its_settings(door):
    schema = door.Settings.model_json_schema()

    assert schema.get("title")
    for word, field in fields(door):
        assert field.title, f"{word} has no title"
        assert schema["properties"][word]["title"] == field.title
    json.dumps(schema)


def test_its_secrets_are_secret(door):
    for word, field in fields(door):
        if any(each in word for each in SECRET_WORDS):
            assert field.annotation is SecretStr, word


def test_it_speaks_the_language_of_the_house(door, spoken, now):
    found = pages(door, spoken, None, now)

    assert sum(page.mentions.num_rows for page in found) >= 5
    for page in found:
        assert page.mentions.schema.equals(HEARD_SCHEMA)
        for row in page.mentions.to_pylist():
            assert row["source"] == now.source
            assert row["channel"] == spoken.settings.get("speaks_as", door.name)
            assert row["heard_at"] == now.now
            assert row["reply_mode"] in REPLY_MODES
            assert row["id"][8:] == mention_key(row["channel"], row["external_id"])
            assert row["reply_mode"] in {"none", "link"} or json.loads(row["reply_address"])
            assert row["extra"] is None or isinstance(json.loads(row["extra"]), dict)


def test_the_same_cursor_brings_the_same(door, spoken, now):
    first, again = pages(door, spoken, None, now), pages(door, spoken, None, now)

    assert names(first) == names(again)
    assert [page.cursor for page in first] == [page.cursor for page in again]
    assert len(names(first)) == len(set(names(first)))


def test_it_goes_on_after_every_cursor(door, spoken, now):
    whole = pages(door, spoken, None, now)

    for at, page in enumerate(whole):
        cursor = json.loads(json.dumps(page.cursor))
        assert cursor == page.cursor
        assert names(pages(door, spoken, cursor, now)) == names(whole[at + 1 :])


def test_it_brings_what_was_said_since(name, door, spoken, now):
    cursor = pages(door, spoken, None, now)[-1].cursor
    if name == "demo":
        found = pages(door, spoken, cursor, now._replace(now=now.now + timedelta(hours=12)))
        assert names(found)
        return
    spoken.say("six")

    found = pages(door, spoken, cursor, now)

    assert [text for page in found for text in page.mentions["text"].to_pylist()] == ["six"]


def test_poison_is_put_aside_and_the_next_voice_is_heard(name, door, place, now, monkeypatch):
    if name in {"demo", "rss"}:
        pytest.skip(f"{name}: see test_rss_reader.py" if name == "rss" else "invents its voices")
    place.say("before")
    place.poison()
    place.say("after")

    found = pages(door, place, None, now)

    texts = [text for page in found for text in page.mentions["text"].to_pylist()]
    broken = [each for page in found for each in page.broken]
    assert texts == ["before", "after"]
    assert len(broken) == 1
    assert broken[0].reason
    assert isinstance(broken[0].raw, bytes)
    if isinstance(door, Rereads):
        again = door.reread(door.Settings(**place.settings), broken[0].raw, now)
        assert len(again.broken) == 1


def test_a_failed_look_is_an_error_that_says_what_to_do(door, place, now):
    if place.wrong is None:
        pytest.skip("it looks nowhere")

    with pytest.raises(ChannelError) as caught:
        list(door.fetch(door.Settings(**place.wrong), None, now))

    assert isinstance(caught.value.permanent, bool)
    assert caught.value.retry_after is None or caught.value.retry_after >= 0
    assert str(caught.value)


def test_its_abilities_are_whole(door):
    for ability, words in (
        (Replies, ("reply", "find")),
        (Waits, ("wait",)),
        (Rereads, ("reread",)),
        (Rechecks, ("recheck",)),
    ):
        has = [hasattr(door, word) for word in words]
        assert all(has) or not any(has)
        assert isinstance(door, ability) == all(has)
