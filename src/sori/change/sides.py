"""The sides of one theme: who says it, in which cases, in which languages, how it began."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sori.change import voices
from sori.change.models import Theme, ThemeFigures
from sori.database import chunks
from sori.lake.query import Reader
from sori.people.models import Person
from sori.people.selectors import speakers, values
from sori.respond.models import Case, Message
from sori.respond.selectors import SETTLED

ACCOUNTS: Final = 2_000
"""Of a theme with more accounts the newest ones are looked at."""

SHOWN: Final = 10
VOICES: Final = 2_000


@dataclass(frozen=True)
class Speaker:
    """Somebody we know who speaks of a theme.

    Attributes:
        person: their number.
        name: what we call them.
        voices: how often they said it.
        value: what they are worth in a year; None where nobody said so.
    """

    person: int
    name: str
    voices: int
    value: Decimal | None


@dataclass(frozen=True)
class Cases:
    """What a theme has brought to the desk.

    Attributes:
        open: how many cases are not settled.
        settled: how many are.
        newest: some of them, open ones first, then the newest.
    """

    open: int
    settled: int
    newest: Sequence[Case]


def people(reader: Reader, theme: Theme) -> tuple[list[Speaker], int]:
    """Those we know among them, who is worth or says most first; and how many we know in all."""
    accounts = voices.accounts(reader, theme, private=True, most=ACCOUNTS)
    known = speakers((one["channel"], one["author_id"]) for one in accounts)
    said: Counter[int] = Counter()
    for one in accounts:
        person = known.get((one["channel"], one["author_id"]))
        if person is not None:
            said[person] += one["voices"]
    worth = values(said)
    order = sorted(said, key=lambda person: (-worth.get(person, Decimal(0)), -said[person], person))
    names = Person.objects.in_bulk(order[:SHOWN])
    return [
        Speaker(person, str(names[person]), said[person], worth.get(person))
        for person in order[:SHOWN]
        if person in names
    ], len(said)


def cases(reader: Reader, theme: Theme) -> Cases:
    """The cases that its voices went into."""
    ids = voices.ids(reader, theme, most=VOICES)
    found: set[int] = set()
    for piece in chunks(ids):
        rows = Message.objects.filter(mention__in=piece)
        found.update(rows.values_list("conversation__case", flat=True))
    numbers = sorted(found, reverse=True)
    there: list[tuple[int, str]] = []
    for those in chunks(numbers):
        some = Case.objects.filter(pk__in=those)
        there += some.values_list("pk", "status")
    there.sort(key=lambda one: (one[1] in SETTLED, -one[0]))
    settled = sum(status in SETTLED for _, status in there)
    shown = Case.objects.in_bulk([number for number, _ in there[:SHOWN]])
    newest = [shown[number] for number, _ in there[:SHOWN] if number in shown]
    return Cases(len(there) - settled, settled, newest)


def languages(theme: Theme) -> list[tuple[str, int]]:
    """Voices by language, most first; "" where it is unknown."""
    row = ThemeFigures.objects.filter(pk=theme.pk).first()
    counts: dict[str, int] = row.languages if row else {}
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def first_voice(reader: Reader, theme: Theme, *, private: bool) -> dict[str, Any] | None:
    """The first thing that was said of it, as far as the lake is read back."""
    found = voices.oldest(reader, theme, private=private)
    return found[0] if found else None
