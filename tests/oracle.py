"""A channel that keeps its own book of what it accepted: the truth that answers are judged by."""

import json
import os
import random
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from sori.channels import registry
from sori.channels.contract import Address, Json, Listener, Page, Sent
from sori.errors import ReplyError, ReplyNotAccepted, ReplyRejected

DRAWN = ("accept",) * 4 + (
    "swallow", "drop", "miss", "miss", "refuse", "bug", "die", "die_before",
)  # fmt: skip


def moment(name: str) -> None:
    """A moment at which a caller may die; a test puts something else in its place."""


class OracleSettings(BaseModel):
    """Where the book is, and how the channel behaves.

    `script` holds one word an answer, the last one for all that follow: "accept", "refuse",
    "miss", "swallow" (accept, then fail), "drop" (fail, unclear, not accepted), "bug" (accept,
    then fall over), "die" (accept, then kill the caller), "die_before". With a `seed` a word is
    drawn for each answer instead.
    """

    book: str
    script: list[str] = ["accept"]
    seed: str | None = None
    reads_back: bool = True


class Oracle:
    """Writes every answer it accepts into a file, for good, before it says anything."""

    name = "oracle"
    Settings: type[BaseModel] = OracleSettings
    overlaps = False
    direct = True

    def fetch(self, settings: Any, cursor: Json, listener: Listener) -> Iterator[Page]:  # noqa: ARG002
        return iter(())

    def reply(self, settings: OracleSettings, to: Address, text: str, key: str) -> Sent:
        asked = append(settings.book + ".asked", {"key": key})
        word = settings.script[min(asked, len(settings.script)) - 1]
        if settings.seed is not None:
            word = random.Random(f"{settings.seed} {asked}").choice(DRAWN)
        if word == "refuse":
            raise ReplyRejected("no such mailbox")
        if word == "miss":
            raise ReplyNotAccepted("connection refused", retry_after=0)
        if word == "drop":
            raise ReplyError("timed out")
        if word == "die_before":
            os.kill(os.getpid(), signal.SIGKILL)
        moment("before it is accepted")
        append(settings.book, {"key": key, "to": dict(to.to), "text": text, "at": time.time()})
        moment("after it was accepted")
        if word == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if word == "swallow":
            raise ReplyError("the connection was reset after the body")
        if word == "bug":
            raise ZeroDivisionError
        return Sent(f"<{key}@oracle>", datetime.now(UTC))

    def find(self, settings: OracleSettings, to: Address, key: str) -> Sent | None:  # noqa: ARG002
        if not settings.reads_back:
            return None
        for line in accepted(settings.book):
            if line["key"] == key:
                return Sent(f"<{key}@oracle>", datetime.fromtimestamp(line["at"], UTC))
        return None


class Mute:
    """A channel that only listens."""

    name = "mute"
    Settings: type[BaseModel] = OracleSettings
    overlaps = False
    direct = True

    def fetch(self, settings: Any, cursor: Json, listener: Listener) -> Iterator[Page]:  # noqa: ARG002
        return iter(())


def append(path: str, line: dict[str, Any]) -> int:
    """Write a line so that a power cut cannot take it; returns how many there are now."""
    with Path(path).open("a+", encoding="utf-8") as book:
        book.write(json.dumps(line) + "\n")
        book.flush()
        os.fsync(book.fileno())
        book.seek(0)
        return sum(1 for _ in book)


def accepted(path: str | Path) -> list[dict[str, Any]]:
    """The truth: everything that was accepted, in order."""
    book = Path(path)
    if not book.exists():
        return []
    return [json.loads(line) for line in book.read_text(encoding="utf-8").splitlines()]


def install(patch: pytest.MonkeyPatch) -> None:
    """Make both channels known beside the installed ones."""
    installed = registry.channel
    ours = {"oracle": Oracle(), "mute": Mute()}
    patch.setattr(registry, "channel", lambda name: ours.get(name) or installed(name))
