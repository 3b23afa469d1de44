"""Save views, rename them, throw them away, and list those a member may see.

The journal learns of it without the view's name, which may be a customer's and could not be
forgotten there.
"""

from typing import Any, Final

from django.db.models import F, Q
from django.utils.translation import gettext as _

from sori.database import unique, write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.listen.models import View
from sori.staff.models import Member
from sori.staff.permissions import Permission, allows

LONGEST_NAME: Final = 80


def clean_name(text: str) -> str:
    """A name for a view in one line; "" when there is none that will do."""
    name = " ".join(text.split())
    return name if len(name) <= LONGEST_NAME and name.isprintable() else ""


def save_view(
    *,
    name: str,
    member: Member,
    query: str,
    shared: bool = False,
    role: str = "",
    room: str = "explore",
) -> View:
    """Give a selection a name; a view of this member with this name there is replaced.

    Args:
        name: what it is called.
        member: whose it is.
        query: the query string that says it.
        shared: whether others see it.
        role: of those, only the ones of this role; "" for all.
        room: where.
    """
    said = {"query": query, "shared": shared, "role": role if shared else ""}
    with write_atomic():
        row, _new = View.objects.update_or_create(owner=member, room=room, name=name, defaults=said)
        record("view.saved", f"view:{row.pk}", member=member, shared=shared)
        return row


def change_view(*, view: View, member: Member, name: str, shared: bool) -> None:
    """Give a view another name, share it or keep it to oneself.

    Raises:
        Refused: it is somebody else's, or the owner has another view of this name.
    """
    _refuse_others(view, member)
    with write_atomic():
        with unique(_("You have another view of this name.")):
            View.objects.filter(pk=view.pk).update(name=name, shared=shared)
        record("view.changed", f"view:{view.pk}", member=member, shared=shared)


def delete_view(*, view: View, member: Member) -> None:
    """Throw a view away.

    Raises:
        Refused: it is somebody else's.
    """
    _refuse_others(view, member)
    with write_atomic():
        record("view.deleted", f"view:{view.pk}", member=member)
        view.delete()


def views_for(member: Member, *, room: str = "explore") -> list[dict[str, Any]]:
    """The views of a room that a member may see, their own and those that are shared, by name.

    Returns:
        Dictionaries of `id`, `name`, `query`, `shared`, `owner_name` and `mine` (may be changed).
    """
    ours = Q(owner=member) | Q(shared=True, role__in=("", member.role))
    rows = View.objects.filter(ours, room=room).values(
        "id", "name", "query", "shared", "owner_id", owner_name=F("owner__name")
    )
    return [{**row, "mine": may_change(row["owner_id"], row["shared"], member)} for row in rows]


def may_change(owner: int, shared: bool, member: Member) -> bool:
    """Whether a member may change a view: its owner may, and of a shared one who changes rules."""
    return owner == member.pk or (shared and allows(member, Permission.CHANGE_QUERIES))


def _refuse_others(view: View, member: Member) -> None:
    if not may_change(view.owner_id, view.shared, member):
        raise Refused(_("This view is somebody else's."))
