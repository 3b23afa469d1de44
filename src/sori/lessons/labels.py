"""The labels a person may correct: their values, in words, and the key that gives each.

The keys lie on the keyboard as the palette lies on the page: a row for a label. They are named by
their place, so they are the same with a Korean layout.
"""

from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from sori import words
from sori.mention import KINDS, SENTIMENTS, URGENCIES

_MOST_TOPICS: Final = 20
_LONGEST_TOPIC: Final = 80
ALSO: Final = KINDS[:4]


class Choice(NamedTuple):
    """One value of a label.

    Attributes:
        value: as it stands in a mention.
        word: for people, to be translated.
        code: the key, as `KeyboardEvent.code` names it, with its modifiers.
        key: what is printed on it.
    """

    value: Any
    word: str
    code: str
    key: str

    @property
    def name(self) -> str:
        """The value as a form writes it."""
        return str(self.value).lower()


class Label(NamedTuple):
    """One label.

    Attributes:
        name: its column.
        word: for people, to be translated.
        choices: its values; empty where they are not known beforehand.
        many: whether a mention has any number of them.
    """

    name: str
    word: str
    choices: tuple[Choice, ...]
    many: bool = False

    def accepts(self, value: Any) -> bool:
        """Whether this can be the value of the label."""
        if self.name == "topics":
            return _is_topics(value)
        known = [choice.value for choice in self.choices]
        if self.many:
            return isinstance(value, list) and len(set(value)) == len(value) <= len(
                [one for one in value if one in known]
            )
        # True is 1 in Python, but no urgency
        return any(value == one and type(value) is type(one) for one in known)

    def title(self) -> str:
        """What it is called."""
        return _(self.word)

    def choice(self, name: str) -> Choice | None:
        """The choice a form names; None when there is none."""
        return next((choice for choice in self.choices if choice.name == name), None)

    def said(self, value: Any) -> str:
        """A value in words."""
        if value is None:
            return _(words.UNKNOWN)
        if self.many:
            named = [self.said_of(one) for one in value]
            return ", ".join(named) or _("None")
        return self.said_of(value)

    def said_of(self, value: Any) -> str:
        """One value in words; a topic is its own word."""
        found = (choice.word for choice in self.choices if choice.value == value)
        word = next(found, None)
        return str(value) if word is None else _(word)


def _words(values: Any, named: dict[Any, str], keys: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(value, named[value], f"Key{key}", key)
        for value, key in zip(values, keys, strict=True)
    )


def _yes_or_no(name: str, word: str, yes: str, no: str, keys: str) -> Label:
    words_ = {True: yes, False: no}
    return Label(name, word, _words(words_, words_, keys))


_KINDS: Final = tuple(
    Choice(kind, words.KINDS[kind], f"Digit{number}", str(number))
    for number, kind in enumerate(KINDS, 1)
)
LABELS: Final = {
    label.name: label
    for label in (
        Label("kind", marked("Kind"), _KINDS),
        Label(
            "also",
            marked("Also"),
            tuple(one._replace(code=f"Shift+{one.code}", key=f"⇧{one.key}") for one in _KINDS[:4]),
            many=True,
        ),
        Label("sentiment", marked("Sentiment"), _words(SENTIMENTS, words.SENTIMENTS, "QWER")),
        Label("urgency", marked("Urgency"), _words(URGENCIES, words.URGENCIES, "ASD")),
        _yes_or_no(
            "answer", marked("Answer"), marked("Answer expected"), marked("No answer needed"), "ZX"
        ),
        _yes_or_no("abuse", marked("Abuse"), marked("Insulting"), marked("Not insulting"), "CV"),
        _yes_or_no("spam", marked("Spam"), marked("Advertising"), marked("No advertising"), "BN"),
        _yes_or_no("irony", marked("Irony"), marked("Ironic"), marked("Meant as it says"), "GH"),
        Label("topics", marked("Topics"), (), many=True),
    )
}  # fmt: skip
"""Every label by its name."""

ASKED: Final = ("kind", "sentiment", "urgency", "answer")
"""What a random check asks about."""


def head_word(head: str) -> str:
    """What a head of the model is called: a label, or one of the further kinds."""
    if head.startswith("also_"):
        return f"{LABELS['also'].title()}: {_(words.KINDS[head.removeprefix('also_')])}"
    return LABELS[head].title() if head in LABELS else head


def same(label: str, one: Any, other: Any) -> bool:
    """Whether two values of a label mean the same."""
    if LABELS[label].many and one is not None and other is not None:
        return set(one) == set(other)
    return bool(one == other)


def _is_topics(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= _MOST_TOPICS
        and all(isinstance(one, str) and 0 < len(one) <= _LONGEST_TOPIC for one in value)
        and len(set(value)) == len(value)
    )
