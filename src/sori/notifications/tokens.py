"""The signed key in a mail with which its reader, and nobody else, changes how much mail comes."""

from datetime import timedelta
from typing import Final

from django.core import signing

LASTS: Final = timedelta(days=90)
_SALT: Final = "sori.notifications.mail"


def make_token(member: int) -> str:
    """A key for this member's mail, good for that alone, for ninety days."""
    return signing.TimestampSigner(salt=_SALT).sign(str(member))


def read_token(token: str) -> int | None:
    """Whose mail a key is for; None when it was made up, altered or is too old."""
    try:
        return int(signing.TimestampSigner(salt=_SALT).unsign(token, max_age=LASTS))
    except (signing.BadSignature, ValueError):
        return None
