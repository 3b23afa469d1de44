"""Ask, once a day, whoever approved a notice whether it is still true."""

from datetime import timedelta
from typing import Final

from django.utils import timezone

from sori.change.notices.models import Notice
from sori.change.notices.selectors import is_old, old
from sori.database import write_atomic
from sori.journal.services import record

AGAIN: Final = timedelta(hours=24)
"""Nobody is asked more often about one notice."""


def remind_due() -> int:
    """Write an event for each notice that somebody should look at; returns how many there were."""
    now = timezone.now()
    told = 0
    for one in old(now):
        with write_atomic():
            row = Notice.objects.select_for_update().get(pk=one.pk)
            lately = row.reminded_at is not None and row.reminded_at + AGAIN > now
            if lately or not is_old(row, now):
                continue
            row.reminded_at = now
            row.save(update_fields=["reminded_at"])
            to = [row.approved_by_id] if row.approved_by_id else []
            record("notice.grew_old", f"notice:{row.pk}", to=to)
            told += 1
    return told
