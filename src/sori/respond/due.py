"""What asks for attention now: clocks that run out, promises, decisions to be looked at again.

Read from the clocks themselves, so that the tab, its count and the rings cannot disagree.
"""

from datetime import UTC, datetime, time
from typing import Any, Final

from django.db.models import Min
from django.utils import timezone

from sori.respond import rows
from sori.respond.clocks import RUNNING
from sori.respond.models import Clock, Decision
from sori.respond.search import MOST

Place = tuple[datetime, int]
"""A place in the list: when it is due, and the case."""

_START: Final = (datetime.min.replace(tzinfo=UTC), 0)


def page(
    *, member: int, department: int | None, after: Place | None, limit: int
) -> list[dict[str, Any]]:
    """Some cases in which something is due, what runs out first on top.

    Args:
        member: whose marks of having read.
        department: only the cases of this department.
        after: only what comes behind this place.
        limit: how many at most.

    Returns:
        Rows as in `selectors.Page`, each with `due_at`, and with `review`: whether a decision not
        to answer is to be looked at again.
    """
    due = _clocks(department)
    reviews = _reviews(department)
    for case, day in reviews.items():
        due[case] = min(filter(None, (due.get(case), day)))
    order = sorted((at, case) for case, at in due.items() if (at, case) > (after or _START))[:limit]
    found = {
        row["id"]: row
        for row in rows.rows(rows.one_of(case for _, case in order), member=member, limit=limit)
    }
    # a case may have been erased between the two questions
    listed = [found[case] | {"due_at": at} for at, case in order if case in found]
    return [row | {"review": row["id"] in reviews} for row in listed]


def moment() -> dict[str, Any]:
    """The values by which SQL tells what is due now: `now` and `today`."""
    return {"now": rows.adapted(timezone.now()), "today": timezone.localdate().isoformat()}


def _clocks(department: int | None) -> dict[int, datetime]:
    some = Clock.objects.filter(RUNNING, paused_at=None, soon_at__lte=timezone.now())
    if department is not None:
        some = some.filter(case__department=department)
    firsts = some.values_list("case").annotate(first=Min("due_at")).order_by("first", "case")
    return dict(firsts[:MOST])


def _reviews(department: int | None) -> dict[int, datetime]:
    some = Decision.objects.filter(reviewed_at=None, review_on__lte=timezone.localdate())
    if department is not None:
        some = some.filter(case__department=department)
    firsts = some.values_list("case").annotate(first=Min("review_on")).order_by("first", "case")
    midnight = time(tzinfo=timezone.get_current_timezone())
    return {case: datetime.combine(day, midnight) for case, day in firsts[:MOST]}
