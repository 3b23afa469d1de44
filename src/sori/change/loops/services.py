"""What members do with a telling: write the words, approve, stop, go on.

Each is one transaction and writes its event into the journal. What makes no sense as things stand
raises `Refused`, in words for the member to read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Final

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from sori.change.initiatives.models import Initiative
from sori.change.loops import audience, composing, deciding, people
from sori.change.loops.audience import Recipient, Ways
from sori.change.loops.models import Heard, LoopNotice, Telling
from sori.change.loops.raised import Raised
from sori.change.loops.wording import BLANKS, Text, language_of
from sori.database import write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.lake.query import Reader
from sori.people.models import Identity
from sori.people.services import Account, clean_name, identify
from sori.respond import noticing
from sori.staff.models import Member

LONGEST: Final = 5_000
MOST_A_MINUTE: Final = 600
_BATCH: Final = 200

_State = LoopNotice.State


def outcome_of(initiative: Initiative) -> str:
    """What there is to tell: that it is there, that it will not be; "" while there is nothing."""
    stages = Initiative.Stage
    if initiative.stage in {stages.SHIPPED, stages.TOLD, stages.CHECKED} and initiative.shipped_at:
        return Telling.Outcome.SHIPPED
    no = initiative.decision == Initiative.Decision.NO
    return Telling.Outcome.NO if no else ""


def write(
    *,
    initiative: Initiative,
    member: Member,
    texts: Mapping[str, Text],
    per_minute: int,
    quiet: tuple[int, int],
) -> Telling:
    """Write what they will read, or write it anew.

    Args:
        initiative: what became of which.
        member: who writes.
        texts: by language.
        per_minute: how many may leave by each channel in a minute.
        quiet: from and until, in minutes after midnight; nobody is told anything between them.

    Raises:
        Refused: while there is nothing to tell, while it is being told, or when a text addresses
            nobody or has a place that nobody can fill.
    """
    outcome = outcome_of(initiative)
    if not outcome:
        raise Refused(_("There is nothing to tell yet: it must be shipped, or declined."))
    _check(texts)
    with write_atomic():
        telling, _new = Telling.objects.get_or_create(
            initiative=initiative,
            outcome=outcome,
            defaults={"created_by": member, "created_at": timezone.now()},
        )
        telling = _locked(telling)
        if telling.state == Telling.State.RUNNING:
            raise Refused(_("They are being told right now. Stop it first."))
        telling.texts = {language: asdict(text) for language, text in texts.items()}
        telling.per_minute, (telling.quiet_from, telling.quiet_until) = per_minute, quiet
        telling.save()
        record("loop.drafted", _about(telling), member=member, telling=telling.pk)
        return telling


def approve(reader: Reader, *, telling: Telling, member: Member, expected: int) -> Telling:
    """Tell everybody on the list that was looked at; they are told one after the other.

    One that is done already tells those who came later.

    Args:
        reader: the lake.
        telling: what they will read.
        member: who approves; they sign it.
        expected: how many people the page said would be told.

    Raises:
        Refused: when it is being told already, the list has changed since, nobody is left, or a
            text is too long for its channel.
    """
    crowd = audience.untold(telling, audience.everybody(reader, telling.initiative))
    reached = [one for one in crowd if one.told]
    if not reached:
        raise Refused(_("Nobody is left to be told."))
    if len(reached) != expected:
        raise Refused(_("The list has changed meanwhile. Look at it again."))
    _must_fit(telling, reached, member)
    with write_atomic():
        row = _locked(telling)
        if row.state == Telling.State.RUNNING:
            raise Refused(_("They are being told right now."))
        LoopNotice.objects.filter(telling=row, state=_State.LEFT, message=None).delete()
        _list(row, crowd)
        now = timezone.now()
        row.approved_by, row.approved_at, row.ended_at = member, now, None
        _run(row, now)
        record("loop.begun", _about(row), member=member, telling=row.pk, people=len(reached))
        return row


def stop(*, telling: Telling, member: Member) -> int:
    """Tell nobody more for now; what no worker has taken yet is taken back.

    Returns:
        How many were taken back.

    Raises:
        Refused: when it is not being told.
    """
    with write_atomic():
        row = _locked(telling)
        if row.state != Telling.State.RUNNING:
            raise Refused(_("Nothing is being told."))
        Telling.objects.filter(pk=row.pk).update(
            state=Telling.State.STOPPED, due_at=None, lease_until=None, fence=F("fence") + 1
        )
        handed = LoopNotice.objects.filter(telling=row, state=_State.HANDED)
        those = dict(handed.exclude(message=None).values_list("message", "pk"))
        taken = [those[one] for one in noticing.withdraw(those)]
        Heard.objects.filter(notice__in=taken).delete()
        LoopNotice.objects.filter(pk__in=taken).update(
            state=_State.WAITING, message=None, handed_at=None
        )
        record("loop.stopped", _about(row), member=member, telling=row.pk, taken_back=len(taken))
        return len(taken)


def go_on(*, telling: Telling, member: Member) -> None:
    """Tell the rest of a list that was stopped, with the words as they are now.

    Raises:
        Refused: when it was not stopped.
    """
    with write_atomic():
        row = _locked(telling)
        if row.state != Telling.State.STOPPED:
            raise Refused(_("Only what was stopped can go on."))
        row.approved_by, row.approved_at = member, timezone.now()
        _run(row, timezone.now())
        record("loop.continued", _about(row), member=member, telling=row.pk)


def _check(texts: Mapping[str, Text]) -> None:
    written = [text for text in texts.values() if text.body.strip()]
    if not written:
        raise Refused(_("Write what they will read, in one language at least."))
    for text in written:
        parts = (text.opening, text.body, text.short)
        if any(len(part) > LONGEST for part in parts):
            raise Refused(_("A text may have 5,000 characters at most."))
        if not BLANKS.addresses(text.opening + text.body) or (
            text.short.strip() and not BLANKS.addresses(text.short)
        ):
            raise Refused(_("Address each by name: put {customer} where the name belongs."))
        if wrong := [place for part in parts for place in BLANKS.unknown(part)]:
            raise Refused(_("Nobody can fill in %(place)s.") % {"place": wrong[0]})


def _must_fit(telling: Telling, reached: Iterable[Recipient], member: Member) -> None:
    for one in reached:
        letter = composing.letter(telling, composing.about(one), member)
        if not letter.fits:
            told = {"used": letter.used, "longest": letter.longest}
            raise Refused(
                _(
                    "The text is too long for a channel: it counts as %(used)d, and %(longest)d is"
                    " the most. Write a shorter form."
                )
                % told
            )


def _list(telling: Telling, crowd: Iterable[Recipient]) -> None:
    """Write down everybody; the other accounts of one person wait behind the one that is told."""
    everyone = [one for one in crowd if not one.who.forgotten]
    identities = _identities(everyone)
    mails = _mails(everyone)
    ways, rows = Ways(timezone.now()), []
    for one in everyone:
        first = identities[one.raised.said.key]
        state = _State.WAITING if one.told else _State.LEFT
        rows.append(_row(telling, first, one.raised, one.way, one, state))
        rows[-1].sends = one.sends
        rows[-1].mail = mails.get(one.way.mail)
        for other in one.others:
            way = audience.own_way(one, other, ways)
            identity = identities[other.said.key]
            rows.append(_row(telling, identity, other, way, one, _State.COVERED))
    LoopNotice.objects.bulk_create(rows, batch_size=_BATCH)


def _row(
    telling: Telling,
    identity: Identity,
    raised: Raised,
    way: deciding.Way,
    one: Recipient,
    state: LoopNotice.State,
) -> LoopNotice:
    return LoopNotice(
        telling=telling,
        identity=identity,
        person_id=one.who.number or identity.person_id,
        channel=raised.said.channel,
        sends=raised.sends,
        via=way.via,
        mention=raised.said.mention,
        answers_id=raised.said.message,
        language=language_of(one.language, telling.words),
        state=state,
        why=way.why,
    )


def _identities(crowd: Iterable[Recipient]) -> dict[deciding.Key, Identity]:
    voices = [voice for one in crowd for voice in (one.raised, *one.others)]
    return identify(_account(one.said.key, one.name, one.at) for one in voices)


def _mails(crowd: Iterable[Recipient]) -> dict[str, Identity]:
    """The accounts new mails go to; an address a member wrote down may have none yet."""
    wanted = {one.way.mail: one for one in crowd if one.way.mail}
    there = Identity.objects.filter(channel=people.MAIL, external_id__in=list(wanted))
    found = {one.external_id: one for one in there}
    now = timezone.now()
    for address, one in wanted.items():
        if address not in found and one.who.number is not None:
            found[address] = Identity.objects.create(
                person_id=one.who.number,
                channel=people.MAIL,
                external_id=address,
                name=clean_name(one.who.name),
                verified=True,
                first_seen_at=now,
            )
    return found


def _account(key: deciding.Key, name: str, at: datetime) -> Account:
    return Account(*key, name, at)


def _run(row: Telling, now: datetime) -> None:
    row.state, row.due_at, row.lease_until = Telling.State.RUNNING, now, None
    row.fence += 1
    row.save()


def _locked(telling: Telling) -> Telling:
    rows = Telling.objects.select_related("initiative").select_for_update(of=("self",))
    return rows.get(pk=telling.pk)


def _about(telling: Telling) -> str:
    return f"initiative:{telling.initiative_id}"
