"""Who is told, where, and who is not and why: pure decisions about people and what they said.

One person is told once, however many accounts they have: where they spoke last and can still be
answered; else by mail, to an address that is known to be theirs; else not at all, with a reason.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final, NamedTuple

from sori.respond.business import MINUTES_A_DAY, Hours

Key = tuple[str, str]
"""An account: channel and its name there."""

THREAD: Final = "thread"
MAIL: Final = "mail"

ERASED: Final = "erased"
OBJECTION: Final = "objection"
NO_NEWS: Final = "no_news"
TOO_LONG: Final = "too_long"
CLOSED: Final = "closed"
UNVERIFIED: Final = "unverified"
NO_CHANNEL: Final = "no_channel"
BY_PORTAL: Final = "by_portal"
REASONS: Final = (OBJECTION, NO_NEWS, CLOSED, UNVERIFIED, NO_CHANNEL, TOO_LONG, BY_PORTAL, ERASED)
"""Why somebody is not told: they do not want to be analysed; they said they want no news; the time
in which they could be answered is over; the only mail address is one that nobody made sure of; the
channel takes no answers; the text is longer than it takes; they follow an idea behind it, so the
portal writes to them; they were forgotten."""

ANSWERABLE: Final = ("public", "private")

_BURST: Final = 12
"""After a pause a channel may make up for a twelfth of a minute, no more."""


class Said(NamedTuple):
    """Something one of them said.

    Attributes:
        mention: its id.
        key: the account that said it.
        source: the source it came by.
        channel: where.
        at: when.
        mode: how it can be answered, one of `mention.REPLY_MODES`.
        until: until when; None for ever.
        language: of its words, an ISO 639-1 code; "" when unsure.
        message: its message at the desk; None when it has none yet.
    """

    mention: str
    key: Key
    source: int
    channel: str
    at: datetime
    mode: str
    until: datetime | None = None
    language: str = ""
    message: int | None = None


@dataclass(frozen=True)
class Somebody:
    """One person, merged as they stand.

    Attributes:
        number: whom all their accounts stand for; None for somebody the desk does not know yet.
        name: what to call them; may be empty.
        mails: their mail addresses that somebody made sure of, the best one first.
        doubtful: whether there is a mail address that nobody made sure of.
        objects: they do not want to be analysed.
        consent: whether they agreed to be told news; None where nobody asked.
        forgotten: they were erased.
    """

    number: int | None
    name: str = ""
    mails: tuple[str, ...] = ()
    doubtful: bool = False
    objects: bool = False
    consent: bool | None = None
    forgotten: bool = False


class Way(NamedTuple):
    """How one person is told, or why not.

    Attributes:
        via: THREAD, MAIL, or "" when they are not told.
        said: what is answered; with MAIL or without a way, the newest thing they said.
        mail: the address, with MAIL.
        why: one of REASONS, or "".
    """

    via: str
    said: Said
    mail: str = ""
    why: str = ""


def way(
    who: Somebody,
    said: Sequence[Said],
    *,
    speaking: Collection[int],
    mailing: bool,
    now: datetime,
) -> Way:
    """How somebody is told.

    Args:
        who: the person.
        said: what they said about it, by any of their accounts; at least one thing.
        speaking: the sources through which something can be sent.
        mailing: whether there is a mailbox that could send a new mail.
        now: the time.
    """
    newest = max(said, key=_order)
    if why := refusal(who):
        return Way("", newest, why=why)
    answerable = [one for one in said if one.mode in ANSWERABLE and one.source in speaking]
    open_still = [one for one in answerable if one.until is None or one.until > now]
    if open_still:
        return Way(THREAD, max(open_still, key=_order))
    if mailing and who.mails:
        return Way(MAIL, newest, mail=who.mails[0])
    return Way("", newest, why=_unreachable(who, answerable))


def together(said: Sequence[Said], standing: Mapping[Key, int]) -> list[list[Said]]:
    """What was said, person by person: accounts that stand for the same one are together.

    Args:
        said: everything, each mention once.
        standing: for the accounts that are known, whom they stand for.
    """
    found: dict[object, list[Said]] = {}
    for one in said:
        found.setdefault(standing.get(one.key, one.key), []).append(one)
    return list(found.values())


def room(per_minute: int, *, last: datetime | None, now: datetime) -> int:
    """How many more may leave by a channel at this moment.

    They leave evenly, not in a heap at the top of each minute.

    Args:
        per_minute: the throttle of the channel.
        last: when the last one left by it; None when none ever did.
        now: the time.
    """
    if last is None:
        return 1
    pace = timedelta(minutes=1) / per_minute
    return min((now - last) // pace, max(1, per_minute // _BURST))


def awake(at: datetime, *, zone: tzinfo, since: int, until: int) -> datetime:
    """The first moment from `at` on outside the quiet hours: `at` itself when it is.

    Args:
        at: the moment.
        zone: whose wall clock counts.
        since: minutes after midnight at which it becomes quiet.
        until: minutes after midnight at which it ends; the same as `since`: it is never quiet.
    """
    if since == until:
        return at
    end = until if until > since else until + MINUTES_A_DAY
    return Hours(zone=zone, week=(((since, end),),) * 7).closing(at)


def again_in(per_minute: int) -> timedelta:
    """How long a channel rests between two of them."""
    return timedelta(minutes=1) / per_minute


def refusal(who: Somebody) -> str:
    """Why somebody must not be told, wherever they spoke; "" when they may be."""
    if who.forgotten:
        return ERASED
    if who.objects:
        return OBJECTION
    return NO_NEWS if who.consent is False else ""


def _unreachable(who: Somebody, answerable: Sequence[Said]) -> str:
    if answerable:
        return CLOSED
    return UNVERIFIED if who.doubtful else NO_CHANNEL


def _order(said: Said) -> tuple[datetime, str]:
    return said.at, said.mention
