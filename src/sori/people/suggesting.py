"""Who else may be the same person? Look up those who share a mark, and weigh each of them."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from django.db.models import Q

from sori.people import selectors
from sori.people.models import Identifier, Identity, Person
from sori.people.purchases import of
from sori.people.recognising import (
    HANDLE,
    MAIL,
    NUMBER,
    ORDER,
    PHONE,
    Mark,
    Recognition,
    normal,
    recognise,
)
from sori.people.services import NOBODY

SHOWN: Final = 5
_LOOKED_AT: Final = 50


class Suggestion(NamedTuple):
    """Somebody who may be the same person.

    Attributes:
        person: their id; whom they were merged into, if they were.
        name: what they are called.
        why: what speaks for it and against it.
    """

    person: int
    name: str
    why: Recognition


def marks(people: list[int]) -> list[Mark]:
    """What these people are known by: accounts, what members wrote down, orders that are theirs."""
    return _marks(selectors.identities(people), selectors.identifiers(people))


def suggestions(people: list[int]) -> list[Suggestion]:
    """Others who share a mark with these people (who are one), the strongest evidence first."""
    ours = marks(people)
    apart = selectors.told_apart(people)
    names = _names(people)
    found = []
    for other in _candidates(ours, people):
        everybody = selectors.together(other)
        if apart.isdisjoint(everybody):
            why = recognise(ours, marks(everybody), (names, _names(everybody)))
            if why.evidence:
                name = Person.objects.values_list("name", flat=True).get(pk=other)
                found.append(Suggestion(other, name, why))
    found.sort(key=lambda one: (not one.why.strong, len(one.why.against)))
    return found[:SHOWN]


def compared(person: int, other: int) -> Recognition:
    """What speaks for two people being one, and what against it."""
    first, second = selectors.together(person), selectors.together(other)
    return recognise(marks(first), marks(second), (_names(first), _names(second)))


def _marks(accounts: Iterable[dict[str, Any]], known: Iterable[dict[str, Any]]) -> list[Mark]:
    found = [Mark(one["sort"], one["value"], verified=True) for one in known]
    for one in accounts:
        name = one["external_id"]
        if name.startswith(NOBODY):
            continue
        mail = normal(MAIL, name)
        value = mail or normal(HANDLE, name)
        if value:
            found.append(Mark(MAIL if mail else HANDLE, value, one["verified"]))
    bought = of(found).values_list("number", flat=True)[:_LOOKED_AT]
    return found + [Mark(ORDER, number, verified=True) for number in bought]


def _candidates(ours: list[Mark], people: list[int]) -> list[int]:
    """Whom the others who share a mark belong to."""
    values = _with_those_of_orders(ours)
    handles = {value for sort, value in values if sort in {MAIL, HANDLE}}
    handles |= {f"@{value}" for sort, value in values if sort == HANDLE}
    rows = Identity.objects.filter(external_id__in=handles).exclude(person__in=people)
    found = set(rows.values_list("person", flat=True)[:_LOOKED_AT])
    known = Q()
    for sort, value in values:
        known |= Q(sort=sort, value=value)
    if known:
        others = Identifier.objects.filter(known).exclude(person__in=people)
        found |= set(others.values_list("person", flat=True)[:_LOOKED_AT])
    return sorted(set(selectors.standing(found).values()) - set(people))


def _with_those_of_orders(ours: list[Mark]) -> set[tuple[str, str]]:
    """Our marks, and what else our orders are written down under."""
    values = {(mark.sort, mark.value) for mark in ours if mark.sort != ORDER}
    for mail, phone, number in of(ours).values_list("mail", "phone", "customer")[:_LOOKED_AT]:
        values |= {(MAIL, mail), (PHONE, phone), (NUMBER, number)}
    return {(sort, value) for sort, value in values if value}


def _names(people: list[int]) -> list[str]:
    rows = Identity.objects.filter(person__in=people).order_by("pk")
    named = [name for name in rows.values_list("name", flat=True) if name]
    return named or [
        name for name in Person.objects.filter(pk__in=people).values_list("name", flat=True) if name
    ]
