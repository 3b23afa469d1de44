"""Decide once more about voices that were left alone, when they come to read otherwise.

A person says that somebody does need an answer, or an author writes a complaint over an old post:
what deserves an answer now gets its case, by the same rules as everything that is heard.
"""

from collections.abc import Collection
from typing import Any, Final

from django.utils import timezone

from sori.database import chunks, write_atomic
from sori.lessons.selectors import corrections
from sori.listen import memory
from sori.mention import day_of
from sori.people.tombstones import buried
from sori.respond import opening, routing
from sori.respond.models import Message
from sori.respond.receiving import bookmark, rules
from sori.respond.voices import Voice
from sori.sql import read_sql

DECIDES: Final = frozenset({"urgency", "answer", "irony", "spam"})
"""Labels that decide whether a voice deserves an answer."""


def reconsider(mentions: Collection[str]) -> int:
    """Open cases for those of some mentions that deserve an answer now and are not in the desk.

    Nothing is closed here: whoever opened a case decides how it ends. Doing it twice changes
    nothing.

    Args:
        mentions: ids of mentions.

    Returns:
        How many mentions were written into the desk.

    Raises:
        LakeError: the lake could not be read.
    """
    there = Message.objects.filter(mention__in=mentions).values_list("mention", flat=True)
    left = sorted(set(mentions) - set(map(str, there)))
    return sum(_open(_decided(some)) for some in chunks(left))


def _decided(mentions: list[str]) -> list[Voice]:
    """What deserves an answer now, as far as the lake remembers it."""
    deciding, now = rules(), timezone.now()
    people = corrections(mentions)
    voices = []
    for row in _rows(mentions):
        row |= {label: said["value"] for label, said in people.get(row["id"], {}).items()}
        voices.append(Voice(row, routing.decide(row, deciding, now)))
    return [voice for voice in voices if voice.decision.deserves]


def _rows(mentions: list[str]) -> list[dict[str, Any]]:
    days = day_of(mentions[0]), day_of(mentions[-1])
    found = memory.reader().table(
        read_sql("respond", "left"), first=days[0], last=days[1], ids=mentions
    )
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


def _open(voices: list[Voice]) -> int:
    if not voices:
        return 0
    with write_atomic():
        bookmark()  # whoever receives the same voices now writes before us or after us
        gone = buried(voice.account.key for voice in voices)
        return opening.write([voice for voice in voices if voice.account.key not in gone])
