"""What each role may do: the one table, and the one decorator that asks it.

Every view says what it needs with `requires` or `public`; a view that says nothing is refused by
`web.gate`, so forgetting is safe. Nothing else in the program compares roles.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, Final, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from sori.staff.models import Member, Role

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Permission(StrEnum):
    """Something a role may do."""

    SIGNED_IN = "signed_in"
    READ_OVERVIEW = "overview.read"
    READ_MENTIONS = "mentions.read"
    EXPORT_MENTIONS = "mentions.export"
    READ_INBOX = "inbox.read"
    READ_VALUE = "value.read"
    CHANGE_PEOPLE = "people.change"
    EXPORT_PEOPLE = "people.export"
    ERASE_PEOPLE = "people.erase"
    LOAD_PURCHASES = "purchases.load"
    WRITE_NOTE = "note.write"
    DRAFT_REPLY = "reply.draft"
    SEND_REPLY = "reply.send"
    SETTLE_REPLY = "reply.settle"
    RUN_CASE = "case.run"
    LOG_CALL = "calls.log"
    ASK_TASK = "task.ask"
    ANSWER_TASK = "task.answer"
    STEER_TASKS = "tasks.steer"
    CHANGE_CLOCKS = "clocks.change"
    CHANGE_DESK = "desk.change"
    READ_SOURCES = "sources.read"
    RUN_SOURCES = "sources.run"
    CHANGE_SOURCES = "sources.change"
    CHANGE_QUERIES = "queries.change"
    CORRECT_LABELS = "labels.correct"
    READ_MODEL = "model.read"
    TRAIN_MODEL = "model.train"
    CHANGE_THEMES = "themes.change"
    READ_INITIATIVES = "initiatives.read"
    PROPOSE_INITIATIVE = "initiatives.propose"
    STEER_INITIATIVES = "initiatives.steer"
    TELL_PEOPLE = "loops.tell"
    MODERATE_IDEAS = "ideas.moderate"
    WRITE_STORY = "stories.write"
    PUBLISH_STORY = "stories.publish"
    WRITE_NOTICE = "notices.write"
    PUBLISH_NOTICE = "notices.publish"
    RUN_STUDY = "studies.run"
    WRITE_ARTICLE = "articles.write"
    PUBLISH_ARTICLE = "articles.publish"
    CHANGE_MEMBERS = "members.change"
    READ_JOURNAL = "journal.read"


_VIEWER: Final = frozenset(
    {Permission.SIGNED_IN, Permission.READ_OVERVIEW, Permission.READ_INITIATIVES}
)
_CONTRIBUTOR: Final = _VIEWER | {
    Permission.READ_INBOX,
    Permission.READ_MENTIONS,
    Permission.WRITE_NOTE,
    Permission.DRAFT_REPLY,
    Permission.ANSWER_TASK,
    Permission.PROPOSE_INITIATIVE,
}
_AGENT: Final = _CONTRIBUTOR | {
    Permission.SEND_REPLY,
    Permission.RUN_CASE,
    Permission.LOG_CALL,
    Permission.WRITE_ARTICLE,
    Permission.WRITE_STORY,
    Permission.WRITE_NOTICE,
    Permission.MODERATE_IDEAS,
    Permission.RUN_STUDY,
    Permission.ASK_TASK,
    Permission.READ_VALUE,
    Permission.CHANGE_PEOPLE,
    Permission.READ_SOURCES,
    Permission.CORRECT_LABELS,
    Permission.READ_MODEL,
}
_SUPERVISOR: Final = _AGENT | {
    Permission.STEER_TASKS,
    Permission.SETTLE_REPLY,
    Permission.PUBLISH_ARTICLE,
    Permission.CHANGE_CLOCKS,
    Permission.CHANGE_DESK,
    Permission.RUN_SOURCES,
    Permission.CHANGE_QUERIES,
    Permission.TRAIN_MODEL,
    Permission.EXPORT_MENTIONS,
    Permission.CHANGE_THEMES,
    Permission.STEER_INITIATIVES,
    Permission.TELL_PEOPLE,
    Permission.PUBLISH_STORY,
    Permission.PUBLISH_NOTICE,
    Permission.EXPORT_PEOPLE,
    Permission.ERASE_PEOPLE,
    Permission.LOAD_PURCHASES,
}
_AUDITOR: Final = _VIEWER | {
    Permission.READ_INBOX,
    Permission.READ_VALUE,
    Permission.READ_MENTIONS,
    Permission.READ_SOURCES,
    Permission.READ_MODEL,
    Permission.READ_JOURNAL,
}

PERMISSIONS: Final[dict[str, frozenset[Permission]]] = {
    Role.VIEWER: _VIEWER,
    Role.CONTRIBUTOR: _CONTRIBUTOR,
    Role.AGENT: _AGENT,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.ADMIN: frozenset(Permission),
    Role.AUDITOR: _AUDITOR,
}


def allows(member: object, permission: Permission) -> bool:
    """Whether this member may do this; somebody who is not an active member may do nothing."""
    if not isinstance(member, Member) or not member.is_active:
        return False
    return permission in PERMISSIONS.get(member.role, frozenset())


def me(request: HttpRequest) -> Member:
    """Who is asking; only for views that require a permission."""
    assert isinstance(request.user, Member)
    return request.user


def requires(permission: Permission) -> Callable[[View], View]:
    """Let only members with this permission see a view.

    Somebody who is not signed in is sent to the sign-in page by `web.gate`; a member who is
    signed in and may not gets a 403.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not allows(request.user, permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return cast("View", guarded)

    return decorate


def public(view: View) -> View:
    """Let everybody see a view."""
    view.permission = None  # type: ignore[attr-defined]
    return view
