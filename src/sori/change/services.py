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
from sori.change.models import Correction, Theme, ThemeChange
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
        _remember(What.RENAMED, [row], member, [theme], [theme], words=[before, row.name])
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
        _remember(What.MERGED, [row, target], member, [theme, into], [into])
        record("theme.merged", f"theme:{theme}", member=member, into=into)
        _soon()


def part(*, theme: int, member: Member) -> None:
    """Take a merged theme out again, exactly as it went in."""
    with write_atomic():
        row = _locked(theme)
        into = row.merged_into_id
        if into is None:
            return
        target = _locked(into)
        row.merged_into = None
        row.save(update_fields=["merged_into"])
        _remember(What.PARTED, [row, target], member, [into], [theme, into])
        record("theme.parted", f"theme:{theme}", member=member, out_of=into)
        _soon()


def hide(*, theme: int, member: Member) -> None:
    """Say that there is no theme in it."""
    _show(theme, member, hidden=True)


def show(*, theme: int, member: Member) -> None:
    """Say that there is a theme in it after all."""
    _show(theme, member, hidden=False)


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


def _machine_name(theme: Theme) -> str:
    return " · ".join(theme.phrases[:2]) or shortened(theme.central) or theme.name


def _show(theme: int, member: Member, *, hidden: bool) -> None:
    with write_atomic():
        row = _locked(theme)
        if row.hidden == hidden:
            return
        row.hidden = hidden
        row.save(update_fields=["hidden"])
        kind = "theme.hidden" if hidden else "theme.shown"
        record(kind, f"theme:{theme}", member=member)


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


def _remember(
    what: ThemeChange.What,
    themes: Iterable[Theme],
    member: Member,
    before: list[int],
    after: list[int],
    words: list[str] | None = None,
) -> None:
    """A line in the lineage of each theme."""
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


def _soon() -> None:
    rounds.ask(ROUND, within=FOLLOWS)
