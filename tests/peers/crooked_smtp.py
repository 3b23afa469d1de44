"""An SMTP server that misbehaves at a chosen moment, and remembers every mail it really took."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

SILENT = "silent"
GONE = "gone"


class CrookedSmtp:
    """Answers each stage as told: with a line, with nothing (SILENT) or by hanging up (GONE).

    Stages: connect, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, body, half (hangs up in the middle of
    the body), accepted (takes the mail and then does what it is told instead of saying so), QUIT.

    Attributes:
        taken: the bodies it has taken responsibility for, with their recipients.
        told: every command it heard.
    """

    USUAL = {
        "connect": "220 crooked.test",
        "EHLO": "250-crooked.test\r\n250-8BITMIME\r\n250 SMTPUTF8",
        "AUTH": "235 fine",
        "MAIL": "250 fine",
        "RCPT": "250 fine",
        "DATA": "354 go ahead",
        "body": "250 taken",
        "QUIT": "221 bye",
    }

    def __init__(self, **stages: str) -> None:
        self.answers = self.USUAL | stages
        self.taken: list[tuple[list[str], bytes]] = []
        self.told: list[str] = []
        self.over = threading.Event()
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.threads = [threading.Thread(target=self._listen)]
        self.threads[0].start()

    def _listen(self) -> None:
        while True:
            try:
                place, _ = self.door.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._talk, args=(place,))
            self.threads.append(thread)
            thread.start()

    def _talk(self, place: socket.socket) -> None:
        # closing the line flushes what is left, which fails too where the caller has hung up
        with suppress(OSError, ValueError, EOFError), place, place.makefile("rwb") as line:
            self._say(line, "connect")
            self._obey(line)

    def _obey(self, line) -> None:
        recipients: list[str] = []
        while heard := line.readline():
            words = heard.decode("utf-8", "replace").strip()
            self.told.append(words)
            verb = words.split(" ")[0].upper()
            if verb == "RCPT":
                recipients.append(re.search("<(.*?)>", words)[1])
            self._say(line, verb)
            if verb == "DATA" and self.answers["DATA"].startswith("354"):
                self._take(line, recipients)
            if verb == "QUIT":
                return

    def _take(self, line, recipients: list[str]) -> None:
        body = b""
        while (piece := line.readline()) != b".\r\n":
            body += piece
            if "half" in self.answers or not piece:
                raise EOFError
        answer = self.answers["body"]
        if answer.startswith("2") or "accepted" in self.answers:
            self.taken.append((list(recipients), body))
        self._say(line, "accepted" if "accepted" in self.answers else "body")

    def _say(self, line, stage: str) -> None:
        answer = self.answers.get(stage, "500 what?")
        if answer == GONE:
            raise EOFError
        if answer == SILENT:
            self.over.wait(20)
            raise EOFError
        line.write(answer.encode() + b"\r\n")
        line.flush()


@contextmanager
def crooked(**stages: str) -> Iterator[CrookedSmtp]:
    """Start such a server and end it."""
    server = CrookedSmtp(**stages)
    try:
        yield server
    finally:
        server.over.set()
        server.door.shutdown(socket.SHUT_RDWR)
        server.door.close()
        for thread in server.threads:
            thread.join(10)
