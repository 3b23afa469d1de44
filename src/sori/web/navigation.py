"""The main menu: which rooms there are, and who is shown their doors."""

from typing import Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from sori.respond.selectors import unread
from sori.staff.models import Member
from sori.staff.permissions import Permission, allows


class Door(NamedTuple):
    """One entry of the menu."""

    path: str
    icon: str
    word: str
    permission: Permission


INBOX: Final = "/inbox/"
DOORS: Final = (
    Door(INBOX, "inbox", marked("Inbox"), Permission.READ_INBOX),
    Door("/people/", "contact", marked("People"), Permission.READ_INBOX),
    Door("/overview/", "chart-column", marked("Overview"), Permission.READ_OVERVIEW),
    Door("/explore/", "telescope", marked("Explore"), Permission.READ_MENTIONS),
    Door("/themes/", "messages-square", marked("Themes"), Permission.READ_OVERVIEW),
    Door("/sources/", "satellite-dish", marked("Sources"), Permission.READ_SOURCES),
    Door("/queries/", "ear", marked("Listening rules"), Permission.READ_SOURCES),
    Door("/model/", "brain", marked("Model"), Permission.READ_MODEL),
    Door("/members/", "users", marked("Members"), Permission.CHANGE_MEMBERS),
)
MINE: Final = "/members/me/"


def doors(member: Member, path: str) -> list[dict[str, object]]:
    """The entries this member sees, with the one they stand in marked."""
    return [
        {
            "path": door.path,
            "icon": door.icon,
            "word": _(door.word),
            "current": path.startswith(door.path) and not path.startswith(MINE),
            "count": unread(member.pk) if door.path == INBOX else 0,
        }
        for door in DOORS
        if allows(member, door.permission)
    ]


def first_door(member: Member) -> str:
    """Where this member begins; everybody may at least see their own profile."""
    for door in DOORS:
        if allows(member, door.permission):
            return door.path
    return MINE
