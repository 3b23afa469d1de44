"""Split a part off a theme, for every later run too, and put it back exactly as it was."""

from collections.abc import Sequence
from typing import Final

from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sori.change import rounds, selectors
from sori.change.models import Correction, Split, Theme, ThemeChange, ThemeRun
from sori.change.runs import ROUND
from sori.change.services import FOLLOWS, remember
from sori.database import write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.staff.models import Member

MOST_WORDS: Final = 12
MOST_VOICES: Final = 200
What = ThemeChange.What


def divide(
    *, theme: int, name: str, words: Sequence[str], voices: Sequence[str], member: Member
) -> int:
    """Make a theme of those voices of another one that say some words, and of some named ones.

    Args:
        theme: which is split.
        name: what the part is called.
        words: a voice that says one of them belongs to the part, now and later.
        voices: ids of mentions that belong to it whatever they say.
        member: who decides it.

    Returns:
        The number of the part; its counts follow with the next run.

    Raises:
        Refused: when nothing is chosen, or the theme is counted with another one.
    """
    if not words and not voices:
        raise Refused(_("Choose words or sentences that belong together."))
    with write_atomic():
        # a run that is being written gives numbers too
        rounds.hold_still(ROUND)
        row = Theme.objects.select_for_update().get(pk=theme)
        if row.merged_into_id is not None:
            raise Refused(_("It is counted with another theme; take it out there first."))
        part = _founded(row, name, words)
        split = Split.objects.create(
            theme=row,
            part=part,
            words=list(words[:MOST_WORDS]),
            voices=list(voices[:MOST_VOICES]),
            ended=_end_corrections(voices[:MOST_VOICES]),
            member=member,
            at=timezone.now(),
        )
        remember(What.DIVIDED, [row, part], member, [row.pk], [row.pk, part.pk])
        record("theme.split", f"theme:{theme}", member=member, part=part.pk, split=split.pk)
        rounds.ask(ROUND, within=FOLLOWS)
    return part.pk


def put_back(*, split: int, member: Member) -> None:
    """Take a split back: everything is counted as it was before.

    The part keeps its number and points to where it came from, as a merged theme does.

    Raises:
        Refused: when the part was itself split, or merged with something.
    """
    with write_atomic():
        row = Split.objects.select_for_update().get(pk=split)
        if row.undone_at is not None:
            return
        part = Theme.objects.select_for_update().get(pk=row.part_id)
        if Split.objects.filter(theme=part, undone_at=None).exists():
            raise Refused(_("It was split further; put that together first."))
        if part.merged_into_id is not None or _merged_into(part):
            raise Refused(_("It was merged with another theme; take that apart first."))
        now = timezone.now()
        part.merged_into_id = row.theme_id
        part.save(update_fields=["merged_into"])
        row.undone_at = now
        row.save(update_fields=["undone_at"])
        _revive(row.ended)
        both = [Theme.objects.get(pk=row.theme_id), part]
        remember(What.JOINED, both, member, [row.theme_id, part.pk], [row.theme_id])
        record("theme.joined", f"theme:{row.theme_id}", member=member, part=part.pk, split=split)
        rounds.ask(ROUND, within=FOLLOWS)


def _merged_into(part: Theme) -> bool:
    """Whether people merged something into it; a part that was put back does not count."""
    put_back = Split.objects.exclude(undone_at=None).values("part")
    return Theme.objects.filter(merged_into=part).exclude(pk__in=put_back).exists()


def _founded(theme: Theme, name: str, words: Sequence[str]) -> Theme:
    """The row of a part, under a number that no run has given and none will."""
    run = selectors.newest_run()
    highest = Theme.objects.aggregate(highest=Max("number"))["highest"] or 0
    number: int = max(run.next_number if run else 1, highest + 1)
    if run:
        ThemeRun.objects.filter(pk=run.pk).update(next_number=number + 1)
    now = timezone.now()
    return Theme.objects.create(
        number=number,
        name=name,
        named=True,
        phrases=list(words),
        first_seen=now,
        last_seen=now,
        effort=theme.effort,
    )


def _end_corrections(voices: Sequence[str]) -> list[int]:
    """End what was said about these voices alone, for the split is newer; returns which."""
    standing = Correction.objects.filter(mention__in=voices, undone_at=None)
    ended = sorted(standing.values_list("pk", flat=True))
    standing.update(undone_at=timezone.now())
    return ended


def _revive(corrections: Sequence[int]) -> None:
    """Let corrections stand again, except where somebody has said something newer."""
    for one in Correction.objects.filter(pk__in=corrections).order_by("pk"):
        about = Q(mention=one.mention, undone_at=None)
        newer = Q(theme=one.theme_id) | Q(belongs=True) if one.belongs else Q(theme=one.theme_id)
        if not Correction.objects.filter(about & newer).exists():
            Correction.objects.filter(pk=one.pk).update(undone_at=None)
