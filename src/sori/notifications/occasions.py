"""What people can be told of: the table of occasions, who may hear of each, and what is usual."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext_noop as marked

from sori.notifications.deciding import APP, CHAT, MAIL, WAYS
from sori.notifications.quiet import AT_ONCE, HOURLY
from sori.staff.permissions import PERMISSIONS, Permission

GROUPS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "cases": (marked("My cases"), HOURLY),
        "together": (marked("Working together"), HOURLY),
        "time": (marked("Deadlines"), AT_ONCE),
        "change": (marked("Initiatives"), HOURLY),
        "trouble": (marked("What needs attention"), AT_ONCE),
    }
)
"""Group -> (what it is called, how often its mail comes unless somebody says otherwise)."""

_ALL: Final = frozenset(WAYS)
_IN_APP: Final = frozenset({APP})
_BY_MAIL: Final = frozenset({APP, MAIL})
_SPOKEN: Final = frozenset({APP, CHAT})


class Occasion(NamedTuple):
    """One thing people can be told of.

    Attributes:
        group: one of GROUPS.
        icon: its picture.
        words: what it is called.
        needs: who may hear of it.
        usual: the ways it takes unless somebody says otherwise.
        usual_for: for whom that is usual; everybody else who may hear of it has to ask for it.
    """

    group: str
    icon: str
    words: str
    needs: Permission
    usual: frozenset[str]
    usual_for: Permission = Permission.SIGNED_IN

    def ways(self, role: str) -> frozenset[str]:
        """By which ways somebody of this role hears of it, unless they say otherwise."""
        return self.usual if self.usual_for in PERMISSIONS.get(role, frozenset()) else frozenset()


_INBOX: Final = Permission.READ_INBOX

OCCASIONS: Final[Mapping[str, Occasion]] = MappingProxyType(
    {
        "assigned": Occasion("cases", "user-check", marked("A case is handed to me"), _INBOX, _ALL),
        "heard": Occasion(
            "cases",
            "message-circle",
            marked("The customer writes again in a case of mine or one I follow"),
            _INBOX,
            _IN_APP,
        ),
        "mentioned": Occasion("cases", "at-sign", marked("Somebody mentions me"), _INBOX, _ALL),
        "told": Occasion("cases", "workflow", marked("A rule points me to a case"), _INBOX, _ALL),
        "activity": Occasion(
            "cases",
            "users",
            marked("A colleague does something in a case of mine or one I follow"),
            _INBOX,
            _IN_APP,
        ),
        "task_asked": Occasion(
            "together", "hand-helping", marked("My department is asked for help"), _INBOX, _BY_MAIL
        ),
        "task_answered": Occasion(
            "together",
            "message-square-reply",
            marked("Another department answers me"),
            _INBOX,
            _ALL,
        ),
        "task_withdrawn": Occasion(
            "together", "undo-2", marked("A request I took is withdrawn"), _INBOX, _IN_APP
        ),
        "task_late": Occasion("together", "hourglass", marked("A task is overdue"), _INBOX, _ALL),
        "clock_warned": Occasion(
            "time", "timer", marked("An answer of mine is due soon"), _INBOX, _SPOKEN
        ),
        "clock_escalated": Occasion(
            "time", "siren", marked("A case is overdue and is escalated to me"), _INBOX, _ALL
        ),
        "promise_broken": Occasion(
            "time", "circle-x", marked("A promise to a customer was not kept"), _INBOX, _ALL
        ),
        "review": Occasion(
            "time",
            "calendar-clock",
            marked("A decision not to answer is to be looked at again"),
            _INBOX,
            _BY_MAIL,
        ),
        "change_given": Occasion(
            "change",
            "milestone",
            marked("An initiative is handed to me"),
            Permission.READ_INITIATIVES,
            _ALL,
        ),
        "change_named": Occasion(
            "change",
            "at-sign",
            marked("Somebody mentions me in an initiative"),
            Permission.READ_INITIATIVES,
            _ALL,
        ),
        "change_moved": Occasion(
            "change",
            "gavel",
            marked("Something happens to an initiative of mine"),
            Permission.READ_INITIATIVES,
            _IN_APP,
        ),
        "change_due": Occasion(
            "change",
            "calendar-clock",
            marked("A day of an initiative has come"),
            Permission.READ_INITIATIVES,
            _BY_MAIL,
        ),
        "notice_old": Occasion(
            "time",
            "megaphone",
            marked("A notice I approved is to be looked at again"),
            Permission.PUBLISH_NOTICE,
            _ALL,
        ),
        "answer_failed": Occasion(
            "trouble",
            "mail-warning",
            marked("An answer did not arrive, or nobody knows whether it did"),
            _INBOX,
            _ALL,
        ),
        "surge": Occasion(
            "trouble",
            "trending-up",
            marked("Something grows faster than chance"),
            Permission.READ_OVERVIEW,
            _BY_MAIL,
            Permission.CHANGE_THEMES,
        ),
        "theme": Occasion(
            "trouble",
            "messages-square",
            marked("Something becomes of a theme I follow"),
            Permission.READ_OVERVIEW,
            _BY_MAIL,
        ),
        "source_broken": Occasion(
            "trouble",
            "unplug",
            marked("A source needs a person"),
            Permission.READ_SOURCES,
            _ALL,
            Permission.RUN_SOURCES,
        ),
        "erasure": Occasion(
            "trouble",
            "eraser",
            marked("Somebody I asked to be forgotten is forgotten"),
            Permission.ERASE_PEOPLE,
            _IN_APP,
        ),
    }
)

SHARED: Final = (
    "task_asked",
    "task_late",
    "clock_warned",
    "clock_escalated",
    "promise_broken",
    "answer_failed",
    "surge",
    "source_broken",
)
"""What a room that the company shares can hear of: nothing that is one person's."""


def offered(role: str) -> list[str]:
    """What somebody of this role may hear of."""
    may = PERMISSIONS.get(role, frozenset())
    return [name for name, occasion in OCCASIONS.items() if occasion.needs in may]


def ways_of(role: str, chosen: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """By which ways somebody hears of each occasion they may hear of.

    Args:
        role: theirs.
        chosen: what differs from what is usual: `Choice.ways`.
    """
    return {
        name: frozenset(chosen[name]) & _ALL if name in chosen else OCCASIONS[name].ways(role)
        for name in offered(role)
    }
