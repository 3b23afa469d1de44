"""All initiatives: by stage, on a line of days, and those whose people wait to be told."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from sori.change.initiatives import selectors, stages, timeline
from sori.change.initiatives.forms import Wanted, read_wanted
from sori.change.initiatives.models import Initiative
from sori.staff.models import Department
from sori.staff.permissions import Permission, me, requires

COLUMN: Final = 40
"""Cards of one column; the timeline shows all."""

PAGE: Final = 40
_MOST: Final = 600
_FAR: Final = date(9999, 12, 31)
_Stage = Initiative.Stage


@requires(Permission.READ_INITIATIVES)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """One column for each stage; what has ended stays for a month."""
    wanted = read_wanted(request.GET, me(request))
    found = selectors.rows(
        selectors.on_board(), owner=wanted.owner, department=wanted.department
    ).order_by("-moved_at", "-id")
    rows = [_shown(row) for row in found[:_MOST]]
    rows.sort(key=lambda row: row["due_on"] or _FAR)
    context = _common(wanted) | {"columns": [_column(stage, rows) for stage in _Stage.values[:-1]]}
    return render(request, "initiatives/board.html", context)


@requires(Permission.READ_INITIATIVES)
@require_GET
def line(request: HttpRequest) -> HttpResponse:
    """From heard to checked on a line of days, the newest first."""
    wanted = read_wanted(request.GET, me(request))
    some = Q(stage=wanted.stage) if wanted.stage else Q()
    found = selectors.rows(some, owner=wanted.owner, department=wanted.department)
    pages = Paginator(found.order_by("-created_at", "-id"), PAGE)
    page = pages.get_page(request.GET.get("page"))
    today = timezone.localdate()
    rows = [_shown(row) for row in page.object_list]
    lives = [_life(row) for row in rows]
    axis = timeline.axis(lives, today)
    context = _common(wanted) | {
        "rows": [
            row | {"life": timeline.life(life, axis, today)}
            for row, life in zip(rows, lives, strict=True)
        ],
        "months": axis.months(),
        "today": axis.place(today),
        "newer": _link(wanted, page.number - 1) if page.has_previous() else "",
        "older": _link(wanted, page.number + 1) if page.has_next() else "",
    }
    return render(request, "initiatives/timeline.html", context)


@requires(Permission.READ_INITIATIVES)
@require_GET
def to_tell(request: HttpRequest) -> HttpResponse:
    """Those whose people wait to be told, the longest wait first."""
    wanted = read_wanted(request.GET, me(request))
    found = selectors.rows(selectors.TO_TELL, owner=wanted.owner, department=wanted.department)
    pages = Paginator(found.order_by("moved_at", "id"), PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = _common(wanted) | {
        "rows": [_shown(row) for row in page.object_list],
        "newer": _link(wanted, page.number - 1) if page.has_previous() else "",
        "older": _link(wanted, page.number + 1) if page.has_next() else "",
    }
    return render(request, "initiatives/to_tell.html", context)


def _common(wanted: Wanted) -> dict[str, Any]:
    return {
        "wanted": wanted,
        "suffix": _link(wanted, 1),
        "waiting": selectors.to_tell(),
        "departments": list(Department.objects.values("id", "name")),
        "stages": dict(_Stage.choices),
        "decisions": dict(Initiative.Decision.choices),
    }


def _column(stage: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The last column holds what was told and what was checked."""
    here = {_Stage.TOLD, _Stage.CHECKED} if stage == _Stage.TOLD else {stage}
    cards = [row for row in rows if row["stage"] in here]
    return {"stage": stage, "count": len(cards), "cards": cards[:COLUMN]}


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    state = selectors.state(row)
    row |= {
        "late": selectors.late(row),
        "ways": [way.value for way in stages.ways(state)],
        "to_tell": stages.to_tell(state),
        "ended": stages.ended(state),
        "review": row["review_on"] is not None and row["review_on"] <= timezone.localdate(),
    }
    return row


def _life(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as the line of days wants it: moments of an earlier round are none."""
    decided = row["decided_at"]
    shipped = _after(row["shipped_at"], decided) if row["decision"] == "yes" else None
    told = _after(row["told_at"], shipped or decided)
    return {
        "created": _day(row["created_at"]),
        "decided": _day(decided),
        "shipped": _day(shipped),
        "told": _day(told),
        "checked": _day(_after(row["checked_at"], shipped)),
        "due_on": row["due_on"],
        "off": row["decision"] in {"no", "later"},
    }


def _after(at: datetime | None, before: datetime | None) -> datetime | None:
    return at if at and before and at >= before else None


def _day(at: datetime | None) -> date | None:
    return timezone.localtime(at).date() if at else None


def _link(wanted: Wanted, page: int) -> str:
    asked = {
        "mine": "yes" if wanted.owner else "",
        "department": wanted.department or "",
        "stage": wanted.stage,
        "page": page if page > 1 else "",
    }
    said = urlencode({name: value for name, value in asked.items() if value})
    return f"?{said}" if said else ""
