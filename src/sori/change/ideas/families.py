"""Ideas that are the same as another one: whose family they are, and what it comes to."""

from collections.abc import Collection, Iterable
from typing import Any, Final

from django.db.models import QuerySet

from sori.change.ideas import counting
from sori.change.ideas.counting import Ballot
from sori.change.ideas.models import Idea, State, Vote
from sori.people.selectors import standing, together
from sori.people.signals import regrouped

_LONGEST_CHAIN: Final = 1_000


def roots(ideas: Iterable[int]) -> dict[int, int]:
    """The idea that each of these stands under, itself where it was merged into none."""
    found = {one: one for one in ideas}
    for _step in range(_LONGEST_CHAIN):
        merged = Idea.objects.filter(pk__in=set(found.values())).exclude(merged_into=None)
        pointers = dict(merged.values_list("pk", "merged_into"))
        if not pointers:
            break
        found = {one: pointers.get(at) or at for one, at in found.items()}
    return found


def families(roots: Iterable[int]) -> dict[int, list[int]]:
    """For each of these ideas, the ids of all that stand under it, itself first."""
    found = {root: [root] for root in roots}
    owner = {root: root for root in found}
    newest = list(found)
    while newest:
        rows = Idea.objects.filter(merged_into__in=newest).order_by("pk")
        newest = []
        for idea, into in rows.values_list("pk", "merged_into"):
            if into is not None and idea not in owner:
                owner[idea] = owner[into]
                found[owner[into]].append(idea)
                newest.append(idea)
    return found


def family(root: int) -> list[int]:
    """The ids of all that stand under an idea, itself first."""
    return families([root])[root]


def lock(ideas: Iterable[int]) -> dict[int, Idea]:
    """These ideas, held in the order of their ids until the transaction ends."""
    rows = Idea.objects.select_for_update().filter(pk__in=set(ideas)).order_by("pk")
    return {row.pk: row for row in rows}


def recount(ideas: Collection[int]) -> None:
    """Count the families of these ideas anew; call it in the transaction that changed a vote.

    Whoever counts the same family at the same time waits, and then sees what was changed here.
    """
    lock(roots(ideas).values())
    for members in families(set(roots(ideas).values())).values():
        counted = counting.count(_ballots(members))
        Idea.objects.filter(pk=members[0]).update(support=counted.support, heat=counted.heat)


def recount_people(people: Collection[int]) -> None:
    """Count anew what these people, or whoever is one with them, voted for."""
    everybody = {one for person in people for one in together(person)}
    voted = Vote.objects.filter(person__in=everybody).values_list("idea", flat=True)
    recount(set(voted))


def listen() -> None:
    """Count anew whenever two people become one, or two again."""
    regrouped.connect(_regrouped, dispatch_uid="sori.change.ideas")


def _regrouped(people: Collection[int], **_more: Any) -> None:
    recount_people(people)


def standing_people(rows: QuerySet[Any]) -> dict[int, int]:
    """Of the people in some votes or subscriptions, those who were merged, and into whom."""
    merged = rows.filter(person__merged_into__isnull=False).values_list("person", flat=True)
    return standing(set(merged))


def _ballots(ideas: list[int]) -> list[Ballot]:
    """The votes of some ideas that others may see, each by whom its voter was merged into."""
    votes = Vote.objects.filter(idea__in=ideas, idea__state=State.OPEN)
    rows = list(votes.values_list("person", "member", "at"))
    whose = standing_people(votes)
    return [
        Ballot(
            ("person", whose.get(person, person)) if person is not None else ("member", member), at
        )
        for person, member, at in rows
    ]
