"""Who gets the next case: whoever has the least to do, or whose turn it is."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, NamedTuple

NEVER: Final = datetime.min.replace(tzinfo=UTC)


class Hand(NamedTuple):
    """A member who could take it.

    Attributes:
        member: their id.
        load: how many open cases they have.
        given_at: when they were last given one by turns; NEVER if they were not.
    """

    member: int
    load: int = 0
    given_at: datetime = NEVER


def next_in_turn(hands: Iterable[Hand]) -> int | None:
    """Whoever was given one longest ago; of those who never were, the lowest number."""
    chosen = min(hands, key=lambda one: (one.given_at, one.member), default=None)
    return chosen and chosen.member


def least_busy(hands: Iterable[Hand]) -> int | None:
    """Whoever has the fewest open cases; among equals it goes by turns."""
    chosen = min(hands, key=lambda one: (one.load, one.given_at, one.member), default=None)
    return chosen and chosen.member
