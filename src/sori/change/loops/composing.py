"""The text that one person reads: in their language, with their name, as long as there is room."""

from datetime import datetime
from typing import Final, NamedTuple

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from sori.change.loops.audience import Recipient
from sori.change.loops.models import Telling
from sori.change.loops.wording import BLANKS, LONG, SHORT, language_of
from sori.channels import registry
from sori.channels.contract import Measured
from sori.errors import ConfigurationError
from sori.respond.prose import visible
from sori.staff.models import Member
from sori.understand.privacy import CONTACTS, mask
from sori.understand.themes import shortened

_QUOTED: Final = 60


class About(NamedTuple):
    """What a notice is made of besides the text.

    Attributes:
        name: what to call them; "" when nobody knows.
        words: what they said.
        at: when.
        language: of it, an ISO 639-1 code; "" when unsure.
        sends: the channel the notice goes out by.
        opening: what that channel writes before every answer.
    """

    name: str
    words: str
    at: datetime
    language: str
    sends: str
    opening: str = ""


class Letter(NamedTuple):
    """What somebody will read.

    Attributes:
        text: the words.
        language: theirs.
        size: LONG or SHORT.
        used: what it measures on its channel; None where any length will do.
        longest: what it may measure.
    """

    text: str
    language: str
    size: str
    used: int | None = None
    longest: int | None = None

    @property
    def fits(self) -> bool:
        """Whether its channel takes it, and there is anything to take."""
        short_enough = self.used is None or self.longest is None or self.used <= self.longest
        return bool(self.text) and short_enough


def about(recipient: Recipient) -> About:
    """What the notice of a recipient is made of."""
    one = recipient.raised
    opening = "" if recipient.way.via == "mail" else one.opening
    return About(recipient.name, one.words, one.at, recipient.language, recipient.sends, opening)


def letter(telling: Telling, one: About, writer: Member) -> Letter:
    """What somebody will read: the long text where their channel has room for it."""
    texts = telling.words
    language = language_of(one.language, texts)
    values = _values(telling, one, writer, language)
    long = _letter(BLANKS.filled(texts[language].of(LONG), values), language, LONG, one)
    if long.fits or not texts[language].of(SHORT):
        return long
    return _letter(BLANKS.filled(texts[language].of(SHORT), values), language, SHORT, one)


def _letter(text: str, language: str, size: str, one: About) -> Letter:
    measure = _measure(one.sends)
    if measure is None:
        return Letter(text, language, size)
    used = measure.measure(f"{one.opening}{text}")
    return Letter(text, language, size, used, measure.longest)


def _measure(channel: str) -> Measured | None:
    try:
        found = registry.channel(channel)
    except ConfigurationError:
        return None
    return found if isinstance(found, Measured) else None


def _values(telling: Telling, one: About, writer: Member, language: str) -> dict[str, str]:
    # where others may read along, nobody's telephone number is repeated
    words, _found = mask(visible(one.words), also=CONTACTS)
    day = timezone.localtime(one.at).date()
    with translation.override(language):
        this_year = day.year == timezone.localdate().year
        when = formats.date_format(day, "MONTH_DAY_FORMAT" if this_year else "DATE_FORMAT")
        customer = one.name or _("customer")
    return {
        "customer": customer,
        "me": writer.name,
        "when": when,
        "words": shortened(words, _QUOTED),
        "title": telling.initiative.title,
        "reason": telling.initiative.reason,
    }
