"""A web server that takes what is posted to it, keeps it, and answers what it is told to."""

import http.server
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class WebHook:
    """What arrived, and what is answered: a status, or 0 to fall silent after having read it."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}/hook"
        self.heard: list[dict[str, Any]] = []
        self.status = 200
        self.location = ""


@contextmanager
def listening() -> Iterator[WebHook]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook.heard.append(json.loads(body))
            if not hook.status:
                time.sleep(3)
                return
            self.send_response_only(hook.status)
            if hook.location:
                self.send_header("Location", hook.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook = WebHook(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()
