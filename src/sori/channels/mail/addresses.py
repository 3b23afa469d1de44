"""Mail addresses: exactly one, and nothing hidden in it."""

import re
import unicodedata
from typing import Final

from sori.channels.unfit import Unfit

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
        raise Unfit("this is not one mail address")
    labels = address.rpartition("@")[2].split(".")
    if not all(label and label[0] != "-" != label[-1] and len(label) < 64 for label in labels):
        raise Unfit("this is not one mail address: its domain cannot be")
    return address


def normal(address: str) -> str:
    """The same for every spelling of an address: mail systems do not tell cases apart.

    Nothing else is made alike: a letter that only some rule of Unicode takes for a plain one (the
    Kelvin sign for k, ß for ss) makes another address, which may be another person's.

    >>> normal("Kim@Example.com"), normal("Kim@stra\u00dfe.example")
    ('kim@example.com', 'kim@stra\u00dfe.example')
    """
    if any(not letter.isascii() and _plain(letter).isascii() for letter in address):
        return "".join(one.lower() if one.isascii() else one for one in address)
    return unicodedata.normalize("NFC", address).lower()


def _plain(letter: str) -> str:
    return unicodedata.normalize("NFC", letter).lower()
