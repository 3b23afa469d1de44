"""How much a dead channel slows the living: `python benchmarks/dead_channel.py [--seconds 6]`.

Nine sources are polled every second and have something new four times a second. Beside them stand
none, one or six sources that hang until their time is over and then fail, as a server does that
takes connections and never answers. The threads are those of a worker (`worker.listening`); with
"one lane" the same number of threads takes every source as it comes. Measured is the lag from a
message to its visit, in seconds of the clock on the wall: the 95th percentile and the mean, once
everybody has been visited. Ends within a minute; the last line is JSON.
"""

import argparse
import json
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from typing import Any

GOOD = 9
EVERY = 0.25
NETWORK = 0.03
MOST = 1.10


def start(home: str) -> None:
    """Django on an empty SQLite database in this folder."""
    os.environ["SORI_HOME"] = home
    os.environ.pop("DATABASE_URL", None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sori.web.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def channels(lags: list[float], hang: float, since: float) -> dict[str, Any]:
    """The living, which note the lag of everything they bring after `since`, and the dead."""
    from pydantic import BaseModel

    from sori import mention
    from sori.channels.contract import Facts, Page
    from sori.errors import ChannelError

    class Nothing(BaseModel):
        """There is nothing to know."""

    class Living:
        """Has something new every quarter of a second."""

        name, Settings, overlaps, direct = "living", Nothing, False, True
        facts = Facts(history="Nothing.")

        def fetch(self, _settings: Any, cursor: Any, _listener: Any) -> Iterator[Page]:
            time.sleep(NETWORK)
            now = time.time()
            at = float(cursor or now)
            while at + EVERY <= now:
                at += EVERY
                if at >= since:
                    lags.append(now - at)
            yield Page(mention.heard([]), at)

    class Dead(Living):
        """Takes the connection and never answers."""

        name = "dead"

        def fetch(self, _settings: Any, _cursor: Any, _listener: Any) -> Iterator[Page]:
            time.sleep(hang)
            raise ChannelError("it took too long")
            yield

    return {"living": Living(), "dead": Dead()}


def lags(dead: int, *, seconds: float, hang: float, one_lane: bool) -> list[float]:
    """Run a worker for so long and return the lags."""
    from sori import flow
    from sori.channels import registry
    from sori.listen.models import Source
    from sori.listen.services import add_source
    from sori.worker import Duty, Worker, listening

    found: list[float] = []
    registry.channel = channels(found, hang, time.time() + hang + 1).__getitem__
    Source.objects.all().delete()
    # the dead first, so that they take their threads before anybody else
    for number in range(dead):
        add_source(name=f"dead {number}", channel="dead", settings={}, interval=1)
    for number in range(GOOD):
        add_source(name=f"living {number}", channel="living", settings={}, interval=1)
    duties = listening()
    if one_lane:
        duties = [Duty("listen", flow.turn_due, threads=sum(each.threads for each in duties))]
    worker = Worker(duties)
    threads = [
        threading.Thread(target=worker._work, args=(duty,), daemon=True)
        for duty in duties
        for _ in range(duty.threads)
    ]
    for thread in threads:
        thread.start()
    time.sleep(seconds + hang + 1)
    worker.stop()
    for thread in threads:
        thread.join(hang + 10)
    return found


def main() -> None:
    """Measure all of it and print it."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--seconds", type=float, default=6)
    ask.add_argument("--hang", type=float, default=2)
    asked = ask.parse_args()
    with tempfile.TemporaryDirectory() as home:
        start(home)
        told: dict[str, Any] = {"seconds": asked.seconds, "hang": asked.hang}
        for one_lane in (False, True):
            usual = 0.0
            for dead in (0, 1, 6):
                found = sorted(
                    lags(dead, seconds=asked.seconds, hang=asked.hang, one_lane=one_lane)
                )
                p95 = found[int(len(found) * 0.95)] if found else float("inf")
                usual = usual or p95
                name = f"{'one lane' if one_lane else 'as it is'}, {dead} dead"
                told[name] = {
                    "p95": round(p95, 3),
                    "mean": round(statistics.fmean(found), 3) if found else None,
                    "ratio": round(p95 / usual, 3),
                }
                print(f"{name}: {told[name]}", flush=True)
        print(json.dumps(told | {"allowed": MOST}))


if __name__ == "__main__":
    main()
