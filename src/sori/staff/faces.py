"""The face a member shows: a small square picture without a past, of what they upload."""

import io
from typing import IO, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from sori.database import write_atomic
from sori.errors import Refused
from sori.staff.models import Face, Member
from sori.staff.signals import name_of, tell

SIDE: Final = 160
"""Pixels of a side: sharp at half of that on a dense screen, about 8 KB."""

LARGEST: Final = 8_000_000
MOST_PIXELS: Final = 40_000_000
KINDS: Final = ("JPEG", "PNG", "WEBP")


def keep_face(*, member: Member, upload: IO[bytes]) -> None:
    """Show this face from now on; what a camera wrote into the file is left behind.

    Raises:
        Refused: when it is no JPEG, PNG or WebP picture, or a huge one.
    """
    image = small(upload.read(LARGEST + 1))
    with write_atomic():
        Face.objects.update_or_create(
            member=member, defaults={"image": image, "at": timezone.now()}
        )
        tell("member.profile_changed", name_of(member), member=member)


def forget_face(*, member: Member) -> None:
    """Show initials again."""
    with write_atomic():
        gone, _tables = Face.objects.filter(member=member).delete()
        if gone:
            tell("member.profile_changed", name_of(member), member=member)


def face_of(member: int | None) -> bytes:
    """The JPEG of a member, empty where there is none."""
    image = Face.objects.filter(member=member).values_list("image", flat=True).first()
    return bytes(image or b"")


def small(raw: bytes) -> bytes:
    """The middle of a picture, upright, SIDE pixels square, as JPEG.

    Raises:
        Refused: see `keep_face`.
    """
    if len(raw) > LARGEST:
        raise Refused(_("The picture is larger than 8 MB."))
    try:
        with Image.open(io.BytesIO(raw), formats=KINDS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused(_("The picture has more than 40 million pixels."))
            picture.draft("RGB", (2 * SIDE, 2 * SIDE))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            square = ImageOps.fit(upright, (SIDE, SIDE))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Refused(_("This is no picture that can be read: use JPEG, PNG or WebP.")) from error
    out = io.BytesIO()
    square.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()
