"""Write down what a run has learned of each theme besides its voices."""

from typing import Final

from sori.change.looking import NOTHING, Look
from sori.change.models import Theme, ThemeFigures

_WRITTEN: Final = (
    "judged", "negative", "urgent", "reach", "worth", "valued", "languages",
)  # fmt: skip


def write(found: Look) -> None:
    """The figures of every theme of a run; to be called in the transaction that writes the run."""
    rows = []
    for number in sorted(found.counted.gauges):
        gauge, worth = found.counted.gauges[number], found.worth.get(number, NOTHING)
        rows.append(
            ThemeFigures(
                theme_id=number,
                judged=gauge.judged,
                negative=gauge.negative,
                urgent=gauge.urgent,
                reach=gauge.reach,
                worth=worth.total,
                valued=worth.people,
                languages=dict(gauge.languages),
            )
        )
    there = set(Theme.objects.values_list("pk", flat=True))
    ThemeFigures.objects.exclude(theme__in=[row.theme_id for row in rows]).delete()
    ThemeFigures.objects.bulk_create(
        [row for row in rows if row.theme_id in there],
        update_conflicts=True,
        unique_fields=["theme"],
        update_fields=_WRITTEN,
        batch_size=500,
    )
