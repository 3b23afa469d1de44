"""Take a person out of the desk: what they said, what we answered, their cases, what search knows.

Piece by piece, each in a transaction of its own; whoever is interrupted begins again and finds
less. A case that holds somebody else's conversation too stays with them, without what was noted.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from django.db import connection

from sori.database import write_atomic
from sori.respond import search
from sori.respond.models import Case, Conversation, Decision, Message, Note, Passage
from sori.respond.summing import repeat

_PIECE: Final = 50
_MERGED: Final = 500


def files_of(people: Collection[int]) -> set[str]:
    """The digests of the files that came with what they said."""
    said = Message.objects.filter(conversation__identity__person__in=people)
    rows = said.exclude(attachments=[]).values_list("attachments", flat=True)
    return {one["digest"] for files in rows for one in files if "digest" in one}


def on_its_way(people: Collection[int]) -> bool:
    """Whether an answer to them is being sent in this moment, so that it must be waited for."""
    sending = (Message.State.CLAIMED, Message.State.SENDING)
    answers = Message.objects.filter(conversation__identity__person__in=people)
    return answers.filter(state__in=sending).exists()


def cases_of(people: Collection[int]) -> list[int]:
    """The cases that are theirs or hold a conversation of theirs; ids."""
    held = Case.objects.filter(conversations__identity__person__in=people)
    held |= Case.objects.filter(person__in=people)
    return sorted(set(held.values_list("pk", flat=True)))


def forget(people: Collection[int]) -> Counter[str]:
    """Delete everything the desk holds of these people, and tell how much of what."""
    theirs = Conversation.objects.filter(identity__person__in=people).order_by("pk")
    cases = cases_of(people)
    gone: Counter[str] = Counter()
    for some in _pieces(list(theirs.values_list("pk", flat=True))):
        gone += _without_conversations(some)
    for some in _pieces(cases):
        gone += _without_cases(some, people)
    return gone


def tidy_search() -> None:
    """Make the search index forget what was deleted from it, a little at a time.

    An FTS5 index only notes a deletion until its pieces are merged; PostgreSQL deletes at once.
    """
    if connection.vendor != "sqlite":
        return
    step = -_MERGED
    while _merge(step) > 1:
        step = _MERGED


def _merge(step: int) -> int:
    """Merge some pieces; returns how many rows of the index that wrote, 1 when all are merged."""
    with write_atomic(), connection.cursor() as cursor:
        before = cursor.execute("SELECT total_changes()").fetchone()[0]
        cursor.execute("INSERT INTO respond_grams(respond_grams, rank) VALUES('merge', %s)", [step])
        after = cursor.execute("SELECT total_changes()").fetchone()[0]
    return int(after - before)


def _pieces(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), _PIECE):
        yield ids[start : start + _PIECE]


def _without_conversations(some: Iterable[int]) -> Counter[str]:
    with write_atomic():
        conversations = Conversation.objects.filter(pk__in=some)
        messages = Message.objects.filter(conversation__in=some)
        search.forget(Passage.objects.filter(conversation__in=some))
        # somebody else's answer may point at what they said, and theirs at each other
        Message.objects.filter(answers__in=messages).update(answers=None)
        told, _ = messages.delete()
        conversations.delete()
    return Counter(messages=told)


def _without_cases(some: Iterable[int], people: Collection[int]) -> Counter[str]:
    gone: Counter[str] = Counter()
    with write_atomic():
        for case in Case.objects.select_for_update().filter(pk__in=some).order_by("pk"):
            notes, _ = Note.objects.filter(case=case).delete()
            gone["notes"] += notes
            left = case.conversations.select_related("identity").order_by("pk").first()
            if left is None:
                case.delete()
                gone["cases"] += 1
                continue
            Decision.objects.filter(case=case).update(words="")
            _hand_over(case, left, people)
    return gone


def _hand_over(case: Case, left: Conversation, people: Collection[int]) -> None:
    """Let a case speak of whom it holds still."""
    if case.person_id in people:
        case.person_id = left.identity.person_id
    # a case without a word of theirs shows none
    case.excerpt, case.channel, case.newest_message = "", left.channel, 0
    repeat(case)
    case.subject = left.subject or case.excerpt
    fields = ["person", "subject", "excerpt", "channel", "newest_message"]
    case.save(update_fields=fields)


def texts(people: Collection[int]) -> Iterator[dict[str, object]]:
    """Everything the desk holds of these people, to be taken along: one dictionary for each row."""
    said = Message.objects.filter(conversation__identity__person__in=people).order_by("at", "pk")
    columns = ("conversation", "direction", "state", "body", "at", "url", "kind", "sentiment",
               "urgency", "sent_at", "destination", "attachments", "mention")  # fmt: skip
    for row in said.values(*columns).iterator():
        yield {"type": "message", **row}
    cases = Case.objects.filter(person__in=people).order_by("pk")
    for row in cases.values("id", "subject", "status", "kind", "opened_at", "resolved_at"):
        yield {"type": "case", **row}
    for row in Note.objects.filter(case__person__in=people).values("case", "body", "at"):
        yield {"type": "note", **row}
    for row in Decision.objects.filter(case__person__in=people).values(
        "case", "reason", "words", "at"
    ):
        yield {"type": "decision", **row}
