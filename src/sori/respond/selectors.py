"""Read the desk: the list of cases, its tabs and counts; plain dictionaries.

One case is read by `threads`, the figures by `figures`. Every function asks the database a fixed
number of questions, however many rows there are.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from django.db import connection

from sori.respond import due, rows, search
from sori.respond.models import Hold, Message
from sori.respond.sending import UNDECIDED
from sori.sql import read_sql

TABS: Final = ("due", "mine", "unassigned", "open", "unsettled", "snoozed", "resolved")
UNSETTLED: Final = ("new", "open", "pending", "on_hold")
SETTLED: Final = ("resolved", "closed")
MOST: Final = search.MOST
EVERYTHING: Final[Mapping[str, int | str]] = MappingProxyType({})
_DUE: Final = ("due_at", "id")

_WORK: Final = f"{rows.UNSETTLED} AND {rows.AWAKE}"
_CONDITIONS: Final = {
    "mine": f"{_WORK} AND owner_id = %(member)s",
    "unassigned": f"{_WORK} AND owner_id IS NULL",
    "unsettled": rows.UNCLEAR,
    "snoozed": rows.SNOOZED,
    "resolved": rows.SETTLED,
}


class Page(NamedTuple):
    """Some rows of a list.

    Attributes:
        rows: the cases, newest change first, in "due" what runs out first. Each has the columns
            of `Case` and: `who`,
            `owner_name`, `department_name` and `team_name` ("" when there is none),
            `unread` (bool), `unsettled` (bool: an answer of unclear fate),
            `escalated` (bool: a supervisor was told), `review` (bool: a decision not to answer is
            to be looked at again; only in "due"), `tags` (id, colour, name), and `clock`,
            the one that runs out first, else the newest, or None: kind, silence, started_at,
            soon_at, due_at, limit_at, paused_at, stopped_at, outcome, and how it stands now
            (state, seconds and share of `sla.Standing`).
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
    only: Mapping[str, int | str] = EVERYTHING,
    urgent: bool = False,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """One page of the list of cases, newest change first; "due" by when it asks for attention.

    Args:
        member: who looks; "mine" and the unread marks are theirs.
        tab: one of TABS; anything else is "open".
        only: what the cases must have, by a name of `rows.FILTERS`; of "due", the department alone.
        urgent: the highest priority first instead.
        after: `next` of the page before, in the same order.
        limit: rows a page.
    """
    if tab == "due":
        return _due_page(member, only.get("department"), after, limit)
    which = [_CONDITIONS.get(tab, _WORK)]
    which += [rows.FILTERS[name] for name in only]
    order = rows.URGENT if urgent else rows.NEWEST
    return _page(which, member, after, limit, order, **only)


def found(*, query: str, member: int, after: str | None = None, limit: int = 50) -> Page:
    """The cases in which all words of a query were said, newest change first; see `search`."""
    ids = search.cases(query)
    page = _page([rows.one_of(ids)], member, after, limit)
    return page._replace(total=len(ids))


def counts(member: int) -> dict[str, int]:
    """How many cases each of TABS shows to this member, each capped at 1,001 ("1,000+")."""
    with connection.cursor() as cursor:
        cursor.execute(read_sql("respond", "counts"), {"member": member, **due.moment()})
        return dict(zip(TABS, cursor.fetchone(), strict=True))


def case_row(case: int, *, member: int) -> dict[str, Any] | None:
    """One case as the list shows it; None when there is none."""
    return next(iter(rows.rows(rows.one_of([case]), member=member, limit=1)), None)


def held() -> dict[str, Any] | None:
    """Why no answer leaves the house: reason and since; None when answers go out."""
    oldest = Hold.objects.filter(released_at=None).order_by("id")
    return next((dict(row) for row in oldest.values("reason", "since")[:1]), None)


def on_its_way(case: int) -> bool:
    """Whether an answer of ours in a case is approved and its fate not decided yet."""
    answers = Message.objects.filter(
        conversation__case=case,
        direction=Message.Direction.OUT,
        state__in=UNDECIDED,
        notice=False,
    )
    return answers.exists()


def unread(member: int) -> int:
    """How many unsettled cases of a member hold something they have not read; capped at 1,001."""
    # in SQL: every page of the site asks, and building the same query costs ten times the answer
    with connection.cursor() as cursor:
        cursor.execute(read_sql("respond", "unread"), {"member": member})
        return int(cursor.fetchone()[0])


def cases_of(mentions: Iterable[str]) -> dict[str, int]:
    """The case each of these mentions went into, by the mention's id; those without are absent."""
    rows = Message.objects.filter(mention__in=list(mentions))
    found = rows.values_list("mention", "conversation__case_id")
    return {str(mention): case for mention, case in found if mention}


def _page(
    which: list[str],
    member: int,
    after: str | None,
    limit: int,
    order: tuple[str, ...] = rows.NEWEST,
    **named: object,
) -> Page:
    place = _place(after, order)
    listed = rows.rows(*which, member=member, limit=limit + 1, order=order, after=place, **named)
    return _cut(listed, limit, order)


def _due_page(member: int, department: int | str | None, after: str | None, limit: int) -> Page:
    place, number = _place(after, _DUE), None if department is None else int(department)
    listed = due.page(member=member, department=number, after=place, limit=limit + 1)
    return _cut(listed, limit, _DUE)


def _cut(listed: list[dict[str, Any]], limit: int, order: tuple[str, ...]) -> Page:
    """A page of one row more than it shows: whether there is a next one, and where it begins."""
    more, shown = len(listed) > limit, listed[:limit]
    last = shown[-1] if more else None
    return Page(shown, "~".join(str(last[name]) for name in order) if last else None)


def _place(after: str | None, order: tuple[str, ...]) -> tuple[Any, ...] | None:
    """Read a place in the list; whoever made one up starts at the top."""
    parts = (after or "").split("~")
    if len(parts) != len(order):
        return None
    try:
        *points, number = map(int, parts[:-2] + parts[-1:])
        moment = datetime.fromisoformat(parts[-2])
    except ValueError:
        return None
    known = moment.tzinfo and 0 < number < 2**63 and all(abs(one) < 2**31 for one in points)
    return (*points, moment, number) if known else None
