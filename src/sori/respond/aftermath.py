"""What follows when an answer arrived, failed, or nobody knows: clocks, the case, the journal."""

from typing import Final

from django.db.models import F
from django.utils import timezone

from sori.journal.services import record
from sori.respond import clocks, promises, sending
from sori.respond.models import Case, Message
from sori.respond.sending import State, Step
from sori.staff.models import Member

_WITH_THEM_OR_US: Final = frozenset({Case.Status.NEW, Case.Status.OPEN, Case.Status.PENDING})


def arrived(answer: Message, *, proof: str, member: Member | None = None) -> None:
    """A person was answered: their clock stops, and it is their turn.

    After an acknowledgement it is still ours: a promise begins in place of the clock. A notice
    answers nothing and moves nothing.

    Args:
        answer: the message, SENT, with its `sent_at`.
        proof: how we know: "accepted", "read_back", "late", "answered" or "member".
        member: who said so, when it was a person.
    """
    sent_at = answer.sent_at or timezone.now()
    if answer.notice:
        _tell_of_notice("loop.sent", answer, member=member, proof=proof)
        return
    case = Case.objects.select_for_update(of=("self",)).get(conversations=answer.conversation_id)
    promise = promises.made_by(answer)
    if promise:
        clocks.stop(case.pk, sent_at, kinds=clocks.RESPONSE)
        promises.begin(promise, case, at=sent_at)
        clocks.go_on({case.pk: sent_at})
    else:
        clocks.stop(case.pk, sent_at, kinds=clocks.OWED)
    case.decisions.filter(reviewed_at=None).update(reviewed_at=sent_at)
    if case.status in _WITH_THEM_OR_US:
        # a promise, or what they said after this answer had left
        ours = clocks.owed(case.pk)
        case.status = Case.Status.OPEN if ours else Case.Status.PENDING
    if case.status == Case.Status.PENDING:
        clocks.rest(case.pk, sent_at)
    case.updated_at = max(case.updated_at, sent_at)
    case.save(update_fields=["status", "updated_at"])
    record(
        "answer.sent",
        f"case:{case.pk}",
        member=member,
        message=answer.pk,
        approved_at=answer.approved_at.isoformat() if answer.approved_at else None,
        sent_at=sent_at.isoformat(),
        proof=proof,
    )


def answered_back(answer: Message) -> None:
    """The customer replied to an answer: if it was unclear whether it arrived, it did."""
    proven = Message.objects.filter(pk=answer.pk, state=State.UNKNOWN).update(
        state=sending.step(State.UNKNOWN, Step.ACCEPT),
        sent_at=F("attempted_at"),
        due_at=None,
        lease_until=None,
        fence=F("fence") + 1,
    )
    if proven:
        arrived(Message.objects.get(pk=answer.pk), proof="answered")


def needs_a_person(
    answer: Message, kind: str, *, member: Member | None = None, **data: object
) -> None:
    """An answer failed or its fate is unclear: its case is open again and on top of the list.

    A notice leaves its case as it is; whoever told everybody sees there what became of it.

    Args:
        answer: the message.
        kind: the kind of event, "answer.refused" or "answer.unclear".
        member: who brought it about, when it was a person.
        data: what else the event tells.
    """
    if answer.notice:
        _tell_of_notice("loop.failed", answer, member=member, why=kind)
        return
    case = Case.objects.select_for_update(of=("self",)).get(conversations=answer.conversation_id)
    now = timezone.now()
    if case.status not in {Case.Status.NEW, Case.Status.ON_HOLD}:
        case.status = Case.Status.OPEN
        case.resolved_at = None
    promises.withdraw(answer)
    clocks.go_on({case.pk: now})
    case.updated_at = now
    case.save(update_fields=["status", "resolved_at", "updated_at"])
    record(kind, f"case:{case.pk}", member=member, message=answer.pk, **data)


def _tell_of_notice(kind: str, answer: Message, *, member: Member | None, **data: object) -> None:
    about = f"case:{answer.conversation.case_id}"
    record(kind, about, member=member, message=answer.pk, **data)
