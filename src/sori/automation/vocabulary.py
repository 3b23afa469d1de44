"""The words of rules and macros: what can be waited for, asked and done, and with what.

One table each. The editor, the checks and the sentences on pages are drawn from them.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from django.utils.translation import gettext_noop as marked

from sori.automation.deciding import IDLE

TRIGGERS: Final[Mapping[str, str]] = {
    "opened": marked("A conversation opens"),
    "heard": marked("The customer speaks again"),
    "reopened": marked("It is taken up again"),
    "resolved": marked("It is settled"),
    "status": marked("Its status changes"),
    "warned": marked("A clock is about to run out"),
    "overdue": marked("A clock ran out"),
    "relabelled": marked("A label is corrected"),
    "tagged": marked("It gets a tag"),
    IDLE: marked("Nothing happens for some hours"),
}

OPS: Final[Mapping[str, str]] = {
    "is": marked("is"),
    "is_not": marked("is not"),
    "at_least": marked("is at least"),
    "contains": marked("contains"),
    "lacks": marked("does not contain"),
}
SAID: Final[Mapping[str, str]] = {
    "is": marked("%(field)s: %(value)s"),
    "is_not": marked("%(field)s: not %(value)s"),
    "at_least": marked("%(field)s: at least %(value)s"),
    "contains": marked("%(field)s: with “%(value)s”"),
    "lacks": marked("%(field)s: without “%(value)s”"),
}
"""A condition in a line of a list, by how it compares."""

_EITHER: Final = ("is", "is_not")


class Field(NamedTuple):
    """Something a condition can ask for.

    Attributes:
        word: what it is called.
        value: what it is compared with: a sort of value of `choices.options`, "number" or "words".
        ops: how it can be compared, keys of OPS.
    """

    word: str
    value: str
    ops: tuple[str, ...] = _EITHER


FIELDS: Final[Mapping[str, Field]] = {
    "text": Field(marked("What was said"), "words", ("contains", "lacks")),
    "topic": Field(marked("Topic"), "topic"),
    "kind": Field(marked("Kind"), "kind"),
    "urgency": Field(marked("Urgency"), "urgency"),
    "sentiment": Field(marked("Sentiment"), "sentiment"),
    "tag": Field(marked("Tag"), "tag"),
    "department": Field(marked("Department"), "department_or_none"),
    "owner": Field(marked("Owner"), "owner"),
    "status": Field(marked("Status"), "status"),
    "channel": Field(marked("Channel"), "channel"),
    "source": Field(marked("Source"), "source"),
    "segment": Field(marked("What the customer is to us"), "segment"),
    "value": Field(marked("The customer's value per year"), "number", ("at_least",)),
    "priority": Field(marked("Priority"), "number", ("at_least",)),
    "reach": Field(marked("Heard by many"), "yes"),
    "age": Field(marked("Hours since it was opened"), "number", ("at_least",)),
    "hours": Field(marked("Working hours"), "calendar"),
}


class Sort(NamedTuple):
    """Something that can be done.

    Attributes:
        word: what it is called in the editor.
        sentence: what is said of it in lists.
        value: what it is done with, as of `Field.value`; "" for nothing.
        words: whether it takes words of its own: "", "one" line or "many".
    """

    word: str
    sentence: str
    value: str = ""
    words: str = ""


SORTS: Final[Mapping[str, Sort]] = {
    "add_tag": Sort(marked("Add the tag"), marked("Add the tag “%(value)s”"), "tag"),
    "remove_tag": Sort(marked("Take the tag off"), marked("Take the tag “%(value)s” off"), "tag"),
    "department": Sort(
        marked("Pass to the department"), marked("Pass to %(value)s"), "department_or_none"
    ),
    "give": Sort(marked("Give to"), marked("Give to %(value)s"), "member_or_none"),
    "give_next": Sort(
        marked("Give by turns within"),
        marked("Give by turns within %(value)s"),
        "department_or_own",
    ),
    "give_least_busy": Sort(
        marked("Give to the least busy of"),
        marked("Give to the least busy of %(value)s"),
        "department_or_own",
    ),
    "status": Sort(marked("Set the status"), marked("Set to “%(value)s”"), "new_status"),
    "snooze": Sort(marked("Snooze until"), marked("Snooze: %(value)s"), "moment"),
    "priority": Sort(
        marked("Raise the priority by"), marked("Raise the priority by %(value)s"), "points"
    ),
    "note": Sort(marked("Leave an internal note"), marked("Note: “%(words)s”"), "", "many"),
    "draft": Sort(
        marked("Prepare an answer from"), marked("Prepare an answer: “%(value)s”"), "reply"
    ),
    "tell_member": Sort(
        marked("Tell the member"), marked("Tell %(value)s: “%(words)s”"), "member", "one"
    ),
    "tell_department": Sort(
        marked("Tell the department"), marked("Tell %(value)s: “%(words)s”"), "department", "one"
    ),
}
