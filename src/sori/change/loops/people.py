"""Whom the accounts stand for that raised something, and what these people wish."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final, NamedTuple, TypeVar

from sori.change.loops.deciding import Key, Somebody
from sori.database import chunks
from sori.people import selectors
from sori.people.models import Identifier, Identity, Person
from sori.people.services import NOBODY
from sori.people.tombstones import buried

MAIL: Final = "email"

Item = TypeVar("Item")


class Known(NamedTuple):
    """What the desk knows of everybody who raised something.

    Attributes:
        standing: whom each account stands for.
        people: those, by number.
        forgotten: the accounts that were erased.
        verified: the accounts a member made sure of.
    """

    standing: Mapping[Key, int]
    people: Mapping[int, Somebody]
    forgotten: frozenset[Key]
    verified: frozenset[Key]

    def of(self, key: Key, name: str) -> Somebody:
        """Who this account is; somebody new where the desk does not know it."""
        number = self.standing.get(key)
        if number is None:
            return Somebody(None, name=name, forgotten=key in self.forgotten)
        return self.people[number]


def known(keys: Collection[Key]) -> Known:
    """Everybody behind these accounts."""
    owners = _owners(keys)
    roots = selectors.standing(owners.values())
    standing = {key: roots[person] for key, person in owners.items()}
    forgotten = buried(keys)
    groups = selectors.groups(set(standing.values()))
    people, verified = _people(groups, {standing[key] for key in forgotten if key in standing})
    return Known(standing, people, frozenset(forgotten), frozenset(verified))


class Group(NamedTuple):
    """One person as people are merged now.

    Attributes:
        number: whom all of them stand for.
        people: everybody who is this person, that one included.
        accounts: theirs.
    """

    number: int
    people: list[int]
    accounts: list[Identity]


def group_of(person: int) -> Group:
    """Whoever this person stands for, with everybody who was merged into them."""
    number = selectors.standing_for(person)
    everybody = selectors.groups([number])[number]
    accounts = Identity.objects.filter(person__in=everybody).order_by("pk")
    return Group(number, everybody, list(accounts))


def wishes(group: Group) -> Somebody:
    """What a person wishes; nothing of how they can be reached."""
    said = _wishes(group.people)
    return Somebody(
        group.number,
        name=said[group.number][0],
        objects=any(objects for _name, objects, _consent in said.values()),
        consent=_consent([consent for _name, _objects, consent in said.values()]),
    )


def _owners(keys: Iterable[Key]) -> dict[Key, int]:
    by_channel: dict[str, list[str]] = {}
    for channel, name in keys:
        by_channel.setdefault(channel, []).append(name)
    found: dict[Key, int] = {}
    for channel, names in by_channel.items():
        for some in chunks(names):
            rows = Identity.objects.filter(channel=channel, external_id__in=some)
            found |= {
                (channel, name): person
                for name, person in rows.values_list("external_id", "person")
            }
    return found


def _people(
    groups: Mapping[int, list[int]], forgotten: Collection[int]
) -> tuple[dict[int, Somebody], set[Key]]:
    root = {one: number for number, everybody in groups.items() for one in everybody}
    wishes = _wishes(root)
    sure, doubtful, verified = _mails(root)
    people = {
        number: Somebody(
            number,
            name=wishes[number][0],
            mails=tuple(sure.get(number, ())),
            doubtful=number in doubtful,
            objects=any(wishes[one][1] for one in everybody),
            consent=_consent([wishes[one][2] for one in everybody]),
            forgotten=number in forgotten,
        )
        for number, everybody in groups.items()
    }
    return people, verified


def _wishes(people: Iterable[int]) -> dict[int, tuple[str, bool, bool | None]]:
    found: dict[int, tuple[str, bool, bool | None]] = {}
    for some in chunks(people):
        rows = Person.objects.filter(pk__in=some)
        for pk, name, objects, consent in rows.values_list("pk", "name", "objection", "consent"):
            found[pk] = (name, objects, consent)
    return found


def _consent(said: Collection[bool | None]) -> bool | None:
    """One no among those who are one person is a no."""
    if False in said:
        return False
    return True if True in said else None


def _mails(root: Mapping[int, int]) -> tuple[dict[int, list[str]], set[int], set[Key]]:
    """Mail addresses made sure of, who has a doubtful one, and all verified accounts.

    An address that a member wrote down as theirs counts, unless the account of that name is
    somebody else's.
    """
    sure: dict[int, list[str]] = {}
    doubtful: set[int] = set()
    verified: set[Key] = set()
    for some in chunks(root):
        rows = Identity.objects.filter(person__in=some).exclude(external_id__startswith=NOBODY)
        for person, channel, name, is_sure in rows.order_by("pk").values_list(
            "person", "channel", "external_id", "verified"
        ):
            if is_sure:
                verified.add((channel, name))
            if channel == MAIL and is_sure:
                sure.setdefault(root[person], []).append(name)
            elif channel == MAIL:
                doubtful.add(root[person])
    for person, address in _written_down(root):
        if address not in sure.setdefault(root[person], []):
            sure[root[person]].append(address)
    return sure, doubtful, verified


def _written_down(root: Mapping[int, int]) -> list[tuple[int, str]]:
    pairs: list[tuple[int, str]] = []
    for some in chunks(root):
        rows = Identifier.objects.filter(person__in=some, sort=Identifier.Sort.MAIL)
        pairs += rows.order_by("pk").values_list("person", "value")
    owners = _owners((MAIL, address) for _, address in pairs)
    return [
        (person, address)
        for person, address in pairs
        if root.get(owners.get((MAIL, address), person)) == root[person]
    ]
