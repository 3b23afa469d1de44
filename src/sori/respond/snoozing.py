"""Put a case off until a time, and bring it back: by a member, by the clock, by the customer."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from sori.database import write_atomic
from sori.errors import Refused
from sori.journal.services import Happening, record, record_all
from sori.respond.clocks import OWED, RUNNING
from sori.respond.models import Case
from sori.respond.selectors import SETTLED
from sori.staff.models import Member

FARTHEST: Final = timedelta(days=366)
_AT_ONCE: Final = 200


def snooze(*, case: int, member: Member | None, until: datetime) -> Case:
    """Let a case leave the lists until a time, or until the customer writes.

    Args:
        case: its id.
        member: who puts it off.
        until: when it comes back.

    Raises:
        Refused: for a settled case, for a time that has passed or is more than a year away, and
            for one at which the customer would have waited too long: nobody hides a running clock.
    """
    now = timezone.now()
    if not now < until <= now + FARTHEST:
        raise Refused(_("Choose a time that is still to come, within a year."))
    with write_atomic():
        row = Case.objects.select_for_update().get(pk=case)
        if row.status in SETTLED:
            raise Refused(_("It is settled already."))
        if row.clocks.filter(RUNNING, kind__in=OWED, paused_at=None, due_at__lt=until).exists():
            raise Refused(
                _("The customer would wait too long: answer first, or choose an earlier time.")
            )
        row.snoozed_until = until
        row.save(update_fields=["snoozed_until"])
        record("case.snoozed", f"case:{case}", member=member, until=until.isoformat())
        return row


def wake(*, case: int, member: Member) -> Case:
    """Bring a case back before its time."""
    with write_atomic():
        row = Case.objects.select_for_update().get(pk=case)
        if row.snoozed_until is not None:
            row.snoozed_until = None
            row.save(update_fields=["snoozed_until"])
            record("case.woken", f"case:{case}", member=member)
        return row


def wake_due() -> int:
    """Bring back the cases whose time has come, to the top of the lists; returns how many."""
    with write_atomic():
        # one that somebody works on in this moment is woken the next time
        due = Case.objects.select_for_update(skip_locked=True).filter(snoozed_until__lte=Now())
        cases = list(due.order_by("snoozed_until")[:_AT_ONCE])
        for one in cases:
            one.updated_at = max(one.updated_at, one.snoozed_until or one.updated_at)
            one.snoozed_until = None
        Case.objects.bulk_update(cases, ["updated_at", "snoozed_until"])
        record_all(Happening("case.woken", f"case:{one.pk}", {}) for one in cases)
        return len(cases)
