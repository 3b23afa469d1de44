"""Weigh what was said lately when it is time to: all of a run is written down, or nothing."""

import time
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.utils import timezone

from sori.change import rounds, selectors
from sori.change.looking import look, volume
from sori.change.recording import write_run
from sori.database import write_atomic
from sori.lake.query import Reader

EVERY: Final = timedelta(minutes=15)
SOONEST: Final = timedelta(minutes=2)
LATEST: Final = timedelta(hours=6)
ROUND: Final = "weigh"
_ENOUGH: Final = 200
_SHARE: Final = 0.05

log = structlog.get_logger(__name__)


def weigh(reader: Reader) -> int:
    """A run, if it is time for one and there is news; returns how many there were: 1 or 0."""
    with rounds.turn(ROUND, again=SOONEST) as turn:
        if turn is None:
            return 0
        now = timezone.now()
        if not _worthwhile(reader, now, turn.row.asked_at):
            turn.end(now + SOONEST)
            return 0
        started = time.monotonic()
        found = look(reader, now, turn.renew)
        with write_atomic():
            turn.end(timezone.now() + SOONEST)
            if selectors.next_number() != found.next_number:
                # somebody has split a theme meanwhile: its number may be one that the run gave too
                log.info("weighed_in_vain")
                return 1
            run = write_run(found, time.monotonic() - started)
        log.info("weighed", run=run.pk, voices=run.voices, themes=len(found.discovered.themes))
    return 1


def looking() -> bool:
    """Whether the first run is still to come, or one that somebody has asked for."""
    last = selectors.newest_run()
    return last is None or rounds.asked_since(ROUND, last.at)


def _worthwhile(reader: Reader, now: datetime, asked_at: datetime | None) -> bool:
    """Whether a run would find something that the last one did not."""
    last = selectors.newest_run()
    if last is None or (asked_at and asked_at > last.at):
        return True
    news = volume(reader, now, last=last.at)
    age = now - last.at
    enough = news["fresh"] >= max(_ENOUGH, _SHARE * last.read)
    return age >= LATEST or enough or (age >= EVERY and news["fresh"] > 0)
