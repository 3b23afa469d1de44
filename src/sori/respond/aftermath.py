"""What follows when an answer arrived, failed, or nobody knows: clocks, the case, the journal."""

from datetime import datetime

from django.db.models import F
from django.utils import timezone

from sori.journal.services import record
from sori.respond import sending, sla
from sori.respond.models import Case, Clock, Message
from sori.respond.sending import State, Step
from sori.staff.models import Member


def arrived(answer: Message, *, proof: str, member: Member | None = None) -> None:
    """A person was answered: their clock stops, and it is their turn.

    Args:
        answer: the message, SENT, with its `sent_at`.
        proof: how we know: "accepted", "read_back", "late", "answered" or "member".
        member: who said so, when it was a person.
    """
    sent_at = answer.sent_at or timezone.now()
    case = Case.objects.select_for_update(of=("self",)).get(conversations=answer.conversation_id)
    stop_clock(case.pk, sent_at)
    if case.status in {Case.Status.NEW, Case.Status.OPEN}:
        case.status = Case.Status.PENDING
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

    Args:
        answer: the message.
        kind: the kind of event, "answer.refused" or "answer.unclear".
        member: who brought it about, when it was a person.
        data: what else the event tells.
    """
    case = Case.objects.select_for_update(of=("self",)).get(conversations=answer.conversation_id)
    if case.status not in {Case.Status.NEW, Case.Status.ON_HOLD}:
        case.status = Case.Status.OPEN
        case.resolved_at = None
    case.updated_at = timezone.now()
    case.save(update_fields=["status", "resolved_at", "updated_at"])
    record(kind, f"case:{case.pk}", member=member, message=answer.pk, **data)


def stop_clock(case: int, at: datetime, *, outcome: str | None = None) -> None:
    """End the running clock of a case, if there is one.

    Args:
        case: the case's id.
        at: when it stopped; a clock that began later keeps running.
        outcome: how it ended; None: an answer stopped it, so time decides.
    """
    clock = Clock.objects.filter(
        case=case, outcome=Clock.Outcome.RUNNING, started_at__lte=at
    ).first()
    if clock is None:
        return
    span = sla.Span(clock.started_at, clock.due_at, clock.limit_at)
    clock.stopped_at = at
    clock.outcome = outcome or sla.outcome(span, at)
    clock.save(update_fields=["stopped_at", "outcome"])
    record(
        "clock.stopped",
        f"case:{case}",
        clock=clock.pk,
        clock_kind=clock.kind,
        outcome=clock.outcome,
        seconds=int((at - clock.started_at).total_seconds()),
    )
