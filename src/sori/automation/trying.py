"""Try a rule on the last 30 days: what it would have done, without doing any of it.

The journal says what happened; it counts for the moment at which it was said, so that voices that
were loaded long after lie in their own time. Working hours and ages are those of that moment, the
words those that were said by then. Everything else is what the case is today, and the page says so.
What nobody knows any more (the topics of what was forgotten) is told apart, never guessed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.utils import timezone

from sori.automation import quiet, saying
from sori.automation.choices import Choices
from sori.automation.deciding import IDLE, TRIGGERS, Facts, Rule, changes, judge
from sori.automation.facts import Question, facts, heard_in, said_at
from sori.automation.selectors import following
from sori.journal.models import Event
from sori.journal.selectors import FIELDS
from sori.respond.models import Case

DAYS: Final = 30
MOST: Final = 20_000
SHOWN: Final = 50


@dataclass(frozen=True)
class Try:
    """What a rule would have done.

    Attributes:
        events: how many events it would have been asked about.
        times: how often it would have acted.
        cases: on how many cases.
        unknown: of how many cases nobody can say whether it would have acted.
        by_day: how many times a day, every day there, the oldest first.
        shown: the newest: case, subject, who, at, `does` in words.
        capped: whether older events of the 30 days were left out.
    """

    events: int
    times: int
    cases: int
    unknown: int
    by_day: list[tuple[date, int]]
    shown: list[dict[str, Any]]
    capped: bool


def attempt(rule: Rule, choices: Choices, now: datetime | None = None) -> Try:
    """Try a rule on what happened in the last 30 days; writes nothing.

    Args:
        rule: the rule; whether it is switched on does not matter.
        choices: what its values are called.
        now: the end of the 30 days.
    """
    until = now or timezone.now()
    (rule,) = following([rule])
    events, capped = _events(rule, until - timedelta(days=DAYS), until)
    since = until - timedelta(days=DAYS)
    questions = _by_then([one for one in _questions(rule, events, until) if one.at > since])
    known = facts(questions, [rule])
    judged = [
        (seen, judge(rule, seen)) for one in questions if (seen := known.get(one.key)) is not None
    ]
    fits = [seen for seen, verdict in judged if verdict.fits]
    fits.sort(key=lambda seen: seen.at, reverse=True)
    return Try(
        events=len(questions),
        times=len(fits),
        cases=len({seen.case for seen in fits}),
        unknown=len({seen.case for seen, verdict in judged if verdict.unknown}),
        by_day=_by_day(fits, until),
        shown=_shown(fits[:SHOWN], rule, choices),
        capped=capped,
    )


def _events(rule: Rule, since: datetime, until: datetime) -> tuple[list[dict[str, Any]], bool]:
    rows = Event.objects.filter(at__gt=since, at__lte=until, about__startswith="case:")
    if rule.trigger != IDLE:
        rows = rows.filter(kind__in=TRIGGERS[rule.trigger])
    newest = list(rows.order_by("-id").values(*FIELDS)[: MOST + 1])
    return newest[:MOST][::-1], len(newest) > MOST


def _questions(rule: Rule, events: list[dict[str, Any]], until: datetime) -> Iterator[Question]:
    if rule.trigger == IDLE:
        for key, (event, at) in enumerate(quiet.silences(events, rule.hours, until)):
            yield _question(key, event, at, "open")
        return
    said = said_at(filter(None, map(quiet.message_of, events)))
    for key, event in enumerate(events):
        if not quiet.caused(event):
            at = min(event["at"], said.get(quiet.message_of(event) or 0, event["at"]))
            yield _question(key, event, at, _status_then(event))


def _by_then(questions: list[Question]) -> list[Question]:
    """Where an event is of no words, those count that were the newest by then."""
    said = heard_in({one.case for one in questions if one.message is None})
    return [
        one if one.message else one._replace(message=_newest(said.get(one.case, ()), one.at))
        for one in questions
    ]


def _newest(said: Iterable[tuple[int, datetime]], by: datetime) -> int | None:
    return max((message for message, at in said if at <= by), default=None)


def _question(key: int, event: Mapping[str, Any], at: datetime, status: str) -> Question:
    return Question(key, quiet.case_of(event) or 0, at, quiet.message_of(event), status)


def _status_then(event: Mapping[str, Any]) -> str:
    """The status right after an event, where the event tells it."""
    told = {"case.opened": "new", "case.reopened": "open", "case.resolved": "resolved"}
    return str(event["data"].get("after") or told.get(event["kind"], ""))


def _by_day(fits: list[Facts], until: datetime) -> list[tuple[date, int]]:
    last = timezone.localdate(until)
    counts = {last - timedelta(days=back): 0 for back in range(DAYS, -1, -1)}
    for seen in fits:
        day = timezone.localdate(seen.at)
        if day in counts:
            counts[day] += 1
    return list(counts.items())


def _shown(fits: list[Facts], rule: Rule, choices: Choices) -> list[dict[str, Any]]:
    names = ("id", "subject", "person__name")
    rows = Case.objects.filter(pk__in={seen.case for seen in fits}).values(*names)
    by_id = {row["id"]: row for row in rows}
    words = [(action, saying.action(action, choices)) for action in rule.actions]
    return [
        {
            "case": seen.case,
            "subject": by_id[seen.case]["subject"],
            "who": by_id[seen.case]["person__name"],
            "at": seen.at,
            "does": [said for action, said in words if changes(action, seen)],
        }
        for seen in fits
        if seen.case in by_id
    ]
