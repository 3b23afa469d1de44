"""The desk follows what people say of labels: the message, its case, and how urgent that is.

Called inside the transaction that corrects the label, or after the lake was understood again. What
a person said always wins over what a model says.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import QuerySet

from sori.database import chunks, write_atomic
from sori.journal.services import record
from sori.lessons import selectors as lessons
from sori.lessons.signals import labelled
from sori.respond import summing
from sori.respond.models import Case, Conversation, Message
from sori.respond.reconsidering import DECIDES, reconsider

LABELS: Final = ("kind", "sentiment", "urgency", "answer", "abuse")
"""The labels a message repeats."""

_NOTHING: Final[Mapping[str, Any]] = {"kind": "", "sentiment": "", "abuse": False}
"""How a message writes a label that nobody could tell; null where it is not named."""


def listen() -> None:
    """Connect; called once at start."""
    labelled.connect(_labelled, dispatch_uid="desk")


def follow(rows: Iterable[Mapping[str, Any]]) -> int:
    """Let messages and their cases read what the lake says now; labels people corrected stay.

    Args:
        rows: mentions with `id` and LABELS.

    Returns:
        How many messages changed.
    """
    said = {row["id"]: row for row in rows}
    names = sorted(said)
    changed = 0
    for piece in chunks(names):
        some = Message.objects.filter(mention__in=piece)
        changed += _follow(some, said)
    return changed


def _follow(messages: QuerySet[Message], said: Mapping[str, Mapping[str, Any]]) -> int:
    with write_atomic():
        there = list(messages.only("mention", "conversation", *LABELS))
        people = lessons.corrections(str(one.mention) for one in there)
        moved = [
            one
            for one in there
            if _write(one, _allowed(said[str(one.mention)], people.get(str(one.mention), {})))
        ]
        Message.objects.bulk_update(moved, LABELS)
        theirs = Conversation.objects.filter(pk__in={one.conversation_id for one in moved})
        cases = Case.objects.filter(pk__in=theirs.values("case"))
        for case in cases.select_for_update().order_by("pk"):
            summing.read_again(case)
        return len(moved)


def _allowed(row: Mapping[str, Any], corrected: Mapping[str, Any]) -> dict[str, Any]:
    return {label: row[label] for label in LABELS if label not in corrected}


def _labelled(*, mention: str, values: Mapping[str, Any], **_: Any) -> None:
    message = Message.objects.filter(mention=mention).first()
    if message is None and values.keys() & DECIDES:
        reconsider([mention])
    # topics stand in the lake alone, and rules may ask for them
    if message is None or not (_write(message, values) or "topics" in values):
        return
    message.save(update_fields=LABELS)
    cases = Case.objects.select_for_update(of=("self",))
    case = cases.get(conversations=message.conversation_id)
    summing.read_again(case)
    for label in values:
        record("case.relabelled", f"case:{case.pk}", label=label, message=message.pk)


def _write(message: Message, values: Mapping[str, Any]) -> bool:
    """Write labels into a message; whether it did not read so before."""
    changed = False
    for label in values.keys() & set(LABELS):
        value = _NOTHING.get(label) if values[label] is None else values[label]
        changed = changed or getattr(message, label) != value
        setattr(message, label, value)
    return changed
