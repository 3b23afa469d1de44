"""Files beside an initiative: taken in within limits, stored by what they contain, handed out so
that none can do anything in our pages."""

from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from sori.articles.pictures import media_type
from sori.change.initiatives.models import Attachment, Initiative
from sori.database import write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.lake.attachments import Attachments
from sori.respond.prose import file_name
from sori.staff.models import Member

LARGEST: Final = 10 * 1024 * 1024
"""Bytes of one file."""

MOST: Final = 20
"""Files of one initiative."""


def keep(*, initiative: Initiative, member: Member, name: str, content: bytes) -> Attachment:
    """Lay a file beside an initiative; the same file again changes nothing.

    Args:
        initiative: which one.
        member: who brings it.
        name: what they call it; only its last part, made harmless, is kept.
        content: its bytes; what sort of file it is, is told from them alone.

    Raises:
        Refused: it is empty or too large, or there are too many.
    """
    if not content or len(content) > LARGEST:
        raise Refused(_("A file may have 10 MB at most, and not be empty."))
    with write_atomic():
        row = Initiative.objects.select_for_update().get(pk=initiative.pk)
        if row.attachments.count() >= MOST:
            raise Refused(_("There are 20 files already. Take one away first."))
        # inside, so that whoever takes the same file away elsewhere waits, or leaves its bytes
        digest = folder().put(content)
        found = row.attachments.filter(digest=digest).first()
        if found:
            return found
        made = Attachment.objects.create(
            initiative=row,
            digest=digest,
            name=file_name(name) or _("File"),
            picture=media_type(content),
            size=len(content),
            member=member,
            at=timezone.now(),
        )
        about, size = f"initiative:{row.pk}", made.size
        record("initiative.file_kept", about, member=member, file=made.pk, size=size)
        return made


def remove(*, attachment: Attachment, member: Member) -> None:
    """Take a file away, and its bytes where nothing else is the same file."""
    with write_atomic():
        about, number = f"initiative:{attachment.initiative_id}", attachment.pk
        if Attachment.objects.filter(pk=number).delete()[0]:
            record("initiative.file_removed", about, member=member, file=number)
            if not Attachment.objects.filter(digest=attachment.digest).exists():
                folder().forget([attachment.digest])


def path(attachment: Attachment) -> Path:
    """Where its bytes lie.

    Raises:
        LakeError: they are gone.
    """
    return folder().path(attachment.digest)


def folder() -> Attachments:
    """Where files of initiatives lie: apart from those of customers, which are forgotten."""
    return Attachments(settings.HOME / "initiatives")
