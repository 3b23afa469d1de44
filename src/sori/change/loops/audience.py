"""Everybody who raised an initiative: each person once, with how they are told and which words."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from sori.change.ideas.selectors import written_to
from sori.change.initiatives.evidence import ideas_behind
from sori.change.initiatives.models import Initiative
from sori.change.loops import deciding, people
from sori.change.loops.deciding import MAIL, Key, Somebody, Way
from sori.change.loops.models import Heard, LoopNotice, Telling
from sori.change.loops.raised import Raised, raised
from sori.channels import registry
from sori.channels.contract import Replies
from sori.errors import ConfigurationError
from sori.lake.query import Reader
from sori.listen.models import Source


@dataclass(frozen=True)
class Recipient:
    """One person who raised it.

    Attributes:
        who: the person.
        way: how they are told, or why not.
        raised: what the notice is attached to and made of.
        others: what their other accounts said, the newest of each.
        verified: whether a member made sure of the account that is answered.
        language: of what they said, an ISO 639-1 code; "" when unsure.
    """

    who: Somebody
    way: Way
    raised: Raised
    others: tuple[Raised, ...] = ()
    verified: bool = False
    language: str = ""

    @property
    def told(self) -> bool:
        """Whether there is a way to tell them."""
        return bool(self.way.via)

    @property
    def sends(self) -> str:
        """The channel the notice goes out by."""
        return people.MAIL if self.way.via == MAIL else self.raised.sends

    @property
    def name(self) -> str:
        """What to call them; "" when nobody knows."""
        return self.who.name or self.raised.name

    @property
    def accounts(self) -> list[Key]:
        """The accounts that raised it, the one that is answered first."""
        return [self.raised.said.key, *(one.said.key for one in self.others)]


def everybody(reader: Reader, initiative: Initiative) -> list[Recipient]:
    """Everybody who raised an initiative, who waits longest first."""
    voices = {one.said.mention: one for one in raised(reader, initiative)}
    said = [one.said for one in voices.values()]
    found = people.known({one.key for one in said})
    ways = Ways(timezone.now())
    crowd = [
        _recipient([voices[one.mention] for one in theirs], found, ways)
        for theirs in deciding.together(said, found.standing)
    ]
    by_portal = written_to(ideas_behind(initiative))
    return [
        replace(one, way=Way("", one.way.said, why=deciding.BY_PORTAL))
        if one.told and one.who.number in by_portal
        else one
        for one in crowd
    ]


def untold(telling: Telling, crowd: Iterable[Recipient]) -> list[Recipient]:
    """Those of them whom a telling has neither told nor on its list; who was left out is asked
    anew."""
    heard = Heard.objects.filter(telling=telling)
    listed = LoopNotice.objects.filter(telling=telling).exclude(state=LoopNotice.State.LEFT)
    done: set[Key] = set(heard.values_list("identity__channel", "identity__external_id"))
    done |= set(listed.values_list("identity__channel", "identity__external_id"))
    return [one for one in crowd if done.isdisjoint(one.accounts)]


class Ways:
    """What can be sent at all, asked once.

    Attributes:
        now: the time.
        speaking: the sources that can send something.
        box: the mailbox that could send a new mail.
    """

    def __init__(self, now: datetime) -> None:
        self.now = now
        rows = list(Source.objects.order_by("pk"))
        able = {one.channel: _can_answer(one.channel) for one in rows}
        self.speaking: Collection[int] = {one.pk for one in rows if able[one.channel]}
        self.box = next((one for one in rows if one.channel == people.MAIL and _sends(one)), None)

    def of(self, who: Somebody, voices: Iterable[Raised]) -> Way:
        """How somebody is told."""
        return deciding.way(
            who,
            [one.said for one in voices],
            speaking=self.speaking,
            mailing=self.box is not None,
            now=self.now,
        )


def own_way(recipient: Recipient, other: Raised, ways: Ways) -> Way:
    """How one of their other accounts would be told, were it somebody else's after all."""
    return ways.of(replace(recipient.who, mails=()), [other])


def _recipient(voices: list[Raised], found: people.Known, ways: Ways) -> Recipient:
    by_mention = {one.said.mention: one for one in voices}
    newest = max(voices, key=lambda one: (one.at, one.said.mention))
    who = found.of(newest.said.key, newest.name)
    way = ways.of(who, voices)
    chosen = by_mention[way.said.mention]
    by_key: Mapping[Key, Raised] = {one.said.key: one for one in sorted(voices, key=_at)}
    spoken = [one.said.language for one in voices if one.said.language]
    return Recipient(
        who=who,
        way=way,
        raised=chosen,
        others=tuple(one for key, one in by_key.items() if key != chosen.said.key),
        verified=chosen.said.key in found.verified,
        language=spoken[-1] if spoken else "",
    )


def _at(one: Raised) -> tuple[datetime, str]:
    return one.at, one.said.mention


def _can_answer(channel: str) -> bool:
    try:
        return isinstance(registry.channel(channel), Replies)
    except ConfigurationError:
        return False


def _sends(box: Source) -> bool:
    return bool(box.settings.get("smtp_host"))
