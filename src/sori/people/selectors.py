"""Read what is known about people; plain dictionaries and ids."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Q

from sori.database import chunks
from sori.people.models import Apart, Identifier, Identity, Person
from sori.people.services import NOBODY, clean_name

_LONGEST_CHAIN = 50


def standing_for(person: int) -> int:
    """Whom a person was merged into, or they themselves."""
    return standing([person])[person]


def standing(people: Iterable[int]) -> dict[int, int]:
    """Whom each of these people was merged into, or they themselves; asked for all at once."""
    found = {one: one for one in people}
    for _ in range(_LONGEST_CHAIN):
        merged = Person.objects.filter(pk__in=set(found.values())).exclude(merged_into=None)
        pointers = dict(merged.values_list("pk", "merged_into"))
        if not pointers:
            break
        found = {one: pointers.get(at) or at for one, at in found.items()}
    return found


def together(person: int) -> list[int]:
    """The ids of everybody who is the same person by a merge, `person` included."""
    standing = standing_for(person)
    return groups([standing])[standing]


def groups(standing: Iterable[int]) -> dict[int, list[int]]:
    """For each of these people, who was not merged, the ids of all who were merged into them.

    They themselves are among them. One question for every step of the longest chain.
    """
    found = {one: {one} for one in standing}
    root = {one: one for one in found}
    newest = set(found)
    while newest:
        rows = Person.objects.filter(merged_into__in=newest).values_list("pk", "merged_into")
        newest = set()
        for person, into in rows:
            if person not in root and into is not None:
                root[person] = root[into]
                found[root[into]].add(person)
                newest.add(person)
    return {one: sorted(everybody) for one, everybody in found.items()}


def values(people: Iterable[int]) -> dict[int, Decimal]:
    """What each of these people, or whoever they were merged into, is worth in a year.

    Those of whom nobody said it are absent.
    """
    roots = standing(people)
    known = Person.objects.filter(pk__in=set(roots.values())).exclude(value=None)
    worth = dict(known.values_list("pk", "value"))
    return {one: value for one, root in roots.items() if (value := worth.get(root)) is not None}


def speakers(accounts: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Who speaks by each of these accounts (channel, name): whoever stands for them by mergers.

    Accounts of nobody we know are absent. A question for some hundreds of accounts.
    """
    by_channel: dict[str, list[str]] = {}
    for channel, name in set(accounts):
        by_channel.setdefault(channel, []).append(name)
    found: dict[tuple[str, str], int] = {}
    for channel, names in by_channel.items():
        for piece in chunks(names):
            rows = Identity.objects.filter(channel=channel, external_id__in=piece)
            found |= {
                (channel, name): person
                for name, person in rows.values_list("external_id", "person")
            }
    roots: dict[int, int] = {}
    people = sorted(set(found.values()))
    for some in chunks(people):
        roots |= standing(some)
    return {account: roots[person] for account, person in found.items()}


def somebody_is_valued() -> bool:
    """Whether of anybody at all is known what they are worth in a year."""
    return Person.objects.exclude(value=None).exists()


def identities(people: list[int]) -> list[dict[str, Any]]:
    """Their accounts, oldest first.

    Returns:
        Dictionaries of id, person_id, channel, external_id, name, verified, first_seen_at; `named`
        (whether the channel names the account) and `handle`, fit to be shown.
    """
    accounts = Identity.objects.filter(person__in=people).order_by("first_seen_at", "pk")
    columns = ("id", "person_id", "channel", "external_id", "name", "verified", "first_seen_at")
    return [{**row, **_shown(row)} for row in accounts.values(*columns)]


def identifiers(people: list[int]) -> list[dict[str, Any]]:
    """What else is theirs: id, person_id, sort, value."""
    rows = Identifier.objects.filter(person__in=people).order_by("sort", "value")
    return [dict(row) for row in rows.values("id", "person_id", "sort", "value")]


def with_number(phones: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Who is known by each of these telephone numbers, as `recognising.normal` writes them.

    Returns:
        Dictionaries of id and name of those standing for them; numbers nobody has are absent.
    """
    wanted = {phone for phone in phones if phone}
    kept = Identifier.objects.filter(sort=Identifier.Sort.PHONE, value__in=wanted)
    pairs = set(kept.values_list("value", "person"))
    accounts = Identity.objects.filter(channel="calllog", external_id__in=wanted)
    pairs |= set(accounts.values_list("external_id", "person"))
    roots = standing(person for _, person in pairs)
    names = dict(Person.objects.filter(pk__in=set(roots.values())).values_list("pk", "name"))
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for phone, person in sorted(pairs):
        root = roots[person]
        found.setdefault(phone, {})[root] = {"id": root, "name": names.get(root, "")}
    return {phone: list(people.values()) for phone, people in found.items()}


def told_apart(people: Iterable[int]) -> set[int]:
    """Of whom a member said that they are not these people."""
    ours = set(people)
    pairs = Apart.objects.filter(Q(first__in=ours) | Q(second__in=ours))
    return {one for pair in pairs.values_list("first", "second") for one in pair} - ours


def objecting() -> list[tuple[str, str]]:
    """The accounts, (channel, external id), of all who do not want to be analysed.

    Whoever was merged with somebody who objects is the same person and objects as well. An account
    that its channel does not name is nobody's, and is not among them.
    """
    asked = Person.objects.filter(objection=True).values_list("pk", flat=True)
    if not (those := list(asked)):
        return []
    people = [one for group in groups(standing(those).values()).values() for one in group]
    found: list[tuple[str, str]] = []
    for piece in chunks(people):
        rows = Identity.objects.filter(person__in=piece)
        named = rows.exclude(external_id__startswith=NOBODY)
        found += named.values_list("channel", "external_id")
    return sorted(found)


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    named = not row["external_id"].startswith(NOBODY)
    return {"named": named, "handle": clean_name(row["external_id"] if named else row["name"])}
