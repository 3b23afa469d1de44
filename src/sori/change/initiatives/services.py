"""Begin an initiative, say what speaks for it, decide, move it, and see it to its end."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from sori.change.ideas import services as ideas
from sori.change.ideas.models import Idea
from sori.change.initiatives import reminding, stages, tallying
from sori.change.initiatives.evidence import ideas_behind
from sori.change.initiatives.models import Comment, Evidence, Initiative, Ruling
from sori.change.initiatives.selectors import whose
from sori.change.initiatives.wording import in_a_line, in_words
from sori.change.models import Theme
from sori.database import write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.mention import is_id
from sori.respond.models import Case
from sori.staff.models import Member

_QUOTE: Final = 400

_WHY: Final = {
    stages.Why.UNDECIDED: marked("Decide first: it is made only after a yes."),
    stages.Why.NOT_YES: marked("It is made only after a yes."),
    stages.Why.ENDED: marked("It has come too far for that. Reopen it first."),
    stages.Why.BY_MACHINE: marked(
        "This stage comes by itself: when people were told, and checked."
    ),
    stages.Why.NOTHING_TO_TELL: marked("There is nothing to tell people yet."),
    stages.Why.NOT_SHIPPED: marked("It has not shipped yet."),
    stages.Why.OPEN: marked("It is open already."),
}


def begin(
    *, member: Member, title: str, summary: str = "", evidence: Iterable[tuple[str, str, str]] = ()
) -> Initiative:
    """Propose a change.

    Args:
        member: who proposes it.
        title: what should change, in one line.
        summary: more words about it.
        evidence: (sort, key, quote) of each thing that speaks for it, as for `attach`.

    Raises:
        Refused: without a title, or for evidence that is none.
    """
    now = timezone.now()
    pieces = list(evidence)
    with write_atomic():
        row = Initiative.objects.create(
            title=in_a_line(title),
            summary=in_words(summary, empty=True),
            created_by=member,
            created_at=now,
            moved_at=now,
        )
        for sort, key, quote in pieces:
            _attach(row, member, sort, key, quote)
        tallying.again(row)
        record("initiative.begun", _about(row), member=member, evidence=len(pieces))
        return row


def attach(
    *, initiative: Initiative, member: Member, sort: str, key: str, quote: str = ""
) -> Evidence:
    """Say that something speaks for an initiative; twice is once.

    Args:
        initiative: which one.
        member: who says so.
        sort: one of `Evidence.Sort`.
        key: the number of a theme, an idea or a case, or the id of a mention.
        quote: words out of it worth showing. Of a theme only its central sentence is kept: of
            other words nobody would know whose they are.

    Raises:
        Refused: when there is no such thing.
    """
    with write_atomic():
        row = _locked(initiative)
        found, new = _attach(row, member, sort, key, quote)
        if new:
            if sort == Evidence.Sort.IDEA:
                ideas.follow([int(key)], row.stage, row.decision, row.reason)
            record("initiative.evidence_added", _about(row), member=member, sort=sort, key=key)
            tallying.again(row)
        return found


def detach(*, initiative: Initiative, member: Member, sort: str, key: str) -> None:
    """Say that something does not speak for an initiative after all."""
    with write_atomic():
        row = _locked(initiative)
        if row.evidence.filter(sort=sort, key=key).delete()[0]:
            record("initiative.evidence_removed", _about(row), member=member, sort=sort, key=key)
            tallying.again(row)


def decide(
    *,
    initiative: Initiative,
    member: Member,
    decision: str,
    reason: str,
    review_on: date | None = None,
) -> Initiative:
    """Decide yes, no or later, in words that everybody who asked may read.

    Args:
        initiative: which one.
        member: who decides.
        decision: one of `Initiative.Decision`.
        reason: why.
        review_on: of "later": the day it is looked at again.

    Raises:
        Refused: without a reason, a "later" without a day to come, or when it has shipped or ended.
    """
    chosen = _one_of(stages.Decision, decision)
    day = review_on if chosen == stages.Decision.LATER else None
    if chosen == stages.Decision.LATER and (day is None or day <= timezone.localdate()):
        raise Refused(_("“Later” needs a day, still to come, on which it is looked at again."))
    with write_atomic():
        row, now = _locked(initiative), timezone.now()
        after = _step(row, lambda state: stages.decided(state, chosen))
        row.decision, row.reason = chosen.value, in_words(reason)
        row.decided_by, row.decided_at, row.review_on = member, now, day
        ruling = Ruling.objects.create(
            initiative=row,
            decision=row.decision,
            reason=row.reason,
            review_on=day,
            member=member,
            at=now,
        )
        _arrive(row, after)
        record(
            "initiative.decided",
            _about(row),
            member=member,
            decision=row.decision,
            ruling=ruling.pk,
            review_on=day.isoformat() if day else None,
            to=whose(row),
        )
        return row


def move(*, initiative: Initiative, member: Member, stage: str) -> Initiative:
    """Move it to another stage: considered, in the making, shipped, or a step back.

    Raises:
        Refused: there is no way there: it is made only after a yes, and whether people were told
            and whether it worked is not said by hand.
    """
    wanted = _one_of(stages.Stage, stage)
    with write_atomic():
        row = _locked(initiative)
        before = row.stage
        after = _step(row, lambda state: stages.moved(state, wanted))
        if after.stage == before:
            return row
        _arrive(row, after)
        data = {"stage": row.stage, "before": before, "to": whose(row)}
        record("initiative.moved", _about(row), member=member, **data)
        return row


def mark_told(initiative: Initiative, *, member: Member | None = None) -> Initiative:
    """Say that the people behind it were told of what stands; twice is once.

    Raises:
        Refused: there is nothing to tell yet.
    """
    with write_atomic():
        row = _locked(initiative)
        if state_of(row).told:
            return row
        after = _step(row, stages.told)
        row.told_at = timezone.now()
        _arrive(row, after)
        record("initiative.told", _about(row), member=member, decision=row.decision)
        return row


def leave_untold(*, initiative: Initiative, member: Member, why: str) -> Initiative:
    """Sign that nobody is told of what stands, and why.

    Raises:
        Refused: without a reason, or when nobody waits to be told.
    """
    with write_atomic():
        row = _locked(initiative)
        if state_of(row).told:
            raise Refused(_(_WHY[stages.Why.NOTHING_TO_TELL]))
        after = _step(row, stages.told)
        comment = _say(row, member, why)
        row.told_at = comment.at
        _arrive(row, after)
        row.untold_by, row.untold_why = member, comment.body
        row.save(update_fields=["untold_by", "untold_why"])
        data = {"decision": row.decision, "comment": comment.pk}
        record("initiative.left_untold", _about(row), member=member, **data)
        return row


def mark_checked(initiative: Initiative, *, member: Member | None = None) -> Initiative:
    """Say that it was looked at whether it worked; people who wait to be told wait on.

    Raises:
        Refused: it has not shipped.
    """
    with write_atomic():
        row = _locked(initiative)
        after = _step(row, stages.checked)
        row.checked_at = timezone.now()
        _arrive(row, after)
        record("initiative.checked", _about(row), member=member)
        return row


def reopen(*, initiative: Initiative, why: str, member: Member | None = None) -> Initiative:
    """Look at it again: it is considered once more, and what was decided does not stand any longer.

    Args:
        initiative: which one.
        why: in words, which become part of the discussion.
        member: who wants it; None for the machine.

    Raises:
        Refused: without a reason, or when it is open.
    """
    with write_atomic():
        row = _locked(initiative)
        before = row.stage
        after = _step(row, stages.reopened)
        comment = _say(row, member, why)
        row.decision = row.reason = ""
        row.decided_by = row.decided_at = row.review_on = None
        _arrive(row, after)
        data = {"comment": comment.pk, "before": before, "to": whose(row)}
        record("initiative.reopened", _about(row), member=member, **data)
        return row


def must_exist(sort: str, key: str) -> None:
    """Make sure that there is something that could speak for an initiative.

    Raises:
        Refused: there is not; of a sentence, only that it cannot be.
    """
    if sort == Evidence.Sort.MENTION:
        known = is_id(key)
    else:
        number = int(key) if key.isascii() and key.isdecimal() and len(key) < 19 else 0
        known = number > 0 and str(number) == key and sort in Evidence.Sort.values
        if sort == Evidence.Sort.THEME:
            known = known and Theme.objects.filter(pk=number).exists()
        elif sort == Evidence.Sort.IDEA:
            known = known and Idea.objects.filter(pk=number).exists()
        elif sort == Evidence.Sort.CASE:
            known = known and Case.objects.filter(pk=number).exists()
    if not known:
        raise Refused(_("There is no such thing that could speak for it."))


def state_of(row: Initiative) -> stages.State:
    """Where an initiative stands, as the decider wants it."""
    return stages.standing(
        row.stage,
        row.decision,
        decided_at=row.decided_at,
        shipped_at=row.shipped_at,
        told_at=row.told_at,
        checked_at=row.checked_at,
    )


def _step(row: Initiative, step: Callable[[stages.State], stages.State]) -> stages.State:
    try:
        return step(state_of(row))
    except stages.Impossible as error:
        raise Refused(_(_WHY[error.why])) from error


def _arrive(row: Initiative, after: stages.State) -> None:
    """Save it at its new stage; reminders follow what stands."""
    now = timezone.now()
    if row.stage != after.stage:
        row.moved_at = now
        if after.stage == stages.Stage.SHIPPED:
            row.shipped_at = now
    row.stage = after.stage.value
    row.untold_by, row.untold_why = None, ""
    row.save()
    reminding.arm(row)
    tallying.keep(row)
    ideas.follow(ideas_behind(row), row.stage, row.decision, row.reason)


def _say(row: Initiative, member: Member | None, words: str) -> Comment:
    return Comment.objects.create(
        initiative=row, member=member, body=in_words(words), at=timezone.now()
    )


def _attach(
    row: Initiative, member: Member, sort: str, key: str, quote: str
) -> tuple[Evidence, bool]:
    must_exist(sort, key)
    quote, quoted = quote[:_QUOTE], key if sort == Evidence.Sort.MENTION else ""
    if sort == Evidence.Sort.THEME:
        theme = Theme.objects.get(pk=int(key))
        quote, quoted = theme.central[:_QUOTE], theme.central_mention
    elif sort == Evidence.Sort.IDEA:
        quote = ""  # it is read where it is at home
    return Evidence.objects.get_or_create(
        initiative=row,
        sort=sort,
        key=key,
        defaults={
            "quote": quote,
            "quoted": quoted,
            "added_by": member,
            "added_at": timezone.now(),
        },
    )


def _one_of(kind: Any, value: str) -> Any:
    if value not in set(kind):
        raise Refused(_("Choose one of what is offered."))
    return kind(value)


def _about(row: Initiative) -> str:
    return f"initiative:{row.pk}"


def _locked(initiative: Initiative) -> Initiative:
    return Initiative.objects.select_for_update().get(pk=initiative.pk)
