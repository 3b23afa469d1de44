"""What was promised to people: begun when an acknowledgement arrives, kept by an answer in time."""

from datetime import datetime

from sori.journal.services import record
from sori.respond import clocks
from sori.respond.clock_models import Promise
from sori.respond.models import Case, Message


def made_by(answer: Message) -> Promise | None:
    """The promise that this answer makes, if it is an acknowledgement."""
    return Promise.objects.filter(message=answer).first()


def begin(promise: Promise, case: Case, *, at: datetime) -> None:
    """The acknowledgement has arrived: from now on the person counts on us."""
    if promise.clock_id is not None:
        return
    promise.clock = clocks.begin_promise(case, at=at, due_at=max(promise.due_at, at))
    promise.save(update_fields=["clock"])
    record(
        "promise.made",
        f"case:{case.pk}",
        member=promise.member,
        promise=promise.pk,
        due_at=promise.due_at.isoformat(),
    )


def withdraw(answer: Message) -> bool:
    """Forget what an acknowledgement would have promised, for it did not arrive.

    Returns:
        Whether it was one.
    """
    return bool(Promise.objects.filter(message=answer, clock=None).delete()[0])
