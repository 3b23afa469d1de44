"""Read what rules ask about: many cases at once, in a fixed number of questions.

The person is whoever they were merged into; a case that was erased meanwhile is left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

import pyarrow as pa

from sori.automation.deciding import Facts, Rule, ask_topics, calendars, expressions
from sori.automation.topics import topics_of
from sori.database import chunks
from sori.listen.matching import Matcher
from sori.people import selectors as people
from sori.people.models import Person
from sori.respond import sla
from sori.respond.clock_models import Calendar
from sori.respond.models import Case, CaseTag, Conversation, Message
from sori.respond.policies import hours

_WORTH: Final = ("pk", "segment", "value")
_COLUMNS: Final = (
    "id",
    "person_id",
    "opened_at",
    "status",
    "kind",
    "sentiment",
    "channel",
    "department_id",
    "owner_id",
    "urgency",
    "priority",
    "priority_reasons",
    "newest_message",
    "snoozed_until",
)


class Question(NamedTuple):
    """What is asked for.

    Attributes:
        key: what the answer is filed under.
        case: the case's id.
        at: the moment.
        message: whose words count; None for the newest the customer said.
        status: what is known of the status at that moment; "" for the case's own.
    """

    key: int
    case: int
    at: datetime
    message: int | None = None
    status: str = ""


def facts(questions: Sequence[Question], rules: list[Rule]) -> dict[int, Facts]:
    """What is known, by the key of the question; of cases that are gone nothing.

    Args:
        questions: what is asked for.
        rules: who asks: texts and topics are read and hours reckoned only for what their
            conditions need.

    Raises:
        LakeError: topics are asked for, and the lake could not be read.
    """
    rows, tags, sources = _cases(questions)
    worth = _people({row["person_id"] for row in rows.values()})
    words = {
        one.key: one.message or rows[one.case]["newest_message"]
        for one in questions
        if one.case in rows
    }
    said = _said(words, expressions(rules))
    about = _about(words) if ask_topics(rules) else {}
    open_hours = _calendars(calendars(rules))
    return {
        one.key: _facts(
            one,
            rows[one.case],
            worth,
            tags=frozenset(tags[one.case]),
            sources=frozenset(sources[one.case]),
            holds=said.get(one.key, frozenset()),
            working=_working(open_hours, one.at),
            topics=about.get(one.key),
        )
        for one in questions
        if one.case in rows
    }


def _facts(
    one: Question,
    row: Mapping[str, Any],
    worth: Mapping[int, tuple[str, Any]],
    **sets: Any,
) -> Facts:
    segment, value = worth.get(row["person_id"], ("", None))
    return Facts(
        at=one.at,
        case=one.case,
        opened_at=row["opened_at"],
        status=one.status or row["status"],
        kind=row["kind"],
        sentiment=row["sentiment"],
        channel=row["channel"],
        department=row["department_id"],
        owner=row["owner_id"],
        urgency=row["urgency"],
        priority=row["priority"],
        snoozed=row["snoozed_until"] is not None,
        far_reach=any(reason[0] == "reach" for reason in row["priority_reasons"]),
        segment=segment,
        value=None if value is None else float(value),
        **sets,
    )


def _cases(
    questions: Sequence[Question],
) -> tuple[dict[int, dict[str, Any]], dict[int, set[int]], dict[int, set[int]]]:
    rows: dict[int, dict[str, Any]] = {}
    tags: dict[int, set[int]] = defaultdict(set)
    sources: dict[int, set[int]] = defaultdict(set)
    for some in chunks(sorted({one.case for one in questions})):
        rows |= {row["id"]: row for row in Case.objects.filter(pk__in=some).values(*_COLUMNS)}
        for case, tag in CaseTag.objects.filter(case__in=some).values_list("case", "tag"):
            tags[case].add(tag)
        there = Conversation.objects.filter(case__in=some)
        for case, source in there.values_list("case", "source"):
            sources[case].add(source)
    return rows, tags, sources


def _people(persons: set[int]) -> dict[int, tuple[str, Any]]:
    found: dict[int, tuple[str, Any]] = {}
    for some in chunks(sorted(persons)):
        standing = people.standing(some)
        there = Person.objects.filter(pk__in=set(standing.values()))
        worth = {pk: (segment, value) for pk, segment, value in there.values_list(*_WORTH)}
        found |= {one: worth[root] for one, root in standing.items() if root in worth}
    return found


def _said(wanted: Mapping[int, int], asked: frozenset[str]) -> dict[int, frozenset[str]]:
    """Which of the expressions hold for what was said, by question.

    Args:
        wanted: whose words count, by question.
        asked: the expressions.
    """
    if not asked:
        return {}
    bodies: dict[int, str] = {}
    for some in chunks(sorted(set(wanted.values()))):
        bodies |= dict(Message.objects.filter(pk__in=some).values_list("pk", "body"))
    names = sorted(bodies)
    batch = pa.RecordBatch.from_pydict({"text": pa.array([bodies[one] for one in names])})
    words = sorted(asked)
    hits = _matcher(tuple(words)).match(batch).column("queries").to_pylist() if names else []
    held = {
        name: frozenset(words[one] for one in found)
        for name, found in zip(names, hits, strict=True)
    }
    return {key: held.get(message, frozenset()) for key, message in wanted.items()}


def _about(wanted: Mapping[int, int]) -> dict[int, frozenset[str]]:
    """What was said is about, by question; where nobody knows it is absent."""
    names: dict[int, str] = {}
    for some in chunks(sorted(set(wanted.values()))):
        there = Message.objects.filter(pk__in=some, mention__isnull=False)
        names |= {pk: str(mention) for pk, mention in there.values_list("pk", "mention")}
    topics = topics_of(set(names.values()))
    found = {key: topics.get(names.get(message, "")) for key, message in wanted.items()}
    return {key: said for key, said in found.items() if said is not None}


@lru_cache(maxsize=64)
def _matcher(words: tuple[str, ...]) -> Matcher:
    return Matcher(dict(enumerate(words)))


def _calendars(names: frozenset[str]) -> dict[str, sla.Calendar]:
    """Working hours by name, as they are now; of several the one in use, else the newest."""
    rows = Calendar.objects.filter(name__in=names) if names else Calendar.objects.none()
    ordered = sorted(rows, key=lambda row: (row.retired_at is None, row.pk))
    return {row.name: hours(row) for row in ordered}


def _working(calendars: Mapping[str, sla.Calendar], at: datetime) -> frozenset[str]:
    return frozenset(name for name, one in calendars.items() if one.opening(at) <= at)


def said_at(messages: Iterable[int]) -> dict[int, datetime]:
    """When each of these messages was said."""
    found: dict[int, datetime] = {}
    for some in chunks(sorted(set(messages))):
        found |= dict(Message.objects.filter(pk__in=some).values_list("pk", "at"))
    return found


def heard_in(cases: Iterable[int]) -> dict[int, list[tuple[int, datetime]]]:
    """What the customers said in these cases, each with its moment."""
    found: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for some in chunks(sorted(set(cases))):
        heard = Message.objects.filter(conversation__case__in=some, direction=Message.Direction.IN)
        for case, message, at in heard.values_list("conversation__case", "pk", "at"):
            found[case].append((message, at))
    return found
