"""Write an answer, approve it, take it back, decide about an unclear one.

Approving freezes three things: the text, where it goes (taken from the message being answered,
never from the person) and the account we speak from. The outbox sends exactly that, or nothing.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from sori.database import write_atomic
from sori.errors import Refused, SaidAlready
from sori.journal.services import record
from sori.respond import promises, sending
from sori.respond.aftermath import arrived, needs_a_person
from sori.respond.destination import freeze, signed_by
from sori.respond.measuring import must_fit
from sori.respond.models import Case, Hold, Message
from sori.respond.sending import State, Step
from sori.respond.signals import approving
from sori.staff.models import Member

LONGEST: Final = 50_000
TWIN_WINDOW: Final = timedelta(seconds=30)
FARTHEST: Final = timedelta(days=90)

_CLEAN: Final[Mapping[str, Any]] = {"attempt": 0, "looks": 0, "evidence": ""}


def draft_reply(*, answers: int, member: Member | None, body: str) -> Message | None:
    """Keep what a member has begun to write; one draft for each member in a conversation.

    Args:
        answers: id of the received message it replies to.
        member: who writes; None for what a rule prepared.
        body: the text so far; an empty one discards the draft.

    Returns:
        The draft, or None when it was discarded.
    """
    text = _tidy(body)
    with write_atomic():
        incoming = _answered(answers)
        draft = _draft_of(incoming, member)
        if not text:
            if draft:
                draft.delete()
            return None
        if draft is None:
            draft = _new(incoming, member)
        new = draft.pk is None
        draft.body, draft.answers, draft.at = text, incoming, timezone.now()
        draft.save()
        if new:
            _record("answer.drafted", draft, member)
        return draft


def discard_draft(*, draft: int) -> None:
    """Throw a draft away; what is no draft any more stays."""
    with write_atomic():
        Message.objects.filter(pk=draft, state=State.DRAFT).delete()


def approve_reply(
    *,
    answers: int,
    member: Member,
    body: str,
    token: str | None = None,
    draft: int | None = None,
    again: bool = True,
    pause: timedelta = timedelta(),
    at: datetime | None = None,
    promised: datetime | None = None,
) -> Message:
    """Approve an answer: it is frozen and goes out as soon as it is due and a worker takes it.

    Args:
        answers: id of the received message it replies to; that message says where it goes.
        member: who approves.
        body: the text.
        token: what the page that was clicked carries, new for every page: however often the same
            click arrives, there is one answer.
        draft: id of the draft that this is, perhaps a colleague's, who stays its author. None: the
            member's own draft in the conversation, if there is one, becomes the answer.
        again: whether a new click may say what was said there within the last 30 seconds.
        pause: how long it can be taken back before it is due.
        at: the moment it is due instead, for an answer to be sent later.
        promised: for an acknowledgement, by when it promises an answer: it leaves drafts alone and
            is not sent any later than that.

    Returns:
        The answer, QUEUED; or the one that this click made before.

    Raises:
        SaidAlready: without a token or with `again` false, when the same text went to the same
            conversation within 30 seconds: ask, and come back with a token and `again`.
        Refused: when the text is empty or longer than its channel takes, when this message cannot
            be answered (then), when the time to send it has passed or is too far away, or when the
            token came with another text before.
    """
    text = _tidy(body)
    if not text or len(text) > LONGEST:
        raise Refused(_("An answer needs between 1 and 50,000 characters."))
    with write_atomic():
        incoming = _answered(answers)
        approving.send(sender=None, incoming=incoming)
        must_fit(incoming, text)
        if at is not None:
            _check_time(at, incoming)
        key = _key(incoming, member, token)
        if made := Message.objects.filter(key=key).first():
            return _same(made, text)
        if token is None or not again:
            _refuse_twin(incoming, text)
        own = _draft_to_approve(incoming, member, draft) if promised is None else None
        answer = own or _new(incoming, member)
        until = min(filter(None, (incoming.reply_until, promised)), default=None)
        _queue(answer, incoming, member, text, key, until)
        _make_due(answer, pause=pause, at=at)
        return answer


def cancel_reply(*, message: int, member: Member) -> Message:
    """Take an answer back before a worker has taken it; it is a draft again.

    An acknowledgement is thrown away with its promise: a draft of it would promise in vain.

    Raises:
        Refused: when it is on its way already, or has ended.
    """
    untaken = Q(lease_until=None) | Q(lease_until__lte=Now())
    with write_atomic():
        taken_back = Message.objects.filter(
            untaken,
            pk=message,
            direction=Message.Direction.OUT,
            state__in=sending.WAITING,
            notice=False,
        ).update(
            state=State.DRAFT, due_at=None, lease_until=None, fence=F("fence") + 1, evidence=""
        )
        if not taken_back:
            raise Refused(_("It is on its way already."))
        answer = Message.objects.get(pk=message)
        _record("answer.cancelled", answer, member)
        if promises.withdraw(answer):
            answer.delete()
        return answer


def settle_unknown(*, message: int, member: Member, outcome: str, evidence: str = "") -> Message:
    """Decide about an answer of which nobody knows whether it arrived.

    Args:
        message: the answer's id.
        member: who looked and decides.
        outcome: "sent": it did arrive; "resend": it did not, send it again (with the same
            idempotency key); "give_up": leave it.
        evidence: what the member saw, in their words.

    Raises:
        Refused: when it is not unclear any more.
        ValueError: for any other outcome.
    """
    taken = {"sent": Step.ACCEPT, "resend": Step.RESEND, "give_up": Step.GIVE_UP}.get(outcome)
    if taken is None:
        raise ValueError(f"not an outcome: {outcome!r}")
    with write_atomic():
        answer = Message.objects.select_for_update().filter(pk=message, state=State.UNKNOWN).first()
        if answer is None:
            raise Refused(_("This answer is not unclear any more."))
        answer.state = sending.step(answer.state, taken)
        # a worker that is just reading back must not write over a person's decision
        answer.fence, answer.lease_until, answer.due_at = answer.fence + 1, None, None
        answer.evidence = "\n".join(filter(None, (answer.evidence, evidence.strip())))
        if taken is Step.ACCEPT:
            answer.sent_at = answer.attempted_at
        answer.save()
        if taken is Step.RESEND:
            _make_due(answer)
        _record("answer.settled", answer, member, outcome=outcome)
        if taken is Step.ACCEPT:
            arrived(answer, proof="member", member=member)
        elif taken is Step.GIVE_UP:
            needs_a_person(answer, "answer.refused", member=member, why="given_up")
        return answer


def remember_answer(*, answers: int, member: Member, body: str, at: datetime) -> Message:
    """Write down an answer that was given before or beside Sori; nothing is sent.

    It stops the clock like any other and counts in every figure.

    Args:
        answers: id of the received message it replied to.
        member: who answered.
        body: what they said.
        at: when.
    """
    text = _tidy(body)
    with write_atomic():
        incoming = _answered(answers)
        answer = Message.objects.create(
            conversation=incoming.conversation,
            direction=Message.Direction.OUT,
            state=State.SENT,
            member=member,
            answers=incoming,
            body=text,
            body_digest=sending.digest(text),
            at=at,
            approved_by=member,
            approved_at=at,
            sent_at=at,
        )
        _record("answer.remembered", answer, member, sent_at=at.isoformat())
        arrived(answer, proof="member", member=member)
        return answer


def hold_outgoing(*, reason: str, member: Member | None = None) -> Hold:
    """Let no answer leave the house until somebody releases them: a backup was restored.

    Answers may still be written and approved; they wait.
    """
    with write_atomic():
        held = Hold.objects.create(reason=reason, since=timezone.now())
        record("outgoing.held", f"hold:{held.pk}", member=member, reason=reason)
        return held


def release_outgoing(*, member: Member) -> int:
    """Let answers leave the house again; returns how many holds there were."""
    with write_atomic():
        held = list(Hold.objects.select_for_update().filter(released_at=None))
        for one in held:
            one.released_at, one.released_by = timezone.now(), member
            one.save(update_fields=["released_at", "released_by"])
            record("outgoing.released", f"hold:{one.pk}", member=member, hold=one.pk)
        return len(held)


def _tidy(body: str) -> str:
    """A text with the line ends of Unix (forms send others) and without empty ends."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def _answered(answers: int) -> Message:
    """The message that is answered; its case is locked, so that approvals take turns."""
    incoming = Message.objects.select_related("conversation__source", "conversation__identity").get(
        pk=answers, direction=Message.Direction.IN
    )
    Case.objects.select_for_update().get(pk=incoming.conversation.case_id)
    return incoming


def _draft_of(incoming: Message, member: Member | None) -> Message | None:
    return Message.objects.filter(
        conversation=incoming.conversation, member=member, state=State.DRAFT
    ).first()


def _draft_to_approve(incoming: Message, member: Member, draft: int | None) -> Message | None:
    if draft is None:
        found = _draft_of(incoming, member)
    else:
        found = (
            Message.objects.select_for_update()
            .filter(pk=draft, conversation=incoming.conversation, state=State.DRAFT)
            .first()
        )
        if found is None:
            raise Refused(_("That draft has been sent or discarded meanwhile."))
    return found


def _new(incoming: Message, member: Member | None) -> Message:
    return Message(
        conversation=incoming.conversation,
        direction=Message.Direction.OUT,
        state=State.DRAFT,
        member=member,
    )


def _key(incoming: Message, member: Member, token: str | None) -> str:
    if token is None:
        return uuid.uuid4().hex
    seed = f"{incoming.conversation_id}\0{member.pk}\0{token}"
    return sha256(seed.encode("utf-8", "surrogatepass")).hexdigest()


def _same(made: Message, text: str) -> Message:
    # taken back meanwhile, it is a draft that may have been rewritten
    if made.state != State.DRAFT and made.body_digest != sending.digest(text):
        raise Refused(_("Another text was already sent from this page. Reload it."))
    return made


def _refuse_twin(incoming: Message, text: str) -> None:
    twin = Message.objects.filter(
        conversation=incoming.conversation,
        direction=Message.Direction.OUT,
        body_digest=sending.digest(text),
        approved_at__gte=timezone.now() - TWIN_WINDOW,
    ).exclude(state__in=(State.DRAFT, State.REJECTED))
    if twin.exists():
        raise SaidAlready(_("The same words went out here moments ago. Send them again?"))


def _check_time(at: datetime, incoming: Message) -> None:
    now = timezone.now()
    if at <= now:
        raise Refused(_("That time has passed. Choose a later one."))
    if at > now + FARTHEST:
        raise Refused(_("An answer can wait for 90 days at most."))
    if incoming.reply_until and at > incoming.reply_until:
        raise Refused(_("By then this can no longer be answered. Choose an earlier time."))


def _queue(
    answer: Message,
    incoming: Message,
    member: Member,
    text: str,
    key: str,
    until: datetime | None,
) -> None:
    now = timezone.now()
    for name, value in _CLEAN.items():
        setattr(answer, name, value)
    answer.state = sending.step(sending.step(answer.state, Step.APPROVE), Step.QUEUE)
    answer.answers, answer.body, answer.at, answer.key = incoming, text, now, key
    answer.reply_until = until
    answer.body_digest = sending.digest(text)
    answer.destination = freeze(incoming, now) | {"writer": signed_by(answer.member or member)}
    answer.approved_by, answer.approved_at = member, now
    answer.save()
    _record("answer.approved", answer, member, digest=answer.body_digest)


def _make_due(
    answer: Message, *, pause: timedelta = timedelta(), at: datetime | None = None
) -> None:
    # by the clock of the database, as `claim` reads it: a web server's may run ahead
    due_at = at or (Now() + pause if pause else Now())
    Message.objects.filter(pk=answer.pk).update(due_at=due_at)
    answer.refresh_from_db(fields=["due_at"])


def _record(kind: str, answer: Message, member: Member | None, **data: object) -> None:
    about = f"case:{answer.conversation.case_id}"
    record(kind, about, member=member, message=answer.pk, **data)
