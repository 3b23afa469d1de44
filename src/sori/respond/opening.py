"""Write voices into the desk: find or open their conversation, open their case or take it up again.

Called inside the transaction that holds the bookmark, so nobody else opens cases meanwhile. All
look-ups and inserts are made for a whole delivery at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from django.db.models import QuerySet

from sori.channels.mail.addresses import normal
from sori.database import chunks
from sori.journal.services import Happening, record_all
from sori.people.services import identify
from sori.respond import clocks, returned, search
from sori.respond.aftermath import answered_back
from sori.respond.models import Case, Conversation, Message
from sori.respond.priority import joined
from sori.respond.voices import ThreadKey, Voice

Item = TypeVar("Item")

_BATCH: Final = 200
_ENDED: Final = frozenset({Case.Status.RESOLVED, Case.Status.CLOSED})
_OUR_TURN: Final = _ENDED | {Case.Status.PENDING}


@dataclass
class Known:
    """What is there already that this delivery may touch.

    Attributes:
        answers: our own answers by (source, the channel's name for them): somebody may quote one.
        replied: the same by their keys, where a channel proved that one was replied to.
        conversations: by thread key.
    """

    answers: dict[tuple[int, str], Message] = field(default_factory=dict)
    replied: dict[str, Message] = field(default_factory=dict)
    conversations: dict[ThreadKey, Conversation] = field(default_factory=dict)

    def key(self, voice: Voice) -> ThreadKey:
        """The conversation a voice belongs to: whoever quotes our answer is in its thread."""
        found = (self.answers[quote] for quote in voice.quotes if quote in self.answers)
        quoted = next((one for one in found if one.conversation.source_id == voice.source), None)
        thread = quoted.conversation.thread if quoted else voice.decision.thread
        account = voice.account
        return voice.source, thread, account.channel, account.external_id

    def reply_to(self, voice: Voice) -> Message | None:
        """Our answer that this is a reply to, from the very address it was sent to.

        It may have gone out by another source than the question came in: the answer to a web form
        is a mail, and so is what comes back.
        """
        answer = self.replied.get(voice.answered_key)
        sent_to = ((answer.destination or {}).get("to") or {}).get("to") if answer else None
        same = normal(str(sent_to)) == normal(voice.account.external_id)
        return answer if same else None


@dataclass
class Matter:
    """A case and what this delivery says in it."""

    case: Case
    new: bool
    said: list[tuple[Voice, Message]] = field(default_factory=list)

    def add(self, voice: Voice, message: Message) -> None:
        """Let the case show its newest voice."""
        case, deserves = self.case, voice.decision.deserves
        if self.said or not self.new:
            case.excerpt, case.channel = voice.excerpt, voice.channel
            case.updated_at = max(case.updated_at, voice.decision.at)
            known = [one for one in (case.urgency, message.urgency) if one is not None]
            case.urgency = max(known, default=None)
            case.sentiment = message.sentiment or case.sentiment
            case.kind = case.kind or message.kind
        if deserves:
            case.priority_reasons = joined(case.priority_reasons, voice.decision.reasons, case.kind)
            case.priority = sum(points for _, points in case.priority_reasons)
        self.said.append((voice, message))

    def first_waiting(self) -> Voice | None:
        """The first of these voices that waits by the clock."""
        return next((voice for voice, _ in self.said if voice.decision.waits), None)


def write(voices: Sequence[Voice]) -> int:
    """Write every voice that deserves an answer or belongs to a conversation we have.

    Voices that were written before are skipped, so reading a version twice changes nothing.

    Returns:
        How many messages were written.
    """
    known = _known(voices)
    for answer in filter(None, map(known.reply_to, voices)):
        answered_back(answer)
    reports = [one for one in voices if one.decision.reason == "automatic" and one.report]
    wanted = _unwritten(_wanted(voices, known, skip=frozenset(one.mention for one in reports)))
    if wanted:
        _write(wanted, known)
    returned.write(reports)
    return len(wanted)


def _known(voices: Sequence[Voice]) -> Known:
    known = Known()
    sources = {voice.source for voice in voices}
    for names in chunks({name for one in voices for _, name in one.quotes}):
        sent = _answers().filter(external_id__in=names)
        known.answers |= {(_sent_by(one), one.external_id): one for one in sent}
    for keys in chunks({one.answered_key for one in voices if one.answered_key}):
        known.replied |= {str(one.key): one for one in _answers().filter(key__in=keys)}
    asked = {known.key(one)[1] for one in voices if one.decision.deserves or one.quotes}
    for threads in chunks(asked):
        found = Conversation.objects.filter(source__in=sources, thread__in=threads)
        for one in found.select_related("identity").order_by("pk"):
            who = one.identity
            known.conversations[one.source_id, one.thread, who.channel, who.external_id] = one
    return known


def _wanted(voices: Sequence[Voice], known: Known, *, skip: frozenset[str]) -> list[Voice]:
    """In the order they were said, each once: what opens a conversation, and what follows in it."""
    there = set(known.conversations)
    wanted: dict[str, Voice] = {}
    for voice in sorted(voices, key=lambda one: (one.decision.at, one.mention)):
        key = known.key(voice)
        ours = voice.decision.deserves or key in there or known.reply_to(voice)
        if voice.mention not in skip and ours:
            wanted.setdefault(voice.mention, voice)
            there.add(key)
    return list(wanted.values())


def _answers() -> QuerySet[Message]:
    answers = Message.objects.filter(direction=Message.Direction.OUT)
    return answers.select_related("conversation__identity")


def _sent_by(answer: Message) -> int:
    return int((answer.destination or {}).get("source") or answer.conversation.source_id)


def _unwritten(voices: list[Voice]) -> list[Voice]:
    written: set[str] = set()
    for mentions in chunks({voice.mention for voice in voices}):
        there = Message.objects.filter(mention__in=mentions)
        written |= {str(mention) for mention in there.values_list("mention", flat=True)}
    return [voice for voice in voices if voice.mention not in written]


def _write(voices: list[Voice], known: Known) -> None:
    people = identify(voice.account for voice in voices)
    replied = {one.conversation.case_id for one in known.replied.values()}
    matters = _matters_of(replied | {one.case_id for one in known.conversations.values()})
    opened: list[Conversation] = []
    fresh: list[Matter] = []
    messages: list[Message] = []
    for voice in voices:
        key = known.key(voice)
        conversation = known.conversations.get(key)
        if conversation is None:
            identity = people[voice.account.key]
            if answer := known.reply_to(voice):
                matter = matters[answer.conversation.case_id]
            else:
                matter = Matter(voice.new_case(identity), new=True)
                matters[id(matter.case)] = matter
                fresh.append(matter)
            conversation = voice.new_conversation(key, identity, matter.case)
            known.conversations[key] = conversation
            opened.append(conversation)
        else:
            matter = matters[conversation.case_id or id(conversation.case)]
        message = voice.message(conversation)
        matter.add(voice, message)
        messages.append(message)
    Case.objects.bulk_create([matter.case for matter in fresh], batch_size=_BATCH)
    Conversation.objects.bulk_create(opened, batch_size=_BATCH)
    Message.objects.bulk_create(messages, batch_size=_BATCH)
    touched = [matter for matter in matters.values() if matter.said]
    _start_clocks(touched)
    record_all(_happenings(touched, known))
    _update(touched)
    search.remember([*map(_head, opened), *map(_words, messages)])


def _matters_of(cases: set[int]) -> dict[int, Matter]:
    found: dict[int, Matter] = {}
    for some in chunks(cases):
        rows = Case.objects.select_for_update().filter(pk__in=some).order_by("pk")
        found |= {case.pk: Matter(case, new=False) for case in rows}
    return found


def _start_clocks(matters: list[Matter]) -> None:
    """Clocks for everybody who waits; those that rested while it was the customer's turn go on."""
    clocks.go_on(
        {
            matter.case.pk: min(spoken)
            for matter in matters
            if matter.case.status == Case.Status.PENDING
            and (spoken := [one.decision.at for one, _ in matter.said if one.decision.deserves])
        }
    )
    waits = ((matter, matter.first_waiting()) for matter in matters)
    clocks.begin(
        clocks.Waiting(
            matter.case,
            voice.decision.at,
            addressed=bool(voice.row.get("addressed")),
            anew=matter.new or matter.case.status in _ENDED,
        )
        for matter, voice in waits
        if voice
    )


def _happenings(matters: list[Matter], known: Known) -> Iterator[Happening]:
    """What the journal learns; cases that were settled or waited are ours to answer again."""
    first: dict[tuple[int, str], int] = {}
    for (source, thread, _, _), conversation in known.conversations.items():
        first.setdefault((source, thread), conversation.case_id)
    for matter in matters:
        case, about = matter.case, f"case:{matter.case.pk}"
        for voice, message in matter.said:
            where = {"conversation": message.conversation_id, "message": message.pk}
            if matter.new and message is matter.said[0][1]:
                said = {"reason": voice.decision.reason, "priority": case.priority}
                yield Happening("case.opened", about, said | where)
                if voice.continues:
                    yield Happening("case.continues", about, {"of": voice.continues})
                    old = f"case:{voice.continues}"
                    yield Happening("case.continued", old, {"new": case.pk})
                other = first[known.key(voice)[:2]]
                if other != case.pk and not voice.row.get("public"):
                    # somebody else's thread is quoted: forwarded, or forged; we keep them apart
                    data = {"conversation": message.conversation_id, "other_case": other}
                    yield Happening("conversation.key_shared", about, data)
            else:
                yield Happening("case.heard", about, where)
            if voice.decision.deserves and case.status in _OUR_TURN:
                if case.status in _ENDED:
                    yield Happening("case.reopened", about, where)
                case.status, case.resolved_at = Case.Status.OPEN, None
            if voice.decision.deserves:
                case.snoozed_until = None


def _update(matters: list[Matter]) -> None:
    for matter in matters:
        newest = max(message.pk for _, message in matter.said)
        matter.case.newest_message = max(matter.case.newest_message, newest)
    fields = ["excerpt", "channel", "updated_at", "urgency", "sentiment", "kind", "priority"]
    fields += ["priority_reasons", "status", "resolved_at", "newest_message", "snoozed_until"]
    older = [matter.case for matter in matters if not matter.new]
    Case.objects.bulk_update(older, fields, batch_size=_BATCH)
    fresh = [matter.case for matter in matters if matter.new]
    Case.objects.bulk_update(fresh, ["newest_message", "status"], batch_size=_BATCH)


def _head(conversation: Conversation) -> search.Text:
    who = conversation.identity
    words = " ".join((conversation.subject, who.name, who.external_id))
    return search.Text(conversation.pk, None, words)


def _words(message: Message) -> search.Text:
    return search.Text(message.conversation_id, message.pk, message.body)
