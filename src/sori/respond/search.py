"""Find words in what was said, Korean ones of two syllables too, as exactly as LIKE would.

Every word is cut into pairs of neighbouring characters, and its last character stands alone
besides: 환불금 becomes 환불, 불금, 금. A query's pairs must all be there; what is longer than a
pair is then looked up in the text itself, so the answer is exact. A single character is asked for
as the beginning of a pair. Text and query are folded the same way (NFC, no difference of case).

The pairs live in what the database offers: an FTS5 table on SQLite (contentless, for the text
stands in `Passage` and tells what to delete), a `tsvector` with a GIN index on PostgreSQL. FTS5's
own tokenizers cut Korean at the wrong places, so it gets each character as four letters a to p.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from django.db import connection

from sori.database import write_atomic
from sori.respond.models import Passage
from sori.sql import read_sql

MOST: Final = 1001
"""Counting stops here; a page says "1,000+"."""

LONGEST: Final = 100_000
"""So many characters of one passage can be found; PostgreSQL's tsvector ends at a megabyte."""

LONGEST_QUERY: Final = 200
_WORDS: Final = 12
_BATCH: Final = 2000
_NIBBLES: Final = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


class Text(NamedTuple):
    """Something to be found: the words of a message, or of a conversation's head (no message)."""

    conversation: int
    message: int | None
    text: str


def fold(text: str) -> str:
    """A text as search sees it."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return folded.replace("\0", " ")


def pairs(folded: str) -> list[str]:
    """The pairs and last characters of all words, each once, in order of appearance."""
    found: dict[str, None] = {}
    for word in folded.split():
        for start in range(len(word)):
            found[word[start : start + 2]] = None
    return list(found)


def words(query: str) -> list[str]:
    """The folded words of a query; what is absurdly long is cut."""
    return fold(query[:LONGEST_QUERY]).split()[:_WORDS]


def remember(texts: Iterable[Text]) -> None:
    """Make texts findable; call it in the transaction that writes them."""
    passages = [
        Passage(
            conversation_id=text.conversation,
            message_id=text.message,
            text=fold(text.text[:LONGEST]),
        )
        for text in texts
    ]
    with write_atomic():
        made = Passage.objects.bulk_create(passages, batch_size=_BATCH)
        _run("insert", [(_stored(pairs(one.text)), one.pk) for one in made])


def forget(passages: Iterable[Passage]) -> int:
    """Make texts unfindable again and remove their words; returns how many."""
    with write_atomic():
        gone = list(passages)
        if connection.vendor == "sqlite":
            _run("delete", [(one.pk, _stored(pairs(one.text))) for one in gone])
        Passage.objects.filter(pk__in=[one.pk for one in gone]).delete()
    return len(gone)


def cases(query: str, *, most: int = MOST) -> list[int]:
    """The ids of the cases in which all words of a query stand together in one passage.

    Args:
        query: what somebody typed.
        most: stop after so many cases.

    Returns:
        Case ids, the one with the newest matching passage first.
    """
    found: dict[int, None] = {}
    for _, case in _hits(query):
        found[case] = None
        if len(found) >= most:
            break
    return list(found)


def passages(query: str, *, most: int = MOST) -> list[int]:
    """The ids of the passages that hold all words of a query, newest first."""
    found = []
    for passage, _ in _hits(query):
        found.append(passage)
        if len(found) >= most:
            break
    return found


def _hits(query: str) -> Iterator[tuple[int, int]]:
    asked = words(query)
    if not asked:
        return
    # what one pair or one beginning says exactly need not be looked up in the text
    exact = [word for word in asked if len(word) > 2]
    contains = "".join(f" AND {_position()}" for _ in exact)
    sql = _sql("find").replace("/* contains */", contains)
    before: int | None = None
    while True:
        with connection.cursor() as cursor:
            newest = before if before is not None else 2**62
            cursor.execute(sql, [_asked(asked), newest, *exact, _BATCH])
            rows = cursor.fetchall()
        yield from rows
        if len(rows) < _BATCH:
            return
        before = rows[-1][0]


def _position() -> str:
    name = "instr" if connection.vendor == "sqlite" else "strpos"
    return f"{name}(passage.text, %s) > 0"


def _run(name: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_sql(name), rows)


def _sql(name: str) -> str:
    return read_sql("respond", f"search_{name}.{connection.vendor}")


def _stored(tokens: list[str]) -> Any:
    return " ".join(map(_letters, tokens)) if connection.vendor == "sqlite" else tokens


def _asked(asked: list[str]) -> str:
    """The query in the words of the database: all pairs, or the beginning of one."""
    sqlite = connection.vendor == "sqlite"
    terms: dict[str, None] = {}
    for word in asked:
        if len(word) == 1:
            terms[f"{_letters(word)}*" if sqlite else f"{_quoted(word)}:*"] = None
        for start in range(len(word) - 1):
            pair = word[start : start + 2]
            terms[_letters(pair) if sqlite else _quoted(pair)] = None
    return (" AND " if sqlite else " & ").join(terms)


def _letters(token: str) -> str:
    return token.encode("utf-16-be", "surrogatepass").hex().translate(_NIBBLES)


def _quoted(token: str) -> str:
    doubled = token.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"
