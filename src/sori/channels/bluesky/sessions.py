"""Who we are on Bluesky for the next two hours, remembered by this process alone.

Signing in is limited hard (300 times a day), so a session is kept as long as it lasts and renewed
by its own token. It is a memory and no state: whoever has lost it signs in again. It is not in
the cursor, for that is kept in plain text.
"""

import threading
from collections import OrderedDict
from hashlib import blake2b
from typing import Any, Final, NamedTuple

from sori.channels.bluesky.settings import BlueskySettings

MOST: Final = 100


class Session(NamedTuple):
    """Somebody signed in.

    Attributes:
        did: the account's name for ever.
        access: the token for calls, for two hours.
        refresh: the token for the next session; it may be used once.
    """

    did: str
    access: str
    refresh: str


class Sessions:
    """The sessions of this process, the latest used kept longest; safe to use from many threads."""

    def __init__(self) -> None:
        self._held: OrderedDict[bytes, Session] = OrderedDict()
        self._locks: dict[bytes, threading.Lock] = {}
        self._lock = threading.Lock()

    def lock(self, settings: BlueskySettings) -> threading.Lock:
        """Held by whoever signs in or renews, so that a token that works once is used once."""
        with self._lock:
            return self._locks.setdefault(_name(settings), threading.Lock())

    def get(self, settings: BlueskySettings) -> Session | None:
        """The session of an account, if it is remembered."""
        with self._lock:
            found = self._held.get(_name(settings))
            if found:
                self._held.move_to_end(_name(settings))
            return found

    def put(self, settings: BlueskySettings, session: Session) -> None:
        """Remember a session."""
        with self._lock:
            self._held[_name(settings)] = session
            self._held.move_to_end(_name(settings))
            while len(self._held) > MOST:
                name, _ = self._held.popitem(last=False)
                self._locks.pop(name, None)

    def drop(self, settings: BlueskySettings) -> None:
        """Forget a session that is no good any more."""
        with self._lock:
            self._held.pop(_name(settings), None)


def read(told: Any) -> Session | None:
    """A session as the server tells it; None where anything is missing."""
    if not isinstance(told, dict):
        return None
    found = [told.get(name) for name in ("did", "accessJwt", "refreshJwt")]
    if not all(isinstance(each, str) and each for each in found):
        return None
    return Session(*map(str, found))


def _name(settings: BlueskySettings) -> bytes:
    """What a session is kept under: whoever changes the password signs in anew."""
    said = f"{settings.service}\0{settings.account}\0{settings.app_password.get_secret_value()}"
    return blake2b(said.encode(), digest_size=16).digest()
