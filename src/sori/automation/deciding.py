"""Does a rule fit? Decided from the rule, what is known of a case, and the time.

It knows no Django and no database, so that a rule can be tried on a month that has passed exactly
as it will be asked tomorrow.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

IDLE: Final = "idle"
"""The trigger of rules that wait for nothing to happen."""

TRIGGERS: Final[Mapping[str, frozenset[str]]] = {
    "opened": frozenset({"case.opened"}),
    "heard": frozenset({"case.heard"}),
    "reopened": frozenset({"case.reopened"}),
    "resolved": frozenset({"case.resolved", "case.left_unanswered"}),
    "status": frozenset({"case.status_changed"}),
    "warned": frozenset({"clock.warned"}),
    "overdue": frozenset({"clock.escalated"}),
    "relabelled": frozenset({"case.relabelled"}),
    "tagged": frozenset({"case.tagged"}),
    IDLE: frozenset(),
}
"""What a rule can wait for -> the kinds of events that say so."""

NOBODY: Final = "none"
SOMEBODY: Final = "some"
UNCLEAR: Final = "unclear"
_AGAINST: Final = frozenset({"is_not", "lacks"})


class Condition(NamedTuple):
    """One thing that must hold: a field, how it is compared, and with what (always as text)."""

    field: str
    op: str
    value: str


class Action(NamedTuple):
    """One thing to do: its sort, with what (an id, a number, a word), and words of its own."""

    sort: str
    value: str = ""
    words: str = ""


@dataclass(frozen=True)
class Rule:
    """A rule as plain data.

    Attributes:
        key: its id; 0 for one that is not saved.
        name: what it is called.
        trigger: one of TRIGGERS.
        hours: how long nothing must have happened; of IDLE rules only.
        any_of: whether one condition is enough; none at all always hold.
        conditions: what must hold.
        actions: what is done.
        stop: whether rules behind it are not asked any more once it acted.
        since: what happened before is none of its business; None while it is switched off.
    """

    key: int
    name: str
    trigger: str
    hours: int = 24
    any_of: bool = False
    conditions: tuple[Condition, ...] = ()
    actions: tuple[Action, ...] = ()
    stop: bool = False
    since: datetime | None = None

    def hears(self, kind: str, at: datetime) -> bool:
        """Whether it waits for events of this kind, and did so at this moment."""
        return kind in TRIGGERS[self.trigger] and self.since is not None and at >= self.since


@dataclass(frozen=True)
class Facts:
    """What is known of a case at a moment.

    Attributes:
        at: the moment.
        case: its id.
        opened_at: since when there is the case.
        status, kind, sentiment, channel, department, owner, urgency, priority: as on the case.
        snoozed: whether it is put off.
        far_reach: whether somebody said it whom many hear.
        segment, value: of the person; value per year, None where nobody knows.
        sources: where it was said.
        tags: what it carries.
        holds: which of the word conditions asked for hold for what was said.
        topics: what was said is about these, and their groups; None where nobody knows.
        working: names of the working hours that are open at the moment.
    """

    at: datetime
    case: int
    opened_at: datetime
    status: str = "new"
    kind: str = ""
    sentiment: str = ""
    channel: str = ""
    department: int | None = None
    owner: int | None = None
    urgency: int | None = None
    priority: int = 0
    snoozed: bool = False
    far_reach: bool = False
    segment: str = ""
    value: float | None = None
    sources: frozenset[int] = field(default_factory=frozenset)
    tags: frozenset[int] = field(default_factory=frozenset)
    holds: frozenset[str] = field(default_factory=frozenset)
    topics: frozenset[str] | None = None
    working: frozenset[str] = field(default_factory=frozenset)


class Verdict(NamedTuple):
    """Whether a rule fits, and of each condition whether it held.

    `unknown` says that it may fit and may not, for of something it asks for nobody knows; None is
    said of such a condition. A rule acts on what is certain alone.
    """

    fits: bool
    reasons: tuple[tuple[Condition, bool | None], ...]
    unknown: bool = False


def _named(value: int | None) -> str:
    return NOBODY if value is None else str(value)


def _owner(facts: Facts, value: str) -> bool:
    return facts.owner is not None if value == SOMEBODY else _named(facts.owner) == value


def _topic(facts: Facts, value: str) -> bool | None:
    return None if facts.topics is None else value in facts.topics


_TESTS: Final[Mapping[str, Callable[[Facts, str], bool | None]]] = {
    "kind": lambda facts, value: (facts.kind or UNCLEAR) == value,
    "sentiment": lambda facts, value: (facts.sentiment or UNCLEAR) == value,
    "urgency": lambda facts, value: _named(facts.urgency) == value,
    "channel": lambda facts, value: facts.channel == value,
    "source": lambda facts, value: int(value) in facts.sources,
    "department": lambda facts, value: _named(facts.department) == value,
    "owner": _owner,
    "tag": lambda facts, value: int(value) in facts.tags,
    "text": lambda facts, value: value in facts.holds,
    "topic": _topic,
    "segment": lambda facts, value: (facts.segment or NOBODY) == value,
    "value": lambda facts, value: facts.value is not None and facts.value >= float(value),
    "priority": lambda facts, value: facts.priority >= int(value),
    "reach": lambda facts, _value: facts.far_reach,
    "status": lambda facts, value: facts.status == value,
    "age": lambda facts, value: facts.at - facts.opened_at >= timedelta(hours=int(value)),
    "hours": lambda facts, value: value in facts.working,
}
"""Each field a condition can speak of."""

FIELDS: Final = tuple(_TESTS)


def holds(condition: Condition, facts: Facts) -> bool | None:
    """Whether one condition holds; None where nobody knows.

    Raises:
        ValueError: when its value cannot be what it is compared with.
    """
    said = _TESTS[condition.field](facts, condition.value)
    return None if said is None else said != (condition.op in _AGAINST)


def judge(rule: Rule, facts: Facts) -> Verdict:
    """Whether a rule fits, with the reasons."""
    reasons = tuple((one, holds(one, facts)) for one in rule.conditions)
    held = [said for _one, said in reasons]
    if rule.any_of and held:
        return Verdict(True in held, reasons, True not in held and None in held)
    return Verdict(all(held), reasons, False not in held and None in held)


def changes(action: Action, facts: Facts) -> bool:
    """Whether an action would change anything, as far as the facts tell."""
    same: Mapping[str, Callable[[], bool]] = {
        "add_tag": lambda: int(action.value) in facts.tags,
        "remove_tag": lambda: int(action.value) not in facts.tags,
        "department": lambda: _named(facts.department) == action.value,
        "give": lambda: _named(facts.owner) == action.value,
        "status": lambda: facts.status == action.value,
        "snooze": lambda: facts.snoozed,
    }
    return action.sort not in same or not same[action.sort]()


def expressions(rules: list[Rule]) -> frozenset[str]:
    """What rules look for in texts."""
    return frozenset(one.value for rule in rules for one in rule.conditions if one.field == "text")


def ask_topics(rules: list[Rule]) -> bool:
    """Whether rules ask what something is about."""
    return any(one.field == "topic" for rule in rules for one in rule.conditions)


def calendars(rules: list[Rule]) -> frozenset[str]:
    """The working hours that rules ask for, by name."""
    return frozenset(one.value for rule in rules for one in rule.conditions if one.field == "hours")


def read(key: int, row: Mapping[str, Any]) -> Rule:
    """A rule from the columns it is stored in."""
    return Rule(
        key=key,
        name=row["name"],
        trigger=row["trigger"],
        hours=row["hours"],
        any_of=row["any_of"],
        conditions=tuple(Condition(*one) for one in row["conditions"]),
        actions=tuple(Action(*one) for one in row["actions"]),
        stop=row["stop"],
        since=row["since"] if row["active"] else None,
    )
