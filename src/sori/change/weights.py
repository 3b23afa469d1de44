"""How many points the company gives what speaks for a theme: read them, and give others."""

from dataclasses import asdict, fields
from typing import Final

from sori.change.models import ThemeWeight
from sori.change.weighing import Weights
from sori.database import write_atomic
from sori.journal.services import record
from sori.staff.models import Member

_WORDS: Final = tuple(one.name for one in fields(Weights))


def weights() -> Weights:
    """How many points the company gives."""
    rows = ThemeWeight.objects.filter(word__in=_WORDS).values_list("word", "points")
    return Weights(**dict(rows))


def save_weights(*, member: Member, wanted: Weights) -> None:
    """Give other points from now on, on everybody's board."""
    with write_atomic():
        before = asdict(weights())
        changed = {word: one for word, one in asdict(wanted).items() if one != before[word]}
        if not changed:
            return
        ThemeWeight.objects.bulk_create(
            [ThemeWeight(word=word, points=points) for word, points in changed.items()],
            update_conflicts=True,
            unique_fields=["word"],
            update_fields=["points"],
        )
        record("themes.weights_changed", "weighing:0", member=member, **changed)
