"""Do what a macro or a rule says, by the same services that members use.

Nothing here sends anything: the most it does with an answer is to prepare one for a person.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sori.automation import sharing
from sori.automation.deciding import NOBODY, Action
from sori.automation.models import Turn
from sori.errors import Refused
from sori.journal.services import record
from sori.respond import answering, later, services, snoozing, tagging, threads
from sori.respond.models import Case, Message, SavedReply, Tag
from sori.respond.saved_replies import BLANKS
from sori.respond.selectors import UNSETTLED
from sori.staff.models import Department, Member
from sori.staff.permissions import PERMISSIONS, Permission

OWN: Final = "own"
"""In place of a department: the one the case is in."""


class Doing(NamedTuple):
    """Who acts on which case.

    Attributes:
        case: its id.
        member: the member who runs a macro; None for a rule.
        name: what is put in for "me" when no member acts.
    """

    case: int
    member: Member | None
    name: str


def carry_out(actions: Iterable[Action], doing: Doing) -> None:
    """Do all of it, in order, inside the caller's transaction.

    Raises:
        Refused: when one of them makes no sense as things stand; the caller rolls all back.
    """
    for action in actions:
        _DEEDS[action.sort](action, doing)


def _add_tag(action: Action, doing: Doing) -> None:
    tagging.put_on(case=doing.case, tag=_tag(action), member=doing.member)


def _remove_tag(action: Action, doing: Doing) -> None:
    tagging.take_off(case=doing.case, tag=_tag(action), member=doing.member)


def _department(action: Action, doing: Doing) -> None:
    place = None if action.value == NOBODY else _place(action.value)
    services.move_to_department(case=doing.case, member=doing.member, department=place)


def _give(action: Action, doing: Doing) -> None:
    owner = None
    if action.value != NOBODY:
        owner = Member.objects.filter(pk=int(action.value), is_active=True).first()
        if owner is None:
            raise Refused(_("Whom to give it to does not work here any more."))
    services.assign(case=doing.case, member=doing.member, owner=owner)


def _give_by(choose: Callable[[Iterable[sharing.Hand]], int | None]) -> "Deed":
    def deed(action: Action, doing: Doing) -> None:
        place = action.value
        if place == OWN:
            place = str(Case.objects.values_list("department", flat=True).get(pk=doing.case) or "")
        if not place:
            raise Refused(_("It is in no department, so nobody's turn can be told."))
        # whoever shares out at the same time waits, or both would choose the same
        department = Department.objects.select_for_update().filter(pk=int(place)).first()
        chosen = choose(_hands(department)) if department else None
        if chosen is None:
            raise Refused(_("Nobody in that department runs conversations."))
        owner = Member.objects.get(pk=chosen)
        services.assign(case=doing.case, member=doing.member, owner=owner)
        Turn.objects.update_or_create(member=owner, defaults={"given_at": timezone.now()})

    return deed


def _hands(department: Department) -> list[sharing.Hand]:
    roles = [role for role, may in PERMISSIONS.items() if Permission.RUN_CASE in may]
    members = Member.objects.filter(department=department, is_active=True, role__in=roles)
    # the open cases are the only join, so they are counted once each
    counted = members.annotate(load=Count("cases", filter=Q(cases__status__in=UNSETTLED)))
    given = Turn.objects.filter(member__department=department)
    turns = dict(given.values_list("member", "given_at"))
    return [
        sharing.Hand(pk, load, turns.get(pk, sharing.NEVER))
        for pk, load in counted.values_list("pk", "load")
    ]


def _status(action: Action, doing: Doing) -> None:
    if action.value == Case.Status.RESOLVED:
        services.resolve(case=doing.case, member=doing.member)
    else:
        services.set_status(case=doing.case, member=doing.member, status=action.value)


def settles(actions: Iterable[Sequence[str]]) -> bool:
    """Whether one of these actions, as they are stored, settles a case."""
    return any(tuple(one[:2]) == ("status", Case.Status.RESOLVED) for one in actions)


def _snooze(action: Action, doing: Doing) -> None:
    snoozing.snooze(case=doing.case, member=doing.member, until=moment(action.value))


def moment(value: str, now: datetime | None = None) -> datetime:
    """When something comes back: in so many hours, or at nine of "tomorrow" or "monday"."""
    local = timezone.localtime(now)
    if value.isdecimal():
        return local + timedelta(hours=int(value))
    days = 7 - local.weekday() if value == "monday" else 1
    return timezone.make_aware(datetime.combine(local.date() + timedelta(days=days), later.MORNING))


def _priority(action: Action, doing: Doing) -> None:
    services.raise_priority(case=doing.case, member=doing.member, points=int(action.value))


def _note(action: Action, doing: Doing) -> None:
    words = BLANKS.filled(action.words, _values(doing))
    services.write_note(case=doing.case, member=doing.member, body=words)


def _draft(action: Action, doing: Doing) -> None:
    reply = SavedReply.objects.filter(pk=int(action.value)).first()
    if reply is None:
        raise Refused(_("Its saved reply was thrown away."))
    to = threads.answerable(doing.case)
    if to is None:
        raise Refused(_("There is nothing here that can be answered."))
    words = BLANKS.filled(reply.body, _values(doing))
    mine = Message.objects.filter(
        conversation=to["conversation_id"], state=Message.State.DRAFT, member=doing.member
    )
    before = mine.values_list("body", flat=True).first() or ""
    if words not in before:
        body = f"{before.rstrip()}\n\n{words}" if before and doing.member else words
        answering.draft_reply(answers=to["id"], member=doing.member, body=body)


def _tell_member(action: Action, doing: Doing) -> None:
    _tell([int(action.value)], action, doing)


def _tell_department(action: Action, doing: Doing) -> None:
    place = _place(action.value)
    active = Member.objects.filter(department=place, is_active=True).order_by("pk")
    _tell(list(active.values_list("pk", flat=True)), action, doing)


def _tell(to: list[int], action: Action, doing: Doing) -> None:
    about = f"case:{doing.case}"
    record("rule.told", about, member=doing.member, to=to, words=action.words)


def _tag(action: Action) -> Tag:
    row = Tag.objects.filter(pk=int(action.value)).first()
    if row is None:
        raise Refused(_("There is no such tag."))
    return row


def _place(value: str) -> Department:
    row = Department.objects.filter(pk=int(value)).first()
    if row is None:
        raise Refused(_("There is no such department."))
    return row


def _values(doing: Doing) -> Mapping[str, str]:
    """What stands for the places in a text; for "me" of a rule, whoever answers for the case."""
    case = Case.objects.select_related("person", "owner", "department").get(pk=doing.case)
    answers = doing.member or case.owner or case.department
    return {
        "customer": case.person.name or _("customer"),
        "me": str(answers) if answers else doing.name,
        "case": f"#{case.pk}",
    }


Deed = Callable[[Action, Doing], None]
_DEEDS: Final[Mapping[str, Deed]] = {
    "add_tag": _add_tag,
    "remove_tag": _remove_tag,
    "department": _department,
    "give": _give,
    "give_least_busy": _give_by(sharing.least_busy),
    "give_next": _give_by(sharing.next_in_turn),
    "status": _status,
    "snooze": _snooze,
    "priority": _priority,
    "note": _note,
    "draft": _draft,
    "tell_member": _tell_member,
    "tell_department": _tell_department,
}
SORTS: Final = tuple(_DEEDS)
