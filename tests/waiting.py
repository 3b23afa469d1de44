"""Wait in a test for what comes by itself: a fact, or a page that hears of a topic."""

import time
from collections.abc import Callable


def wait_until(fact: Callable[[], object], seconds: float = 20) -> None:
    """Look again and again until it is so."""
    until = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.05)


def topics() -> set[str]:
    """What the pages that are open hear of."""
    from sori.web.asgi import application

    return set(application._live.hub._by_topic)


def listening(topic: str) -> None:
    """Wait until the scripts of a page are there and it hears of a topic."""
    wait_until(lambda: topic in topics())
