"""The channel of the demo company: everything true but the customers.

Its voices are a function of the minute, so the same minute always says the same and the cursor is
simply a time. Answers are written to a file instead of being sent: nothing leaves this computer.
"""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sori.channels.contract import Address, Facts, Json, Listener, Page, Sent
from sori.channels.demo import rhythm, story
from sori.channels.demo.story import DemoSettings
from sori.errors import ReplyNotAccepted
from sori.mention import heard

ROWS_A_PAGE = 4000


class Demo:
    """Invented customers of an invented company."""

    name = "demo"
    Settings: type[BaseModel] = DemoSettings
    overlaps = False
    facts = Facts(history="Whatever is invented.")
    direct = True

    def fetch(self, settings: DemoSettings, cursor: Json, listener: Listener) -> Iterator[Page]:
        """What was said since the cursor, a minute since 1970 as {"minute": n}."""
        start = _start(settings, cursor)
        end = int(listener.now.timestamp()) // 60
        rows: list[dict[str, Any]] = []
        day = datetime.fromtimestamp(start * 60, rhythm.SEOUL).date()
        while start < end:
            until = min(rhythm.first_minute(day + timedelta(days=1)), end)
            rows += story.told(settings, day, range(start, until), listener)
            start, day = until, day + timedelta(days=1)
            if rows and (len(rows) >= ROWS_A_PAGE or start >= end):
                yield Page(heard(rows), {"minute": start})
                rows = []

    def reply(self, settings: DemoSettings, to: Address, text: str, key: str) -> Sent:
        """Write the answer to the outbox file."""
        sent = Sent(f"demo-{key}", datetime.now(UTC))
        line = {"key": key, "to": to.shown, "text": text, "at": sent.at.isoformat()}
        try:
            with Path(settings.outbox).open("a", encoding="utf-8") as outbox:
                outbox.write(json.dumps(line, ensure_ascii=False) + "\n")
                outbox.flush()
                os.fsync(outbox.fileno())
        except FileNotFoundError as error:
            raise ReplyNotAccepted(f"the demo's outbox cannot be written: {error}") from error
        return sent

    def find(self, settings: DemoSettings, to: Address, key: str) -> Sent | None:  # noqa: ARG002
        """Look the answer up in the outbox file."""
        path = Path(settings.outbox)
        if not path.exists():
            return None
        with path.open(encoding="utf-8") as outbox:
            for line in outbox:
                entry = json.loads(line)
                if entry["key"] == key:
                    return Sent(f"demo-{key}", datetime.fromisoformat(entry["at"]))
        return None


def _start(settings: DemoSettings, cursor: Json) -> int:
    if isinstance(cursor, dict) and isinstance(cursor.get("minute"), int):
        return int(str(cursor["minute"]))
    return rhythm.first_minute(settings.since)
