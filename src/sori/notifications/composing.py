"""What goes out together, in words: what belongs together as one, and nothing that may not be read.

Whether somebody may read of a thing is asked again here, for days may lie between the event and
its mail.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation

from sori.mailing import site
from sori.notifications.models import Choice, Line, Outlet
from sori.notifications.occasions import OCCASIONS
from sori.notifications.sentences import path_of, sentence, titles
from sori.staff.models import Member
from sori.staff.permissions import allows


@dataclass(frozen=True)
class Item:
    """One thing that is told.

    Attributes:
        text: the sentence, without a customer's words.
        title: what it is called, which may be a customer's words.
        excerpt: what a customer said last; "" where it is not about that.
        link: where to look.
        at: when the newest of it happened.
    """

    text: str
    title: str
    excerpt: str
    link: str
    at: datetime


def items(outlet: Outlet, lines: Sequence[Line]) -> list[Item]:
    """What these lines say, newest first; nothing when its member may not read it any more."""
    readable = [line for line in lines if _may_go(outlet, line)]
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in readable:
        groups.setdefault((line.occasion, line.event.about), []).append(line)
    names = titles({about for _occasion, about in groups})
    found = [_item(group, names) for group in groups.values()]
    return sorted(found, key=lambda item: item.at, reverse=True)


@contextmanager
def in_words_of(member: Member | None) -> Iterator[None]:
    """Speak this member's language, and of time by their clock; None: the company's."""
    language = member.language if member else ""
    chosen = Choice.objects.filter(member=member).first() if member else None
    zone = ZoneInfo(chosen.zone) if chosen and chosen.zone else timezone.get_default_timezone()
    with translation.override(language or settings.LANGUAGE_CODE), timezone.override(zone):
        yield


def _may_go(outlet: Outlet, line: Line) -> bool:
    if outlet.member is None:
        return line.occasion in outlet.occasions
    return allows(outlet.member, OCCASIONS[line.occasion].needs)


def _item(group: Sequence[Line], names: dict[str, str]) -> Item:
    newest = group[-1]
    event, case = newest.event, newest.case
    by = event.member.name if event.member else ""
    return Item(
        text=sentence(event.kind, newest.occasion, event.about, by=by, count=len(group)),
        title=case.subject if case else names.get(event.about, ""),
        excerpt=case.excerpt if case and newest.occasion == "heard" else "",
        link=site() + path_of(event.about),
        at=event.at,
    )
