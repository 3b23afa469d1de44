"""Which list stands beside the open case: read from the address, written back into links."""

from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict

from sori.mention import KINDS, SENTIMENTS
from sori.respond import selectors
from sori.respond.later import later
from sori.respond.prose import visible
from sori.respond.rows import FILTERS
from sori.respond.selectors import TABS
from sori.staff.models import Team
from sori.staff.permissions import me as me

NUMBER_LIMIT: Final = 2**63
QUERY_LENGTH: Final = 200
ROOM: Final = "inbox"
"""Whose views are the inbox's."""


class Place(NamedTuple):
    """A view of the list, as the address names it.

    Attributes:
        tab: one of TABS, or "" when the address does not say.
        query: what is searched for; a search looks at all cases, whatever the tab.
        department, team, owner, kind, channel, urgency, sentiment, tag: only the cases that
            have it.
        after: where the page before ended.
        sort: "urgent", or "" for the newest change first.
    """

    tab: str = ""
    query: str = ""
    department: int | None = None
    team: int | None = None
    owner: int | None = None
    kind: str = ""
    channel: str = ""
    urgency: int | None = None
    sentiment: str = ""
    tag: int | None = None
    after: str = ""
    sort: str = ""

    @property
    def only(self) -> dict[str, int | str]:
        """What the list is narrowed to, by the names of `rows.FILTERS`."""
        chosen = {name: getattr(self, name) for name in FILTERS}
        return {name: value for name, value in chosen.items() if value}

    def suffix(self, **changes: Any) -> str:
        """The query string that leads here again: "?tab=mine", or "" when nothing was chosen."""
        chosen = self._replace(**changes)._asdict()
        words = {"q": chosen.pop("query"), **chosen}
        asked = urlencode({name: value for name, value in words.items() if value})
        return f"?{asked}" if asked else ""


def read_place(request: HttpRequest) -> Place:
    """The place an address names; what it misspells is left out."""
    return place_of(request.GET)


def place_of(asked: QueryDict) -> Place:
    """The place that query parameters name."""
    return Place(
        tab=asked.get("tab", "") if asked.get("tab") in TABS else "",
        query=asked.get("q", "").replace("\0", "").strip()[:QUERY_LENGTH],
        department=_number(asked.get("department", "")),
        team=_number(asked.get("team", "")),
        owner=_number(asked.get("owner", "")),
        kind=asked.get("kind", "") if asked.get("kind") in KINDS else "",
        channel=asked.get("channel", "").replace("\0", "")[:32],
        urgency=2 if asked.get("urgency") == "2" else None,
        sentiment=asked.get("sentiment", "") if asked.get("sentiment") in SENTIMENTS else "",
        tag=_number(asked.get("tag", "")),
        after=asked.get("after", "")[:80],
        sort="urgent" if asked.get("sort") == "urgent" else "",
    )


def teams() -> list[dict[str, Any]]:
    """Every team with its department: id, name, department_id."""
    rows = Team.objects.order_by("name").values("id", "name", "department_id")
    return [dict(row) for row in rows]


def _number(words: str) -> int | None:
    known = words.isascii() and words.isdecimal() and int(words) < NUMBER_LIMIT
    return int(words) if known else None


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
            only=place.only,
            urgent=place.sort == "urgent",
            after=place.after or None,
        )
    for row in page.rows:
        make_visible(row)
    return {
        "place": place,
        "suffix": place.suffix(),
        "tab": "" if place.query else tab,
        "counts": counts,
        "rows": page.rows,
        "total": page.total,
        "older": place.suffix(after=page.next) if page.next else "",
        "opened": opened,
        "later": later(),
    }
