"""Talk about an initiative; whoever is named with "@" hears of it."""

from typing import Any

from django.utils import timezone

from sori.change.initiatives.models import Comment, Initiative
from sori.change.initiatives.selectors import whose
from sori.change.initiatives.wording import in_words
from sori.database import write_atomic
from sori.journal.services import record
from sori.respond.mentioning import Colleague, mentioned, pieces
from sori.staff.models import Member
from sori.staff.permissions import Permission
from sori.staff.selectors import who_may


def discuss(*, initiative: Initiative, member: Member, body: str) -> Comment:
    """Say a word of the discussion.

    Raises:
        Refused: without words, or with too many.
    """
    text = in_words(body)
    named = mentioned(text, colleagues())
    with write_atomic():
        comment = Comment.objects.create(
            initiative=initiative, member=member, body=text, at=timezone.now()
        )
        about = f"initiative:{initiative.pk}"
        data = {"comment": comment.pk, "mentioned": named, "to": whose(initiative)}
        record("initiative.discussed", about, member=member, **data)
        return comment


def discussion(initiative: Initiative) -> list[dict[str, Any]]:
    """The discussion, oldest first: member_id, name ("" for the machine), at, and the words in
    `pieces`, each with the members it names."""
    rows = Comment.objects.filter(initiative=initiative).select_related("member").order_by("pk")
    known = colleagues()
    return [
        {
            "id": row.pk,
            "member_id": row.member_id,
            "name": row.member.name if row.member else "",
            "at": row.at,
            "pieces": pieces(row.body, known),
        }
        for row in rows
    ]


def colleagues() -> list[Colleague]:
    """Whom a word can name: everybody who may read initiatives."""
    return [(one["id"], one["name"]) for one in who_may(Permission.READ_INITIATIVES)]
