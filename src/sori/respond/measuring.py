"""How much room an answer has, as the channel that takes it counts."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from sori.channels.contract import Measured
from sori.errors import Refused
from sori.respond.destination import answering_channel, way_out
from sori.respond.models import Message
from sori.words import channel as in_words


class Room(NamedTuple):
    """How long an answer is and may be.

    Attributes:
        used: what the text measures, with what the channel writes before it.
        longest: what it may measure.
    """

    used: int
    longest: int


def room(incoming: Message, text: str) -> Room | None:
    """The room of an answer so far to a received message; None where any length will do."""
    channel = answering_channel(incoming)
    if not isinstance(channel, Measured):
        return None
    to = incoming.reply_address if isinstance(incoming.reply_address, dict) else {}
    return Room(channel.measure(f"{to.get('opening') or ''}{text}"), channel.longest)


def must_fit(incoming: Message, text: str) -> None:
    """Refuse what the channel would refuse.

    Raises:
        Refused: when the text is longer than the channel takes.
    """
    found = room(incoming, text)
    if found is None or found.used <= found.longest:
        return
    told = _("%(channel)s takes %(longest)d characters at most; this counts as %(used)d.") % {
        "channel": in_words(way_out(incoming).channel),
        **found._asdict(),
    }
    hint = _("Say the main thing here, and offer to go on in private.")
    raise Refused(f"{told} {hint}" if incoming.reply_mode == "public" else told)
