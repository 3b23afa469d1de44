"""Tell news to somebody who spoke: a message that answers nothing.

It goes out by the outbox like any answer, frozen and at most once, but moves no clock, reopens no
case, and counts in no figure of answering. It stands in the thread where they spoke, or in a mail
to an address that is known to be theirs. Every function is called inside a transaction.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Final, NamedTuple

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from sori.journal.services import record
from sori.listen.models import Source
from sori.people.models import Identity
from sori.people.services import identify
from sori.respond import search, sending
from sori.respond.destination import account, freeze, signed_by
from sori.respond.measuring import must_fit
from sori.respond.models import Case, Conversation, Message
from sori.respond.receiving import bookmark
from sori.respond.routing import Decision, said_at, thread_of
from sori.respond.sending import State, Step
from sori.respond.voices import Voice
from sori.staff.models import Member

QUIET: Final = "news"
"""The reason of a case that was opened only to tell news in it; it is closed from the start."""


class News(NamedTuple):
    """What is told, and on whose word.

    Attributes:
        body: the text.
        member: who approved it; they sign it.
        key: the idempotency key, at most 64 characters; the database holds it once.
        telling: the id of what the notice belongs to, for the journal.
    """

    body: str
    member: Member
    key: str
    telling: int


def in_thread(news: News, incoming: Message) -> Message:
    """Queue news where a received message (of `destination.received`) was said.

    Raises:
        Refused: when it cannot be answered (any more), or the text is longer than its channel
            takes.
    """
    must_fit(incoming, news.body)
    frozen = freeze(incoming, timezone.now())
    message = _new(news, incoming.conversation, frozen)
    message.answers, message.reply_until = incoming, incoming.reply_until
    return _queued(message, news)


def by_mail(
    news: News, *, box: Source, to: Identity, subject: str, thread: str, case: Case
) -> Message:
    """Queue news as a new mail.

    Args:
        news: what is told.
        box: the mailbox that sends it.
        to: an account of `email`, known to be theirs.
        subject: of the mail.
        thread: the key of the conversation it begins.
        case: where what they answer belongs.
    """
    now = timezone.now()
    conversation, _new_one = Conversation.objects.get_or_create(
        source=box,
        thread=thread,
        identity=to,
        defaults={"case": case, "channel": "email", "subject": subject, "opened_at": now},
    )
    address = {"to": to.external_id, "subject": subject, "opens": True, "thread": thread}
    frozen = {
        "mode": "private",
        "to": address,
        "shown": to.external_id,
        "source": box.pk,
        "identity": to.pk,
        "case": conversation.case_id,
        "answers": None,
        "account": account(box),
    }
    return _queued(_new(news, conversation, frozen), news)


def withdraw(messages: Iterable[int]) -> list[int]:
    """Delete notices that no worker has taken yet; returns which."""
    untaken = Q(lease_until=None) | Q(lease_until__lte=Now())
    waiting = Message.objects.select_for_update().filter(
        untaken, pk__in=messages, notice=True, state__in=sending.WAITING
    )
    gone = list(waiting.values_list("pk", flat=True))
    Message.objects.filter(pk__in=gone).delete()
    return gone


def take_up(row: Mapping[str, Any]) -> Message:
    """Write a voice of the lake into the desk that asked for no answer; its case is closed.

    Args:
        row: the mention with the columns of `receiving.COLUMNS`.

    Returns:
        Its message; the one that is there already when there is one.
    """
    bookmark()  # nobody else opens conversations meanwhile
    if there := Message.objects.filter(mention=row["id"]).first():
        return there
    voice = Voice(row, Decision(QUIET, thread_of(row), said_at(row)))
    identity = identify([voice.account])[voice.account.key]
    key = (voice.source, voice.decision.thread, voice.channel, identity.external_id)
    conversation = Conversation.objects.filter(
        source=voice.source, thread=key[1], identity=identity
    ).first()
    heads = []
    if conversation is None:
        case = voice.new_case(identity)
        case.status, case.resolved_at = Case.Status.CLOSED, timezone.now()
        case.save()
        conversation = voice.new_conversation(key, identity, case)
        conversation.save()
        heads = [search.Text(conversation.pk, None, f"{conversation.subject} {identity.name}")]
    message = voice.message(conversation)
    message.save()
    if heads:
        Case.objects.filter(pk=conversation.case_id).update(newest_message=message.pk)
    search.remember([*heads, search.Text(conversation.pk, message.pk, message.body)])
    return message


def key_of(*parts: object) -> str:
    """An idempotency key made of what the notice is, the same however often it is asked for."""
    return sha256("\0".join(map(str, parts)).encode()).hexdigest()


def _new(news: News, conversation: Conversation, frozen: dict[str, Any]) -> Message:
    now = timezone.now()
    return Message(
        conversation=conversation,
        direction=Message.Direction.OUT,
        state=sending.step(sending.step(State.DRAFT, Step.APPROVE), Step.QUEUE),
        notice=True,
        member=news.member,
        body=news.body,
        body_digest=sending.digest(news.body),
        destination=frozen | {"writer": signed_by(news.member)},
        key=news.key,
        at=now,
        approved_by=news.member,
        approved_at=now,
    )


def _queued(message: Message, news: News) -> Message:
    message.save()
    # by the clock of the database, as `claim` reads it
    Message.objects.filter(pk=message.pk).update(due_at=Now())
    record(
        "loop.queued",
        f"case:{message.conversation.case_id}",
        member=news.member,
        message=message.pk,
        telling=news.telling,
        digest=message.body_digest,
    )
    return message
