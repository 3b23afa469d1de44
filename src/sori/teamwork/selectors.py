"""Read tasks: what a department is asked, what it asked, and what a case waits for.

Plain dictionaries, a fixed number of questions.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import pgettext as _in

from sori.respond.joining import roots, whole
from sori.respond.models import Case
from sori.respond.selectors import SETTLED
from sori.staff.models import Member
from sori.teamwork.models import UNANSWERED, Question, Task

TABS: Final = ("ours", "asked", "answered")
PAGE: Final = 30
_TONES: Final = {"rejected": "bad", "unknown": "bad", "retry": "warn"}

_WAITING: Final = Q(status__in=UNANSWERED)
_COLUMNS: Final = (
    "id", "case_id", "words", "status", "answer", "asked_at", "soon_at", "answer_by", "late_at",
    "ended_at", "took", "department_id", "owner_id", "asked_by_id", "with_case", "again_id",
)  # fmt: skip
_NAMES: Final = {
    "place": F("department__name"),
    "from_place": F("asked_from__name"),
    "asker": F("asked_by__name"),
    "owner_name": F("owner__name"),
    "subject": F("case__subject"),
    "channel": F("case__channel"),
    "case_status": F("case__status"),
    "joined": F("case__joined_into"),
}


class Page(NamedTuple):
    """Some tasks of a list.

    Attributes:
        rows: the columns of `Task` and: `place`, `from_place`, `asker`, `owner_name`, `subject`,
            `channel`, `settled` (whether the case is, or the one it is part of), `waits`,
            `status_word`, and `lost` (withdrawn with the case, and not asked again).
        next: hand it back as `after`; "" at the end.
    """

    rows: list[dict[str, Any]]
    next: str


def of_case(case: int) -> list[dict[str, Any]]:
    """The tasks of a case and of all that are part of it, in the order in which they were asked."""
    return _read(Task.objects.filter(case__in=whole(case)).order_by("id"))


def questions_of(case: int) -> list[dict[str, Any]]:
    """The side questions of a case: id, address, words, asker, state, `word` and `tone` for it."""
    columns = ("id", "address", "words", "state", "evidence", "asked_at", "answered_at",
               "asked_by_id")  # fmt: skip
    rows = Question.objects.filter(case=case).order_by("id")
    found = [dict(row) for row in rows.values(*columns, asker=F("asked_by__name"))]
    labels = dict(Question.State.choices)
    for row in found:
        answered = row["answered_at"] is not None
        row["word"] = _in("question", "Answered") if answered else labels[row["state"]]
        row["tone"] = "good" if answered else _TONES.get(row["state"], "plain")
    return found


def page(member: Member, tab: str, *, after: str = "", limit: int = PAGE) -> Page:
    """One page of a list of tasks.

    Args:
        member: whose department it is; "asked" also has what they asked themselves.
        tab: "ours" and "asked", unanswered ones, what runs out first on top; or "answered",
            everything that has ended, asked of us or by us, the newest on top.
        after: `next` of the page before.
        limit: rows a page.
    """
    ended = tab == "answered"
    moment = "ended_at" if ended else "answer_by"
    order = [f"-{moment}", "-id"] if ended else [moment, "id"]
    rows = Task.objects.filter(_which(member)[tab]).order_by(*order)
    place = _place(after)
    if place is not None:
        beyond = "lt" if ended else "gt"
        at, number = place
        rows = rows.filter(
            Q(**{f"{moment}__{beyond}": at}) | Q(**{moment: at, f"id__{beyond}": number})
        )
    found = _read(rows[: limit + 1])
    shown = found[:limit]
    more = len(found) > limit
    return Page(shown, f"{shown[-1][moment].isoformat()}~{shown[-1]['id']}" if more else "")


def counts(member: Member) -> dict[str, int]:
    """How many tasks each of TABS shows to this member."""
    which = _which(member)
    return dict(Task.objects.aggregate(**{tab: Count("id", filter=which[tab]) for tab in TABS}))


def _which(member: Member) -> Mapping[str, Q]:
    # nobody's department is no department: who has none was asked nothing
    place = member.department_id or 0
    by_us = Q(asked_from=place) | Q(asked_by=member)
    return {
        "ours": _WAITING & Q(department=place),
        "asked": _WAITING & by_us,
        "answered": ~_WAITING & (by_us | Q(department=place)),
    }


def _read(rows: QuerySet[Task]) -> list[dict[str, Any]]:
    found = [dict(row) for row in rows.values(*_COLUMNS, **_NAMES)]
    labels = dict(Task.Status.choices)
    joined = _statuses({row["joined"] for row in found if row["joined"]})
    for row in found:
        status = row.pop("case_status")
        row["settled"] = joined.get(row.pop("joined"), status) in SETTLED
        row["lost"] = row["with_case"] and not row["again_id"]
        row["waits"] = row["status"] in UNANSWERED
        row["status_word"] = labels[row["status"]]
    return found


def _statuses(cases: set[int]) -> dict[int, str]:
    """How the cases stand that these are part of; asks nothing where there are none."""
    into = roots(cases) if cases else {}
    rows = Case.objects.filter(pk__in=set(into.values())) if into else Case.objects.none()
    status = dict(rows.values_list("pk", "status"))
    return {case: status[at] for case, at in into.items()}


def _place(after: str) -> tuple[datetime, int] | None:
    """Read a place in a list; whoever made one up starts at the top."""
    written, _, number = after.partition("~")
    try:
        at, key = datetime.fromisoformat(written), int(number)
    except ValueError:
        return None
    return (at, key) if at.tzinfo and 0 < key < 2**63 else None
