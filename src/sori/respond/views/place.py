"""Which list stands beside the open case: read from the address, written back into links."""

from functools import partial
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest

from sori.respond import selectors
from sori.respond.forms import owners
from sori.respond.later import later
from sori.respond.prose import visible
from sori.respond.selectors import TABS
from sori.staff.models import Department
from sori.staff.permissions import me as me

NUMBER_LIMIT: Final = 2**63
QUERY_LENGTH: Final = 200


class Place(NamedTuple):
    """A view of the list, as the address names it.

    Attributes:
        tab: one of TABS, or "" when the address does not say.
        query: what is searched for; a search looks at all cases, whatever the tab.
        department: only this department's cases.
        after: where the page before ended.
        sort: "urgent", or "" for the newest change first.
    """

    tab: str = ""
    query: str = ""
    department: int | None = None
    after: str = ""
    sort: str = ""

    def suffix(self, **changes: Any) -> str:
        """The query string that leads here again: "?tab=mine", or "" when nothing was chosen."""
        chosen = self._replace(**changes)._asdict()
        words = {"q": chosen.pop("query"), **chosen}
        asked = urlencode({name: value for name, value in words.items() if value})
        return f"?{asked}" if asked else ""


def read_place(request: HttpRequest) -> Place:
    """The place an address names; what it misspells is left out."""
    asked = request.GET
    department = asked.get("department", "")
    known = department.isascii() and department.isdecimal() and int(department) < NUMBER_LIMIT
    return Place(
        tab=asked.get("tab", "") if asked.get("tab") in TABS else "",
        query=asked.get("q", "").replace("\0", "").strip()[:QUERY_LENGTH],
        department=int(department) if known else None,
        after=asked.get("after", "")[:80],
        sort="urgent" if asked.get("sort") == "urgent" else "",
    )


def make_visible(row: dict[str, Any]) -> None:
    """Take out of a case's words what would turn the reading of the page around."""
    row["subject"], row["who"] = visible(row["subject"]), visible(row["who"])


def list_context(request: HttpRequest, place: Place, opened: int | None = None) -> dict[str, Any]:
    """Everything the list column shows.

    Args:
        request: whose list.
        place: which list.
        opened: the case that is open beside it.
    """
    member = me(request)
    counts = selectors.counts(member.pk)
    tab = place.tab or ("mine" if counts["mine"] else "open")
    if place.query:
        page = selectors.found(query=place.query, member=member.pk, after=place.after or None)
    else:
        page = selectors.inbox(
            member=member.pk,
            tab=tab,
            department=place.department,
            urgent=place.sort == "urgent",
            after=place.after or None,
        )
    for row in page.rows:
        make_visible(row)
    departments = list(Department.objects.values("id", "name"))
    return {
        "place": place,
        "suffix": place.suffix(),
        "tab": "" if place.query else tab,
        "counts": counts,
        "departments": departments,
        "rows": page.rows,
        "total": page.total,
        "older": place.suffix(after=page.next) if page.next else "",
        "opened": opened,
        "later": later(),
        "everybody": partial(owners, None),
    }
