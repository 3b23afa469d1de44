"""What people decide about themes: their names, what belongs together, which voice belongs where.

Every decision is kept and wins over the machine in all later runs; every one can be taken back.
The counts follow with the next run, which is asked for at once.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from sori.change import rounds, selectors
from sori.change.models import Correction, Dismissal, Split, Subscription, Theme, ThemeChange
from sori.change.runs import ROUND
from sori.database import write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.staff.models import Member
from sori.understand.themes import shortened

FOLLOWS: Final = timedelta(seconds=30)
"""How long the counts may lag behind a decision."""
What = ThemeChange.What


def rename(*, theme: int, name: str, member: Member) -> None:
    """Give a theme a name; an empty one gives it back to the machine."""
    with write_atomic():
        row = _locked(theme)
        before = row.name
        row.name, row.named = name or _machine_name(row), bool(name)
        if row.name == before and not name:
            return
        row.save(update_fields=["name", "named"])
        remember(What.RENAMED, [row], member, [theme], [theme], words=[before, row.name])
        record("theme.renamed", f"theme:{theme}", member=member)


def merge(*, theme: int, into: int, member: Member) -> None:
    """Count a theme with another one from now on.

    Raises:
        Refused: when they are one already, or one is merged into something else.
    """
    with write_atomic():
        row, target = _locked(theme), _locked(into)
        if row.merged_into_id is not None:
            raise Refused(_("It was merged already."))
        if into in selectors.family(theme):
            raise Refused(_("A theme cannot be merged into itself."))
        if target.merged_into_id is not None:
            raise Refused(_("The other theme was merged into a third one."))
        row.merged_into = target
        row.save(update_fields=["merged_into"])
        remember(What.MERGED, [row, target], member, [theme, into], [into])
        record("theme.merged", f"theme:{theme}", member=member, into=into)
        _soon()


def part(*, theme: int, member: Member) -> None:
    """Take a merged theme out again, exactly as it went in.

    Raises:
        Refused: when it is a part that was split off and put back; there is nothing to take out.
    """
    with write_atomic():
        row = _locked(theme)
        into = row.merged_into_id
        if into is None:
            return
        if Split.objects.filter(part=row).exclude(undone_at=None).exists():
            raise Refused(_("It was put back; split the theme again instead."))
        target = _locked(into)
        row.merged_into = None
        row.save(update_fields=["merged_into"])
        remember(What.PARTED, [row, target], member, [into], [theme, into])
        record("theme.parted", f"theme:{theme}", member=member, out_of=into)
        _soon()


def dismiss(*, theme: int, reason: str, words: str, member: Member) -> None:
    """Say that nothing follows from a theme, and why: signed, and shown to everybody.

    Args:
        theme: which.
        reason: one of `Dismissal.Reason`.
        words: what else is to be said about it, at most 400 characters.
        member: who signs.

    Raises:
        Refused: when the reason is "something else" and no words say what.
    """
    if reason == Dismissal.Reason.OTHER and not words.strip():
        raise Refused(_("Say in a few words why."))
    with write_atomic():
        row = _locked(theme)
        if row.hidden:
            return
        row.hidden = True
        row.save(update_fields=["hidden"])
        said = {"reason": Dismissal.Reason(reason), "words": words.strip()}
        Dismissal.objects.create(theme=row, member=member, at=timezone.now(), **said)
        record("theme.hidden", f"theme:{theme}", member=member, reason=reason)


def take_back(*, theme: int, member: Member) -> None:
    """Say that something follows from a theme after all."""
    with write_atomic():
        row = _locked(theme)
        if not row.hidden:
            return
        row.hidden = False
        row.save(update_fields=["hidden"])
        standing = Dismissal.objects.filter(theme=row, taken_back_at=None)
        standing.update(taken_back_at=timezone.now())
        record("theme.shown", f"theme:{theme}", member=member)


def estimate(*, theme: int, effort: str, member: Member) -> None:
    """Say how much work a change would be: one of `Theme.Effort`, or "" for unknown."""
    with write_atomic():
        row = _locked(theme)
        if row.effort == effort:
            return
        row.effort = effort
        row.save(update_fields=["effort"])
        record("theme.estimated", f"theme:{theme}", member=member, effort=effort)


def subscribe(*, theme: int, member: Member) -> None:
    """Let a member hear what becomes of a theme."""
    with write_atomic():
        row = _locked(theme)
        now = timezone.now()
        _row, new = Subscription.objects.get_or_create(
            theme=row, member=member, defaults={"since": now}
        )
        if new:
            record("theme.followed", f"theme:{theme}", member=member)


def unsubscribe(*, theme: int, member: Member) -> None:
    """Tell a member no more of a theme, nor of what was merged into it."""
    with write_atomic():
        theirs = Subscription.objects.filter(theme__in=selectors.family(theme), member=member)
        if theirs.delete()[0]:
            record("theme.unfollowed", f"theme:{theme}", member=member)


def take_out(*, mention: str, theme: int, member: Member) -> None:
    """Say that a voice does not belong to a theme."""
    with write_atomic():
        standing = Correction.objects.filter(mention=mention, undone_at=None)
        _end(standing.filter(Q(theme=theme) | Q(belongs=True)))
        _correct(mention, _locked(theme), member, belongs=False)


def put_in(*, mention: str, theme: int, member: Member) -> None:
    """Say which theme a voice belongs to; it belongs to no other then."""
    with write_atomic():
        standing = Correction.objects.filter(mention=mention, undone_at=None)
        _end(standing.filter(belongs=True))
        _end(standing.filter(theme=theme))
        _correct(mention, _locked(theme), member, belongs=True)


def undo(*, correction: int, member: Member) -> None:
    """Take back what was said about a voice."""
    with write_atomic():
        row = Correction.objects.select_for_update().get(pk=correction)
        if row.undone_at is not None:
            return
        _end(Correction.objects.filter(pk=row.pk))
        about = f"theme:{row.theme_id}"
        record("theme.correction_undone", about, member=member, mention=row.mention)
        _soon()


def remember(
    what: ThemeChange.What,
    themes: Iterable[Theme],
    member: Member,
    before: list[int],
    after: list[int],
    words: list[str] | None = None,
) -> None:
    """Write a line into the lineage of each theme; within a transaction."""
    now = timezone.now()
    ThemeChange.objects.bulk_create(
        ThemeChange(
            theme=theme,
            what=what,
            at=now,
            member=member,
            before=before,
            after=after,
            words=words or [],
        )
        for theme in themes
    )


def _machine_name(theme: Theme) -> str:
    return " · ".join(theme.phrases[:2]) or shortened(theme.central) or theme.name


def _correct(mention: str, theme: Theme, member: Member, *, belongs: bool) -> None:
    now = timezone.now()
    Correction.objects.create(mention=mention, theme=theme, belongs=belongs, member=member, at=now)
    data = {"mention": mention, "belongs": belongs}
    record("theme.corrected", f"theme:{theme.pk}", member=member, **data)
    _soon()


def _end(standing: QuerySet[Correction]) -> None:
    standing.update(undone_at=timezone.now())


def _locked(theme: int) -> Theme:
    return Theme.objects.select_for_update().get(pk=theme)


def _soon() -> None:
    rounds.ask(ROUND, within=FOLLOWS)
