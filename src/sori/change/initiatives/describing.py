"""Change what an initiative says, who answers for it, and by when."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from sori.change.initiatives import reminding
from sori.change.initiatives.models import Initiative
from sori.change.initiatives.wording import in_a_line, in_words
from sori.database import write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.staff.models import Department, Member
from sori.staff.permissions import Permission, allows


def describe(
    *,
    initiative: Initiative,
    member: Member,
    title: str,
    summary: str,
    owner: Member | None,
    department: Department | None,
    due_on: date | None,
) -> Initiative:
    """Change the words, who answers for it, and by when it is to be done.

    Raises:
        Refused: without a title; and to whoever may not steer, words of somebody else's, or
            another owner, department or day.
    """
    with write_atomic():
        row = Initiative.objects.select_for_update().get(pk=initiative.pk)
        before = row.owner_id
        steered = {"owner": owner, "department": department, "due_on": due_on}
        changes: dict[str, Any] = {
            "title": in_a_line(title),
            "summary": in_words(summary, empty=True),
        }
        changes |= steered
        fields = [name for name, value in changes.items() if getattr(row, name) != value]
        _must_be_allowed(row, member, fields, steered)
        if not fields:
            return row
        for name in fields:
            setattr(row, name, changes[name])
        row.save(update_fields=fields)
        reminding.arm(row)
        about = f"initiative:{row.pk}"
        if others := [name for name in fields if name != "owner"]:
            record("initiative.changed", about, member=member, fields=others)
        if row.owner_id != before:
            owner_id = row.owner_id
            record("initiative.assigned", about, member=member, owner=owner_id, before=before)
        return row


def _must_be_allowed(
    row: Initiative, member: Member, fields: list[str], steered: Iterable[str]
) -> None:
    if allows(member, Permission.STEER_INITIATIVES) or not fields:
        return
    if set(fields) & set(steered):
        raise Refused(_("Who answers for it and by when is decided by a supervisor."))
    if member.pk not in {row.created_by_id, row.owner_id}:
        raise Refused(_("Only whoever proposed it or answers for it can change its words."))
