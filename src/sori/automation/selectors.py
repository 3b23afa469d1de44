"""Read rules, macros and what rules did; plain data and plain dictionaries."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, TypeVar

from django.db.models import Count, F, Max, Q, QuerySet
from django.utils import timezone

from sori.automation import saying
from sori.automation.actions import settles
from sori.automation.choices import Choices
from sori.automation.deciding import Action, Condition, Rule, read
from sori.automation.models import Macro, RuleRun
from sori.automation.models import Rule as StoredRule

MONTH: Final = timedelta(days=30)
RUNS_SHOWN: Final = 100
_Line = TypeVar("_Line", Condition, Action)
_TAGGED: Final = frozenset({"tag", "add_tag", "remove_tag"})


def active_rules() -> list[Rule]:
    """The rules that are switched on, in order, as plain data."""
    rows = StoredRule.objects.filter(active=True).order_by("position", "pk")
    return following([read(row["id"], row) for row in rows.values()])


def following(rules: list[Rule]) -> list[Rule]:
    """The same rules, each tag that was merged being the one it was merged into."""
    choices = Choices()
    return [
        replace(
            one,
            conditions=tuple(_current(each, choices) for each in one.conditions),
            actions=tuple(_current(each, choices) for each in one.actions),
        )
        for one in rules
    ]


def rules(choices: Choices) -> list[dict[str, Any]]:
    """All rules in order: their columns, in words (`when`, `conditions`, `actions`), `runs` and
    `cases` in the last 30 days, and when they ran last (`ran_at`)."""
    recent = Q(runs__at__gte=timezone.now() - MONTH, runs__outcome=RuleRun.Outcome.DONE)
    rows = StoredRule.objects.order_by("position", "pk").annotate(
        runs_count=Count("runs", filter=recent),
        cases=Count("runs__case", filter=recent, distinct=True),
        ran_at=Max("runs__at", filter=Q(runs__outcome=RuleRun.Outcome.DONE)),
        member_name=F("member__name"),
    )
    return [{**row, **saying.summary(row, choices)} for row in rows.values()]


def runs(rule: StoredRule) -> list[dict[str, Any]]:
    """The newest runs of a rule: case, subject, who, outcome, did, why, at."""
    rows = RuleRun.objects.filter(rule=rule).order_by("-at", "-pk")
    found = rows.values(
        "case_id", "outcome", "did", "why", "at",
        subject=F("case__subject"), who=F("case__person__name"),
    )[:RUNS_SHOWN]  # fmt: skip
    return [dict(row) for row in found]


def macros(choices: Choices) -> list[dict[str, Any]]:
    """All macros by name: id, name, department_name, member_name, updated_at, `does` in words, and
    whether it `settles`."""
    return _macros(Macro.objects.all(), choices)


def offered(department: int | None, words: str, choices: Choices) -> list[dict[str, Any]]:
    """The macros for everybody and for a department in whose name each word stands."""
    rows = Macro.objects.filter(Q(department=None) | Q(department=department))
    for word in words.split():
        rows = rows.filter(name__icontains=word)
    return _macros(rows, choices)


def _macros(rows: QuerySet[Macro], choices: Choices) -> list[dict[str, Any]]:
    named = rows.order_by("name").values(
        "id", "name", "actions", "updated_at",
        department_name=F("department__name"), member_name=F("member__name"),
    )  # fmt: skip
    return [
        {
            **row,
            "does": saying.actions(map(Action._make, row["actions"]), choices),
            "settles": settles(row["actions"]),
        }
        for row in named
    ]


def _current(one: _Line, choices: Choices) -> _Line:
    return one._replace(value=choices.tag(one.value)) if one[0] in _TAGGED else one
