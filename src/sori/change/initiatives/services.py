"""Move an initiative where the machine has looked at what it brought."""

from django.utils import timezone

from sori.change.initiatives.models import Initiative
from sori.database import write_atomic
from sori.journal.services import record
from sori.staff.models import Member


def mark_checked(initiative: Initiative) -> None:
    """It is known what it has brought."""
    with write_atomic():
        initiative.stage, initiative.checked_at = Initiative.Stage.CHECKED, timezone.now()
        initiative.save(update_fields=["stage", "checked_at"])
        record("initiative.checked", f"initiative:{initiative.pk}")


def reopen(*, initiative: Initiative, why: str, member: Member | None = None) -> None:
    """Consider it again; the reason is for colleagues."""
    with write_atomic():
        initiative.stage = Initiative.Stage.CONSIDERED
        initiative.save(update_fields=["stage"])
        record("initiative.reopened", f"initiative:{initiative.pk}", member=member, why=why)
