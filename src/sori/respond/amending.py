"""The desk follows what became of posts at their source: new words, or none at all.

Called for mentions that the lake has just been told about; what the desk does not have is left
alone. A post that is gone leaves its place in the thread and nothing else of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from sori.database import chunks, write_atomic
from sori.journal.services import record
from sori.respond import search, services, summing
from sori.respond.models import Case, Conversation, Message, Passage
from sori.respond.relabelling import LABELS
from sori.respond.sending import State
from sori.respond.voices import clean, line

_EMPTIED: Final[Mapping[str, Any]] = {
    "body": "",
    "attachments": [],
    "url": "",
    "kind": "",
    "sentiment": "",
    "urgency": None,
    "answer": None,
    "abuse": False,
    "reply_mode": "none",
    "reply_address": None,
}
"""What a message holds whose post is gone."""


def edit(rows: Iterable[Mapping[str, Any]]) -> int:
    """Let messages say what their posts say now.

    Args:
        rows: mentions with `id`, `title`, `text` and LABELS, as the lake has them now.

    Returns:
        How many messages changed.
    """
    said = {row["id"]: row for row in rows}
    changed, now = 0, timezone.now()
    for some in chunks(sorted(said)):
        with write_atomic():
            for message in _locked(some):
                row = said[str(message.mention)]
                if message.body == clean(row["text"]):
                    continue
                _say(message, row, now)
                changed += 1
    return changed


def withdraw(mentions: Sequence[str]) -> int:
    """Take posts that are gone out of their threads; a case in which nothing is left is settled.

    Returns:
        How many messages lost their words.
    """
    emptied, now = 0, timezone.now()
    for some in chunks(sorted(mentions)):
        with write_atomic():
            for message in _locked(some).filter(withdrawn_at=None):
                _empty(message, now)
                emptied += 1
    return emptied


def files_of(mentions: Sequence[str]) -> set[str]:
    """The digests of the files that came with these mentions."""
    rows = Message.objects.filter(mention__in=mentions).exclude(attachments=[])
    held = rows.values_list("attachments", flat=True)
    return {one["digest"] for files in held for one in files if "digest" in one}


def _locked(mentions: Sequence[str]) -> Any:
    messages = Message.objects.select_for_update(of=("self",)).select_related("conversation")
    return messages.filter(mention__in=mentions).order_by("pk")


def _say(message: Message, row: Mapping[str, Any], now: datetime) -> None:
    conversation = message.conversation
    opened = _opened_by(message)
    message.body, message.edited_at = clean(row["text"]), now
    message.kind, message.sentiment = row["kind"] or "", row["sentiment"] or ""
    message.urgency, message.answer = row["urgency"], row["answer"]
    message.abuse = bool(row["abuse"])
    message.save(update_fields=["body", "edited_at", *LABELS])
    search.forget(Passage.objects.filter(message=message))
    search.remember([search.Text(conversation.pk, message.pk, message.body)])
    if opened:
        _call(conversation, line(row["title"] or "") or line(message.body))
    _follow(conversation)
    about = f"case:{conversation.case_id}"
    record("message.edited", about, message=message.pk, conversation=conversation.pk)


def _empty(message: Message, now: datetime) -> None:
    conversation = message.conversation
    opened = _opened_by(message)
    for name, value in _EMPTIED.items():
        setattr(message, name, value)
    message.withdrawn_at = now
    message.save(update_fields=[*_EMPTIED, "withdrawn_at"])
    search.forget(Passage.objects.filter(message=message))
    if opened:
        _call(conversation, "")
    _follow(conversation)
    about = f"case:{conversation.case_id}"
    record("message.withdrawn", about, message=message.pk, conversation=conversation.pk)
    if not _anything_left(conversation.case_id):
        services.settle_withdrawn(case=conversation.case_id)


def _opened_by(message: Message) -> bool:
    """Whether it is the first thing of its conversation, which is called after it."""
    others = Message.objects.filter(conversation=message.conversation_id)
    return not others.filter(pk__lt=message.pk).exists()


def _call(conversation: Conversation, subject: str) -> None:
    """Give a conversation another subject, and its case, if it was called the same."""
    before, conversation.subject = conversation.subject, subject
    conversation.save(update_fields=["subject"])
    Case.objects.filter(pk=conversation.case_id, subject=before).update(subject=subject)
    search.forget(Passage.objects.filter(conversation=conversation, message=None))
    who = conversation.identity
    words = " ".join((subject, who.name, who.external_id))
    search.remember([search.Text(conversation.pk, None, words)])


def _follow(conversation: Conversation) -> None:
    case = Case.objects.select_for_update(of=("self",)).get(pk=conversation.case_id)
    summing.repeat(case)


def _anything_left(case: int) -> bool:
    """Whether a case still holds words of its customer, or an answer that is out or on its way."""
    messages = Message.objects.filter(conversation__case=case)
    return (
        messages.filter(direction=Message.Direction.IN, withdrawn_at=None).exists()
        or messages.filter(direction=Message.Direction.OUT)
        .exclude(state__in=(State.DRAFT, State.REJECTED))
        .exists()
    )
