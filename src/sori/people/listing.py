"""The list of people: the newest first, or those whose name, account or number holds some words."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from django.db.models import Q, QuerySet

from sori.people import selectors
from sori.people.models import Identifier, Identity, Person
from sori.people.recognising import normal

PAGE: Final = 50
_WORDS: Final = 5


class Page(NamedTuple):
    """Some people.

    Attributes:
        rows: id, name, segment, created_at; `accounts` (see `selectors.identities`) and
            `everybody`, the ids of all who are merged into them, their own included.
        next: hand it back as `after` for the next page; None at the end.
    """

    rows: list[dict[str, Any]]
    next: int | None


def people(*, words: str = "", segment: str = "", after: int | None = None) -> Page:
    """One page of people; whoever was merged into somebody is found and shown as them.

    Args:
        words: all of which must be in a name, an account or a number.
        segment: only these.
        after: `next` of the page before.
    """
    rows = Person.objects.filter(merged_into=None)
    if words.strip():
        # somebody who was merged stands for whom they were merged into
        merged = _found(Person.objects.exclude(merged_into=None), words).values_list(
            "pk", flat=True
        )
        standing = selectors.standing(merged[:PAGE]).values()
        rows = _found(rows, words) | rows.filter(pk__in=set(standing))
    if segment:
        rows = rows.filter(segment=segment)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    columns = ("id", "name", "segment", "created_at")
    found = list(rows.order_by("-pk").values(*columns)[: PAGE + 1])
    shown = [dict(row) for row in found[:PAGE]]
    _complete(shown)
    return Page(shown, shown[-1]["id"] if len(found) > PAGE else None)


def of(people: Iterable[int]) -> list[dict[str, Any]]:
    """The rows of these people, or of those they were merged into; see `Page`."""
    roots = set(selectors.standing(people).values())
    columns = ("id", "name", "segment", "created_at")
    rows = [dict(row) for row in Person.objects.filter(pk__in=roots).values(*columns)]
    _complete(rows)
    return rows


def _found(rows: QuerySet[Person], words: str) -> QuerySet[Person]:
    for word in words.split()[:_WORDS]:
        accounts = Identity.objects.filter(Q(external_id__icontains=word) | Q(name__icontains=word))
        known = {normal(sort, word) for sort in Identifier.Sort.values} - {""}
        numbers = Identifier.objects.filter(value__in=known)
        # one look through each table: asking for every person by themselves costs ten times more
        theirs = Q(pk__in=accounts.values("person")) | Q(pk__in=numbers.values("person"))
        rows = rows.filter(Q(name__icontains=word) | theirs)
    return rows


def _complete(rows: list[dict[str, Any]]) -> None:
    everybody = selectors.groups(row["id"] for row in rows)
    standing = {one: root for root, group in everybody.items() for one in group}
    accounts: dict[int, list[dict[str, Any]]] = {row["id"]: [] for row in rows}
    for one in selectors.identities(list(standing)):
        accounts[standing[one["person_id"]]].append(one)
    for row in rows:
        row["accounts"], row["everybody"] = accounts[row["id"]], everybody[row["id"]]
