"""Read initiatives: the board, those whose people wait to be told, one with what speaks for it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from sori.change.initiatives import stages
from sori.change.initiatives.models import Initiative

SHOWN_AFTER: Final = timedelta(days=30)
"""How long what has ended stays on the board."""

_Stage = Initiative.Stage
_Decision = Initiative.Decision

TO_TELL: Final = Q(stage=_Stage.SHIPPED) | Q(stage=_Stage.DECIDED) & (
    Q(decision=_Decision.NO)
    | Q(decision=_Decision.LATER) & (Q(told_at=None) | Q(told_at__lt=F("decided_at")))
)
"""Those whose people wait to be told: what shipped, and what was decided against or put off."""

ENDED: Final = Q(stage=_Stage.CHECKED) | Q(stage=_Stage.TOLD, decision=_Decision.NO)
"""Those for which nothing is left to do."""

_COLUMNS: Final = (
    "id", "title", "stage", "decision", "due_on", "review_on", "owner_id", "owner_name",
    "department_id", "department_name", "created_at", "decided_at", "shipped_at", "told_at",
    "checked_at", "moved_at", "untold_by_id", "voices", "people", "counted_at",
)  # fmt: skip


def rows(some: Q, *, owner: int | None = None, department: int | None = None) -> Any:
    """Initiatives as lists show them, as dictionaries; not yet asked for.

    Args:
        some: which ones.
        owner: only those a member answers for.
        department: only a department's.
    """
    found: QuerySet[Initiative] = Initiative.objects.filter(some)
    if owner is not None:
        found = found.filter(owner=owner)
    if department is not None:
        found = found.filter(department=department)
    named = found.annotate(
        owner_name=F("owner__name"),
        department_name=F("department__name"),
        voices=F("tally__voices"),
        people=F("tally__people"),
        counted_at=F("tally__counted_at"),
    )
    return named.values(*_COLUMNS)


def on_board() -> Q:
    """Those on the board: all that have not ended, and those that ended lately."""
    return ~ENDED | Q(moved_at__gte=timezone.now() - SHOWN_AFTER)


def to_tell() -> int:
    """How many initiatives have people who wait to be told."""
    return Initiative.objects.filter(TO_TELL).count()


def open_ones(limit: int = 200) -> QuerySet[Initiative]:
    """Those to which more evidence can be added with effect, the newest first."""
    return Initiative.objects.exclude(ENDED).order_by("-moved_at", "-pk")[:limit]


def of_evidence(sort: str, key: str) -> list[Initiative]:
    """The initiatives that something speaks for, the newest first."""
    rows_ = Initiative.objects.filter(evidence__sort=sort, evidence__key=key)
    return list(rows_.order_by("-created_at", "-pk"))


def whose(row: Initiative) -> list[int]:
    """The members whose initiative it is: who proposed it, and who answers for it; ids."""
    return sorted({one for one in (row.created_by_id, row.owner_id) if one is not None})


def state(row: Mapping[str, Any]) -> stages.State:
    """Where a row of `rows` stands, as the decider wants it."""
    moments = {name: row[name] for name in ("decided_at", "shipped_at", "told_at", "checked_at")}
    return stages.standing(row["stage"], row["decision"], **moments)


def late(row: Mapping[str, Any]) -> int:
    """How many days ago it should have been done; 0 while it is in time."""
    due_on: date | None = row["due_on"]
    if due_on is None or not _under_way(row):
        return 0
    return max(0, (timezone.localdate() - due_on).days)


def _under_way(row: Mapping[str, Any]) -> bool:
    made = row["stage"] in {_Stage.SHIPPED, _Stage.TOLD, _Stage.CHECKED}
    return not made and row["decision"] not in {_Decision.NO, _Decision.LATER}


def export(initiative: Initiative, *, private: bool = False) -> dict[str, Any]:
    """Everything an issue tracker would need of an initiative, as plain data.

    Args:
        initiative: which one.
        private: whether the words of evidence may be told too: they may be out of letters.
    """
    tally = getattr(initiative, "tally", None)
    pieces = initiative.evidence.order_by("pk").values("sort", "key", "quote", "added_at")
    return {
        "id": initiative.pk,
        "title": initiative.title,
        "summary": initiative.summary,
        "stage": initiative.stage,
        "decision": initiative.decision or None,
        "reason": initiative.reason,
        "owner": initiative.owner.email if initiative.owner else None,
        "department": initiative.department.name if initiative.department else None,
        "due_on": initiative.due_on,
        "review_on": initiative.review_on,
        "created_at": initiative.created_at,
        "decided_at": initiative.decided_at,
        "shipped_at": initiative.shipped_at,
        "told_at": initiative.told_at,
        "checked_at": initiative.checked_at,
        "voices": tally.voices if tally else None,
        "people": tally.people if tally else None,
        "evidence": [dict(one) if private else dict(one) | {"quote": ""} for one in pieces],
    }
