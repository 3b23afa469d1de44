"""Which notices answer an open case: it was said already, so it can be said again with one key."""

import re
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from sori.change import group_answers, selectors
from sori.change.models import Surge
from sori.change.notices import wording
from sori.change.notices.models import Notice
from sori.change.notices.selectors import shown
from sori.change.notices.selectors import wording as words_of
from sori.lake.query import Reader
from sori.mention import day_of
from sori.respond.models import Message
from sori.sql import read_sql

OFFERED: Final = 3
ROOM: Final = "change.notices"
_READ: Final = 5
_HANGUL: Final = re.compile("[가-힣ㄱ-ㅎㅏ-ㅣ]")


@dataclass(frozen=True)
class Offer:
    """A notice that answers a case.

    Attributes:
        notice: which one.
        title: what it is called, in the customer's language.
        text: what can be put into the answer.
        language: of the text.
    """

    notice: int
    title: str
    text: str
    language: str


def for_case(reader: Reader, case: int, link: str = "") -> list[Offer]:
    """The notices that are shown and answer what this case is about, at most three.

    Args:
        reader: the lake.
        case: its number.
        link: where everybody can read on; put below the words.
    """
    standing = list(shown(timezone.now()))
    if not standing:
        return []
    heard = Message.objects.filter(conversation__case=case, direction=Message.Direction.IN)
    newest = list(heard.order_by("-at", "-pk").values_list("body", "mention")[:_READ])
    if not newest:
        return []
    said = "\n".join(body for body, _mention in newest)
    about = _about(reader, case, [str(mention) for _body, mention in newest if mention])
    fit = [one for one in standing if _answers(one, about, said)]
    language = "ko" if _HANGUL.search(newest[0][0]) else "en"
    return [_offer(one, language, link) for one in fit[:OFFERED]]


def _about(reader: Reader, case: int, mentions: list[str]) -> set[tuple[str, str]]:
    """What a case is about, as (sort, key)."""
    if not mentions:
        return set()
    found: set[tuple[str, str]] = set()
    theme = group_answers.theme_of(reader, case)
    if theme is not None:
        found |= {(Surge.Sort.THEME, str(number)) for number in selectors.family(theme.pk)}
    sql = read_sql(ROOM, "of_case")
    first = day_of(min(mentions))
    for row in reader.table(sql, partition=first, ids=mentions).to_pylist():
        found |= {(Surge.Sort.QUERY, str(number)) for number in row["queries"] or []}
        found |= {(Surge.Sort.TOPIC, topic) for topic in row["topics"] or []}
    return found


def _answers(notice: Notice, about: set[tuple[str, str]], said: str) -> bool:
    return (notice.sort, notice.key) in about or wording.meant(notice.words, said)


def _offer(notice: Notice, language: str, link: str) -> Offer:
    spoken = "en" if language == "en" and notice.title_en and notice.what_en else "ko"
    words = words_of(notice, spoken)
    return Offer(notice.pk, words.title, wording.answer(words, link), spoken)
