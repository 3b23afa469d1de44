"""Say once that the day has come to look again at a decision not to answer."""

from typing import Final

from django.db.models import Exists, OuterRef
from django.utils import timezone

from sori.database import write_atomic
from sori.journal.services import record
from sori.notifications.models import Review
from sori.respond.models import Decision

AT_ONCE: Final = 100


def announce_reviews() -> int:
    """Write an event for each decision whose day has come; returns how many there were."""
    due = Decision.objects.filter(review_on__lte=timezone.localdate(), reviewed_at=None)
    fresh = due.exclude(Exists(Review.objects.filter(decision=OuterRef("pk")))).order_by("pk")
    announced = 0
    for row in fresh[:AT_ONCE]:
        with write_atomic():
            _review, new = Review.objects.get_or_create(decision=row)
            if new:
                to = [row.owner_id] if row.owner_id else []
                record("case.review_due", f"case:{row.case_id}", decision=row.pk, to=to)
                announced += 1
    return announced
