"""The random check: voices that chance chose, confirmed or corrected one by one."""

import secrets
from datetime import timedelta
from typing import Final

from django.utils import timezone

from sori.database import write_atomic
from sori.lessons import services
from sori.lessons.labels import ASKED
from sori.lessons.models import Correction, Example, RandomCheck
from sori.lessons.voices import random_voices, voice
from sori.staff.models import Member

VOICES: Final = 20
RECENT: Final = timedelta(days=30)


def begin(*, member: Member) -> RandomCheck | None:
    """Draw voices for a member to judge; None when nothing was heard lately."""
    since = timezone.now() - RECENT
    drawn = random_voices(since=since, count=VOICES, seed=secrets.token_hex(8))
    mentions = drawn.column("id").to_pylist()
    if not mentions:
        return None
    return RandomCheck.objects.create(member=member, mentions=mentions, made_at=timezone.now())


def confirm(*, check: RandomCheck, place: int, member: Member) -> None:
    """Say that the machine has every label right that nobody corrected, and go on.

    What it said nothing about stays unjudged. A click that comes twice counts once.
    """
    mention = check.mentions[place]
    row = voice(mention)
    if row is not None:
        judged = Correction.objects.filter(example__mention=mention)
        known = set(judged.values_list("label", flat=True))
        for label in ASKED:
            if label not in known and row[label] is not None:
                services.correct(mention=mention, label=label, value=row[label], member=member)
    go_on(check=check, place=place)


def go_on(*, check: RandomCheck, place: int) -> None:
    """The next voice, unless somebody went on already; what was said of this one counts.

    Only now, because a check that is broken off would leave those that people had corrected before,
    and those were mostly wrong.
    """
    with write_atomic():
        Example.objects.filter(mention=check.mentions[place]).update(random=True)
        RandomCheck.objects.filter(pk=check.pk, place=place).update(place=place + 1)
