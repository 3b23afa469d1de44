"""Whether somebody sits at their window, and where an answer therefore goes."""

from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

from sori.respond.models import Conversation
from sori.webchat.entering import CHANNEL
from sori.webchat.models import Visitor
from sori.webchat.selectors import unread

PATIENCE: Final = timedelta(seconds=55)
"""A window is written down as heard of every half minute; one that is not is cut off. One that is
closed says so."""


def here(visitor: Visitor) -> bool:
    """Whether their window is open somewhere now."""
    return visitor.seen_at is not None and visitor.seen_at > timezone.now() - PATIENCE


def way_home(visitor: Visitor) -> tuple[str, str] | None:
    """The slug of the mail source and the address for somebody who has left; None: the window."""
    mailbox = str(visitor.source.settings.get("reply_by") or "")
    return (mailbox, visitor.email) if mailbox and visitor.email and not here(visitor) else None


def beside_case(case: int) -> list[dict[str, Any]]:
    """Everybody at a window in this case.

    Returns:
        One dictionary each: `name`, `here`, `email` (where the next answer goes by mail, or ""),
        `unread` (how many answers went into a window that they have left without reading them),
        `verified` (whether the site has signed them in).
    """
    talks = Conversation.objects.filter(case=case, channel=CHANNEL)
    keys = [thread.partition(":")[2] for thread in talks.values_list("thread", flat=True)]
    visitors = Visitor.objects.filter(key__in=keys).select_related("source").order_by("pk")
    rows = []
    for visitor in visitors:
        home = way_home(visitor)
        rows.append(
            {
                "name": visitor.name,
                "here": here(visitor),
                "email": home[1] if home else "",
                "unread": 0 if here(visitor) else unread(visitor),
                "verified": bool(visitor.user),
            }
        )
    return rows
