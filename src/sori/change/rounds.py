"""Work that comes round by itself, done by one worker at a time however many there are."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from django.db.models.functions import Now
from django.utils import timezone

from sori import database
from sori.change.models import Round

LEASE: Final = timedelta(minutes=5)
_RENEWED_EVERY: Final = 20.0


class Turn:
    """The time in which a round is ours.

    Args:
        row: claimed by us.
        lease: how long a sign of life keeps it ours.
    """

    def __init__(self, row: Round, lease: timedelta) -> None:
        self.row = row
        self._lease = lease
        self._told = monotonic()

    def renew(self) -> None:
        """Say that we are alive; cheap to call often.

        Raises:
            Stale: the round was claimed by another worker.
        """
        if monotonic() - self._told > _RENEWED_EVERY:
            self._told = monotonic()
            database.hold(self.row, lease_until=timezone.now() + self._lease)

    def end(self, due_at: datetime) -> None:
        """Give the round back, due again at this time, or sooner if somebody has asked meanwhile.

        To be called in the transaction that writes what the turn has brought.

        Raises:
            Stale: the round was claimed by another worker.
        """
        now = Round.objects.select_for_update().get(pk=self.row.pk)
        if now.asked_at != self.row.asked_at:
            due_at = timezone.now()
        database.hold(self.row, due_at=due_at, lease_until=None)


@contextmanager
def turn(name: str, *, again: timedelta, lease: timedelta = LEASE) -> Iterator[Turn | None]:
    """Claim a round that is due; None when it is not, or when another worker has it.

    Args:
        name: which.
        again: when it is due again if the body fails.
        lease: how long a worker may be silent.
    """
    row = _claimed(name, lease)
    if row is None:
        yield None
        return
    ours = Turn(row, lease)
    try:
        yield ours
    except Exception:
        # whoever lost the round may not give it back: the filter holds our fence
        Round.objects.filter(pk=row.pk, fence=row.fence).update(
            due_at=timezone.now() + again, lease_until=None
        )
        raise


def ask(name: str, *, within: timedelta) -> None:
    """Let a round come sooner than it would."""
    _founded(name)
    now = timezone.now()
    Round.objects.filter(name=name).update(asked_at=now)
    Round.objects.filter(name=name, due_at__gt=now + within).update(due_at=now + within)


def asked_since(name: str, moment: datetime) -> bool:
    """Whether somebody has asked for a round after this moment."""
    return Round.objects.filter(name=name, asked_at__gt=moment).exists()


def hold_still(name: str) -> None:
    """Let no turn of a round be written before the transaction we are in has ended."""
    _founded(name)
    Round.objects.select_for_update().get(name=name)


def _claimed(name: str, lease: timedelta) -> Round | None:
    if not Round.objects.filter(name=name).exists():
        _founded(name)
    return next(iter(database.claim(Round.objects.filter(name=name), lease=lease)), None)


def _founded(name: str) -> None:
    # by the clock that also says what is due
    Round.objects.bulk_create([Round(name=name, due_at=Now())], ignore_conflicts=True)
