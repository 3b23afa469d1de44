"""Mail addresses: exactly one, and nothing hidden in it."""

import re
import unicodedata
from typing import Final

LONGEST: Final = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets
ADDRESS: Final = re.compile(
    r"[^\s<>()\[\]\\,;:@\"]{1,64}@[^\s<>()\[\]\\,;:@\"'/?#%&=+*!$`{}|^~_]{1,250}"
)


def checked(text: str) -> str:
    """A single plain address, without surrounding spaces.

    >>> checked(" kim@example.com ")
    'kim@example.com'

    Raises:
        ValueError: when it is none, several, or has invisible or control characters in it.
    """
    address = text.strip(" ")
    hidden = any(unicodedata.category(letter)[0] in "CZ" for letter in address)
    if hidden or len(address) > LONGEST or not ADDRESS.fullmatch(address):
        raise ValueError("this is not one mail address")
    labels = address.rpartition("@")[2].split(".")
    if not all(label and label[0] != "-" != label[-1] and len(label) < 64 for label in labels):
        raise ValueError("this is not one mail address: its domain cannot be")
    return address


def normal(address: str) -> str:
    """The same for every spelling of an address: mail systems do not tell cases apart."""
    return unicodedata.normalize("NFC", address).casefold()
