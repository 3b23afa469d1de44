"""The main menu: which rooms there are, and who is shown their doors."""

from typing import Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from sori.respond.selectors import unread
from sori.staff.models import Member
from sori.staff.permissions import Permission, allows


class Door(NamedTuple):
    """One entry of the menu.

    Attributes:
        path: where it leads.
        icon: of lucide.
        word: what it is called.
        permission: who is shown it.
        sentence: what one does there; only among the settings.
    """

    path: str
    icon: str
    word: str
    permission: Permission
    sentence: str = ""


INBOX: Final = "/inbox/"
SETTINGS: Final = "/settings/"
DOORS: Final = (
    Door(INBOX, "inbox", marked("Inbox"), Permission.READ_INBOX),
    Door("/tasks/", "list-todo", marked("Tasks"), Permission.READ_INBOX),
    Door("/people/", "contact", marked("People"), Permission.READ_INBOX),
    Door("/overview/", "chart-column", marked("Overview"), Permission.READ_OVERVIEW),
    Door("/explore/", "telescope", marked("Explore"), Permission.READ_MENTIONS),
    Door("/themes/", "messages-square", marked("Themes"), Permission.READ_OVERVIEW),
    Door("/initiatives/", "milestone", marked("Initiatives"), Permission.READ_INITIATIVES),
    Door("/ideas/desk/", "lightbulb", marked("Ideas"), Permission.SIGNED_IN),
    Door("/articles/", "book-open", marked("Articles"), Permission.READ_INBOX),
)
"""The rooms one works in."""

WORKSHOP: Final = (
    Door(
        "/sources/",
        "satellite-dish",
        marked("Sources"),
        Permission.READ_SOURCES,
        marked("Where we listen: mailboxes, feeds, forms, files."),
    ),
    Door(
        "/queries/",
        "ear",
        marked("Listening rules"),
        Permission.READ_SOURCES,
        marked("Which words make a post a mention of ours."),
    ),
    Door(
        "/trace/",
        "route",
        marked("Trace"),
        Permission.READ_MENTIONS,
        marked("From any sentence to where it went, and whether anything fell through."),
    ),
    Door(
        "/model/",
        "brain",
        marked("Model"),
        Permission.READ_MODEL,
        marked("How well voices are understood, and what people taught it."),
    ),
    Door(
        "/clocks/",
        "timer",
        marked("Clocks"),
        Permission.CHANGE_CLOCKS,
        marked("How fast we are, for which voices, by which working hours."),
    ),
    Door(
        "/priority/",
        "chevrons-up",
        marked("Priority"),
        Permission.CHANGE_CLOCKS,
        marked("What comes first, by points that you decide."),
    ),
    Door(
        "/automation/",
        "workflow",
        marked("Automation"),
        Permission.CHANGE_DESK,
        marked("Tags, what is done with one key, and what is done by itself."),
    ),
    Door(
        "/replies/",
        "message-square-quote",
        marked("Saved replies"),
        Permission.DRAFT_REPLY,
        marked("Words that were good once, to be used again."),
    ),
    Door(
        "/notices/",
        "megaphone",
        marked("Notices"),
        Permission.READ_OVERVIEW,
        marked("What is told before people ask: known problems, and changes that come."),
    ),
    Door(
        "/stories/",
        "sprout",
        marked("Stories"),
        Permission.WRITE_STORY,
        marked("What people said and what was changed, told to everybody."),
    ),
    Door(
        "/notifications/rooms/",
        "radio-tower",
        marked("Rooms for notifications"),
        Permission.CHANGE_SOURCES,
        marked("Which rooms of your messenger hear what happens here."),
    ),
    Door(
        "/members/",
        "users",
        marked("Members"),
        Permission.CHANGE_MEMBERS,
        marked("Who works here, in which department, and what they may do."),
    ),
)
"""The rooms in which the others are set up; all behind one door."""

_SETTINGS: Final = Door(SETTINGS, "settings-2", marked("Settings"), Permission.SIGNED_IN)

MINE: Final = "/members/me/"


def doors(member: Member, path: str) -> list[dict[str, object]]:
    """The entries this member sees, with the one they stand in marked."""
    shown = [
        _shown(door, path, unread(member.pk) if door.path == INBOX else 0)
        for door in DOORS
        if allows(member, door.permission)
    ]
    if inner := workshop(member):
        here = path.startswith(SETTINGS) or any(
            path.startswith(str(one["path"])) and not path.startswith(MINE) for one in inner
        )
        shown.append(_shown(_SETTINGS, path, 0) | {"current": here})
    return shown


def workshop(member: Member) -> list[dict[str, object]]:
    """The rooms of the settings that this member may enter."""
    return [
        _shown(door, "", 0) | {"sentence": _(door.sentence)}
        for door in WORKSHOP
        if allows(member, door.permission)
    ]


def first_door(member: Member) -> str:
    """Where this member begins; everybody may at least see their own profile."""
    for door in (*DOORS, *WORKSHOP):
        if allows(member, door.permission):
            return door.path
    return MINE


def _shown(door: Door, path: str, count: int) -> dict[str, object]:
    return {
        "path": door.path,
        "icon": door.icon,
        "word": _(door.word),
        "current": path.startswith(door.path),
        "count": count,
    }
