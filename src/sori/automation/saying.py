"""Say in words what a rule or a macro asks and does."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sori.automation.choices import Choices
from sori.automation.deciding import IDLE, Action, Condition
from sori.automation.vocabulary import FIELDS, SAID, SORTS, TRIGGERS

LONG = 60


def trigger(name: str, hours: int) -> str:
    """When a rule is asked."""
    if name == IDLE:
        said = ngettext(
            "Nothing happens for %(num)d hour", "Nothing happens for %(num)d hours", hours
        )
        return said % {"num": hours}
    return _(TRIGGERS[name])


def condition(one: Condition, choices: Choices) -> str:
    """What must hold."""
    field = FIELDS[one.field]
    value = choices.word(field.value, one.value)
    return _(SAID[one.op]) % {"field": _(field.word), "value": value}


def action(one: Action, choices: Choices) -> str:
    """What is done."""
    sort = SORTS[one.sort]
    words = " ".join(one.words.split())
    short = words if len(words) <= LONG else f"{words[:LONG].rstrip()}…"
    return _(sort.sentence) % {"value": choices.word(sort.value, one.value), "words": short}


def summary(row: Mapping[str, Any], choices: Choices) -> dict[str, Any]:
    """`when`, `conditions` and `actions` of a stored rule in words."""
    return {
        "when": trigger(row["trigger"], row["hours"]),
        "conditions": [condition(Condition(*one), choices) for one in row["conditions"]],
        "actions": actions(map(Action._make, row["actions"]), choices),
    }


def actions(some: Iterable[Action], choices: Choices) -> list[str]:
    """Each of these actions in words."""
    return [action(one, choices) for one in some]
