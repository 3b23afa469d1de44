"""Hand notices to the outbox, one person after the other, at the pace of each channel.

One transaction writes everything of one person: the message, the mark on every account of theirs,
and the state of the notice. A worker that dies leaves either all of it or nothing, and the mark is
unique, so however people are merged or taken apart meanwhile, no account is told again.
"""

from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db.models import Max, QuerySet
from django.utils import timezone

from sori import database
from sori.change.initiatives.services import mark_told
from sori.change.loops import composing, deciding, people
from sori.change.loops.models import Heard, LoopNotice, Telling
from sori.change.loops.raised import whole
from sori.database import write_atomic
from sori.errors import Refused, Stale
from sori.journal.services import record
from sori.listen import memory
from sori.listen.models import Source
from sori.people.selectors import standing
from sori.people.tombstones import buried
from sori.respond import noticing
from sori.respond.destination import received
from sori.respond.models import Hold, Message
from sori.respond.noticing import News
from sori.respond.sending import UNDECIDED, State

LEASE: Final = timedelta(minutes=2)
"""Longer than one turn takes."""

HELD: Final = timedelta(seconds=10)
SETTLING: Final = timedelta(seconds=2)
"""How long until it is looked again whether the last ones arrived."""

_State = LoopNotice.State
_ON_ITS_WAY: Final = frozenset(UNDECIDED) - {State.UNKNOWN}

log = structlog.get_logger(__name__)


def hand_due() -> int:
    """Give the telling that is longest due its turn; returns how many were handed to the outbox."""
    rows = database.claim(Telling.objects.filter(state=Telling.State.RUNNING), lease=LEASE)
    handed = 0
    for telling in rows:
        try:
            handed += _turn(telling)
        except Stale:
            log.info("telling_stopped_or_lost", telling=telling.pk)
    return handed


def _turn(telling: Telling) -> int:
    now = timezone.now()
    if Hold.objects.filter(released_at=None).exists():
        database.release(telling, due_at=now + HELD)
        return 0
    if (morning := _awake(telling, now)) > now:
        database.release(telling, due_at=morning)
        return 0
    handed = sum(_by_channel(telling, channel, now) for channel in _channels(telling))
    if _channels(telling):
        database.release(telling, due_at=now + deciding.again_in(telling.per_minute))
    elif not _revived(telling):
        _finish(telling)
    return handed


def _awake(telling: Telling, now: datetime) -> datetime:
    return deciding.awake(
        now,
        zone=timezone.get_default_timezone(),
        since=telling.quiet_from,
        until=telling.quiet_until,
    )


def _channels(telling: Telling) -> list[str]:
    waiting = telling.notices.filter(state=_State.WAITING).order_by("sends")
    return list(waiting.values_list("sends", flat=True).distinct())


def _by_channel(telling: Telling, channel: str, now: datetime) -> int:
    """Hand over as many as the throttle of a channel lets pass, over all tellings."""
    last = LoopNotice.objects.filter(sends=channel).aggregate(last=Max("handed_at"))["last"]
    room = deciding.room(telling.per_minute, last=last, now=now)
    waiting = telling.notices.filter(state=_State.WAITING, sends=channel).order_by("pk")
    return sum(_hand_over(telling, one) for one in waiting.values_list("pk", flat=True)[:room])


def _hand_over(telling: Telling, notice: int) -> bool:
    """Tell one person, or write down why not; whether something was handed to the outbox."""
    with write_atomic():
        row = _ours(telling)
        rows = LoopNotice.objects.select_related("identity", "mail")
        one = rows.select_for_update(of=("self",)).get(pk=notice)
        if one.state != _State.WAITING:
            return False
        group = _group(one)
        if group is None:
            return _leave(one, deciding.ERASED)
        if first := _told_before(row, group):
            return _cover(row, one, group, first)
        who = people.wishes(group)
        if why := deciding.refusal(who):
            return _leave(one, why)
        return _tell(row, one, group, who)


def _ours(telling: Telling) -> Telling:
    """The telling as it stands, unless somebody stopped it or another worker has it."""
    rows = Telling.objects.select_related("initiative", "approved_by")
    row = rows.select_for_update(of=("self",)).get(pk=telling.pk)
    if row.fence != telling.fence or row.state != Telling.State.RUNNING:
        raise Stale(f"{telling} was stopped or claimed by another worker")
    return row


def _group(one: LoopNotice) -> people.Group | None:
    """The person as people are merged now; None when they were forgotten."""
    if one.identity is None or buried([(one.identity.channel, one.identity.external_id)]):
        return None
    return people.group_of(one.identity.person_id)


def _told_before(telling: Telling, group: people.Group) -> int | None:
    """The notice by which any account of this person has heard."""
    heard = Heard.objects.filter(telling=telling, identity__in=group.accounts).order_by("pk")
    if first := heard.values_list("notice", flat=True).first():
        return first
    handed = telling.notices.filter(state=_State.HANDED, person=group.number)
    return handed.values_list("pk", flat=True).first()


def _tell(telling: Telling, one: LoopNotice, group: people.Group, who: deciding.Somebody) -> bool:
    incoming = _incoming(one)
    if incoming is None:
        return _leave(one, deciding.ERASED)
    member = telling.approved_by
    assert member is not None
    to = incoming.reply_address if isinstance(incoming.reply_address, dict) else {}
    opening = "" if one.via == deciding.MAIL else str(to.get("opening") or "")
    name = who.name or incoming.conversation.identity.name
    about = composing.About(name, incoming.body, incoming.at, one.language, one.sends, opening)
    letter = composing.letter(telling, about, member)
    if not letter.fits:
        return _leave(one, deciding.TOO_LONG)
    box = _box() if one.via == deciding.MAIL else None
    if one.via == deciding.MAIL and (box is None or one.mail is None):
        return _leave(one, deciding.NO_CHANNEL)
    key = noticing.key_of("loop", telling.pk, one.identity_id)
    news = News(letter.text, member, key, telling.pk)
    try:
        message = _queued(telling, one, incoming, news, box)
    except Refused:
        return _leave(one, deciding.CLOSED)
    _mark(telling, one, group, message)
    return True


def _incoming(one: LoopNotice) -> Message | None:
    """The message the notice is attached to; a voice that asked for no answer is taken up now."""
    if one.answers_id is not None:
        return received(one.answers_id)
    row = whole(memory.reader(), one.mention) if one.mention else None
    return received(noticing.take_up(row).pk) if row else None


def _queued(
    telling: Telling, one: LoopNotice, incoming: Message, news: News, box: Source | None
) -> Message:
    if box is None or one.mail is None:
        return noticing.in_thread(news, incoming)
    return noticing.by_mail(
        news,
        box=box,
        to=one.mail,
        subject=telling.initiative.title,
        thread=f"loop-{telling.pk}-{one.pk}",
        case=incoming.conversation.case,
    )


def _box() -> Source | None:
    boxes = Source.objects.filter(channel=people.MAIL).order_by("pk")
    return next((one for one in boxes if one.settings.get("smtp_host")), None)


def _mark(telling: Telling, one: LoopNotice, group: people.Group, message: Message) -> None:
    Heard.objects.bulk_create(
        [Heard(telling=telling, notice=one, identity=each) for each in group.accounts]
    )
    LoopNotice.objects.filter(pk=one.pk).update(
        state=_State.HANDED,
        answers=message.answers_id or one.answers_id,
        message=message,
        person=group.number,
        handed_at=timezone.now(),
    )


def _cover(telling: Telling, one: LoopNotice, group: people.Group, first: int) -> bool:
    """They have heard by another account; from now on every account of theirs is known to have."""
    Heard.objects.bulk_create(
        [Heard(telling=telling, notice_id=first, identity=each) for each in group.accounts],
        ignore_conflicts=True,
    )
    LoopNotice.objects.filter(pk=one.pk).update(state=_State.COVERED)
    return False


def _leave(one: LoopNotice, why: str) -> bool:
    LoopNotice.objects.filter(pk=one.pk).update(state=_State.LEFT, why=why)
    return False


def _revived(telling: Telling) -> bool:
    """Accounts that waited behind another one and are somebody else's now are told after all."""
    heard = Heard.objects.filter(telling=telling).values("identity")
    behind = _with_identity(telling, _State.COVERED).exclude(identity__in=heard)
    people_of = dict(behind.values_list("pk", "identity__person"))
    if not people_of:
        return False
    roots = standing(people_of.values())
    fronts = _with_identity(telling, _State.LEFT).values_list("identity__person", flat=True)
    left = set(standing(fronts).values())
    # of several accounts of one person, one at a time
    free = {roots[owner]: pk for pk, owner in people_of.items() if roots[owner] not in left}
    if not free:
        return False
    with write_atomic():
        _ours(telling)
        rows = LoopNotice.objects.filter(pk__in=free.values())
        rows.filter(via="").update(state=_State.LEFT)
        rows.exclude(via="").update(state=_State.WAITING)
        database.release(telling, due_at=timezone.now())
    return True


def _with_identity(telling: Telling, state: LoopNotice.State) -> QuerySet[LoopNotice]:
    return telling.notices.filter(state=state, identity__isnull=False)


def _finish(telling: Telling) -> None:
    """Nobody is left: once the last ones have arrived, or failed, it is done."""
    on_its_way = telling.notices.filter(message__state__in=_ON_ITS_WAY)
    if on_its_way.exists():
        database.release(telling, due_at=timezone.now() + SETTLING)
        return
    with write_atomic():
        row = _ours(telling)
        told = row.notices.filter(state=_State.HANDED).count()
        left = row.notices.filter(state=_State.LEFT).count()
        now = timezone.now()
        database.hold(
            telling, state=Telling.State.DONE, ended_at=now, due_at=None, lease_until=None
        )
        record(
            "loop.done", f"initiative:{row.initiative_id}", telling=row.pk, told=told, not_told=left
        )
        mark_told(row.initiative)
