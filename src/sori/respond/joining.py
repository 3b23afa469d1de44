"""Join two cases of one person and take them apart again; split a matter off.

Joining points: the conversations of one case belong to the other from then on, with whatever waits
in them, and the row of `Joining` names what to point back. No message, no note and no event moves.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from sori.database import write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.mention import short
from sori.people.selectors import together
from sori.respond import clocks
from sori.respond.models import (
    Case,
    Clock,
    Conversation,
    Decision,
    Joining,
    Message,
    Passage,
)
from sori.respond.selectors import SETTLED, on_its_way
from sori.respond.signals import parted
from sori.respond.summing import heard, repeat
from sori.respond.voices import line
from sori.staff.models import Member

_KEPT: Final = ("status", "resolved_at", "snoozed_until")
"""How a case stood, and how it stands again when it is taken out."""

_LONGEST_CHAIN: Final = 50


def join(*, case: int, into: int, member: Member) -> Joining:
    """Let a case be part of another one from now on.

    Args:
        case: which is closed by it.
        into: which goes on.
        member: who says so.

    Raises:
        Refused: when they are the same, are another person's, were joined before, when an answer
            is on its way, or when somebody waits in `case` and the other one is settled.
    """
    with write_atomic():
        row, other = _both(case, into)
        _check(row, other)
        theirs, waiting = Conversation.objects.filter(case=row), _running(row)
        reviews = Decision.objects.filter(case=row, reviewed_at=None)
        joining = Joining(
            case=row,
            into=other,
            member=member,
            at=timezone.now(),
            conversations=list(theirs.values_list("pk", flat=True)),
            decisions=list(reviews.values_list("pk", flat=True)),
            before={name: _written(getattr(row, name)) for name in _KEPT},
        )
        theirs.update(case=other)
        reviews.update(case=other)
        for clock in waiting:
            _carry(joining, clock, _running(other))
        joining.save()
        row.status, row.joined_into, row.snoozed_until = Case.Status.CLOSED, other, None
        row.save(update_fields=["status", "joined_into", "snoozed_until"])
        repeat(other)
        _tell("case.joined", row, other, member)
        return joining


def part(*, case: int, member: Member) -> Case:
    """Take a joined case out again, as it was; what was said in it meanwhile comes along.

    Raises:
        Refused: when it is by itself, or an answer is on its way.
    """
    with write_atomic():
        joining = Joining.objects.filter(case=case, undone_at=None).first()
        if joining is None:
            raise Refused(_("It is by itself already."))
        row, other = _both(case, joining.into_id)
        _check_answers(other)
        Conversation.objects.filter(pk__in=joining.conversations, case=other).update(case=row)
        Decision.objects.filter(pk__in=joining.decisions, case=other).update(case=row)
        Clock.objects.filter(pk__in=joining.clocks, case=other, outcome="running").update(case=row)
        for aside, instead in joining.aside:
            _take_up(aside, instead)
        for name, value in joining.before.items():
            setattr(row, name, _read(value))
        row.joined_into = None
        row.save(update_fields=[*_KEPT, "joined_into"])
        Joining.objects.filter(pk=joining.pk).update(undone_at=timezone.now())
        for one in (row, other):
            repeat(one)
        _tell("case.parted", row, other, member)
        both = (row.pk, other.pk)
        parted.send(sender=Case, cases=both, since=joining.at, member=member)
        return row


def split(*, message: int, member: Member) -> Case:
    """Make a case of its own of something a customer said among other things.

    The message, and what was answered to it, leave their conversation for one of their own;
    whoever quotes those answers is in the new one. Whoever waits goes on waiting, and whoever had
    the case has both. Tags stay behind: they say what the other matter is about.

    Raises:
        Refused: when nothing else would be left, or an answer is on its way.
    """
    with write_atomic():
        said = Message.objects.select_related("conversation__identity").get(pk=message)
        old = Case.objects.select_for_update().get(pk=said.conversation.case_id)
        alone = not heard(old).exclude(pk=said.pk).exists()
        if said.direction != Message.Direction.IN or alone:
            raise Refused(_("There is nothing to split off: this is all they said."))
        _check_answers(old)
        new = _case_of(said, old)
        own = _conversation_of(said, new)
        moved = Message.objects.filter(pk=said.pk) | Message.objects.filter(answers=said)
        ids = list(moved.values_list("pk", flat=True))
        Message.objects.filter(pk__in=ids).update(conversation=own)
        Passage.objects.filter(message__in=ids).update(conversation=own)
        _share_clocks(said, old, new)
        for one in (old, new):
            repeat(one)
        record("case.split", f"case:{old.pk}", member=member, new=new.pk)
        record("case.split", f"case:{new.pk}", member=member, out_of=old.pk)
        return new


def root(case: int) -> int:
    """The case that this one is part of, or itself."""
    return roots([case])[case]


def roots(cases: Collection[int]) -> dict[int, int]:
    """The case that each of these is part of, or itself, by the part.

    One question for every step of the longest chain.
    """
    at = {case: case for case in cases}
    for _step in range(_LONGEST_CHAIN):
        joined = Case.objects.filter(pk__in=set(at.values()), joined_into__isnull=False)
        into: dict[int, Any] = dict(joined.values_list("pk", "joined_into"))
        if not into:
            break
        at = {case: into.get(whole, whole) for case, whole in at.items()}
    return at


def whole(*cases: int) -> list[int]:
    """These cases and all that are part of them."""
    return [*cases, *(one["id"] for one in parts(*cases))]


def parts(*cases: int) -> list[dict[str, Any]]:
    """All that are part of these cases, in turn: id, subject and joined_into.

    One question for every step of the longest chain.
    """
    found: list[dict[str, Any]] = []
    newest: list[Any] = list(cases)
    while newest:
        rows = Case.objects.filter(joined_into__in=newest).order_by("pk")
        more = [dict(row) for row in rows.values("id", "subject", "joined_into")]
        found += more
        newest = [row["id"] for row in more]
    return found


def _both(case: int, into: int) -> tuple[Case, Case]:
    rows = Case.objects.select_for_update().filter(pk__in=(case, into)).order_by("pk")
    found = {row.pk: row for row in rows}
    if case == into or len(found) < 2:
        raise Refused(_("Choose another conversation."))
    return found[case], found[into]


def _check(row: Case, other: Case) -> None:
    if row.joined_into_id or other.joined_into_id:
        raise Refused(_("One of them is part of another one already."))
    if other.person_id not in together(row.person_id):
        raise Refused(_("These are two people. Merge them first, if they are one."))
    if other.status in SETTLED and row.status not in SETTLED:
        raise Refused(_("The other one is settled: open it again, or join that one with this one."))
    _check_answers(row)


def _check_answers(case: Case) -> None:
    """What an approved answer stands on includes its case."""
    if on_its_way(case.pk):
        raise Refused(_("An answer is on its way. Wait until it is out, or take it back."))


def _running(case: Case) -> list[Clock]:
    return list(Clock.objects.filter(case=case, outcome=Clock.Outcome.RUNNING).order_by("pk"))


def _carry(joining: Joining, clock: Clock, there: Iterable[Clock]) -> None:
    """Let a clock go on in the other case; of two of a kind the one that runs out first does."""
    same = next((one for one in there if one.kind == clock.kind), None)
    if same is None:
        joining.clocks.append(clock.pk)
    elif same.due_at <= clock.due_at:
        joining.aside.append([clock.pk, same.pk])
        _set_aside(clock)
        return
    else:
        joining.clocks.append(clock.pk)
        joining.aside.append([same.pk, clock.pk])
        _set_aside(same)
    Clock.objects.filter(pk=clock.pk).update(case=joining.into)


def _set_aside(clock: Clock) -> None:
    Clock.objects.filter(pk=clock.pk).update(outcome=Clock.Outcome.ASIDE)


def _take_up(aside: int, instead: int) -> None:
    """A clock that was set aside runs again, unless what it waited for has happened."""
    other = Clock.objects.filter(pk=instead).first()
    clock = Clock.objects.filter(pk=aside, outcome=Clock.Outcome.ASIDE).first()
    if clock is None:
        return
    clock.outcome = Clock.Outcome.RUNNING
    if other is not None and other.outcome != Clock.Outcome.RUNNING:
        clock.outcome, clock.stopped_at = other.outcome, other.stopped_at
    clock.save(update_fields=["outcome", "stopped_at"])
    if clock.outcome == Clock.Outcome.RUNNING and clock.paused_at is None:
        clocks.remind(clock)


def _case_of(said: Message, old: Case) -> Case:
    words = line(said.body)
    return Case.objects.create(
        person_id=old.person_id,
        subject=words or old.subject,
        excerpt=words,
        channel=said.conversation.channel,
        reason=old.reason,
        status=Case.Status.OPEN,
        owner_id=old.owner_id,
        department_id=old.department_id,
        team_id=old.team_id,
        opened_at=said.at,
        updated_at=timezone.now(),
        priority_reasons=old.priority_reasons,
    )


def _conversation_of(said: Message, case: Case) -> Conversation:
    old = said.conversation
    return Conversation.objects.create(
        source_id=old.source_id,
        thread=short(f"{said.pk}:{old.thread}", 255),
        identity=old.identity,
        case=case,
        channel=old.channel,
        subject=old.subject,
        opened_at=said.at,
    )


def _share_clocks(said: Message, old: Case, new: Case) -> None:
    """Whose clock it is: what was said last without an answer still waits, in either case."""
    if _answered(said.at, old, new):
        return
    clock = Clock.objects.filter(
        case=old, outcome=Clock.Outcome.RUNNING, kind__in=clocks.RESPONSE
    ).first()
    if clock is None:
        return
    others = heard(old).order_by("-at").values_list("at", flat=True).first()
    if others is None or _answered(others, old):
        Clock.objects.filter(pk=clock.pk).update(case=new)
        return
    waits = clocks.Waiting(new, said.at, addressed=not clock.silence, anew=False)
    clocks.begin([waits])


def _answered(at: datetime, *cases: Case) -> bool:
    """Whether an answer of ours went out since then."""
    answers = Message.objects.filter(conversation__case__in=cases, sent_at__gte=at)
    return answers.filter(direction=Message.Direction.OUT, notice=False).exists()


def _tell(kind: str, case: Case, into: Case, member: Member) -> None:
    record(kind, f"case:{case.pk}", member=member, case=case.pk, into=into.pk)
    record(kind, f"case:{into.pk}", member=member, case=case.pk, into=into.pk)


def _written(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _read(value: Any) -> Any:
    moment = parse_datetime(value) if isinstance(value, str) else None
    return moment or value
