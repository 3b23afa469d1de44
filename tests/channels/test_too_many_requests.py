"""A place that asks to be left alone is left alone: in each of the ways that channels are told."""

import http.server
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from peers.places import SETTINGS
from sori import flow
from sori.channels import registry
from sori.errors import ChannelError
from sori.listen.models import Source
from sori.listen.polling import PATIENCE, claim_due
from sori.listen.services import add_source
from sori.listen.waiting import Watch
from waiting import wait_until

pytestmark = pytest.mark.django_db

SECONDS = 3_600


class Refusing:
    """A web server that answers every question in one way.

    Attributes:
        asked: how many questions came.
        answer: status, headers and body.
    """

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.asked = 0
        self.answer: tuple[int, dict[str, str], bytes] = (429, {}, b"")


@pytest.fixture
def place() -> Iterator[Refusing]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            refusing.asked += 1
            status, headers, body = refusing.answer
            self.send_response_only(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    refusing = Refusing(server.server_port)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield refusing
    server.shutdown()
    server.server_close()
    thread.join(5)


ELSEWHERE = {"drop", "kafka", "files", "webform", "calllog", "chat", "portal", "demo", "email"}
"""Channels without a web server that could refuse; a mailbox says NO, and is tried again."""


def soon() -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=SECONDS)


def told_in_seconds() -> tuple[dict[str, str], bytes]:
    return {"Retry-After": str(SECONDS)}, b""


def told_as_a_date() -> tuple[dict[str, str], bytes]:
    return {"Retry-After": format_datetime(soon(), usegmt=True)}, b""


def mastodon_s_way() -> tuple[dict[str, str], bytes]:
    return {"X-RateLimit-Reset": soon().isoformat().replace("+00:00", "Z")}, b"{}"


def x_s_way() -> tuple[dict[str, str], bytes]:
    return {"x-rate-limit-reset": str(int(soon().timestamp()))}, b"{}"


def bluesky_s_way() -> tuple[dict[str, str], bytes]:
    return {"ratelimit-reset": str(int(soon().timestamp()))}, b"{}"


def matrix_s_way() -> tuple[dict[str, str], bytes]:
    told = {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": SECONDS * 1000}
    return {}, json.dumps(told).encode()


WAYS = [
    *((name, way) for name in SETTINGS for way in (told_in_seconds, told_as_a_date)),
    ("mastodon", mastodon_s_way),
    ("x", x_s_way),
    ("bluesky", bluesky_s_way),
    ("matrix", matrix_s_way),
]


def connected(name: str, place: Refusing) -> Source:
    at = SimpleNamespace(url=place.url)
    return add_source(name="place", channel=name, settings=SETTINGS[name](at))


def test_every_channel_is_here():
    installed = {name for name in registry.names() if not name.startswith("toy")}
    assert installed <= set(SETTINGS) | ELSEWHERE


@pytest.mark.parametrize(("name", "way"), WAYS)
def test_it_is_asked_again_when_its_time_has_come_and_not_before(home, place, name, way):
    source = connected(name, place)
    begun = timezone.now()
    place.answer = (429, *way())

    flow.turn(source)
    asked = place.asked
    while flow.turn_due():
        pass

    source.refresh_from_db()
    assert asked >= 1
    assert place.asked == asked
    assert source.state == Source.State.ACTIVE
    assert source.due_at >= begun + timedelta(seconds=SECONDS - 2)
    assert claim_due() == []
    Source.objects.update(due_at=timezone.now())
    assert flow.turn_due() == 1
    assert place.asked > asked


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize(("status", "passing"), [(401, False), (503, True)])
def test_it_tells_what_passes_from_what_does_not(home, place, name, status, passing):
    source = connected(name, place)
    place.answer = (status, {}, b"{}")

    flow.turn(source)

    source.refresh_from_db()
    assert source.state == (Source.State.ACTIVE if passing else Source.State.BROKEN)
    assert source.failures == 1


def test_a_week_is_the_longest_it_is_left_alone(home, place):
    source = connected("rss", place)
    place.answer = (429, {"Retry-After": "99999999"}, b"")

    flow.turn(source)

    source.refresh_from_db()
    left_alone = (source.due_at - timezone.now()).total_seconds()
    assert PATIENCE - 5 <= left_alone <= PATIENCE + 5


class Waiting:
    """A channel that is asked by waiting, and asks to be left alone."""

    def __init__(self, error: ChannelError) -> None:
        self.error, self.waited = error, 0

    def wait(self, settings: Any, cursor: Any, seconds: float) -> bool:  # noqa: ARG002
        self.waited += 1
        raise self.error


@pytest.fixture
def waits(monkeypatch) -> Waiting:
    door = registry.channel("matrix")
    waiting = Waiting(ChannelError("too much", retry_after=SECONDS))
    monkeypatch.setattr(door, "wait", waiting.wait, raising=False)
    return waiting


def looked_round(watch: Watch) -> None:
    watch.look_round()
    wait_until(lambda: not any(one.is_alive() for one in watch._waiting.values()))


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_at_a_door_that_asked_to_be_left_alone(home, place, waits):
    source = connected("matrix", place)
    watch = Watch()

    for _ in range(3):
        looked_round(watch)

    source.refresh_from_db()
    assert waits.waited == 1
    assert source.due_at >= timezone.now() + timedelta(seconds=SECONDS - 5)
    assert claim_due() == []


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_at_a_door_whose_visit_failed(home, place, waits):
    source = connected("matrix", place)
    place.answer = (429, *told_in_seconds())
    flow.turn(source)

    looked_round(Watch())

    assert waits.waited == 0


@pytest.mark.django_db(transaction=True)
def test_no_thread_is_held_where_there_is_nothing_to_wait_for(home, place, monkeypatch):
    asked: list[float] = []

    def wait(settings: Any, cursor: Any, seconds: float) -> None:
        asked.append(seconds)

    monkeypatch.setattr(registry.channel("matrix"), "wait", wait, raising=False)
    source = connected("matrix", place)
    watch = Watch()

    for _ in range(3):
        looked_round(watch)

    source.refresh_from_db()
    assert len(asked) == 1
    assert source.failures == 0
