"""One attempt to send something: claimed by one worker, and however it ends, that is written down.

What is sent (an answer, a side question, a post) brings its own rows, its own checks and its own
words. Between the two calls here whoever sends commits `sending`; without that, a worker that dies
would leave a row that is sent twice.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final, NamedTuple

from django.db.models import QuerySet

from sori.channels.contract import Sent
from sori.database import Row, claim, hold, write_atomic
from sori.errors import ReplyError
from sori.respond import sending
from sori.respond.models import Hold
from sori.respond.sending import State, Step

_LONGEST: Final = 2000


class Ended(NamedTuple):
    """How an attempt ended.

    Attributes:
        taken: the step that follows from it.
        why: what went wrong, for a person to judge; "" where it arrived.
        sent: what the channel says of it, where it arrived.
        retry_after: seconds the channel wants to be left alone; None where it named none.
    """

    taken: Step
    why: str = ""
    sent: Sent | None = None
    retry_after: float | None = None


def claimed(rows: QuerySet[Row], *, lease: timedelta) -> Row | None:
    """Claim the one that is due longest, CLAIMED from now on; None while answers are held.

    Args:
        rows: what is sent, in any `state`.
        lease: how long it is ours; longer than the channel may take.
    """
    with write_atomic():
        if Hold.objects.filter(released_at=None).exists():
            return None
        free = claim(rows.filter(state__in=sending.CLAIMABLE), lease=lease)
        if not free:
            return None
        hold(free[0], state=State.CLAIMED)
        return free[0]


def attempt(call: Callable[[], Sent], conclude: Callable[[Ended], None], *, number: int) -> None:
    """Call a channel once, and hand on how it ended.

    Args:
        call: sends; what it stands for is SENDING and committed.
        conclude: writes down how it ended.
        number: which attempt it is, from 1.

    Raises:
        ReplyError: the channel fell over instead of failing; that it is unclear is written down.
    """
    try:
        sent = call()
    except ReplyError as error:
        taken = sending.meaning(error, attempt=number)
        conclude(Ended(taken, said(error), retry_after=error.retry_after))
    except Exception as error:
        # a fault in the channel: whether it had sent anything before, nobody knows
        conclude(Ended(Step.LOSE, said(error)))
        raise ReplyError(f"the channel fell over: {said(error)}") from error
    else:
        conclude(Ended(Step.ACCEPT, sent=sent))


def said(error: Exception) -> str:
    """An error as it stands in the evidence."""
    return f"{type(error).__name__}: {error}"[:_LONGEST]
