"""What can be chosen in a line of a rule or macro, and what a chosen value is called."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sori import words
from sori.automation.actions import OWN
from sori.automation.deciding import NOBODY, SOMEBODY, UNCLEAR
from sori.lessons.choosing import topic_names
from sori.lessons.topics import tree
from sori.listen.models import Source
from sori.mention import KINDS, SENTIMENTS
from sori.people.models import Person
from sori.respond.clock_models import Calendar
from sori.respond.forms import owners
from sori.respond.models import Case, SavedReply, Tag
from sori.respond.tagging import everything
from sori.staff.models import Department, Member

Options = dict[str, str]
"""Value -> what it is called, in the order they are offered."""

MOMENTS: Final = {
    "1": gettext_lazy("In an hour"),
    "4": gettext_lazy("In 4 hours"),
    "24": gettext_lazy("In 24 hours"),
    "72": gettext_lazy("In 3 days"),
    "168": gettext_lazy("In a week"),
    "tomorrow": gettext_lazy("Tomorrow morning"),
    "monday": gettext_lazy("Monday morning"),
}


class Choices:
    """Everything there is to choose from, each sort read once, when it is first asked for."""

    def options(self, sort: str) -> Options:
        """The values of a sort, by what they are called; empty for what is written freely."""
        return _SORTS[sort](self) if sort in _SORTS else {}

    def word(self, sort: str, value: str) -> str:
        """What a value is called; whatever is gone says so."""
        if sort not in _SORTS:
            return value
        value = self.tag(value) if sort == "tag" else value
        return self.options(sort).get(value) or _("something that is gone")

    def tag(self, value: str) -> str:
        """The tag that is meant by one: itself, or what it was merged into."""
        seen: set[str] = set()
        while value in self._merged and value not in seen:
            seen.add(value)
            value = self._merged[value]
        return value

    @cached_property
    def _merged(self) -> dict[str, str]:
        rows = Tag.objects.exclude(merged_into=None).values_list("pk", "merged_into")
        return {str(pk): str(into) for pk, into in rows}

    @cached_property
    def tags(self) -> Options:
        """Tags by id."""
        return {str(one["id"]): one["name"] for one in everything()}

    @cached_property
    def topics(self) -> Options:
        """Topics and their groups, in the order of the tree."""
        names = topic_names()
        return {one.slug: names.get(one.slug, one.slug) for one in tree().topics}

    @cached_property
    def departments(self) -> Options:
        """Departments by id."""
        return {str(pk): name for pk, name in Department.objects.values_list("pk", "name")}

    @cached_property
    def members(self) -> Options:
        """Members who run cases, by id."""
        return {str(one["id"]): one["name"] for one in owners(None)}

    @cached_property
    def everybody(self) -> Options:
        """All active members, by id."""
        rows = Member.objects.filter(is_active=True).values_list("pk", "name")
        return {str(pk): name for pk, name in rows}

    @cached_property
    def sources(self) -> Options:
        """Sources by id."""
        return {str(pk): name for pk, name in Source.objects.order_by("name").values_list(*_NAMED)}

    @cached_property
    def channels(self) -> Options:
        """The channels we listen to."""
        names = Source.objects.order_by("channel").values_list("channel", flat=True).distinct()
        return {name: words.channel(name) for name in names}

    @cached_property
    def calendars(self) -> Options:
        """Working hours in use, by name."""
        names = Calendar.objects.filter(retired_at=None).values_list("name", flat=True)
        return {name: name for name in names}

    @cached_property
    def replies(self) -> Options:
        """Saved replies by id."""
        rows = SavedReply.objects.order_by("title").values_list("pk", "title")
        return {str(pk): title for pk, title in rows}


def _nobody() -> Options:
    return {NOBODY: _("none")}


def _segments() -> Options:
    return {one.value: str(one.label) for one in Person.Segment}


def _statuses(*which: Case.Status) -> Options:
    return {one.value: str(one.label) for one in which or Case.Status}


_STATUS = Case.Status
_NAMED: Final = ("pk", "name")
_SORTS: Final[Mapping[str, Callable[[Choices], Options]]] = {
    "kind": lambda _one: {one: words.kind(one) for one in KINDS} | {UNCLEAR: words.kind("")},
    "sentiment": lambda _one: {one: words.sentiment(one) for one in SENTIMENTS},
    "urgency": lambda _one: {str(one): words.urgency(one) for one in (2, 1, 0)},
    "tag": lambda one: one.tags,
    "topic": lambda one: one.topics,
    "department": lambda one: one.departments,
    "department_or_none": lambda one: one.departments | _nobody(),
    "department_or_own": lambda one: {OWN: _("the department it is in")} | one.departments,
    "owner": lambda one: _nobody() | {SOMEBODY: _("somebody")} | one.members,
    "member": lambda one: one.everybody,
    "member_or_none": lambda one: one.members | {NOBODY: _("nobody")},
    "status": lambda _one: _statuses(),
    "new_status": lambda _one: _statuses(
        _STATUS.OPEN, _STATUS.PENDING, _STATUS.ON_HOLD, _STATUS.RESOLVED
    ),
    "channel": lambda one: one.channels,
    "source": lambda one: one.sources,
    "segment": lambda _one: _segments() | _nobody(),
    "yes": lambda _one: {"yes": _("yes")},
    "calendar": lambda one: one.calendars,
    "reply": lambda one: one.replies,
    "moment": lambda _one: {value: str(word) for value, word in MOMENTS.items()},
}
