"""Read the desk: the list of cases, its tabs and counts; plain dictionaries.

One case is read by `threads`, the figures by `figures`. Every function asks the database a fixed
number of questions, however many rows there are.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

from django.db import connection
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.utils import timezone

from sori.respond import search, sla
from sori.respond.models import Case, Clock, Hold, Message, Reading
from sori.respond.sending import State

TABS: Final = ("mine", "unassigned", "open", "unsettled", "resolved")
UNSETTLED: Final = ("new", "open", "pending", "on_hold")
SETTLED: Final = ("resolved", "closed")
MOST: Final = search.MOST

_ROW: Final = (
    "id",
    "subject",
    "excerpt",
    "channel",
    "status",
    "kind",
    "sentiment",
    "urgency",
    "priority",
    "priority_reasons",
    "opened_at",
    "updated_at",
    "newest_message",
    "person_id",
    "owner_id",
    "department_id",
)
_CLOCK: Final = (
    "case_id",
    "kind",
    "started_at",
    "due_at",
    "limit_at",
    "stopped_at",
    "outcome",
)


class Page(NamedTuple):
    """Some rows of a list.

    Attributes:
        rows: the cases, newest change first. Each has the columns of `Case` and: `who`,
            `owner_name` and `department_name` ("" when there is none), `unread` (bool), `unsettled`
            (bool: an answer of unclear fate), `clock` (see `clocks`, or None).
        next: hand it back as `after` for the next page; None at the end.
        total: how many there are in all, for a search; capped at 1,001 ("1,000+").
    """

    rows: list[dict[str, Any]]
    next: str | None
    total: int | None = None


def inbox(
    *,
    member: int,
    tab: str = "open",
    department: int | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """One page of the list of cases.

    Args:
        member: who looks; "mine" and the unread marks are theirs.
        tab: one of TABS; anything else is "open".
        department: only the cases of this department.
        after: `next` of the page before.
        limit: rows a page.
    """
    cases = _tab(tab, member)
    if department is not None:
        cases = cases.filter(department=department)
    return _page(cases, member, after, limit)


def found(*, query: str, member: int, after: str | None = None, limit: int = 50) -> Page:
    """The cases in which all words of a query were said, newest change first; see `search`."""
    ids = search.cases(query)
    page = _page(Case.objects.filter(pk__in=ids), member, after, limit)
    return page._replace(total=len(ids))


def counts(member: int) -> dict[str, int]:
    """How many cases each of TABS shows to this member, each capped at 1,001 ("1,000+")."""
    with connection.cursor() as cursor:
        cursor.execute(_counts(), {"member": member})
        return dict(zip(TABS, cursor.fetchone(), strict=True))


def case_row(case: int, *, member: int) -> dict[str, Any] | None:
    """One case as the list shows it; None when there is none."""
    rows = _page(Case.objects.filter(pk=case), member, None, 1).rows
    return rows[0] if rows else None


def clocks(cases: Iterable[int], now: datetime | None = None) -> dict[int, dict[str, Any]]:
    """The newest clock of each case.

    Returns:
        By case id: kind, started_at, due_at, limit_at, stopped_at, outcome, and how it stands
        now: `state`, `seconds` and `share` of `sla.Standing`.
    """
    now = now or timezone.now()
    found = Clock.objects.filter(case__in=list(cases)).order_by("id").values(*_CLOCK)
    return {row["case_id"]: row | _standing(row, now) for row in found}


def held() -> dict[str, Any] | None:
    """Why no answer leaves the house: reason and since; None when answers go out."""
    oldest = Hold.objects.filter(released_at=None).order_by("id")
    return next((dict(row) for row in oldest.values("reason", "since")[:1]), None)


def unread(member: int) -> int:
    """How many unsettled cases of a member hold something they have not read; capped at 1,001."""
    seen = Reading.objects.filter(
        member=member, case=OuterRef("pk"), message__gte=OuterRef("newest_message")
    )
    mine = Case.objects.filter(owner=member, status__in=UNSETTLED).exclude(Exists(seen))
    return mine.order_by()[:MOST].count()


def _standing(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    span = sla.Span(row["started_at"], row["due_at"], row["limit_at"])
    return sla.standing(span, now, outcome=row["outcome"], stopped_at=row["stopped_at"])._asdict()


@cache
def _counts() -> str:
    return files("sori.respond").joinpath("queries", "counts.sql").read_text(encoding="utf-8")


def _tab(tab: str, member: int) -> QuerySet[Case]:
    cases = Case.objects.all()
    if tab == "resolved":
        return cases.filter(status__in=SETTLED)
    if tab == "unsettled":
        unclear = Message.objects.filter(state=State.UNKNOWN).values("conversation__case")
        return cases.filter(pk__in=unclear)
    cases = cases.filter(status__in=UNSETTLED)
    if tab == "mine":
        return cases.filter(owner=member)
    if tab == "unassigned":
        return cases.filter(owner=None)
    return cases


def _page(cases: QuerySet[Case], member: int, after: str | None, limit: int) -> Page:
    if place := _place(after):
        at, number = place
        cases = cases.filter(Q(updated_at__lt=at) | Q(updated_at=at, pk__lt=number))
    mine = FilteredRelation("readings", condition=Q(readings__member=member))
    rows: list[dict[str, Any]] = list(
        cases.annotate(mine=mine)
        .order_by("-updated_at", "-id")
        .values(
            *_ROW,
            read=F("mine__message"),
            who=F("person__name"),
            owner_name=F("owner__name"),
            department_name=F("department__name"),
        )[: limit + 1]
    )
    more = len(rows) > limit
    rows = rows[:limit]
    ids = [row["id"] for row in rows]
    clock, unclear = clocks(ids), _unclear(ids)
    for row in rows:
        row["unread"] = row["newest_message"] > (row.pop("read") or 0)
        row["unsettled"] = row["id"] in unclear
        row["clock"] = clock.get(row["id"])
        row["owner_name"] = row["owner_name"] or ""
        row["department_name"] = row["department_name"] or ""
    last = rows[-1] if more else None
    return Page(rows, f"{last['updated_at'].isoformat()}~{last['id']}" if last else None)


def _unclear(cases: list[int]) -> set[int]:
    return set(
        Message.objects.filter(conversation__case__in=cases, state=State.UNKNOWN).values_list(
            "conversation__case", flat=True
        )
    )


def _place(after: str | None) -> tuple[datetime, int] | None:
    """Read a place in the list; whoever made one up starts at the top."""
    at, _, number = (after or "").partition("~")
    try:
        moment = datetime.fromisoformat(at)
        place = int(number)
    except ValueError:
        return None
    return (moment, place) if moment.tzinfo and 0 < place < 2**63 else None
