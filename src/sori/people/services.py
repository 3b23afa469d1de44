"""Know who speaks: one identity per account, however many deliveries arrive at once."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

from django.db.models import Q

from sori.database import CHUNK, chunks, write_atomic
from sori.mention import short
from sori.people.models import Identity, Person

NAME_LENGTH: Final = 160
IDENTITY_LENGTH: Final = 255
NOBODY: Final = "nobody:"
"""What the external id of an account begins with that the channel did not name."""


class Account(NamedTuple):
    """Somebody's account on a channel, as a channel told us about it.

    Attributes:
        channel: the channel's name.
        external_id: the account's name within the channel; `nobody(...)` when it has none.
        name: what they call themselves; anything at all may stand here.
        seen_at: when they spoke.
    """

    channel: str
    external_id: str
    name: str
    seen_at: datetime

    @property
    def key(self) -> tuple[str, str]:
        """What makes it unique."""
        return self.channel, self.external_id

    @property
    def shown(self) -> str:
        """What to call them: their name, else their handle, else nothing."""
        return self.name or ("" if self.external_id.startswith(NOBODY) else self.handle)

    @property
    def handle(self) -> str:
        """The account's name, fit to be shown."""
        return clean_name(self.external_id)


def nobody(key: str) -> str:
    """The external id for somebody whom the channel does not name, known only by what they said."""
    return f"{NOBODY}{key}"[:IDENTITY_LENGTH]


def handle_of(author: str) -> str:
    """The external id for an account as its channel writes it: at most 255 characters."""
    # PostgreSQL keeps every character but this one
    return short(author.replace("\0", ""), IDENTITY_LENGTH)


def clean_name(name: str | None) -> str:
    """A name fit to be shown: one line, at most 160 characters.

    Control and formatting characters go, among them those that turn the direction of writing
    around and can make a name look like another.
    """
    visible = (
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", name or "")
        if character.isspace() or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co"}
    )
    return " ".join("".join(visible).split())[:NAME_LENGTH].rstrip()


def identify(accounts: Iterable[Account]) -> dict[tuple[str, str], Identity]:
    """The identities of these accounts; who is new gets a person of their own.

    Any number of deliveries may do this at once for the same account: the unique index decides
    who was first, and everybody gets the same identity back. Accounts are inserted in the order
    of their keys, so two deliveries never wait for each other.

    Returns:
        Identity by (channel, external id), each with its `person` loaded.
    """
    wanted: dict[tuple[str, str], Account] = {}
    for account in accounts:
        first = wanted.get(account.key)
        name = clean_name(account.name) or (first.name if first else "")
        seen = min(account.seen_at, first.seen_at) if first else account.seen_at
        wanted[account.key] = Account(*account.key, name, seen)
    with write_atomic():
        known = _known(wanted)
        _rename(known, wanted)
        new = [wanted[key] for key in sorted(wanted.keys() - known.keys())]
        if new:
            known |= _introduce(new)
    return known


def _known(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Identity]:
    by_channel: dict[str, list[str]] = {}
    for channel, external_id in keys:
        by_channel.setdefault(channel, []).append(external_id)
    found: dict[tuple[str, str], Identity] = {}
    for channel, names in by_channel.items():
        for piece in chunks(names):
            some = Q(channel=channel, external_id__in=piece)
            rows = Identity.objects.filter(some).select_related("person")
            found |= {(row.channel, row.external_id): row for row in rows}
    return found


def _introduce(new: list[Account]) -> dict[tuple[str, str], Identity]:
    people = Person.objects.bulk_create([Person(name=account.shown) for account in new])
    Identity.objects.bulk_create(
        [
            Identity(
                person=person,
                channel=account.channel,
                external_id=account.external_id,
                name=account.name,
                first_seen_at=account.seen_at,
            )
            for person, account in zip(people, new, strict=True)
        ],
        ignore_conflicts=True,
    )
    known = _known([account.key for account in new])
    # somebody else was faster with these accounts, so nobody needs the people made for them
    taken = {identity.person_id for identity in known.values()}
    if lonely := [person.pk for person in people if person.pk not in taken]:
        Person.objects.filter(pk__in=lonely).delete()
    return known


def _rename(
    known: dict[tuple[str, str], Identity], accounts: dict[tuple[str, str], Account]
) -> None:
    renamed, named = [], []
    for key, identity in known.items():
        name = accounts[key].name
        if name and name != identity.name:
            identity.name = name
            renamed.append(identity)
        if name and identity.person.name in {"", accounts[key].handle}:
            identity.person.name = name
            named.append(identity.person)
    Identity.objects.bulk_update(renamed, ["name"], batch_size=CHUNK)
    Person.objects.bulk_update(named, ["name"], batch_size=CHUNK)
