"""Wait at the doors that tell when something arrives, so that nobody waits for the next poll.

A door that waits is asked in a thread of its own. Waiting is only a wake-up: what arrives is
brought by the ordinary visit, and a door that fails to wait is polled at its interval all the same.
Nobody waits at a door whose last visit failed: it is left alone until its next visit is due. A door
that asks to be left alone while we wait is not visited before either.
"""

import threading
import time
from typing import Final

import structlog
from django.db import connection

from sori.channels import registry
from sori.channels.contract import Waits
from sori.errors import ChannelError, ConfigurationError
from sori.listen.intake import put_off, wake
from sori.listen.models import Source
from sori.listen.vault import opened_settings

log = structlog.get_logger(__name__)

SECONDS: Final = 120.0
AFTER_FAILURE: Final = 60.0
MOST: Final = 50


class Watch:
    """The threads that wait, one for each active source whose channel can."""

    def __init__(self) -> None:
        self._waiting: dict[int, threading.Thread] = {}
        self._again: dict[int, float] = {}

    def look_round(self) -> int:
        """Post somebody at every door that has nobody; returns 0, for there is never more to do."""
        self._waiting = {key: one for key, one in self._waiting.items() if one.is_alive()}
        for source in Source.objects.filter(state=Source.State.ACTIVE, failures=0):
            known = source.pk in self._waiting or len(self._waiting) >= MOST
            resting = time.monotonic() < self._again.get(source.pk, 0.0)
            if not (known or resting) and isinstance(registry.channel(source.channel), Waits):
                self._post(source)
        return 0

    def _post(self, source: Source) -> None:
        thread = threading.Thread(
            target=self._wait, args=(source,), name=f"wait-{source.pk}", daemon=True
        )
        self._waiting[source.pk] = thread
        thread.start()

    def _wait(self, source: Source) -> None:
        """Wait once; the next look round posts somebody anew, with the settings of then."""
        channel = registry.channel(source.channel)
        assert isinstance(channel, Waits)
        try:
            told = channel.wait(opened_settings(source), source.cursor, SECONDS)
            if told:
                wake(source)
            elif told is None:
                self._again[source.pk] = time.monotonic() + SECONDS
        except (ChannelError, ConfigurationError) as error:
            # its visits say what is wrong; here it only must not be asked again at once
            log.info("waiting_failed", source=source.pk, error=str(error))
            asked: float = getattr(error, "retry_after", None) or 0.0
            self._again[source.pk] = time.monotonic() + max(AFTER_FAILURE, asked)
            put_off(source, asked)
        finally:
            connection.close()  # the thread ends here, and nobody else can close what it opened
