"""Images in articles: looked at by their first bytes, stored by what they contain."""

from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from sori.articles.models import SHOWN, Picture
from sori.database import write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.lake.attachments import Attachments
from sori.staff.models import Member

LARGEST: Final = 5 * 1024 * 1024
"""Bytes of one picture."""

_SIGNS: Final = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
)


def media_type(content: bytes) -> str:
    """What sort of picture this is by its first bytes; empty for anything else."""
    for start, sign, sort in _SIGNS:
        if content[start : start + len(sign)] == sign and (start == 0 or content[:4] == b"RIFF"):
            return sort
    return ""


def keep(*, content: bytes, member: Member) -> Picture:
    """Store a picture; the same one again changes nothing.

    Raises:
        Refused: it is too large, or no PNG, JPEG, GIF or WebP.
    """
    if len(content) > LARGEST:
        raise Refused(_("A picture may have 5 MB at most."))
    sort = media_type(content)
    if not sort:
        raise Refused(_("Only PNG, JPEG, GIF and WebP pictures can be shown."))
    digest = _folder().put(content)
    with write_atomic():
        picture, new = Picture.objects.get_or_create(
            digest=digest,
            defaults={
                "media_type": sort,
                "size": len(content),
                "member": member,
                "at": timezone.now(),
            },
        )
        if new:
            record("picture.kept", f"picture:{picture.pk}", member=member, size=len(content))
        return picture


def path(picture: Picture) -> Path:
    """Where its bytes lie."""
    return _folder().path(picture.digest)


def is_public(picture: Picture) -> bool:
    """Whether an article that everybody may read shows it."""
    return picture.texts.filter(SHOWN).exists()


def _folder() -> Attachments:
    # apart from customers' files, which are deleted when somebody is forgotten
    return Attachments(settings.HOME / "pictures")
