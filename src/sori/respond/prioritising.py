"""Keep priorities true: add the points up again when time passes, a promise nears, a surge ends.

A case whose points may have changed has a `weigh_at`; a worker adds up what is due, many at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Final

from django.db.models import Max, Min, Q
from django.db.models.functions import Now
from django.utils import timezone

from sori.database import chunks, write_atomic
from sori.journal.services import record
from sori.people.selectors import values
from sori.respond import priority
from sori.respond.clocks import RESPONSE, RUNNING
from sori.respond.models import Case, Clock, Conversation, Message, Weight
from sori.respond.selectors import SETTLED
from sori.staff.models import Member

WEIGHED: Final = ("priority", "priority_reasons", "weigh_at")
"""The columns that `weigh` writes."""

_AT_ONCE: Final = 200
_LOOKED_AT: Final = 200
_WORDS: Final = tuple(one.name for one in fields(priority.Weights))


def weights() -> priority.Weights:
    """How many points the company gives."""
    rows = Weight.objects.filter(word__in=_WORDS).values_list("word", "points")
    return priority.Weights(**dict(rows))


def save_weights(*, member: Member, wanted: priority.Weights) -> None:
    """Give other points from now on; every case that is not settled is added up again."""
    with write_atomic():
        before = asdict(weights())
        changed = {word: one for word, one in asdict(wanted).items() if one != before[word]}
        if not changed:
            return
        Weight.objects.bulk_create(
            [Weight(word=word, points=points) for word, points in changed.items()],
            update_conflicts=True,
            unique_fields=["word"],
            update_fields=["points"],
        )
        Case.objects.exclude(status__in=SETTLED).update(weigh_at=timezone.now())
        record("priority.changed", "priority:1", member=member, **changed)


def weigh(cases: Sequence[Case]) -> None:
    """Add up the points of some cases, which are locked and not saved here."""
    facts, given_weights, now = _facts(cases), weights(), timezone.now()
    for case in cases:
        weighed = priority.weigh(facts[case.pk], given_weights, now)
        case.priority, case.weigh_at = weighed.points, weighed.next_at
        case.priority_reasons = [list(reason) for reason in weighed.reasons]


def weigh_due() -> int:
    """Add up the cases whose points may have changed; returns how many."""
    with write_atomic():
        # one that somebody works on in this moment is added up the next time
        due = Case.objects.select_for_update(skip_locked=True).filter(weigh_at__lte=Now())
        cases = list(due.order_by("weigh_at")[:_AT_ONCE])
        weigh(cases)
        Case.objects.bulk_update(cases, WEIGHED, batch_size=_AT_ONCE)
        return len(cases)


def preview(wanted: priority.Weights, *, limit: int = 10) -> list[dict[str, Any]]:
    """What would come first by other points, among the cases that come first now and the newest.

    Returns:
        Dictionaries of id, subject, kind, `reasons` and `points` as they would be, and `before`.
    """
    there = Case.objects.exclude(status__in=SETTLED).filter(snoozed_until=None)
    first, newest = there.order_by("-priority", "-updated_at"), there.order_by("-updated_at")
    cases = {case.pk: case for case in (*first[:_LOOKED_AT], *newest[:_LOOKED_AT])}
    facts, now = _facts([*cases.values()]), timezone.now()
    weighed = {pk: priority.weigh(facts[pk], wanted, now) for pk in cases}
    order = sorted(cases, key=lambda pk: (-weighed[pk].points, -cases[pk].updated_at.timestamp()))
    return [
        {
            "id": pk,
            "subject": cases[pk].subject,
            "kind": cases[pk].kind,
            "reasons": weighed[pk].reasons,
            "points": weighed[pk].points,
            "before": cases[pk].priority,
        }
        for pk in order[:limit]
    ]


def weigh_person_again(people: Iterable[int]) -> None:
    """Something that is known of these people has changed."""
    theirs = Case.objects.filter(person__in=list(people)).exclude(status__in=SETTLED)
    theirs.update(weigh_at=timezone.now())


def mark_surging(mentions: Iterable[str], until: datetime) -> int:
    """Let the cases of these voices count as part of a surge until a time.

    Returns:
        How many cases that are not settled there are.
    """
    names, found = sorted(set(mentions)), 0
    for piece in chunks(names):
        said = Message.objects.filter(mention__in=piece)
        theirs = Conversation.objects.filter(pk__in=said.values("conversation"))
        with write_atomic():
            cases = Case.objects.filter(pk__in=theirs.values("case")).exclude(status__in=SETTLED)
            fresh = Q(surging_until=None) | Q(surging_until__lte=timezone.now())
            cases.filter(fresh).update(weigh_at=timezone.now())
            found += cases.update(surging_until=until)
    return found


def _facts(cases: Sequence[Case]) -> dict[int, priority.Facts]:
    """What speaks for these cases; a fixed number of questions."""
    worth = values(case.person_id for case in cases)
    clocks = {row["case"]: row for row in _clocks([case.pk for case in cases])}
    nothing: dict[str, Any] = {"waiting_since": None, "promised_at": None}
    return {
        case.pk: priority.Facts(
            kind=case.kind,
            urgency=case.urgency,
            lasting=priority.lasting(case.priority_reasons),
            value=worth.get(case.person_id),
            waiting_since=clocks.get(case.pk, nothing)["waiting_since"],
            promised_at=clocks.get(case.pk, nothing)["promised_at"],
            surging_until=case.surging_until,
            given=priority.given(case.priority_reasons),
        )
        for case in cases
    }


def _clocks(cases: list[int]) -> list[dict[str, Any]]:
    """Since when somebody waits in each case, and what is promised; resting clocks aside."""
    waiting = Q(kind__in=RESPONSE, paused_at=None)
    running = Clock.objects.filter(RUNNING, case__in=cases).order_by().values("case")
    found = running.annotate(
        waiting_since=Min("started_at", filter=waiting),
        promised_at=Max("due_at", filter=Q(kind=Clock.Kind.PROMISE)),
    )
    return [dict(row) for row in found]
