"""Connections that stay open between two looks, remembered by this process alone.

A channel keeps no state; what lies here is a memory, like a session: whoever does not find it opens
a new connection and goes on from the cursor. One at a time holds a connection. Whoever waits at it
gives it back when a look asks for it, so that nothing is read twice.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Generic, Protocol, TypeVar

MOST: Final = 50
SECONDS: Final = 300.0
PATIENCE: Final = 3.0


class Closes(Protocol):
    """Something that can be closed, more than once."""

    def close(self) -> None:
        """Close it."""
        ...


Thing = TypeVar("Thing", bound=Closes)


class Loan(Generic[Thing]):
    """A connection that is out.

    Attributes:
        thing: what lies on the shelf again afterwards; None for nothing.
    """

    def __init__(self, thing: Thing | None) -> None:
        self.thing = thing

    def close(self) -> None:
        """Close it, so that nobody finds it again."""
        if self.thing is not None:
            self.thing.close()
        self.thing = None


class Shelf(Generic[Thing]):
    """Open connections by name; safe to use from many threads.

    Args:
        most: so many lie here at once; the oldest give way.
        seconds: how long one may lie here.
    """

    def __init__(self, *, most: int = MOST, seconds: float = SECONDS) -> None:
        self._most, self._seconds = most, seconds
        self._changed = threading.Condition()
        self._there: dict[str, tuple[float, Thing]] = {}
        self._out: dict[str, int] = {}
        self._asked: set[str] = set()

    def take(self, name: str, *, patience: float = 0.0) -> Thing | None:
        """Take a connection; None where there is none. Whoever took must `put`.

        Args:
            name: what it is known by.
            patience: seconds to wait for whoever has it now to give it back.
        """
        with self._changed:
            if self._out.get(name) and patience:
                self._asked.add(name)
                self._changed.wait_for(lambda: not self._out.get(name), patience)
                self._asked.discard(name)
            self._out[name] = self._out.get(name, 0) + 1
            self._sweep()
            _, found = self._there.pop(name, (0.0, None))
            return found

    def put(self, name: str, thing: Thing | None) -> None:
        """Give a connection back; None for one that is closed. What lay there gives way."""
        with self._changed:
            self._out[name] = self._out.get(name, 1) - 1
            if not self._out[name]:
                del self._out[name]
            if thing is not None:
                self._drop(name)
                self._there[name] = time.monotonic(), thing
            self._sweep()
            self._changed.notify_all()

    @contextmanager
    def lent(self, name: str, *, patience: float = 0.0) -> Iterator[Loan[Thing]]:
        """Take a connection, and put back at the end what the loan holds then.

        Args:
            name: what it is known by.
            patience: as `take`.
        """
        loan = Loan(self.take(name, patience=patience))
        try:
            yield loan
        finally:
            self.put(name, loan.thing)

    def is_asked_for(self, name: str) -> bool:
        """Whether somebody waits for the connection that we hold."""
        return name in self._asked

    def clear(self) -> None:
        """Close all that lies here."""
        with self._changed:
            for name in [*self._there]:
                self._drop(name)

    def _sweep(self) -> None:
        """Close what lay here for too long, and the oldest where there are too many."""
        old = time.monotonic() - self._seconds
        names = [name for name, (since, _) in self._there.items() if since < old]
        names += [*self._there][: max(0, len(self._there) - len(names) - self._most)]
        for name in dict.fromkeys(names):
            self._drop(name)

    def _drop(self, name: str) -> None:
        _, thing = self._there.pop(name, (0.0, None))
        if thing is not None:
            thing.close()
