"""Write notices, approve them, go on telling, end them; every change leaves its event."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sori.change.notices.models import Notice, Phase, Update
from sori.database import write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.respond.models import Case
from sori.staff.models import Member
from sori.staff.permissions import Permission, allows

State = Notice.State


def draft(*, member: Member, **fields: Any) -> Notice:
    """Keep the words of a new notice; nobody outside sees it yet.

    Args:
        member: who writes.
        fields: of `Notice`, as its form gives them.
    """
    with write_atomic():
        row = Notice.objects.create(created_by=member, created_at=timezone.now(), **fields)
        record("notice.drafted", f"notice:{row.pk}", member=member, sort=row.kind)
        return row


def change(*, notice: Notice, member: Member, **fields: Any) -> None:
    """Change its words, its places or what it answers.

    Raises:
        Refused: it is approved and the member may not publish, or it has ended.
    """
    with write_atomic():
        row = _locked(notice)
        if row.phase(timezone.now()) is Phase.ENDED:
            raise Refused(_("This notice has ended. Write a new one."))
        if row.state == State.APPROVED and not allows(member, Permission.PUBLISH_NOTICE):
            raise Refused(_("What customers read already is changed by a supervisor."))
        for name, value in fields.items():
            setattr(row, name, value)
        row.looked_at = timezone.now()
        row.save()
        record("notice.changed", f"notice:{row.pk}", member=member)


def approve(*, notice: Notice, member: Member, at: datetime | None = None) -> None:
    """Let everybody read it, from a moment on.

    Args:
        notice: a draft.
        member: who answers for it.
        at: from when; None for at once.

    Raises:
        Refused: it is no draft any more, is shown nowhere, or its time would be over.
    """
    with write_atomic():
        row = _locked(notice)
        now = timezone.now()
        if row.state != State.DRAFT:
            raise Refused(_("This notice was approved already."))
        if not row.places:
            raise Refused(_("Choose at least one place to show it in."))
        if row.shown_until and row.shown_until <= max(at or now, now):
            raise Refused(_("It would end before it begins. Choose a later end."))
        row.state, row.approved_by, row.approved_at = State.APPROVED, member, now
        row.shown_from = max(at or row.shown_from or now, now)
        row.looked_at = now
        row.save()
        record("notice.approved", f"notice:{row.pk}", member=member, places=row.places)


def go_on(
    *, notice: Notice, member: Member, words: str, words_en: str, next_word_at: datetime | None
) -> Update:
    """Say one more word about it, and when there will be another.

    Raises:
        Refused: it is not approved, or has ended.
    """
    with write_atomic():
        row = _standing(notice)
        now = timezone.now()
        said = Update.objects.create(
            notice=row, words=words, words_en=words_en, member=member, at=now
        )
        row.next_word_at, row.looked_at = next_word_at, now
        row.save(update_fields=["next_word_at", "looked_at"])
        record("notice.updated", f"notice:{row.pk}", member=member, update=said.pk)
        return said


def still_true(*, notice: Notice, member: Member) -> None:
    """Say that a notice was looked at and stands; a word promised for earlier is promised no more.

    Raises:
        Refused: it is not approved, or has ended.
    """
    with write_atomic():
        row = _standing(notice)
        row.looked_at = timezone.now()
        if row.next_word_at and row.next_word_at <= row.looked_at:
            row.next_word_at = None
        row.save(update_fields=["looked_at", "next_word_at"])
        record("notice.looked_at", f"notice:{row.pk}", member=member)


def end(*, notice: Notice, member: Member) -> None:
    """Show it no more.

    Raises:
        Refused: it is not approved, or has ended.
    """
    with write_atomic():
        row = _standing(notice)
        row.state, row.ended_by, row.ended_at = State.ENDED, member, timezone.now()
        row.save(update_fields=["state", "ended_by", "ended_at"])
        record("notice.ended", f"notice:{row.pk}", member=member)


def throw_away(*, notice: Notice, member: Member) -> None:
    """Delete a draft; what was ever approved stays on record.

    Raises:
        Refused: it is no draft, or somebody else's and the member may not publish.
    """
    with write_atomic():
        row = _locked(notice)
        if row.state != State.DRAFT:
            raise Refused(_("Only a draft can be thrown away."))
        if row.created_by_id != member.pk and not allows(member, Permission.PUBLISH_NOTICE):
            raise Refused(_("This draft is somebody else's."))
        record("notice.thrown_away", f"notice:{row.pk}", member=member)
        row.delete()


def use(*, notice: Notice, case: Case, member: Member) -> None:
    """Write down that its words were put into an answer."""
    with write_atomic():
        data = {"notice": notice.pk, "case": case.pk}
        record("notice.used", f"notice:{notice.pk}", member=member, **data)


def _locked(notice: Notice) -> Notice:
    return Notice.objects.select_for_update().get(pk=notice.pk)


def _standing(notice: Notice) -> Notice:
    row = _locked(notice)
    if row.state == State.DRAFT:
        raise Refused(_("This notice is not approved yet."))
    if row.phase(timezone.now()) is Phase.ENDED:
        raise Refused(_("This notice has ended. Write a new one."))
    return row
