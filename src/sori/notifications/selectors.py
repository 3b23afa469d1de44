"""Read what somebody was told, who follows what, and which ways out there are."""

from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Max

from sori.notifications.models import Follow, Notification, Outlet
from sori.notifications.occasions import OCCASIONS
from sori.notifications.sentences import path_of, sentence, titles
from sori.respond.models import Case
from sori.sql import read_sql

MOST: int = 50


class Page(NamedTuple):
    """Some of what a member was told.

    Attributes:
        rows: newest first, each with id (of the newest notification), occasion, icon, text, title,
            path, at, count (how many stand together), unread and who (who did it, "" the machine).
        next: hand it back as `after` for the next page; None at the end.
    """

    rows: list[dict[str, Any]]
    next: int | None


class Bell(NamedTuple):
    """What the bell shows.

    Attributes:
        unread: how much was not read, what belongs together as one; at most 100.
        newest: the id of the newest of it, 0 when there is none.
    """

    unread: int
    newest: int


def bell(member: int) -> Bell:
    """How much a member was told and has not read."""
    # in SQL: every page of the site asks
    with connection.cursor() as cursor:
        cursor.execute(read_sql("notifications", "unread"), {"member": member})
        return Bell(*cursor.fetchone())


def page(
    *, member: int, unread_only: bool = False, after: int | None = None, limit: int = MOST
) -> Page:
    """What a member was told, newest first; what was not read yet stands together by subject.

    Args:
        member: who reads.
        unread_only: leave out what was read.
        after: `next` of the page before.
        limit: rows a page.
    """
    mine = Notification.objects.filter(member=member)
    if unread_only:
        mine = mine.filter(read_at=None)
    groups = (
        mine.values("occasion", "about", "read_at")
        .annotate(newest=Max("pk"), number=Count("pk"))
        .order_by("-newest")
    )
    if after is not None:
        groups = groups.filter(newest__lt=after)
    found: list[dict[str, Any]] = [dict(one) for one in groups[: limit + 1]]
    shown = found[:limit]
    more: int | None = shown[-1]["newest"] if len(found) > limit else None
    return Page(_rows(shown), more)


def newest_since(member: int, after: int) -> dict[str, Any] | None:
    """The newest that a member was told after this one and has not read; None when there is none.

    Args:
        member: who.
        after: the id of a notification.
    """
    fresh = Notification.objects.filter(member=member, read_at=None, pk__gt=after)
    newest = fresh.order_by("-pk").values("pk", "occasion", "about", "read_at").first()
    if newest is None:
        return None
    group = {**newest, "newest": newest["pk"], "number": 1}
    return _rows([group])[0]


def followers(case: int) -> list[dict[str, Any]]:
    """Who follows a case: id and name, by name."""
    following = Follow.objects.filter(case=case, following=True, member__is_active=True)
    rows = following.order_by("member__name", "member").values("member_id", "member__name")
    return [{"id": row["member_id"], "name": row["member__name"]} for row in rows]


def followed(member: int, *, limit: int = MOST) -> list[dict[str, Any]]:
    """The unsettled cases a member follows, newest change first: id, subject, status, updated_at,
    owner (a name or "")."""
    rows = Case.objects.filter(
        follows__member=member,
        follows__following=True,
        status__in=("new", "open", "pending", "on_hold"),
    ).order_by("-updated_at", "-pk")
    named = rows.values("id", "subject", "status", "updated_at", "owner__name")[:limit]
    return [{**row, "owner": row["owner__name"] or ""} for row in named]


def outlets(member: int | None) -> list[Outlet]:
    """The messengers of a member, or (None) the rooms the company shares, oldest first."""
    return list(Outlet.objects.filter(way=Outlet.Way.CHAT, member=member).order_by("pk"))


def mailbox(member: int) -> Outlet | None:
    """How mail to a member went; None when none was ever due."""
    return Outlet.objects.filter(way=Outlet.Way.MAIL, member=member).first()


def _rows(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    newest = Notification.objects.filter(pk__in=[one["newest"] for one in groups])
    facts = {
        row["pk"]: dict(row)
        for row in newest.values(
            "pk",
            "at",
            "event__at",
            "event__kind",
            "event__member__name",
            "event__member",
            "case__subject",
        )
    }
    names = titles({one["about"] for one in groups})
    return [_row(one, facts[one["newest"]], names) for one in groups if one["newest"] in facts]


def _row(group: dict[str, Any], fact: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    about, occasion = group["about"], group["occasion"]
    by = fact["event__member__name"] or ""
    kind = fact["event__kind"]
    return {
        "id": group["newest"],
        "occasion": occasion,
        "icon": OCCASIONS[occasion].icon,
        "text": sentence(kind, occasion, about, by=by, count=group["number"]),
        "title": fact["case__subject"] or names.get(about, ""),
        "path": path_of(about),
        "at": fact["event__at"],
        "count": group["number"],
        "unread": group["read_at"] is None,
        "who": by,
        "who_id": fact["event__member"],
    }
