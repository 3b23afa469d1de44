"""A rule or macro while somebody writes it: read from a form, changed a line at a time, checked.

Every line of the form sends the same fields (a sort, a value, words), so lines are read side by
side; what a line does not need it sends empty.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from sori.automation.choices import Choices
from sori.automation.deciding import IDLE, TRIGGERS, Action, Condition, Rule
from sori.automation.vocabulary import FIELDS, SORTS
from sori.errors import LanguageError
from sori.listen.language import parse

MOST_LINES: Final = 20
LONGEST_WORDS: Final = 2_000
LONGEST_NAME: Final = 80
MOST_POINTS: Final = 100
MOST_HOURS: Final = 24 * 90
_FIRST_CONDITION: Final = Condition("text", "contains", "")
_FIRST_ACTION: Final = Action("add_tag")


@dataclass
class Script:
    """What the editor holds.

    Attributes:
        name: what it is called.
        trigger, hours, any_of, stop, conditions: of a rule; see `deciding.Rule`.
        actions: what is done.
        problems: what is wrong, by place: "name", "conditions", "actions", "c0", "a2", ...
    """

    name: str = ""
    trigger: str = "opened"
    hours: int = 24
    any_of: bool = False
    stop: bool = False
    conditions: list[Condition] = field(default_factory=list)
    actions: list[Action] = field(default_factory=lambda: [_FIRST_ACTION])
    problems: dict[str, str] = field(default_factory=dict)

    def rule(self) -> Rule:
        """The rule it would be."""
        return Rule(
            key=0,
            name=self.name,
            trigger=self.trigger,
            hours=self.hours,
            any_of=self.any_of,
            conditions=tuple(self.conditions),
            actions=tuple(self.actions),
            stop=self.stop,
        )


def script(row: Any) -> Script:
    """The script of a stored rule or macro."""
    names = ("trigger", "hours", "any_of", "stop")
    known = {name: getattr(row, name) for name in names if hasattr(row, name)}
    conditions = [Condition(*one) for one in getattr(row, "conditions", [])]
    actions = [Action(*one) for one in row.actions]
    return Script(name=row.name, conditions=conditions, actions=actions, **known)


def read(said: QueryDict) -> Script:
    """The script a form holds; lines that name nothing we know are left out."""
    trigger = said.get("trigger", "")
    return Script(
        name=" ".join(said.get("name", "").replace("\0", "").split())[: LONGEST_NAME + 1],
        trigger=trigger if trigger in TRIGGERS else "opened",
        hours=_number(said.get("hours", ""), 24),
        any_of=said.get("any_of") == "1",
        stop="stop" in said,
        conditions=[_condition(*one) for one in _lines(said, "field", "op", "value")],
        actions=[_action(*one) for one in _lines(said, "sort", "object", "words")],
    )


def change(now: Script, deed: str) -> None:
    """Add or remove a line: "add-condition", "add-action", "drop-c0", "drop-a2"."""
    if deed == "add-condition":
        now.conditions.append(_FIRST_CONDITION)
    elif deed == "add-action":
        now.actions.append(_FIRST_ACTION)
    elif deed.startswith("drop-c"):
        _drop(now.conditions, deed[6:])
    elif deed.startswith("drop-a"):
        _drop(now.actions, deed[6:])


def settle(now: Script, choices: Choices) -> None:
    """Leave no line with the value of another sort, or one that is gone: to be chosen again."""
    now.conditions = [
        one._replace(value=_fitting(one.value, FIELDS[one.field].value, choices))
        for one in now.conditions
    ]
    now.actions = [
        one._replace(value=_fitting(one.value, SORTS[one.sort].value, choices))
        for one in now.actions
    ]


def check(now: Script, choices: Choices) -> bool:
    """Whether it can be kept; what is wrong is written into `problems`."""
    wrong = now.problems
    if not 0 < len(now.name) <= LONGEST_NAME:
        wrong["name"] = _("It needs a name of at most 80 characters.")
    if not now.actions:
        wrong["actions"] = _("Say what is to be done.")
    if max(len(now.actions), len(now.conditions)) > MOST_LINES:
        wrong["actions"] = _("Twenty lines are enough.")
    if now.trigger == IDLE and not 1 <= now.hours <= MOST_HOURS:
        wrong["trigger"] = _("Choose between 1 hour and 90 days.")
    for number, condition in enumerate(now.conditions):
        sort = FIELDS[condition.field].value
        if why := _why_not(sort, condition.value, choices, most=10**12):
            wrong[f"c{number}"] = why
    for number, action in enumerate(now.actions):
        if why := _why_not_done(action, choices):
            wrong[f"a{number}"] = why
    return not wrong


def _why_not_done(action: Action, choices: Choices) -> str:
    sort = SORTS[action.sort]
    if sort.words and not action.words.strip():
        return _("Write the words.")
    if len(action.words) > LONGEST_WORDS:
        return _("At most 2,000 characters.")
    return _why_not(sort.value, action.value, choices, most=MOST_POINTS)


def _why_not(sort: str, value: str, choices: Choices, *, most: int) -> str:
    """Why a value is none of its sort; "" when it is."""
    if sort == "words":
        return _why_unreadable(value)
    if sort in {"number", "points"}:
        known = value.isascii() and value.isdecimal() and 0 < int(value) <= most
        return "" if known else _("Write a number above 0.")
    if not sort:
        return ""
    options = choices.options(sort)
    if value in options:
        return ""
    return _("Choose one.") if options else _("There is none to choose yet.")


def _why_unreadable(words: str) -> str:
    if not words.strip():
        return _("Write the words to look for.")
    try:
        parse(words)
    except LanguageError as error:
        return _(str(error))
    return ""


def _fitting(value: str, sort: str, choices: Choices) -> str:
    options = choices.options(sort)
    if sort in {"words", ""}:
        return value
    if sort in {"number", "points"}:
        return value if value.isdecimal() else "10"
    current = choices.tag(value) if sort == "tag" else value
    return current if current in options else next(iter(options)) if len(options) == 1 else ""


def _condition(name: str, op: str, value: str) -> Condition:
    known = name if name in FIELDS else _FIRST_CONDITION.field
    ops = FIELDS[known].ops
    return Condition(known, op if op in ops else ops[0], value[:200])


def _action(sort: str, value: str, words: str) -> Action:
    known = sort if sort in SORTS else _FIRST_ACTION.sort
    kept = words[: LONGEST_WORDS + 1] if SORTS[known].words else ""
    return Action(known, value[:40] if SORTS[known].value else "", kept.replace("\r\n", "\n"))


def _lines(said: QueryDict, *names: str) -> list[tuple[str, str, str]]:
    columns = [[one.replace("\0", "") for one in said.getlist(name)] for name in names]
    return [(first, second, third) for first, second, third in zip(*columns, strict=False)]


def _drop(lines: list[Any], number: str) -> None:
    if number.isdecimal() and int(number) < len(lines):
        del lines[int(number)]


def _number(words: str, otherwise: int) -> int:
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 6 else otherwise
