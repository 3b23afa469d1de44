"""A language model that obeys every order it reads, whoever gives it; the worst one there can be.

It speaks the chat completions of the OpenAI API. An order is a line that begins with "명령:" or
"ORDER:" anywhere in what it was sent; it carries out the last one. Without orders it answers "OK".
"""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ORDER = re.compile(r"(?:명령|ORDER): ?(\w+) ?([^\n\"\\]*)")


class ObedientModel:
    """Answers requests and remembers them.

    Attributes:
        url: what to put into SORI_LLM_URL.
        heard: the bodies it was sent.
        keys: the Authorization headers.
        thinks, may_speak: "ponder" sets the one, and waits for the other before it speaks.
    """

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.thinks, self.may_speak = threading.Event(), threading.Event()
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                model.heard.append({"path": self.path} | json.loads(body))
                model.keys.append(self.headers["Authorization"])
                model.answer(self)

            def log_message(self, *words: object) -> None:
                """Say nothing on the terminal."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        told = "\n".join(message["content"] for message in self.heard[-1]["messages"])
        orders = ORDER.findall(told)
        verb, rest = orders[-1] if orders else ("say", "OK")
        deeds: dict[str, Callable[[BaseHTTPRequestHandler, str, str], None]] = {
            "say": lambda to, rest, _: self.speak(to, rest),
            "reveal": lambda to, _, told: self.speak(to, told),
            "tool": lambda to, rest, _: self.call_tool(to, rest),
            "redirect": lambda to, rest, _: self.redirect(to, rest),
            "fail": lambda to, rest, _: to.send_error(int(rest)),
            "flood": lambda to, *_: self.speak(to, "가" * 3_000_000),
            "babble": lambda to, *_: self.send(to, b"not json"),
            "ponder": lambda to, rest, _: self.ponder(to, rest),
        }
        deeds[verb](request, rest, told)

    def speak(self, request: BaseHTTPRequestHandler, words: str) -> None:
        said = {"choices": [{"message": {"role": "assistant", "content": words}}]}
        self.send(request, json.dumps(said).encode())

    def ponder(self, request: BaseHTTPRequestHandler, words: str) -> None:
        self.thinks.set()
        self.may_speak.wait(20)
        self.speak(request, words)

    def call_tool(self, request: BaseHTTPRequestHandler, name: str) -> None:
        call = {"id": "1", "type": "function", "function": {"name": name, "arguments": "{}"}}
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
        self.send(request, json.dumps({"choices": [{"message": message}]}).encode())

    def redirect(self, request: BaseHTTPRequestHandler, place: str) -> None:
        request.send_response(307)
        request.send_header("Location", place)
        request.end_headers()

    def send(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        try:
            request.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            return  # whoever asked has heard enough


@contextmanager
def obedient_model() -> Iterator[ObedientModel]:
    """Start such a model and end it."""
    model = ObedientModel()
    try:
        yield model
    finally:
        model.server.shutdown()
        model.server.server_close()
        model.thread.join(10)
