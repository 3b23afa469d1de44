"""What is done with initiatives."""

from django.utils import timezone

from sori.change.initiatives.models import Initiative
from sori.database import write_atomic
from sori.journal.services import record


def mark_told(initiative: Initiative) -> None:
    """Everybody who raised it was told what became of it."""
    with write_atomic():
        row = Initiative.objects.select_for_update().get(pk=initiative.pk)
        row.told_at = timezone.now()
        fields = ["told_at"]
        if row.stage == Initiative.Stage.SHIPPED:
            row.stage = Initiative.Stage.TOLD
            fields.append("stage")
        row.save(update_fields=fields)
        record("initiative.told", f"initiative:{row.pk}")
