"""Which posts of the stream are kept: what is said to us, and what has our words.

The stream tells of every post of the network; nothing of one that is not wanted is written down
anywhere. Pure.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from sori.channels.unfit import Unfit

PART: Final = re.compile(r'-?"[^"]*"|\S+')
ELSEWHERE: Final = re.compile(
    r"-?(?:from|to|mentions|domain|since|until|sort|author|url):\S", re.IGNORECASE
)
LANGUAGE: Final = re.compile(r"lang:([a-z]{2,3})", re.IGNORECASE)
DEEPEST: Final = 50


class Query(NamedTuple):
    """What one search asks for.

    Attributes:
        has: words and phrases that must all stand in the post.
        lacks: those of which none may.
        tags: tags it must all bear.
        language: what it must be written in; empty for any.
    """

    has: Sequence[str] = ()
    lacks: Sequence[str] = ()
    tags: Sequence[str] = ()
    language: str = ""

    def finds(self, text: str, tags: Sequence[str], languages: Sequence[str]) -> bool:
        """Whether a post with this text, these tags and languages is meant; all in one form."""
        return (
            all(each in text for each in self.has)
            and not any(each in text for each in self.lacks)
            and all(each in tags or f"#{each}" in text for each in self.tags)
            and (not self.language or self.language in languages)
        )


def query(words: str) -> Query:
    """A search as Bluesky writes them: words, "phrases", -words, #tags and lang:ko.

    Raises:
        ValueError: it asks for what the stream does not tell.

    >>> query('텀블러 "뚜껑이 깨" -광고 lang:ko')
    Query(has=['텀블러', '뚜껑이 깨'], lacks=['광고'], tags=[], language='ko')
    """
    has: list[str] = []
    lacks: list[str] = []
    tags: list[str] = []
    language = ""
    for part in PART.findall(words):
        if ELSEWHERE.match(part):
            raise Unfit("the stream knows words, phrases, -words, #tags and lang: alone")
        if found := LANGUAGE.fullmatch(part):
            language = found[1].lower()
        elif part.startswith("#") and len(part) > 1:
            tags.append(one_form(part[1:]))
        else:
            said = one_form(part.removeprefix("-").strip('"'))
            (lacks if part.startswith("-") and len(part) > 1 else has).append(said)
    has, lacks = list(filter(None, has)), list(filter(None, lacks))
    if not (has or tags):
        raise Unfit("a search needs a word or a tag")
    return Query(has, lacks, tags, language)


class Sieve:
    """Tells the posts that are ours to hear.

    Args:
        me: the name for ever of our account.
        addressed: whether what is said to us is wanted.
        searches: our words, one search each.
    """

    def __init__(self, me: str, searches: Iterable[str], *, addressed: bool) -> None:
        self._me, self._addressed = me, addressed
        self._queries = [query(each) for each in searches]

    def keeps(self, did: str, record: Any) -> bool:
        """Whether a record is one of ours to hear; never raises, whatever it is."""
        if did == self._me or not isinstance(record, dict):
            return False
        if self._addressed and any(map(self._is_us, _names(record))):
            return True
        if not self._queries:
            return False
        text = one_form(" ".join(_words(record)))
        tags = [one_form(each) for each in _texts(record.get("tags"))]
        languages = [each.lower().partition("-")[0] for each in _texts(record.get("langs"))]
        return any(each.finds(text, tags, languages) for each in self._queries)

    def _is_us(self, name: str) -> bool:
        return name == self._me or name.startswith(f"at://{self._me}/")


def one_form(text: str) -> str:
    """Text in the form in which it is compared: letters composed, and small."""
    return unicodedata.normalize("NFC", text).casefold()


def _words(record: dict[str, Any]) -> Iterable[str]:
    """All that can be read in a post: its words, where links lead, captions and titles."""
    yield from filter(None, [_text(record.get("text"))])
    for value in (record.get("facets"), record.get("embed")):
        yield from _found(value, {"uri", "tag", "alt", "title", "description"})


def _names(record: dict[str, Any]) -> Iterable[str]:
    """Whom a post may name, answer or quote: names for ever, and addresses that begin with one."""
    yield from _found(record.get("facets"), {"did"})
    reply = record.get("reply")
    yield from _found(reply.get("parent") if isinstance(reply, dict) else None, {"uri"})
    yield from _found(record.get("embed"), {"uri"})


def _found(value: Any, names: set[str]) -> Iterable[str]:
    """What stands anywhere below under one of these names."""
    waiting = [(value, 0)]
    while waiting:
        one, deep = waiting.pop()
        if deep > DEEPEST:
            continue
        if isinstance(one, list):
            waiting += [(each, deep + 1) for each in reversed(one)]
        elif isinstance(one, dict):
            yield from (each for name, each in one.items() if name in names and _text(each))
            waiting += [(each, deep + 1) for each in one.values() if isinstance(each, list | dict)]


def _texts(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
