"""Who a visitor is, as the embedding site signs it.

The site signs the very text it sends, so that no two languages have to agree on how JSON is
written. A wrong signature is an error and never an unknown visitor: whoever takes the name away
would otherwise take the check away with it.
"""

import hashlib
import hmac
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from sori.channels.mail.addresses import checked

OLDEST: Final = 3600
"""Seconds for which a signed statement opens a window; pages are kept in caches for a while."""

_AHEAD: Final = 300


class Forged(Exception):
    """A statement that does not hold; `word` says why: "identity" or "expired"."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class Stated(BaseModel):
    """What a site says of its customer: `id` is its own name for them, `at` seconds since 1970."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    id: str = Field(min_length=1, max_length=200)
    name: str = Field("", max_length=160)
    email: str = Field("", max_length=254)
    at: int

    @field_validator("id", mode="before")
    @classmethod
    def _numbers_too(cls, value: object) -> object:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @field_validator("id", "name")
    @classmethod
    def _storable(cls, value: str) -> str:
        return value.replace("\0", "")

    @field_validator("email")
    @classmethod
    def _one_address(cls, email: str) -> str:
        return checked(email) if email else ""


def stated(text: str, signature: str, secret: str, *, now: float) -> Stated:
    """Check a statement and read it.

    Args:
        text: JSON, exactly as the site signed it.
        signature: the HMAC-SHA256 of its UTF-8 bytes, hexadecimal in small or capital letters.
        secret: the chat's; an empty one has signed nothing.
        now: seconds since 1970.

    Raises:
        Forged: it is not signed with the secret, cannot be read, or is too old.
    """
    right = hmac.new(secret.encode(), text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
    if not (secret and signature.isascii() and hmac.compare_digest(right, signature.lower())):
        raise Forged("identity")
    try:
        said = Stated.model_validate_json(text)
    except ValidationError:
        raise Forged("identity") from None
    if not said.id or not now - OLDEST <= said.at <= now + _AHEAD:
        raise Forged("expired" if said.id else "identity")
    return said
