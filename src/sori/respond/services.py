"""What members do with cases: take, hand over, note, settle, or sign that nobody will answer.

Every function is one transaction, writes its event into the journal, and names everything by
keyword; where a rule acts there is no `member`. None asks what a member may do: the views have done
that. What makes no sense as things stand raises `Refused`, in words for the member to read. Answers
have a module of their own, `answering`, and so have acknowledgements; their functions are offered
here as well.
"""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from sori.database import write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.respond import clocks, routing
from sori.respond.acknowledging import acknowledge
from sori.respond.answering import (
    approve_reply,
    cancel_reply,
    discard_draft,
    draft_reply,
    hold_outgoing,
    release_outgoing,
    remember_answer,
    settle_unknown,
)
from sori.respond.mentioning import mentioned
from sori.respond.models import Case, Clock, Decision, Note, Reading
from sori.respond.selectors import on_its_way
from sori.respond.settling import tell_settled
from sori.staff.models import Department, Member, Team
from sori.staff.permissions import Permission, allows
from sori.staff.selectors import who_may

__all__ = [
    "acknowledge",
    "approve_reply",
    "assign",
    "cancel_reply",
    "decide_no_answer",
    "discard_draft",
    "draft_reply",
    "hold_outgoing",
    "mark_read",
    "move_to_department",
    "raise_priority",
    "release_outgoing",
    "remember_answer",
    "reopen",
    "resolve",
    "set_status",
    "settle_unknown",
    "take",
    "write_note",
]

LONGEST_NOTE = 20_000
LONGEST_WHY = 200


def take(*, case: int, member: Member) -> Case:
    """Answer for a case that nobody answers for yet.

    Raises:
        Refused: when somebody else does; of two members who reach for it at once, one is told.
    """
    with write_atomic():
        row = _locked(case)
        if row.owner_id not in {None, member.pk}:
            raise Refused(_("%(name)s has already taken it.") % {"name": row.owner})
        return _hand_to(row, member, by=member)


def assign(*, case: int, member: Member | None, owner: Member | None, why: str = "") -> Case:
    """Give a case to somebody, or to nobody.

    Args:
        case: its id.
        member: who gives it.
        owner: to whom.
        why: one line for whoever has it then.

    Raises:
        Refused: when that member could not answer it, or the line is longer than 200 characters.
    """
    if owner is not None and not allows(owner, Permission.DRAFT_REPLY):
        raise Refused(_("%(name)s cannot write answers.") % {"name": owner})
    with write_atomic():
        return _hand_to(_locked(case), owner, by=member, why=why)


def move_to_department(
    *,
    case: int,
    member: Member | None,
    department: Department | None,
    team: Team | None = None,
    why: str = "",
) -> Case:
    """Let another department answer; the owner stays until somebody takes it there.

    Args:
        case: its id.
        member: who passes it on.
        department: which one answers now.
        team: which of its teams, if it is one team's.
        why: one line for those who have it then.

    Raises:
        Refused: when the line is longer than 200 characters, or the team is another department's.
    """
    if team is not None and (department is None or team.department_id != department.pk):
        raise Refused(_("This team belongs to another department."))
    with write_atomic():
        row = _locked(case)
        before, stood = row.department_id, (row.department_id, row.team_id)
        row.department, row.team = department, team
        if stood != (row.department_id, row.team_id):
            _save(row, "department", "team")
            record(
                "case.department_changed",
                _about(row),
                member=member,
                department=row.department_id,
                team=row.team_id,
                before=before,
                **_why(row, member, why),
            )
        return row


def raise_priority(*, case: int, member: Member | None, points: int) -> bool:
    """Let a case come sooner; whoever raises it less than it was raised before changes nothing."""
    with write_atomic():
        row = _locked(case)
        others = [one for one in row.priority_reasons if one[0] != routing.RAISED]
        before = sum(value for word, value in row.priority_reasons if word == routing.RAISED)
        if points <= before:
            return False
        row.priority_reasons = [*others, [routing.RAISED, points]]
        row.priority = sum(value for _word, value in row.priority_reasons)
        row.save(update_fields=["priority", "priority_reasons"])
        record("case.prioritised", _about(row), member=member, points=points)
        return True


def write_note(*, case: int, member: Member | None, body: str) -> Note:
    """Leave a word for colleagues; whom it names with an "@" stands in the event.

    Raises:
        Refused: when there is nothing in it, or more than 20,000 characters.
    """
    text = body.strip().replace("\0", "")
    if not text or len(text) > LONGEST_NOTE:
        raise Refused(_("A note needs between 1 and 20,000 characters."))
    with write_atomic():
        row = _locked(case)
        note = Note.objects.create(case=row, member=member, body=text, at=timezone.now())
        _save(row)
        named = _named_in(text)
        record("note.written", _about(row), member=member, note=note.pk, mentioned=named)
        return note


def set_status(*, case: int, member: Member | None, status: str) -> Case:
    """Put an unsettled case on hold, let it wait for the customer, or open it.

    While it waits for the customer its clocks rest.

    Raises:
        Refused: for any other status, and for a case that is resolved.
    """
    unsettled = {Case.Status.OPEN, Case.Status.PENDING, Case.Status.ON_HOLD}
    with write_atomic():
        row = _locked(case)
        if status not in unsettled or row.status not in {Case.Status.NEW, *unsettled}:
            raise Refused(_("This case cannot be changed that way."))
        before, row.status = row.status, status
        if before != status:
            _save(row, "status")
            _let_clocks_follow(row, before)
            record("case.status_changed", _about(row), member=member, before=before, after=status)
        return row


def resolve(*, case: int, member: Member | None) -> Case:
    """Say that the matter is settled.

    Whoever waits for words of ours is not forgotten here: either an answer is on its way, or
    somebody must sign that there will be none (`decide_no_answer`). What other departments were
    asked is withdrawn with it (`signals.settled`).

    Raises:
        Refused: when somebody is still waiting and no answer is on its way.
    """
    with write_atomic():
        row = _locked(case)
        if row.status in {Case.Status.RESOLVED, Case.Status.CLOSED}:
            return row
        if clocks.owed(row.pk) and not on_its_way(row.pk):
            raise Refused(_("The customer is waiting: answer, or decide not to answer."))
        now = timezone.now()
        clocks.stop(row.pk, now, kinds=(Clock.Kind.RESOLUTION,))
        _look_again(row, now)
        _settle(row, now)
        record("case.resolved", _about(row), member=member)
        tell_settled(row, member)
        return row


def reopen(*, case: int, member: Member) -> Case:
    """Take a settled case up again."""
    with write_atomic():
        row = _locked(case)
        if row.status not in {Case.Status.RESOLVED, Case.Status.CLOSED}:
            return row
        now = timezone.now()
        row.status, row.resolved_at = Case.Status.OPEN, None
        _save(row, "status", "resolved_at")
        _look_again(row, now)
        clocks.begin_resolution(row, at=now)
        record("case.reopened", _about(row), member=member)
        return row


def decide_no_answer(
    *,
    case: int,
    member: Member,
    reason: str,
    words: str = "",
    owner: Member | None = None,
    review_on: date | None = None,
) -> Decision:
    """Sign that we will not answer: the only way to end a clock without answering.

    A promise that was made is broken by it.

    Args:
        case: the case's id.
        member: who signs.
        reason: one of `Decision.Reason`.
        words: more of the why, for everybody to read; "other" needs some.
        owner: who looks again; whoever answers for the case, or else signs, unless told.
        review_on: the day on which they do.

    Raises:
        Refused: without a reason, or while an answer is on its way.
    """
    why = words.strip().replace("\0", "")
    if reason not in Decision.Reason.values or (reason == Decision.Reason.OTHER and not why):
        raise Refused(_("Say why there will be no answer."))
    now = timezone.now()
    with write_atomic():
        row = _locked(case)
        if on_its_way(row.pk):
            raise Refused(_("An answer is already on its way."))
        _look_again(row, now)
        decision = Decision.objects.create(
            case=row,
            member=member,
            reason=reason,
            words=why,
            owner=owner or row.owner or member,
            review_on=review_on,
            at=now,
        )
        _end_clocks(row.pk, now)
        _settle(row, now)
        record(
            "case.left_unanswered",
            _about(row),
            member=member,
            decision=decision.pk,
            reason=reason,
            review_on=review_on.isoformat() if review_on else None,
        )
        tell_settled(row, member)
        return decision


def settle_withdrawn(*, case: int) -> None:
    """Settle a case of which nothing is left, for its customer deleted every word."""
    now = timezone.now()
    with write_atomic():
        row = _locked(case)
        if row.status in {Case.Status.RESOLVED, Case.Status.CLOSED}:
            return
        _end_clocks(row.pk, now)
        _settle(row, now)
        record("case.resolved", _about(row))
        tell_settled(row, None)


def mark_read(*, case: int, member: Member) -> None:
    """Remember that a member has seen everything the customer said so far; no event is written."""
    newest = Case.objects.values_list("newest_message", flat=True).get(pk=case)
    seen = Reading.objects.filter(case=case, member=member)
    # most pages are opened twice: looking is cheaper than taking the turn to write
    if seen.filter(message__gte=newest).exists():
        return
    with write_atomic():
        Reading.objects.bulk_create(
            [Reading(case_id=case, member=member, message=newest)],
            update_conflicts=True,
            unique_fields=["member", "case"],
            update_fields=["message"],
        )


def _named_in(text: str) -> list[int]:
    if "@" not in text:
        return []
    readers = who_may(Permission.READ_INBOX)
    return mentioned(text, [(one["id"], one["name"]) for one in readers])


def _locked(case: int) -> Case:
    return Case.objects.select_for_update().get(pk=case)


def _about(case: Case) -> str:
    return f"case:{case.pk}"


def _save(case: Case, *fields: str, at: datetime | None = None) -> None:
    case.updated_at = max(case.updated_at, at or timezone.now())
    case.save(update_fields=[*fields, "updated_at"])


def _settle(case: Case, at: datetime) -> None:
    case.status, case.resolved_at, case.snoozed_until = Case.Status.RESOLVED, at, None
    _save(case, "status", "resolved_at", "snoozed_until")


def _why(case: Case, member: Member | None, words: str) -> dict[str, int]:
    """Keep the line that goes with a hand-over; what the event says of it.

    The journal holds no words, for nothing in it can be erased; a note goes with its case.
    """
    line = " ".join(words.replace("\0", "").split())
    if len(line) > LONGEST_WHY:
        raise Refused(_("Say it in at most 200 characters."))
    if not line:
        return {}
    now = timezone.now()
    note = Note.objects.create(case=case, member=member, body=line, handing=True, at=now)
    return {"note": note.pk}


def _hand_to(case: Case, owner: Member | None, *, by: Member | None, why: str = "") -> Case:
    before, case.owner = case.owner_id, owner
    if before == case.owner_id:
        return case
    if owner is not None and case.status == Case.Status.NEW:
        case.status = Case.Status.OPEN
    _save(case, "owner", "status")
    kept = _why(case, by, why)
    record("case.assigned", _about(case), member=by, owner=case.owner_id, before=before, **kept)
    return case


def _let_clocks_follow(case: Case, before: str) -> None:
    now = timezone.now()
    if case.status == Case.Status.PENDING:
        clocks.rest(case.pk, now)
    elif before == Case.Status.PENDING:
        clocks.go_on({case.pk: now})


def _end_clocks(case: int, at: datetime) -> None:
    unanswered = (*clocks.RESPONSE, Clock.Kind.RESOLUTION)
    clocks.stop(case, at, kinds=unanswered, outcome=Clock.Outcome.DROPPED)
    clocks.stop(case, at, kinds=(Clock.Kind.PROMISE,), outcome=Clock.Outcome.MISSED)


def _look_again(case: Case, at: datetime) -> None:
    """Earlier decisions not to answer need no second look any more."""
    case.decisions.filter(reviewed_at=None).update(reviewed_at=at)
