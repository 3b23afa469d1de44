"""Which live topics an event belongs to, and who may listen to which: two tables."""

import re
from typing import Final

from sori.staff.models import Member
from sori.staff.permissions import Permission, allows

COARSE: Final[dict[str, tuple[str, ...]]] = {
    "case": ("inbox",),
    "conversation": ("inbox",),
    "message": ("inbox",),
    "hold": ("inbox",),
    "source": ("sources",),
    "theme": ("themes",),
    "weighing": ("themes",),
    "surge": ("surges",),
    "campaign": ("campaigns",),
    "query": ("queries",),
    "member": ("members",),
    "department": ("members",),
    "model": ("models",),
    "article": ("articles",),
    "initiative": ("initiatives",),
    "notice": ("notices",),
    "study": ("studies",),
    "idea": ("ideas",),
    "policy": ("clocks",),
    "tag": ("tags",),
    "rule": ("rules",),
    "macro": ("rules",),
    "calendar": ("clocks",),
}
"""The noun of an event's subject -> the lists that show such subjects."""

FIGURES: Final = frozenset({"case.opened", "case.resolved", "answer.sent", "source.heard"})
"""Kinds of events that move the figures of the overview."""

KINDS: Final[dict[str, str]] = {"task": "tasks", "call": "calls"}
"""The first word of a kind of event -> the list that shows what such events change."""

AUDIENCE: Final[dict[str, Permission]] = {
    "case": Permission.READ_INBOX,
    "conversation": Permission.READ_INBOX,
    "message": Permission.READ_INBOX,
    "hold": Permission.READ_INBOX,
    "inbox": Permission.READ_INBOX,
    "tasks": Permission.READ_INBOX,
    "calls": Permission.LOG_CALL,
    "overview": Permission.READ_OVERVIEW,
    "theme": Permission.READ_OVERVIEW,
    "themes": Permission.READ_OVERVIEW,
    "weighing": Permission.READ_OVERVIEW,
    "campaign": Permission.READ_OVERVIEW,
    "campaigns": Permission.READ_OVERVIEW,
    "surge": Permission.READ_OVERVIEW,
    "surges": Permission.READ_OVERVIEW,
    "source": Permission.READ_SOURCES,
    "sources": Permission.READ_SOURCES,
    "query": Permission.READ_SOURCES,
    "queries": Permission.READ_SOURCES,
    "model": Permission.READ_MODEL,
    "models": Permission.READ_MODEL,
    "article": Permission.READ_INBOX,
    "initiative": Permission.READ_INITIATIVES,
    "initiatives": Permission.READ_INITIATIVES,
    "articles": Permission.READ_INBOX,
    "notice": Permission.READ_OVERVIEW,
    "notices": Permission.READ_OVERVIEW,
    "study": Permission.READ_MENTIONS,
    "studies": Permission.READ_MENTIONS,
    "idea": Permission.SIGNED_IN,
    "ideas": Permission.SIGNED_IN,
    "policy": Permission.CHANGE_CLOCKS,
    "calendar": Permission.CHANGE_CLOCKS,
    "clocks": Permission.CHANGE_CLOCKS,
    "tag": Permission.CHANGE_DESK,
    "tags": Permission.CHANGE_DESK,
    "rule": Permission.CHANGE_DESK,
    "rules": Permission.CHANGE_DESK,
    "macro": Permission.CHANGE_DESK,
    "member": Permission.CHANGE_MEMBERS,
    "members": Permission.CHANGE_MEMBERS,
    "department": Permission.CHANGE_MEMBERS,
    "notifications": Permission.SIGNED_IN,
}
"""The noun of a topic -> what its listener must be allowed to read as a page."""

OWN: Final = frozenset({"notifications"})
"""Nouns whose number is a member's: nobody listens to another one's."""

_TOPIC = re.compile(r"[a-z]{1,32}(:\d{1,19})?")
MOST: Final = 50


def topics_of(kind: str, about: str) -> tuple[str, ...]:
    """Everything somebody may listen to in order to hear of this event.

    >>> topics_of("case.opened", "case:12")
    ('case:12', 'inbox', 'overview')
    """
    noun = about.partition(":")[0]
    also = [KINDS[word] for word in (kind.partition(".")[0],) if word in KINDS]
    figures = ("overview",) if kind in FIGURES else ()
    return (about, *COARSE.get(noun, ()), *also, *figures)


def permission_of(topic: str) -> Permission | None:
    """What listening to this topic needs; None when nobody may."""
    return AUDIENCE.get(topic.partition(":")[0])


def may_listen(member: Member, topic: str) -> bool:
    """Whether this member may listen to this topic now."""
    permission = permission_of(topic)
    if permission is None or not allows(member, permission):
        return False
    noun, _, number = topic.partition(":")
    return noun not in OWN or number == str(member.pk)


def read_topics(text: str) -> frozenset[str]:
    """The topics of a request, "case:12,inbox".

    Raises:
        ValueError: when there are none, too many, or one is malformed.
    """
    topics = frozenset(text.split(","))
    if len(topics) > MOST or not all(_TOPIC.fullmatch(topic) for topic in topics):
        raise ValueError("topics look like case:12,inbox")
    return topics
