"""The processes that get killed: workers that listen and receive, and senders that push."""

import os
import random
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow as pa
from django.db.transaction import Atomic
from pydantic import BaseModel

from fake_channels import FakeSettings, Pushed
from sori import database, flow, mention
from sori.channels import registry
from sori.channels.contract import Broken, Json, Listener, Page
from sori.lake.delta import Delta
from sori.lake.storage import Folder
from sori.lake.store import Lake
from sori.listen import ledger, memory, polling
from sori.listen.ledger import Ledger
from sori.listen.matching import Matcher
from sori.listen.models import Source
from sori.listen.polling import Visit
from sori.listen.services import take_in
from sori.respond import opening
from sori.understand.language import make_language
from sori.understand.pipeline import make_pipeline
from voices import voice

LEASE: Final = timedelta(milliseconds=50)
"""Short, so that a dead worker's source is free at once, and two living ones steal it often."""

FAILPOINTS: Final[tuple[tuple[type | Any, str], ...]] = (
    (Ledger, "recover"),
    (Ledger, "_prepare"),
    (Ledger, "_finish"),
    (Lake, "append"),
    (Delta, "write"),
    (Delta, "commit"),
    (Delta, "make_log_durable"),
    (Folder, "make_durable"),
    (Visit, "_succeeded"),
    (opening, "write"),
    (Atomic, "__enter__"),
    (Atomic, "__exit__"),
)


def is_broken(number: int) -> bool:
    """Which posts of a stream cannot be read."""
    return number % 17 == 5


def is_wanted(number: int) -> bool:
    """Which posts the listening rule of the test matches."""
    return number % 3 == 0


class Numbered:
    """Post 0, 1, 2, ... as far as they are published; some broken, the last ones brought twice."""

    Settings: type[BaseModel] = FakeSettings
    overlaps = True
    direct = False

    def __init__(self, name: str, published: Path) -> None:
        self.name = name
        self._published = published

    def fetch(self, settings: Any, cursor: Json, listener: Listener) -> Iterator[Page]:  # noqa: ARG002
        """Pages of one to five new posts, each with up to two old ones before them."""
        start, end = cursor if isinstance(cursor, int) else 0, count_in(self._published)
        while start < end:
            stop = min(end, start + 1 + start % 5)
            numbers = range(max(0, start - 2), stop)
            rows = [self._post(n, listener) for n in numbers if not is_broken(n)]
            broken = [
                Broken(b"?", "broken", f"{self.name}-{n}")
                for n in numbers
                if is_broken(n)
                if n >= start
            ]
            yield Page(mention.heard(rows), stop, broken)
            start = stop

    def _post(self, number: int, listener: Listener) -> dict[str, Any]:
        at = datetime.now(UTC)
        return voice(
            number,
            source=listener.source,
            channel=self.name,
            text=f"{'셋째' if is_wanted(number) else '다른'} 글입니다, 언제 되나요?",
            addressed=False,
            heard_at=at,
            published_at=at.replace(hour=0, minute=0, second=0, microsecond=0),
        )


def count_in(path: Path) -> int:
    """A number kept in a file."""
    return int(path.read_text() or 0) if path.exists() else 0


def prepare(home: Path) -> None:
    """Put the channels of the test in the place of the real ones, and shorten the leases."""
    channels: dict[str, Any] = {
        name: Numbered(name, home / "published") for name in ("everything", "picky")
    }
    channels["pushed"] = Pushed()
    registry.channel = channels.__getitem__  # type: ignore[assignment]
    ledger.LEASE = LEASE  # type: ignore[misc]
    # every page a run of its own: more boundaries to die at
    polling.gathered = _as_they_come
    _warm_up()


def _as_they_come(pages: Iterator[Page], **_: Any) -> Iterator[Page]:
    return pages


def _warm_up() -> None:
    """Load the models once, here: a victim that loads them dies before it has done anything."""
    # a fork does not inherit Arrow's threads, so there must be none yet
    pa.set_cpu_count(1)
    post = mention.heard([voice(1)])
    make_pipeline()(Matcher({1: "셋째"}).match(make_language()(post)))


def work(dice: random.Random) -> bool:
    """Visit whoever is due, then receive; returns whether there was anything to do."""
    heard = 0
    for source in database.claim(polling.due(), lease=LEASE, limit=3):
        heard += flow.turn(source)
    if dice.random() < 0.05:
        memory.lake().compact(datetime.now(UTC).date())
        memory.lake().vacuum()
    return bool(heard + flow.receive())


def work_until_killed(dice: random.Random) -> None:
    """A worker."""
    while True:
        work(dice)


def send_until_killed(home: Path) -> None:
    """A sender: goes on with the first delivery for which nobody ever heard "thank you"."""
    source = Source.objects.get(channel="pushed")
    while True:
        number = max(thanked(home), default=-1) + 1
        take_in(source=source, key=f"delivery-{number}", body={"number": number})
        with (home / "thanked").open("a") as file:
            file.write(f"{number}\n")


def thanked(home: Path) -> set[int]:
    """The deliveries whose sender heard "thank you"."""
    path = home / "thanked"
    return {int(line) for line in path.read_text().split()} if path.exists() else set()


class Place(NamedTuple):
    """Where a process kills itself: just before or after the nth call of something."""

    owner: Any
    name: str
    call: int
    before: bool

    def __str__(self) -> str:
        return f"{'before' if self.before else 'after'} {self.name.strip('_')}"


def some_place(dice: random.Random) -> Place:
    """Any of them."""
    owner, name = dice.choice(FAILPOINTS)
    return Place(owner, name, dice.randint(1, 4), dice.random() < 0.5)


def die_at(place: Place) -> None:
    """Arrange for this process to end there."""
    real: Callable[..., Any] = getattr(place.owner, place.name)
    calls = count(1)

    def fatal(*args: Any, **kwargs: Any) -> Any:
        fatal_now = next(calls) == place.call
        if fatal_now and place.before:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*args, **kwargs)
        if fatal_now:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(place.owner, place.name, fatal)
