"""What a telling looks like: whom it reaches and whom not, which texts, and how far it has come."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from django.db.models import Count, QuerySet
from django.utils import timezone

from sori.change.initiatives.models import Initiative
from sori.change.loops import composing, deciding
from sori.change.loops.audience import Recipient
from sori.change.loops.composing import Letter
from sori.change.loops.models import LoopNotice, Telling
from sori.people.selectors import standing
from sori.respond.sending import UNDECIDED, State
from sori.staff.models import Member

APART: Final = "apart"
"""Why somebody was not told: they were thought to be one with somebody who was, and are not."""

_State = LoopNotice.State


class Reach(NamedTuple):
    """How many are told by one channel.

    Attributes:
        sends: the channel.
        people: how many.
        by_mail: how many of them by a new mail, because where they spoke takes no answers.
        verified: how many accounts a member made sure of.
    """

    sends: str
    people: int
    by_mail: int
    verified: int


class Variant(NamedTuple):
    """One form of the text, with the longest letter that comes of it.

    Attributes:
        sends: the channel.
        via: THREAD or MAIL.
        language: of the text.
        size: LONG or SHORT.
        people: how many read it.
        letter: the longest one of them.
    """

    sends: str
    via: str
    language: str
    size: str
    people: int
    letter: Letter


class Told(NamedTuple):
    """How far one channel has come; people."""

    sends: str
    waiting: int
    on_its_way: int
    arrived: int
    failed: int
    unclear: int

    @property
    def all(self) -> int:
        """Everybody who is told by it."""
        return self.waiting + self.on_its_way + self.arrived + self.failed + self.unclear


class Closed(NamedTuple):
    """The figure "loop closed": people told, of the people who raised it."""

    told: int
    raised: int

    @property
    def share(self) -> float:
        """0 to 1; 0 when nobody raised it."""
        return self.told / self.raised if self.raised else 0.0


def reach(crowd: Iterable[Recipient]) -> list[Reach]:
    """How many are told by each channel, the most first."""
    by_channel: dict[str, list[Recipient]] = {}
    for one in crowd:
        if one.told:
            by_channel.setdefault(one.sends, []).append(one)
    rows = [
        Reach(
            sends,
            len(some),
            sum(one.way.via == deciding.MAIL for one in some),
            sum(one.verified for one in some),
        )
        for sends, some in by_channel.items()
    ]
    return sorted(rows, key=lambda row: (-row.people, row.sends))


def reasons(crowd: Iterable[Recipient]) -> list[tuple[str, int]]:
    """Why people are not told, with how many, the most first."""
    return Counter(one.way.why for one in crowd if not one.told).most_common()


def variants(telling: Telling, crowd: Iterable[Recipient], writer: Member) -> list[Variant]:
    """Every form of the text that somebody will read."""
    found: dict[tuple[str, str, str, str], list[Letter]] = {}
    for one in crowd:
        if one.told:
            letter = composing.letter(telling, composing.about(one), writer)
            key = (one.sends, one.way.via, letter.language, letter.size)
            found.setdefault(key, []).append(letter)
    return [
        Variant(*key, people=len(letters), letter=max(letters, key=_length))
        for key, letters in sorted(found.items())
    ]


def progress(telling: Telling) -> list[Told]:
    """How far each channel has come; constant in the number of people."""
    rows = (
        telling.notices.filter(state__in=(_State.WAITING, _State.HANDED))
        .values_list("sends", "state", "message__state")
        .annotate(count=Count("pk"))
    )
    found: dict[str, Counter[str]] = {}
    for sends, state, fate, count in rows.order_by("sends"):
        found.setdefault(sends, Counter())[_column(state, fate)] += count
    return [
        Told(sends, *(count[name] for name in Told._fields[1:])) for sends, count in found.items()
    ]


def not_told(telling: Telling) -> list[tuple[str, int]]:
    """Why people on the list are not told, with how many, the most first."""
    left = telling.notices.filter(state=_State.LEFT).values_list("why").annotate(n=Count("pk"))
    counts = Counter(dict(left.order_by("why")))
    if apart := len(_apart(telling)):
        counts[APART] += apart
    return counts.most_common()


def closed(telling: Telling, crowd: Sequence[Recipient] = ()) -> Closed:
    """How many of those who raised it were told, as people are merged now.

    Args:
        telling: one that has a list.
        crowd: those who raised it and are not on the list.
    """
    rows = telling.notices.exclude(identity=None)
    people = dict(rows.values_list("pk", "identity__person"))
    roots = standing(people.values())
    sent = rows.filter(state=_State.HANDED, message__state=State.SENT)
    told = {roots[people[pk]] for pk in sent.values_list("pk", flat=True)}
    raised = set(roots.values()) | {one.who.number for one in crowd if one.who.number is not None}
    strangers = sum(one.who.number is None for one in crowd)
    gone = telling.notices.filter(identity=None).exclude(state=_State.COVERED)
    told_gone = gone.filter(state=_State.HANDED).count()
    return Closed(len(told) + told_gone, len(raised) + strangers + gone.count())


def loop_closed(initiative: Initiative) -> Closed:
    """The figure of an initiative: its newest telling's; nobody of nobody before there is one."""
    newest = initiative.tellings.order_by("-created_at", "-pk").first()
    return closed(newest) if newest else Closed(0, 0)


def rests_until(telling: Telling) -> datetime | None:
    """When the quiet hours end in which it rests now; None when it does not."""
    if telling.state != Telling.State.RUNNING:
        return None
    now = timezone.now()
    zone = timezone.get_default_timezone()
    quiet = {"since": telling.quiet_from, "until": telling.quiet_until}
    morning = deciding.awake(now, zone=zone, **quiet)
    return morning if morning > now else None


def results(telling: Telling) -> QuerySet[LoopNotice]:
    """Everybody on the list, whoever was told first on top; accounts of one person once."""
    rows = telling.notices.exclude(state=_State.COVERED) | telling.notices.filter(
        pk__in=_apart(telling)
    )
    return rows.select_related(
        "identity__person", "message__conversation", "answers__conversation"
    ).order_by("-handed_at", "pk")


def _apart(telling: Telling) -> list[int]:
    """Accounts behind one that was told, whose person nobody has told after all."""
    if telling.state != Telling.State.DONE:
        return []
    rows = telling.notices.exclude(identity=None)
    people = dict(rows.values_list("pk", "identity__person"))
    roots = standing(people.values())
    fronts = rows.exclude(state=_State.COVERED).values_list("pk", flat=True)
    reached = {roots[people[pk]] for pk in fronts}
    behind = rows.filter(state=_State.COVERED).values_list("pk", flat=True)
    lost = {roots[people[pk]]: pk for pk in behind if roots[people[pk]] not in reached}
    return sorted(lost.values())


def _column(state: str, fate: str | None) -> str:
    if state == _State.WAITING:
        return "waiting"
    if fate is None or fate == State.SENT:
        return "arrived"
    if fate == State.UNKNOWN:
        return "unclear"
    return "on_its_way" if fate in UNDECIDED else "failed"


def _length(letter: Letter) -> int:
    return letter.used if letter.used is not None else len(letter.text)
