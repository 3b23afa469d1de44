"""The pages that belong to one initiative, as the row of links over each of them shows them."""

from typing import Any, Final, NamedTuple

from django.urls import reverse
from django.utils.translation import pgettext_lazy as _in

from sori.staff.permissions import Permission, allows


class Link(NamedTuple):
    """One page of an initiative.

    Attributes:
        name: of its address, which takes the number as `initiative`.
        word: what it is called.
        permission: who is shown it.
    """

    name: str
    word: Any
    permission: Permission


LINKS: Final = (
    Link("initiatives:initiative", _in("initiative", "At a glance"), Permission.READ_INITIATIVES),
    Link("loops:tell", _in("initiative", "Tell people"), Permission.READ_INITIATIVES),
    Link("outcomes:outcome", _in("initiative", "What it brought"), Permission.READ_INITIATIVES),
    Link("stories:of_initiative", _in("initiative", "Story"), Permission.WRITE_STORY),
    Link("initiatives:edit", _in("initiative", "Change it"), Permission.PROPOSE_INITIATIVE),
)


def links(initiative: int, member: object, here: str) -> list[tuple[str, str, None, bool]]:
    """The links a member sees, for the macro `tabs`.

    Args:
        initiative: its number.
        member: who looks.
        here: the path of the page they look at.
    """
    shown = []
    for link in LINKS:
        if allows(member, link.permission):
            path = reverse(link.name, kwargs={"initiative": initiative})
            shown.append((path, str(link.word), None, path == here))
    return shown
