"""Follow the journal and tell people: a worker's duty that misses nothing and tells once.

How far it has come stands in one row, which is moved in the same transaction that writes what
people are told. Numbers that were not there yet are kept in that row too: on PostgreSQL an event
may be committed after one with a higher number.
"""

import time
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone

from sori.database import write_atomic
from sori.journal.selectors import Tail, last, since
from sori.journal.services import Happening, record_all
from sori.notifications import posting
from sori.notifications.deciding import (
    APP,
    CHAT,
    MAIL,
    RULES,
    Told,
    begins_to_follow,
    decide,
    occasions_of,
)
from sori.notifications.gathering import Gathered, case_of, happened
from sori.notifications.models import Bookmark, Follow, Line, Notification, Outlet
from sori.respond.models import Case

AT_ONCE: Final = 200
OLD: Final = timedelta(hours=24)
"""What happened longer ago is told in the app alone: nobody is flooded after a long stop."""

_FOLLOWS: Final = frozenset({"answer.approved"})
_WANTED: Final = frozenset(RULES) | _FOLLOWS


def tell_due(limit: int = AT_ONCE) -> int:
    """Tell people of what has happened since the last time; returns how many events were read."""
    mark = _bookmark()
    if not since(mark.last, limit=1, also=map(int, mark.gaps)):
        return 0
    with write_atomic():
        mark = Bookmark.objects.select_for_update().get(pk=mark.pk)
        tail = Tail(mark.last, gaps=_numbers(mark.gaps), clock=time.time)
        events = tail.read(limit=limit)
        tell([event for event in events if event["kind"] in _WANTED])
        mark.last, mark.gaps = tail.last, _written(tail.gaps)
        mark.save()
    return len(events)


def tell(events: Collection[Mapping[str, Any]]) -> None:
    """Write down who is told of these events, in the app and on the ways out."""
    if not events:
        return
    owners = _owners(events)
    # a case that was forgotten meanwhile has nothing to tell any more
    events = [one for one in events if (case_of(one["about"]) or 0) in {0, *owners}]
    _follow(events)
    known = Gathered(events, owners)
    now = timezone.now()
    told = [(event, one) for event in events for one in decide(happened(event), known.facts(event))]
    in_app = [_notification(event, one, now) for event, one in told if APP in one.ways]
    Notification.objects.bulk_create(in_app, ignore_conflicts=True)
    fresh = [(event, one) for event, one in told if now - event["at"] <= OLD]
    posting.add(_lines(fresh, known, now))
    posting.add(_shared([one for one in events if now - one["at"] <= OLD], known, now))
    record_all(
        Happening("notifications.arrived", f"notifications:{member}", {})
        for member in sorted({row.member_id for row in in_app})
    )


def _lines(
    told: Iterable[tuple[Mapping[str, Any], Told]], known: Gathered, now: datetime
) -> Iterable[Line]:
    """What goes to people's mailboxes and messengers, each when its member may be reached."""
    told = list(told)
    mailboxes = _mailboxes({one.member for _event, one in told if MAIL in one.ways})
    for event, one in told:
        person = known.people[one.member]
        if MAIL in one.ways:
            due = person.reachable(one.occasion, person.mail_due(one.occasion, now))
            yield _line(mailboxes[one.member], event, one.occasion, due)
        if CHAT in one.ways:
            for outlet in known.chats[one.member]:
                yield _line(outlet, event, one.occasion, person.reachable(one.occasion, now))


def _shared(events: Iterable[Mapping[str, Any]], known: Gathered, now: datetime) -> Iterable[Line]:
    """What goes to the rooms that the company shares."""
    for event in events:
        for outlet in known.shared:
            heard = [one for one in occasions_of(event["kind"]) if one in outlet.occasions]
            if heard:
                yield _line(outlet, event, heard[0], now)


def _mailboxes(members: Iterable[int]) -> dict[int, Outlet]:
    """The mail outlet of each of these members, made where there is none."""
    wanted = sorted(members)
    Outlet.objects.bulk_create(
        [Outlet(way=Outlet.Way.MAIL, member_id=one) for one in wanted], ignore_conflicts=True
    )
    rows = Outlet.objects.filter(way=Outlet.Way.MAIL, member__in=wanted)
    return {one.member_id: one for one in rows if one.member_id}


def _line(outlet: Outlet, event: Mapping[str, Any], occasion: str, due: datetime) -> Line:
    return Line(
        outlet=outlet,
        event_id=event["id"],
        case_id=case_of(event["about"]),
        occasion=occasion,
        due_at=due,
    )


def _notification(event: Mapping[str, Any], told: Told, now: datetime) -> Notification:
    return Notification(
        member_id=told.member,
        event_id=event["id"],
        case_id=case_of(event["about"]),
        occasion=told.occasion,
        about=event["about"],
        at=now,
    )


def _follow(events: Iterable[Mapping[str, Any]]) -> None:
    """Let people follow what they have a hand in; who has left a case is not brought back."""
    wanted = {
        (case, member)
        for event in events
        if (case := case_of(event["about"]))
        for member in begins_to_follow(happened(event))
    }
    now = timezone.now()
    Follow.objects.bulk_create(
        [Follow(case_id=case, member_id=member, since=now) for case, member in sorted(wanted)],
        ignore_conflicts=True,
    )


def _owners(events: Iterable[Mapping[str, Any]]) -> dict[int, int | None]:
    """Who answers for each case that is spoken of; none is forgotten while we write about it."""
    numbers = {number for event in events if (number := case_of(event["about"]))}
    cases = Case.objects.select_for_update().filter(pk__in=numbers).order_by("pk")
    return dict(cases.values_list("pk", "owner_id"))


def _bookmark() -> Bookmark:
    """Where we are in the journal; the very first reader begins with what happens next."""
    mark = Bookmark.objects.first()
    if mark is None:
        tail = Tail(last(), clock=time.time)
        fields = {"last": tail.last, "gaps": _written(tail.gaps)}
        mark, _new = Bookmark.objects.get_or_create(pk=1, defaults=fields)
    return mark


def _written(gaps: Mapping[int, float]) -> dict[str, float]:
    return {str(number): at for number, at in gaps.items()}


def _numbers(gaps: Mapping[str, float]) -> dict[int, float]:
    return {int(number): at for number, at in gaps.items()}
