"""How an answer goes out: its states, the legal steps between them, and what each failure means.

    draft --approve--> approved --queue--> queued --claim--> claimed --start--> sending
    sending --accept--> sent            the channel said yes
            --refuse--> rejected        it said no, and always will
            --miss----> retry           it provably did not arrive; claimed again later
            --lose----> unknown         nobody knows: never sent again by a machine

Two rules carry everything. `sending` is committed before the channel is called, so a worker that
dies leaves a row that says "perhaps". And only what provably did not arrive is tried again;
everything else waits for a proof (the channel is asked to read back) or for a person.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from sori.errors import ReplyNotAccepted, ReplyRejected, SoriError


class State(StrEnum):
    """How far an answer has come."""

    DRAFT = "draft"
    APPROVED = "approved"
    QUEUED = "queued"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    REJECTED = "rejected"
    RETRY = "retry"
    UNKNOWN = "unknown"


class Step(StrEnum):
    """What can happen to an answer."""

    APPROVE = "approve"
    QUEUE = "queue"
    CANCEL = "cancel"
    CLAIM = "claim"
    OBJECT = "object"
    STAY = "stay"
    START = "start"
    ACCEPT = "accept"
    REFUSE = "refuse"
    MISS = "miss"
    EXHAUST = "exhaust"
    LOSE = "lose"
    RESEND = "resend"
    GIVE_UP = "give_up"


STEPS: Final[Mapping[tuple[State, Step], State]] = MappingProxyType(
    {
        (State.DRAFT, Step.APPROVE): State.APPROVED,
        (State.APPROVED, Step.QUEUE): State.QUEUED,
        (State.QUEUED, Step.CANCEL): State.DRAFT,
        (State.RETRY, Step.CANCEL): State.DRAFT,
        (State.QUEUED, Step.CLAIM): State.CLAIMED,
        (State.RETRY, Step.CLAIM): State.CLAIMED,
        # the worker that had it died before it began to send
        (State.CLAIMED, Step.CLAIM): State.CLAIMED,
        # outgoing answers were held meanwhile
        (State.CLAIMED, Step.STAY): State.QUEUED,
        # a check before sending failed, or the channel could not even be set up
        (State.CLAIMED, Step.OBJECT): State.REJECTED,
        (State.CLAIMED, Step.MISS): State.RETRY,
        (State.CLAIMED, Step.EXHAUST): State.REJECTED,
        (State.CLAIMED, Step.START): State.SENDING,
        (State.SENDING, Step.ACCEPT): State.SENT,
        (State.SENDING, Step.REFUSE): State.REJECTED,
        (State.SENDING, Step.MISS): State.RETRY,
        (State.SENDING, Step.EXHAUST): State.REJECTED,
        (State.SENDING, Step.LOSE): State.UNKNOWN,
        # proof came late: the channel read back, or the worker that was thought dead woke up
        (State.UNKNOWN, Step.ACCEPT): State.SENT,
        (State.UNKNOWN, Step.REFUSE): State.REJECTED,
        (State.UNKNOWN, Step.MISS): State.RETRY,
        (State.UNKNOWN, Step.EXHAUST): State.REJECTED,
        # a person looked and decided
        (State.UNKNOWN, Step.RESEND): State.QUEUED,
        (State.UNKNOWN, Step.GIVE_UP): State.REJECTED,
    }
)
"""The whole machine. SENT and REJECTED are ends; what is not listed here cannot happen."""

WAITING: Final = (State.QUEUED, State.RETRY)
"""An answer that nobody works on yet: it can still be taken back."""

CLAIMABLE: Final = (State.QUEUED, State.RETRY, State.CLAIMED)
"""Work for the outbox."""

UNDECIDED: Final = (State.APPROVED, *CLAIMABLE, State.SENDING, State.UNKNOWN)
"""Approved, and not known to have arrived or failed."""

ATTEMPTS: Final = 8
"""After so many provable failures an answer goes back to a person: about an hour and a half."""

LOOKS: Final = (timedelta(seconds=20), timedelta(minutes=2), timedelta(minutes=15))
"""When a channel is asked whether an unclear answer arrived: a quiet time first, then thrice."""

_FIRST_WAIT: Final = timedelta(seconds=30)
_LONGEST_WAIT: Final = timedelta(minutes=15)


class IllegalStep(SoriError):
    """An answer was asked to go where no step leads; a mistake in the program."""


def step(state: str, taken: Step) -> State:
    """Where a step leads.

    Raises:
        IllegalStep: when it cannot be taken from this state.
    """
    following = STEPS.get((State(state), taken))
    if following is None:
        raise IllegalStep(f"an answer that is {state!r} cannot {taken.value}")
    return following


def meaning(error: Exception, *, attempt: int) -> Step:
    """What a failure at the `attempt`-th try means (from 1)."""
    if isinstance(error, ReplyRejected):
        return Step.REFUSE
    if isinstance(error, ReplyNotAccepted):
        return Step.EXHAUST if attempt >= ATTEMPTS else Step.MISS
    return Step.LOSE


def wait(attempt: int, chance: float, retry_after: float | None = None) -> timedelta:
    """How long to wait after the `attempt`-th failure.

    Doubles from 30 seconds up to 15 minutes; half of it is left to chance, so that answers that
    failed together do not come back together. Never earlier than the channel asked for.

    Args:
        attempt: how many tries there were, from 1.
        chance: a random number, 0 to 1.
        retry_after: seconds the channel asked us to wait.
    """
    full = min(_FIRST_WAIT * (1 << min(attempt - 1, 16)), _LONGEST_WAIT)
    return max(full * (0.5 + chance / 2), timedelta(seconds=retry_after or 0))


def next_look(looks: int) -> timedelta | None:
    """How long until the channel is asked again whether an answer arrived; None: ask a person."""
    return LOOKS[looks] if looks < len(LOOKS) else None


def digest(text: str) -> str:
    """The SHA-256 of a text, hexadecimal: what was approved is what is sent."""
    return sha256(text.encode()).hexdigest()


class Facts(NamedTuple):
    """What an answer stands on, once as approved and once as it is now.

    Attributes:
        body: digest of the text.
        destination: where it goes, as frozen.
        identity: id of the account that is answered.
        case: id of the case the conversation belongs to.
        account: digest of the source's channel and settings: the account we speak from.
    """

    body: str
    destination: Mapping[str, Any]
    identity: int
    case: int
    account: str


def objection(
    approved: Facts,
    present: Facts,
    *,
    may_send: bool,
    reply_until: datetime | None,
    now: datetime,
) -> str | None:
    """Why an approved answer must not be sent after all, in one word; None when it may.

    Args:
        approved: what it stood on when a person approved it.
        present: the same, read a moment before sending.
        may_send: whether whoever approved it may still send answers.
        reply_until: until when the channel lets us answer.
        now: the time.
    """
    reasons = (
        ("body_changed", approved.body != present.body),
        ("destination_changed", approved.destination != present.destination),
        ("person_changed", approved.identity != present.identity),
        ("case_changed", approved.case != present.case),
        ("account_changed", approved.account != present.account),
        ("member_not_allowed", not may_send),
        ("too_late", reply_until is not None and reply_until < now),
    )
    return next((word for word, holds in reasons if holds), None)
