"""Who is told of an event, and of what kind of matter it is: a decision without side effects.

Whoever did a thing themselves is never told of it, and nobody is told of one event twice: where
several rules reach the same member, the first one, which is the more personal, counts.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, NamedTuple

NOBODY: Final[frozenset[int]] = frozenset()

APP: Final = "app"
MAIL: Final = "mail"
CHAT: Final = "chat"
WAYS: Final = (APP, MAIL, CHAT)


class Happened(NamedTuple):
    """An event, as the journal tells it.

    Attributes:
        kind: its name, "case.heard".
        member: who did it, None for the machine or a customer.
        data: what else is known.
    """

    kind: str
    member: int | None
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Facts:
    """What must be known to decide.

    Attributes:
        owner: who answers for the case.
        followers: who follows it.
        author: who approved the answer that the event speaks of.
        department: the members of the department that the event names.
        subscribers: who wants to hear of the theme that the event speaks of.
        ways: for each active member the occasions they may hear of, each with the ways they chose.
    """

    owner: int | None = None
    followers: frozenset[int] = NOBODY
    author: int | None = None
    department: frozenset[int] = NOBODY
    subscribers: frozenset[int] = NOBODY
    ways: Mapping[int, Mapping[str, frozenset[str]]] = field(default_factory=dict)

    @property
    def mine(self) -> frozenset[int]:
        """Everybody whose case it is, or who follows it."""
        return self.followers | _some(self.owner)


class Told(NamedTuple):
    """One member hears of one event, by these ways (some of WAYS)."""

    member: int
    occasion: str
    ways: frozenset[str]


Who = Callable[[Happened, Facts], frozenset[int]]


def _mine(_event: Happened, facts: Facts) -> frozenset[int]:
    return facts.mine


def _named(name: str) -> Who:
    return lambda event, _facts: ids(event.data.get(name))


def _named_or(name: str, others: Who) -> Who:
    return lambda event, facts: ids(event.data.get(name)) or others(event, facts)


def _department(_event: Happened, facts: Facts) -> frozenset[int]:
    return facts.department


def _department_and_owner(_event: Happened, facts: Facts) -> frozenset[int]:
    return facts.department | _some(facts.owner)


def _author_and_owner(_event: Happened, facts: Facts) -> frozenset[int]:
    return _some(facts.author) | _some(facts.owner)


def _whoever_asked(event: Happened, _facts: Facts) -> frozenset[int]:
    return _some(event.member)


def _subscribers(_event: Happened, facts: Facts) -> frozenset[int]:
    return facts.subscribers


def _everybody(_event: Happened, facts: Facts) -> frozenset[int]:
    return frozenset(facts.ways)


_MOVED: Final = ("activity", _mine)
_THEME: Final = ("theme", _subscribers)
_ANSWERED: Final = ("task_answered", _named_or("to", lambda _event, facts: _some(facts.owner)))

RULES: Final[Mapping[str, tuple[tuple[str, Who], ...]]] = MappingProxyType(
    {
        "case.assigned": (("assigned", _named("owner")), _MOVED),
        "case.heard": (("heard", _mine),),
        "case.reopened": (_MOVED,),
        "case.resolved": (_MOVED,),
        "case.left_unanswered": (_MOVED,),
        "case.department_changed": (_MOVED,),
        "case.review_due": (("review", _named("to")),),
        "notice.grew_old": (("notice_old", _named("to")),),
        "note.written": (("mentioned", _named("mentioned")), _MOVED),
        "answer.sent": (_MOVED,),
        "answer.refused": (("answer_failed", _author_and_owner), _MOVED),
        "answer.unclear": (("answer_failed", _author_and_owner), _MOVED),
        "answer.bounced": (("answer_failed", _author_and_owner), _MOVED),
        "task.asked": (("task_asked", _named_or("to", _department)), _MOVED),
        "task.taken": (_ANSWERED,),
        "task.answered": (_ANSWERED, _MOVED),
        "task.declined": (_ANSWERED, _MOVED),
        "task.withdrawn": (("task_withdrawn", _named("to")),),
        "task.late": (("task_late", _named_or("to", _department_and_owner)),),
        "clock.warned": (("clock_warned", _named("to")),),
        "clock.escalated": (("clock_escalated", _named("to")),),
        "promise.broken": (("promise_broken", _mine),),
        "rule.told": (("told", _named("to")),),
        "initiative.assigned": (("change_given", _named("owner")),),
        "initiative.discussed": (
            ("change_named", _named("mentioned")),
            ("change_moved", _named("to")),
        ),
        "initiative.decided": (("change_moved", _named("to")),),
        "initiative.moved": (("change_moved", _named("to")),),
        "initiative.reopened": (("change_moved", _named("to")),),
        "initiative.due": (("change_due", _named("to")),),
        "surge.began": (_THEME, ("surge", _everybody)),
        "theme.grew": (_THEME,),
        "theme.became": (_THEME,),
        "theme.renamed": (_THEME,),
        "theme.merged": (_THEME,),
        "theme.parted": (_THEME,),
        "theme.split": (_THEME,),
        "theme.joined": (_THEME,),
        "theme.hidden": (_THEME,),
        "theme.shown": (_THEME,),
        "source.broken": (("source_broken", _everybody),),
        "person.erased": (("erasure", _whoever_asked),),
    }
)
"""Kind of event -> (occasion, who hears of it), the more personal first."""

REPORTS_BACK: Final = frozenset({"person.erased"})
"""What a member asked for and the machine finishes later: they are told although it was they."""


def decide(event: Happened, facts: Facts) -> list[Told]:
    """Who is told of an event, in the order of their numbers."""
    told: dict[int, Told] = {}
    for occasion, who in RULES.get(event.kind, ()):
        for member in who(event, facts):
            ways = facts.ways.get(member, {}).get(occasion)
            if ways and member not in told and not _their_own(event, facts, member):
                told[member] = Told(member, occasion, ways)
    return [told[member] for member in sorted(told)]


def occasions_of(kind: str) -> tuple[str, ...]:
    """All that an event of this kind is an occasion for."""
    return tuple(occasion for occasion, _who in RULES.get(kind, ()))


def begins_to_follow(event: Happened) -> frozenset[int]:
    """Who follows a case from this event on, unless they have left it before."""
    if event.kind == "note.written":
        return _some(event.member) | ids(event.data.get("mentioned"))
    if event.kind in {"answer.approved", "task.asked"}:
        return _some(event.member)
    return NOBODY


def ids(value: object) -> frozenset[int]:
    """The members that the data of an event names: one number, a list of them, or nobody."""
    named: Iterable[object] = value if isinstance(value, list) else [value]
    return frozenset(one for one in named if isinstance(one, int) and not isinstance(one, bool))


def _their_own(event: Happened, facts: Facts, member: int) -> bool:
    """Whether a member did it; an answer is sent by the machine, but by nobody else's will."""
    if event.kind in REPORTS_BACK:
        return False
    return member == event.member or (event.kind == "answer.sent" and member == facts.author)


def _some(member: int | None) -> frozenset[int]:
    return NOBODY if member is None else frozenset({member})
