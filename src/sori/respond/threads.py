"""Read one case: its timeline, what can be answered, and the customer beside it.

Like `selectors`: plain dictionaries, a fixed number of questions.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from django.db.models import F, Q
from django.utils import timezone

from sori.journal.models import Event
from sori.people import selectors as people
from sori.people.models import Person
from sori.respond.clocks import OWED
from sori.respond.destination import ANSWERABLE
from sori.respond.joining import parts
from sori.respond.models import Case, Conversation, Decision, Message, Note
from sori.respond.rows import running
from sori.respond.selectors import SETTLED, case_row, on_its_way
from sori.respond.sending import State

SHOWN_EVENTS: Final = frozenset(
    {
        "case.opened",
        "case.reopened",
        "case.resolved",
        "case.status_changed",
        "case.assigned",
        "case.department_changed",
        "case.snoozed",
        "case.tagged",
        "case.untagged",
        "case.prioritised",
        "macro.run",
        "rule.told",
        "case.woken",
        "case.left_unanswered",
        "case.joined",
        "case.parted",
        "case.split",
        "case.continues",
        "case.continued",
        "task.asked",
        "task.taken",
        "task.answered",
        "task.declined",
        "task.withdrawn",
        "task.late",
        "question.asked",
        "question.refused",
        "question.unclear",
        "question.answered",
        "clock.warned",
        "clock.escalated",
        "promise.made",
        "promise.kept",
        "promise.broken",
        "conversation.key_shared",
        "answer.cancelled",
        "answer.delayed",
        "answer.refused",
        "answer.unclear",
        "answer.settled",
        "answer.proof_came_late",
        "answer.bounced",
    }
)
"""What the timeline tells; the messages and notes tell the rest themselves."""

MOOD: Final = 12
_ORDER: Final = {"message": 0, "note": 1, "event": 2}
_MESSAGE: Final = (
    "id",
    "conversation_id",
    "direction",
    "state",
    "body",
    "attachments",
    "at",
    "url",
    "kind",
    "sentiment",
    "urgency",
    "answer",
    "abuse",
    "mention",
    "answers_id",
    "approved_at",
    "sent_at",
    "due_at",
    "attempt",
    "attempted_at",
    "evidence",
    "destination",
    "edited_at",
    "withdrawn_at",
    "notice",
)
_DECISION: Final = ("id", "reason", "words", "review_on", "reviewed_at", "at")
_AUTHORS: Final = {
    "who": F("conversation__identity__name"),
    "handle": F("conversation__identity__external_id"),
    "channel": F("conversation__channel"),
    "source_name": F("conversation__source__name"),
    "member_name": F("member__name"),
    "approver": F("approved_by__name"),
}


def thread(
    case: int, *, member: int, before: datetime | None = None, limit: int = 200
) -> dict[str, Any] | None:
    """One case with everything that happened in it.

    Args:
        case: its id.
        member: who looks.
        before: only what was said earlier than this (the `earlier` of a former look).
        limit: messages at most; notes and events are those of the same stretch of time.

    Returns:
        None when there is no such case, else a dictionary:
        `case`: as in `selectors.inbox`, with its clock;
        `entries`: the timeline, oldest first; each has `type` ("message", "note", "event"), `id`,
        `at`, and the columns of its table. A message has `who`, `handle`, `channel`, `source_name`,
        `member_name`, `approver`, and as an answer `shown` (where it goes, in words); an event
        has `kind`, `member_name`, `data` and `words` (why it was handed over, or ""); a note has
        `body`, `member_name`, `by_mail`;
        `earlier`: hand it back as `before` for what is older; None at the beginning;
        `conversations`: id, channel, source_name, subject, who, handle;
        `drafts`: answers somebody has begun, newest first: id, body, answers_id, member_id,
        member_name, at;
        `answerable`: what a reply answers unless told otherwise; see `answerable`;
        `clocks`: those that have not ended, as in `selectors.Page`;
        `joined`: the cases that were joined with it: id, subject;
        `owed`: whether the person waits for words of ours and none are on their way;
        `decisions`: signed decisions not to answer: member_name, reason, words, owner_name,
        review_on, reviewed_at, at.
    """
    row = case_row(case, member=member)
    if row is None:
        return None
    messages = _messages(case, before, limit + 1)
    more = len(messages) > limit
    messages = messages[-limit:]
    start = messages[0]["at"] if more else datetime.min.replace(tzinfo=UTC)
    end = before or datetime.max.replace(tzinfo=UTC)
    window = Q(at__gte=start, at__lt=end)
    joined = parts(case)
    cases = [case, *(one["id"] for one in joined)]
    notes, why = _notes(cases, window)
    entries = [*messages, *notes, *_events(cases, window, why)]
    entries.sort(key=lambda entry: (entry["at"], _ORDER[entry["type"]], entry["id"]))
    clocks = running(case)
    return {
        "case": row,
        "entries": entries,
        "earlier": start if more else None,
        "conversations": _conversations(case),
        "drafts": _drafts(case),
        "answerable": answerable(case),
        "clocks": clocks,
        "joined": [one for one in joined if one["joined_into"] == case],
        "owed": any(one["kind"] in OWED for one in clocks) and not on_its_way(case),
        "decisions": list(
            Decision.objects.filter(case=case)
            .order_by("id")
            .values(*_DECISION, member_name=F("member__name"), owner_name=F("owner__name"))
        ),
    }


def answerable(case: int, *, message: int | None = None) -> dict[str, Any] | None:
    """The received message that a reply would answer.

    Args:
        case: the case's id.
        message: this one rather than the newest.

    Returns:
        id, conversation_id, mode, until (or None), to (the address in words), who, channel; None
        when nothing in this case can be answered from here.
    """
    wanted = Message.objects.filter(
        Q(reply_until=None) | Q(reply_until__gte=timezone.now()),
        conversation__case=case,
        direction=Message.Direction.IN,
        reply_mode__in=ANSWERABLE,
        reply_address__isnull=False,
    )
    if message is not None:
        wanted = wanted.filter(pk=message)
    row = (
        wanted.order_by("-at", "-id")
        .values(
            "id",
            "conversation_id",
            "reply_address",
            mode=F("reply_mode"),
            until=F("reply_until"),
            who=F("conversation__identity__name"),
            handle=F("conversation__identity__external_id"),
            channel=F("conversation__channel"),
        )
        .first()
    )
    if row is None:
        return None
    to = row["reply_address"] or {}
    return {name: value for name, value in row.items() if name != "reply_address"} | {
        "to": _in_words(to, row["handle"])
    }


def customer(case: int) -> dict[str, Any] | None:
    """Who the customer of a case is, by what we know; whoever was merged is shown as one.

    Returns:
        `id`, `name`, `known_since`; `identities` (see `people.selectors.identities`); `cases`:
        their ten newest other ones (id, subject, kind, status, channel, opened_at) and
        `case_count`, this one included; `mood`: the sentiments of their last twelve messages,
        oldest first, "" where it is not known.
    """
    spoke = Case.objects.filter(pk=case).values_list("person", flat=True).first()
    if spoke is None:
        return None
    person = Person.objects.get(pk=people.standing_for(spoke))
    everybody = people.together(person.pk)
    identities = people.identities(everybody)
    cases = Case.objects.filter(person__in=everybody, joined_into=None)
    mood = (
        Message.objects.filter(
            conversation__identity__person__in=everybody, direction=Message.Direction.IN
        )
        .order_by("-at", "-id")
        .values_list("sentiment", flat=True)[:MOOD]
    )
    first_seen = [identity["first_seen_at"] for identity in identities]
    return {
        "id": person.pk,
        "name": person.name,
        "known_since": min(first_seen, default=person.created_at),
        "identities": identities,
        "cases": list(
            cases.exclude(pk=case)
            .order_by("-opened_at", "-id")
            .values("id", "subject", "kind", "status", "channel", "opened_at")[:10]
        ),
        "case_count": cases.count(),
        "open_count": cases.exclude(status__in=SETTLED).count(),
        "mood": list(mood)[::-1],
    }


def _messages(case: int, before: datetime | None, limit: int) -> list[dict[str, Any]]:
    said = Message.objects.filter(conversation__case=case).exclude(state=State.DRAFT)
    if before is not None:
        said = said.filter(at__lt=before)
    newest = said.order_by("-at", "-id").values(*_MESSAGE, **_AUTHORS)[:limit]
    rows = []
    for row in reversed(list(newest)):
        frozen = row.pop("destination") or {}
        rows.append({"type": "message", **row, "shown": frozen.get("shown", "")})
    return rows


def _notes(cases: list[int], window: Q) -> tuple[list[dict[str, Any]], dict[int, str]]:
    """The notes of a stretch of time; and why the case was ever handed over, by note."""
    notes = Note.objects.filter(window | Q(handing=True), case__in=cases)
    columns = ("id", "at", "body", "handing", "by_mail", "member_id")
    rows = list(notes.values(*columns, member_name=F("member__name")))
    why = {row["id"]: row["body"] for row in rows if row["handing"]}
    return [{"type": "note", **row} for row in rows if not row["handing"]], why


def _events(cases: list[int], window: Q, why: Mapping[int, str]) -> list[dict[str, Any]]:
    about = [f"case:{case}" for case in cases]
    events = Event.objects.filter(window, about__in=about, kind__in=SHOWN_EVENTS)
    # a join stands in the history of both; here once is enough
    events = events.exclude(kind="case.joined", about__in=about[1:])
    found = events.values("id", "at", "kind", "data", member_name=F("member__name"))
    return [
        {"type": "event", **row, "words": why.get(row["data"].get("note"), "")} for row in found
    ]


def _conversations(case: int) -> list[dict[str, Any]]:
    conversations = Conversation.objects.filter(case=case).order_by("id")
    return [
        dict(row)
        for row in conversations.values(
            "id",
            "subject",
            "channel",
            source_name=F("source__name"),
            who=F("identity__name"),
            handle=F("identity__external_id"),
        )
    ]


def _drafts(case: int) -> list[dict[str, Any]]:
    drafts = Message.objects.filter(conversation__case=case, state=State.DRAFT)
    return [
        dict(row)
        for row in drafts.order_by("-at").values(
            "id", "body", "answers_id", "member_id", "at", member_name=F("member__name")
        )
    ]


def _in_words(to: Mapping[str, Any], handle: str) -> str:
    return next((str(to[name]) for name in ("shown", "to") if to.get(name)), handle)
