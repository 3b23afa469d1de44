"""Find mentions to trace: by their id, by a case, or by words; and those behind an initiative."""

import re
from typing import Any, Final

from sori.change.initiatives import evidence, proof
from sori.change.initiatives.models import Initiative
from sori.lake.query import Reader
from sori.mention import is_id
from sori.respond.models import Message
from sori.sql import read_sql
from sori.tracing.ending import end_of
from sori.tracing.facts import Company, gather
from sori.tracing.way import rows_of

FOUND: Final = 20
LONGEST: Final = 100
_READ: Final = 500_000
_CASE: Final = re.compile(r"#?(\d{1,12})")


def find(reader: Reader, asked: str, *, private: bool) -> list[str]:
    """The ids of mentions that fit, the newest first, at most FOUND.

    Args:
        reader: the lake.
        asked: an id, the number of a case, or words.
        private: whether the reader may read cases and what was said in private.
    """
    text = asked.strip().replace("\0", "")[:LONGEST]
    if is_id(text):
        return [text]
    found = _of_case(text) if private else []
    return found or (_with_words(reader, text, private=private) if text else [])


def shown(
    reader: Reader, here: Company, mentions: list[str], *, private: bool
) -> list[dict[str, Any]]:
    """Mentions for a list: as pages show voices, with the `end` of each; those gone are left out.

    Args:
        reader: the lake.
        here: what is the same for all mentions.
        mentions: their ids, in the order of the list.
        private: whether the reader may read what was said in private.
    """
    if not mentions:
        return []
    ends = {one: end_of(facts) for one, facts in gather(rows_of(reader, mentions), here).items()}
    said = proof.sentences(reader, mentions, private=private)
    return [said[one] | {"end": ends[one]} for one in mentions if one in said and one in ends]


def behind(reader: Reader, initiative: Initiative) -> list[str]:
    """Every sentence behind an initiative, the newest day first."""
    return sorted(evidence.mentions(reader, initiative), reverse=True)


def _of_case(text: str) -> list[str]:
    match = _CASE.fullmatch(text)
    if not match:
        return []
    said = Message.objects.filter(conversation__case=int(match[1]), mention__isnull=False)
    newest = said.order_by("-at", "-pk").values_list("mention", flat=True)
    return [str(one) for one in newest[:FOUND]]


def _with_words(reader: Reader, text: str, *, private: bool) -> list[str]:
    """Looks into the newest days only, for reading every text takes long."""
    first, read = "", 0
    for day, size in reader.sizes().items():
        if first and read + size > _READ:
            break
        first, read = day, read + size
    if not first:
        return []
    asked: dict[str, Any] = {"words": text, "private": private, "most": FOUND}
    table = reader.table(read_sql("tracing", "words"), first=first, **asked)
    return [str(one) for one in table.column("id").to_pylist()]
