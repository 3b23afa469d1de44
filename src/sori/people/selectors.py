"""Read what is known about a person."""

from typing import Any

from sori.people.models import Identity, Person

_LONGEST_CHAIN = 50


def standing_for(person: int) -> int:
    """Whom a person was merged into, or they themselves."""
    seen: set[int] = set()
    while person not in seen and len(seen) < _LONGEST_CHAIN:
        seen.add(person)
        person = (
            Person.objects.filter(pk=person).values_list("merged_into", flat=True).first() or person
        )
    return person


def together(person: int) -> list[int]:
    """The ids of everybody who is the same person by a merge, `person` included."""
    everybody = {standing_for(person)}
    newest = everybody
    while newest:
        found = Person.objects.filter(merged_into__in=newest).values_list("pk", flat=True)
        newest = set(found) - everybody
        everybody |= newest
    return sorted(everybody)


def identities(people: list[int]) -> list[dict[str, Any]]:
    """Their accounts, oldest first: id, channel, external_id, name, verified, first_seen_at."""
    accounts = Identity.objects.filter(person__in=people).order_by("first_seen_at", "pk")
    columns = ("id", "channel", "external_id", "name", "verified", "first_seen_at")
    return [dict(row) for row in accounts.values(*columns)]
