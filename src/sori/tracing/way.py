"""The way of one mention: what was done with it, step by step, and where it ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sori.change import selectors as themes
from sori.change.initiatives import proof
from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.mention import day_of, is_id
from sori.respond import routing
from sori.respond.models import Message
from sori.sql import read_sql
from sori.tracing import steps
from sori.tracing.ending import End, Why, end_of, why_lost
from sori.tracing.facts import Company, Held, company, gather, holders, judged
from sori.tracing.steps import Step


@dataclass(frozen=True)
class Way:
    """One mention and everything that came of it.

    Attributes:
        mention: its id.
        end: where it ended.
        why: why it is lost, None where it is not.
        said: it as pages show voices (`proof.sentences`); None where it was deleted.
        steps: what was done, in the order of the stages.
        signable: whether a person may end it here.
    """

    mention: str
    end: End
    why: Why | None
    said: dict[str, Any] | None
    steps: list[Step]

    @property
    def signable(self) -> bool:
        """Whether a person may end it by hand: nothing else holds it."""
        return self.end in _SIGNABLE


_SIGNABLE: Final = frozenset({End.LOST, End.UNSORTED, End.KEPT})


def way(lake: Lake, reader: Reader, mention: str, *, private: bool) -> Way | None:
    """The way of a mention; None when there is no such mention, or it was forgotten.

    Args:
        lake: the lake, for what the desk has not looked at yet.
        reader: asks it.
        mention: its id.
        private: whether the reader may read what was said in private, and the cases.

    Raises:
        LakeError: the lake could not be read.
    """
    if not is_id(mention):
        return None
    here = company(lake)
    rows = rows_of(reader, [mention])
    if not rows:
        return _withdrawn(mention)
    facts, held = gather(rows, here)[mention], holders(rows, here)[mention]
    said = proof.sentences(reader, [mention], private=private)[mention]
    end = end_of(facts)
    return Way(
        mention,
        end,
        why_lost(facts) if end == End.LOST else None,
        said,
        list(_steps(rows[0], held, here, private=private)),
    )


def rows_of(reader: Reader, mentions: list[str]) -> list[dict[str, Any]]:
    """These mentions with what tracing asks of them, and what people corrected."""
    rows: list[dict[str, Any]] = reader.table(
        read_sql("tracing", "rows"),
        beside={"known": themes.members()},
        first=day_of(min(mentions)),
        last=day_of(max(mentions)),
        after="",
        ids=mentions,
        most=len(mentions),
    ).to_pylist()
    judged(rows)
    return rows


def _withdrawn(mention: str) -> Way | None:
    """What is left of a mention that was deleted where it was said."""
    message = Message.objects.filter(mention=mention).exclude(withdrawn_at=None).first()
    if message is None:
        return None
    return Way(mention, End.WITHDRAWN, None, None, [steps.withdrawn(message)])


def _steps(row: dict[str, Any], held: Held, here: Company, *, private: bool) -> Iterator[Step]:
    decision = routing.decide(row, here.rules, here.now)
    yield steps.heard(row)
    yield steps.understood(row, decision)
    if held.case is not None:
        yield from steps.of_case(held.case, _since(held, decision), private=private)
    if held.theme is not None:
        yield steps.of_theme(held.theme)
    yield from steps.signed(row["id"])
    yield from steps.of_idea(held.idea)
    yield from steps.of_initiatives(held.initiatives)
    yield from steps.told(row, held.initiatives)
    yield from steps.brought(held.initiatives)


def _since(held: Held, decision: routing.Decision) -> datetime:
    return held.at or decision.at
