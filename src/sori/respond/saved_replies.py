"""Saved replies: words that were good once, offered again with this customer's name in them."""

from typing import Any, Final

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sori.database import unique, write_atomic
from sori.journal.services import record
from sori.respond.blanks import Blanks
from sori.respond.models import Case, Message, SavedReply
from sori.respond.sameness import LOOKED_AT, Likeness, likeness
from sori.respond.sending import State
from sori.staff.models import Department, Member

OFFERED: Final = 12
BLANKS: Final = Blanks(
    {
        "고객": "customer",
        "나": "me",
        "번호": "case",
        "customer": "customer",
        "me": "me",
        "case": "case",
    }
)


def save(
    *,
    member: Member,
    title: str,
    body: str,
    department: Department | None = None,
    reply: SavedReply | None = None,
) -> SavedReply:
    """Keep a reply, or change one.

    Args:
        member: who keeps it.
        title: what it is found by; no two have the same.
        body: the words; `{customer}`, `{me}` and `{case}` (고객, 나, 번호) are filled in when used.
        department: whose it is; None for everybody's.
        reply: the one to change.

    Raises:
        Refused: there is another of this title.
    """
    row = reply or SavedReply()
    row.title, row.body, row.department = title, body, department
    row.member, row.updated_at = member, timezone.now()
    with write_atomic():
        with unique(_("There is another saved reply of this title.")):
            row.save()
        record("saved_reply.kept", f"saved_reply:{row.pk}", member=member, title=title)
        return row


def delete(*, reply: SavedReply, member: Member) -> None:
    """Throw a saved reply away."""
    with write_atomic():
        about = f"saved_reply:{reply.pk}"
        record("saved_reply.deleted", about, member=member, title=reply.title)
        reply.delete()


def everything() -> list[dict[str, Any]]:
    """All saved replies by title: id, title, body, updated_at, department_name, member_name."""
    rows = SavedReply.objects.order_by("title").values(
        "id",
        "title",
        "body",
        "updated_at",
        department_name=F("department__name"),
        member_name=F("member__name"),
    )
    return [dict(row) for row in rows]


def offered(*, case: Case, member: Member, words: str = "") -> list[dict[str, str]]:
    """What a member may put into an answer: title and body, filled in for this case.

    Those of the case's department and of everybody, twelve at most; with words, those in whose
    title or body each of them occurs.
    """
    rows = SavedReply.objects.filter(Q(department=None) | Q(department=case.department_id))
    for word in words.split():
        rows = rows.filter(Q(title__icontains=word) | Q(body__icontains=word))
    values = {
        "customer": case.person.name or _("customer"),
        "me": member.name,
        "case": f"#{case.pk}",
    }
    found = rows.order_by(F("department").desc(nulls_last=True), "title")[:OFFERED]
    return [{"title": one.title, "body": BLANKS.filled(one.body, values)} for one in found]


def compared(*, answers: int, body: str) -> Likeness:
    """How like the last answers to other people a text is.

    Args:
        answers: id of the received message it replies to.
        body: the text so far.
    """
    incoming = Message.objects.select_related("conversation__identity").get(pk=answers)
    said = Message.objects.filter(direction=Message.Direction.OUT, notice=False)
    sent = said.exclude(state=State.DRAFT)
    to_others = sent.exclude(
        conversation__identity__person=incoming.conversation.identity.person_id
    )
    bodies = to_others.order_by("-pk").values_list("body", flat=True)[:LOOKED_AT]
    return likeness(body, said=incoming.body, others=bodies)
