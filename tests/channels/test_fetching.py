import contextlib
import gzip
import socket
import threading
import zlib
from datetime import UTC, datetime

import pytest

from sori.channels.fetching import Limits, fetch, retry_after
from sori.errors import ChannelError

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def get(url: str, **more):
    return fetch(url, allow_private=True, **more)


def test_it_brings_a_body_and_its_headers(web):
    web.answers["/a"] = (200, {"ETag": '"1"'}, "소리".encode())

    answer = get(web.url + "/a")

    assert (answer.status, answer.body.decode(), answer.headers["etag"]) == (200, "소리", '"1"')


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
def test_it_unpacks(web, packing):
    pack = gzip.compress if packing == "gzip" else zlib.compress
    web.answers["/a"] = (200, {"Content-Encoding": packing}, pack(b"x" * 5000))

    assert get(web.url + "/a").body == b"x" * 5000


def test_it_unpacks_a_bomb_no_further_than_the_limit(web):
    web.answers["/bomb"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(bytes(200_000_000), 9))

    with pytest.raises(ChannelError, match="larger than 1,000,000 bytes"):
        get(web.url + "/bomb", limits=Limits(size=1_000_000))


def test_it_refuses_what_is_too_large_or_packed_strangely(web):
    web.answers["/large"] = (200, {}, b"x" * 2000)
    web.answers["/strange"] = (200, {"Content-Encoding": "br"}, b"x")
    web.answers["/lie"] = (200, {"Content-Encoding": "gzip"}, b"not packed")

    for path in ("/large", "/strange", "/lie"):
        with pytest.raises(ChannelError):
            get(web.url + path, limits=Limits(size=1000))


def test_it_follows_a_few_redirects_and_no_circle(web):
    web.answers["/1"] = (302, {"Location": "/2"}, b"")
    web.answers["/2"] = (308, {"Location": web.url + "/3"}, b"")
    web.answers["/3"] = (200, {}, b"there")
    web.answers["/o"] = (301, {"Location": "/o"}, b"")

    assert get(web.url + "/1").url == web.url + "/3"
    with pytest.raises(ChannelError, match="more than 5 times"):
        get(web.url + "/o")
    assert len(web.asked) == 3 + 6


@pytest.mark.parametrize(
    ("status", "permanent"), [(401, True), (403, False), (404, False), (410, True), (500, False)]
)
def test_it_tells_whether_trying_again_is_of_use(web, status, permanent):
    web.answers["/x"] = (status, {}, b"")

    with pytest.raises(ChannelError) as caught:
        get(web.url + "/x")

    assert caught.value.permanent is permanent


@pytest.mark.parametrize("status", [429, 503])
def test_it_passes_on_how_long_to_wait(web, status):
    web.answers["/x"] = (status, {"Retry-After": "120"}, b"")

    with pytest.raises(ChannelError) as caught:
        get(web.url + "/x")

    assert (caught.value.permanent, caught.value.retry_after) == (False, 120)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("Mon, 23 Nov 2026 12:01:30 GMT", 90),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0),
        ("soon", None),
        ("", None),
        (None, None),
        ("-5", None),
        ("9" * 400, 604800),
    ],
)
def test_it_understands_both_forms_of_retry_after(value, seconds):
    assert retry_after(value, NOW) == seconds


@pytest.mark.parametrize("where", ["head", "body"])
def test_it_does_not_wait_for_a_server_that_drips(where):
    door = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def drip():
        place, _ = door.accept()
        with place, contextlib.suppress(OSError):
            place.sendall(b"HTTP/1.1 200 OK\r\n" + (b"\r\n" if where == "body" else b""))
            while not over.wait(0.05):
                place.sendall(b"X-A: b\r\n")

    dripper = threading.Thread(target=drip, daemon=True)
    dripper.start()
    with pytest.raises(ChannelError, match=r"longer than 0\.5 s"):
        get(f"http://127.0.0.1:{door.getsockname()[1]}/", limits=Limits(seconds=0.5))
    over.set()
    dripper.join(5)
    door.close()


def test_it_notices_an_answer_that_was_cut_off(web):
    web.answers["/cut"] = lambda _: (
        200,
        {"Content-Length": "100", "Connection": "close"},
        b"short",
    )

    with pytest.raises(ChannelError):
        get(web.url + "/cut")


def test_it_takes_no_proxy_from_the_environment(web, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    web.answers["/a"] = (200, {}, b"direct")

    assert get(web.url + "/a").body == b"direct"


def test_it_tells_that_nobody_listens():
    with pytest.raises(ChannelError, match="could not be read"):
        get("http://127.0.0.1:1/")
