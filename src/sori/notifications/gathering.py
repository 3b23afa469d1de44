"""Everything that must be known to tell people of some events, in a fixed number of questions."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from sori.change.selectors import subscribers
from sori.mailing import mail_works
from sori.notifications.deciding import MAIL, NOBODY, Facts, Happened, ids
from sori.notifications.models import Choice, Follow, Outlet
from sori.notifications.occasions import GROUPS, OCCASIONS, ways_of
from sori.notifications.quiet import NEVER, Peace, mail_due, quiet_hours
from sori.respond.business import Hours
from sori.respond.clock_models import Policy
from sori.respond.models import Message
from sori.respond.policies import hours
from sori.staff.models import Member


@dataclass(frozen=True)
class Person:
    """A member with what they chose, as far as telling them needs it."""

    member: Member
    choice: Choice
    work: Hours | None

    @cached_property
    def zone(self) -> tzinfo:
        """Whose wall clock counts for them."""
        return zone_of(self.choice)

    @cached_property
    def peace(self) -> Peace:
        """When they are not to be reached."""
        chosen = self.choice
        own = quiet_hours(self.zone, chosen.quiet_since, chosen.quiet_until, chosen.quiet_days)
        return Peace(own, self.work if chosen.at_work_only else None)

    @cached_property
    def ways(self) -> dict[str, frozenset[str]]:
        """By which ways they hear of what; mail only to an address that is proved to be theirs."""
        chosen = ways_of(self.member.role, self.choice.ways)
        return {name: ways - self._closed(name) for name, ways in chosen.items()}

    def rhythm(self, occasion: str) -> str:
        """How often mail about it comes."""
        return rhythm_of(self.choice, OCCASIONS[occasion].group)

    def mail_due(self, occasion: str, at: datetime) -> datetime:
        """When the mail goes that tells of it, quiet hours aside."""
        minutes = self.choice.daily_at
        return mail_due(self.rhythm(occasion), at, zone=self.zone, daily_at=minutes)

    def reachable(self, occasion: str, at: datetime) -> datetime:
        """The first moment from `at` on at which they may be told outside the app."""
        passes = occasion == "clock_escalated" and self.choice.escalations_pass
        return at if passes else self.peace.ends(at)

    def _closed(self, occasion: str) -> frozenset[str]:
        open_ = mail_works() and self.member.email_proved_at is not None
        return frozenset() if open_ and self.rhythm(occasion) != NEVER else frozenset({MAIL})


def zone_of(choice: Choice) -> tzinfo:
    """The time zone somebody chose, else the company's."""
    return ZoneInfo(choice.zone) if choice.zone else timezone.get_default_timezone()


def rhythm_of(choice: Choice, group: str) -> str:
    """How often mail of a group of occasions comes: one of `quiet.RHYTHMS`."""
    rhythm: str = choice.rhythms.get(group, GROUPS[group][1])
    return rhythm


class Gathered:
    """What is known about some events and the people they may concern.

    Args:
        events: of the journal.
        owners: who answers for each of their cases.
    """

    def __init__(
        self, events: Collection[Mapping[str, Any]], owners: Mapping[int, int | None]
    ) -> None:
        self._owners = owners
        self._followers: dict[int, set[int]] = defaultdict(set)
        follows = Follow.objects.filter(case__in=owners, following=True)
        for case, member in follows.values_list("case_id", "member_id"):
            self._followers[case].add(member)
        answers = {one for event in events for one in ids(event["data"].get("message"))}
        authors = Message.objects.filter(pk__in=answers).exclude(approved_by=None)
        self._authors = dict(authors.values_list("pk", "approved_by_id"))
        self.people = people()
        self.shared = list(Outlet.objects.filter(member=None, way=Outlet.Way.CHAT))
        self.chats: dict[int, list[Outlet]] = defaultdict(list)
        for outlet in Outlet.objects.filter(member__isnull=False, way=Outlet.Way.CHAT):
            assert outlet.member_id
            self.chats[outlet.member_id].append(outlet)
        themes = {theme for event in events if (theme := theme_of(event))}
        self._subscribers = subscribers(themes) if themes else {}
        self._ways = {number: person.ways for number, person in self.people.items()}

    def facts(self, event: Mapping[str, Any]) -> Facts:
        """What must be known to decide about this event."""
        case = case_of(event["about"]) or 0
        message = next(iter(ids(event["data"].get("message"))), 0)
        return Facts(
            owner=self._owners.get(case),
            followers=frozenset(self._followers.get(case, ())),
            author=self._authors.get(message),
            department=self._members(event["data"].get("department")),
            subscribers=self._subscribers.get(theme_of(event) or 0, NOBODY),
            ways=self._ways,
        )

    def _members(self, department: object) -> frozenset[int]:
        if not isinstance(department, int):
            return NOBODY
        there = (one.member for one in self.people.values())
        return frozenset(one.pk for one in there if one.department_id == department)


def people(members: Iterable[int] | None = None) -> dict[int, Person]:
    """Members who may sign in (of these, or all), each with what they chose and when they work."""
    active = Member.objects.filter(is_active=True)
    if members is not None:
        active = active.filter(pk__in=members)
    found = list(active.only("role", "department", "email_proved_at", "email", "name", "language"))
    choices = {one.member_id: one for one in Choice.objects.filter(member__in=active)}
    work = working_hours()
    return {
        one.pk: Person(
            one,
            choices.get(one.pk) or Choice(member_id=one.pk),
            work.get(one.department_id, work.get(None)),
        )
        for one in found
    }


def working_hours() -> dict[int | None, Hours]:
    """When each department works, as the first policy with working hours says; None: the others."""
    policies = Policy.objects.filter(active=True, calendar__isnull=False)
    found: dict[int | None, Hours] = {}
    for policy in policies.select_related("calendar"):
        calendar = hours(policy.calendar)
        if policy.department_id not in found and isinstance(calendar, Hours):
            found[policy.department_id] = calendar
    return found


def happened(event: Mapping[str, Any]) -> Happened:
    """An event of the journal, as deciding wants it."""
    return Happened(event["kind"], event["member"], event["data"])


def case_of(about: str) -> int | None:
    """The case a subject names: 12 for "case:12"; None for another subject."""
    noun, _, number = about.partition(":")
    return int(number) if noun == "case" and number.isdecimal() else None


def theme_of(event: Mapping[str, Any]) -> int | None:
    """The theme an event speaks of, by its subject or, of a surge, by what surges."""
    noun, _, number = event["about"].partition(":")
    data = event["data"]
    if noun == "surge" and data.get("sort") == "theme":
        number = str(data.get("key", ""))
    elif noun != "theme":
        return None
    return int(number) if number.isdecimal() else None
