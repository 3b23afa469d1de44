"""The way every little web server of the tests is started, answers in JSON, and is ended."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

Place = TypeVar("Place")


class Answering:
    """Answers in JSON and keeps no log; a handler of `http.server` is this and its own base."""

    wbufsize = -1

    def _say(
        self, status: int, what: Any, headers: dict[str, str] | None = None, *, cut: bool = False
    ) -> None:
        """Answer; None is no JSON, and a cut answer ends in the middle."""
        body = b"<html>" if what is None else json.dumps(what, ensure_ascii=False).encode()
        self.send_response_only(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        if cut:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(handler: type[Any], make: Callable[[int], Place]) -> Iterator[Place]:
    """Start a server on a port of the system's choice and end it.

    Args:
        handler: speaks for the `place`, which is set on a class of its own.
        make: makes the place, given the port.
    """

    class Here(handler):  # type: ignore[misc]
        pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Here)
    server.daemon_threads = True
    place = Here.place = make(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield place
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
