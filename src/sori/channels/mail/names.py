"""File names that strangers chose, made harmless and still recognisable."""

import re
import unicodedata
from typing import Final

LONGEST: Final = 120
LONGEST_ENDING: Final = 16
UNWANTED: Final = re.compile(r'[\\/:*?"<>|]')
RESERVED: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


def harmless(name: str, otherwise: str = "attachment") -> str:
    """A name for a file that leads nowhere, hides nothing and shows what it is.

    Invisible letters and those that turn the reading direction go; so do folders, leading and
    trailing dots and spaces. Hangul that macOS has taken apart is put together again.

    >>> harmless("../../etc/passwd"), harmless("견적서\u202efdp.exe"), harmless(".htaccess\u200b")
    ('passwd', '견적서fdp.exe', 'htaccess')
    """
    plain = unicodedata.normalize("NFC", name)
    plain = "".join(
        letter for letter in plain if unicodedata.category(letter)[0] != "C" or letter == "\t"
    )
    plain = re.split(r"[\\/]", plain.strip())[-1]
    plain = " ".join(UNWANTED.sub("_", plain).split()).strip(" .")
    if RESERVED.match(plain):
        plain = f"_{plain}"
    stem, dot, ending = plain.rpartition(".")
    if dot and len(ending) <= LONGEST_ENDING:
        plain = f"{stem[: LONGEST - len(ending) - 1].rstrip()}.{ending}"
    return plain[:LONGEST].strip(" .") or otherwise
