"""Answers that mail servers sent back: told where the answer stands, and kept for the address.

Only a report that the channel has proven to be about an answer of ours gets here with its name
(`channels.mail.bounces`). Such a report is news about an answer and never a voice: it opens no case
and starts no clock for anybody.
"""

from collections.abc import Iterable
from typing import Any, Final

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as marked

from sori.channels.mail.addresses import normal
from sori.journal.services import record
from sori.respond.aftermath import needs_a_person
from sori.respond.models import Bounce, Message
from sori.respond.voices import Voice

_REASONS: Final = (
    ("5.2.2", marked("The mailbox is full")),
    ("4.2.2", marked("The mailbox is full")),
    ("5.2.1", marked("The mailbox is closed")),
    ("5.1", marked("There is no such address")),
    ("5.2.3", marked("The mail is too large")),
    ("5.3.4", marked("The mail is too large")),
    ("5.7", marked("The mail was refused")),
    ("4.7", marked("The mail was refused")),
    ("4.4", marked("The mail server does not answer")),
    ("5.4", marked("The mail server cannot be found")),
)


def write(reports: Iterable[Voice]) -> None:
    """Write what mail servers say where the answer stands that it is about.

    Args:
        reports: voices that are delivery reports; those that prove nothing are passed over.
    """
    told = [voice for voice in reports if voice.returned]
    if not told:
        return
    names = {voice.returned for voice in told}
    answers = Message.objects.filter(direction=Message.Direction.OUT, external_id__in=names)
    known = {
        (_sent_by(one), one.external_id): one for one in answers.select_related("conversation")
    }
    for voice in told:
        answer = known.get((voice.source, voice.returned))
        action = voice.report.get("action", "failed")
        if answer and action == "failed":
            _sent_back(answer, voice)
        elif answer and action == "delayed":
            _held_up(answer, voice)


def last_bounce(incoming: Message) -> Bounce | None:
    """What came back last from where an answer to this message would go.

    Nothing when somebody has written to us by mail from there since: then it works again.
    """
    to = incoming.reply_address if isinstance(incoming.reply_address, dict) else {}
    address = normal(str(to.get("to") or ""))[:255]
    if not address:
        return None
    since = Message.objects.filter(
        direction=Message.Direction.IN,
        conversation__channel="email",
        conversation__identity__external_id=address,
        at__gt=OuterRef("at"),
    )
    bounces = Bounce.objects.filter(~Exists(since), address=address)
    return bounces.order_by("-at", "-pk").first()


def why(status: str) -> str:
    """A status in words for people; empty when it says nothing.

    >>> why("9.9.9")
    ''
    """
    reason = _reason(status)
    return gettext(reason) if reason else ""


def _sent_back(answer: Message, voice: Voice) -> None:
    status, lasting = _status(voice.report), voice.report.get("lasting") is True
    _, fresh = Bounce.objects.get_or_create(
        answer=answer,
        mention=voice.mention,
        defaults={
            "address": _address(answer),
            "status": status,
            "lasting": lasting,
            "at": voice.decision.at,
        },
    )
    if fresh:
        _add_evidence(answer, f"came back: {_evidence(voice, status)}")
        needs_a_person(
            answer, "answer.bounced", mention=voice.mention, status=status, lasting=lasting
        )


def _held_up(answer: Message, voice: Voice) -> None:
    """It is still on its way: nobody has to do anything yet."""
    status = _status(voice.report)
    line = f"not delivered yet: {_evidence(voice, status)}"
    if line not in answer.evidence:
        _add_evidence(answer, line)
        about = f"case:{answer.conversation.case_id}"
        record("answer.held_up", about, message=answer.pk, mention=voice.mention, status=status)


def _add_evidence(answer: Message, line: str) -> None:
    answer.evidence = "\n".join(filter(None, (answer.evidence, line)))
    answer.save(update_fields=["evidence"])


def _evidence(voice: Voice, status: str) -> str:
    """The reason, its number and the words of the server: `the mailbox is full (5.2.2)`."""
    said = str(voice.report.get("said") or "")[:300] or voice.excerpt
    words = _reason(status).lower()
    if not status:
        return said
    return f"{words} ({status}): {said}" if words else f"{status}: {said}"


def _reason(status: str) -> str:
    return next((words for start, words in _REASONS if f"{status}.".startswith(f"{start}.")), "")


def _status(report: Any) -> str:
    return str(report.get("status") or "")[:12]


def _address(answer: Message) -> str:
    """Where it went; what the report names may be another, where mail is passed on."""
    to = (answer.destination or {}).get("to") or {}
    return normal(str(to.get("to") or ""))[:255]


def _sent_by(answer: Message) -> int:
    return int((answer.destination or {}).get("source") or answer.conversation.source_id)
