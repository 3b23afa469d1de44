"""What the tests of the channels share: a moment, a web server of their own, a mail server."""

import http.server
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from peers import mail_server, naver
from sori.channels import fetching
from sori.channels.contract import Listener

FAR = "127.0.0.9"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def listener() -> Listener:
    return Listener(7, NOW)


@pytest.fixture
def here() -> Listener:
    """Who looks at a peer that tells the time of day: a little later, so all of it has been."""
    return Listener(7, datetime.now(UTC) + timedelta(seconds=2))


@pytest.fixture
def cpu_ratio() -> Callable[[Callable[[int], Any], int, int], float]:
    """How many times as much CPU the larger task costs, at best of three."""

    def cost(task: Callable[[int], Any], size: int) -> float:
        costs = []
        for _ in range(3):
            start = time.process_time()
            task(size)
            costs.append(time.process_time() - start)
        return min(costs)

    def ratio(task: Callable[[int], Any], small: int, large: int) -> float:
        return cost(task, large) / max(cost(task, small), 0.001)

    return ratio


class Web:
    """A web server whose answers a test decides, path by path.

    Attributes:
        asked: every request, as (path, headers).
        answers: path -> (status, headers, body) or a function of the request's headers to that.
    """

    def __init__(self, server: http.server.ThreadingHTTPServer) -> None:
        self.server = server
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.answers: dict[str, Any] = {}

    @property
    def url(self) -> str:
        return "http://{}:{}".format(*self.server.server_address[:2])


@contextmanager
def serving(host: str) -> Iterator[Web]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            place.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
            answer = place.answers.get(self.path, (404, {}, b"nothing here"))
            if callable(answer):
                answer = answer(place.asked[-1][1])
            status, headers, body = answer
            self.send_response_only(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)  # buffered: head and body in one packet

        wbufsize = -1

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer((host, 0), Handler)
    server.daemon_threads = True
    place = Web(server)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield place
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def web() -> Iterator[Web]:
    with serving("127.0.0.1") as place:
        yield place


@pytest.fixture
def naver_search() -> Iterator[naver.NaverSearch]:
    with naver.searching() as place:
        yield place


@pytest.fixture
def far(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A web server at 127.0.0.9, which counts as an address on the public internet."""
    really = fetching._is_public
    monkeypatch.setattr(fetching, "_is_public", lambda ip: str(ip) == FAR or really(ip))
    with serving(FAR) as place:
        yield place


@pytest.fixture(scope="session")
def dovecot() -> Iterator[mail_server.MailServer]:
    if not mail_server.installed():
        pytest.skip("NO MAIL SERVER: install dovecot-imapd, -lmtpd and -submissiond to prove mail")
    with mail_server.running() as server:
        yield server


@pytest.fixture
def cpu_seconds() -> Callable[[Callable[[], Any]], float]:
    """CPU a task costs; best of two."""

    def cost(task: Callable[[], Any]) -> float:
        costs = []
        for _ in range(2):
            start = time.process_time()
            task()
            costs.append(time.process_time() - start)
        return min(costs)

    return cost
