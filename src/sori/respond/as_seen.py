"""What the world will see of an answer before it is sent, and a sentence that leads to private."""

from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from sori.channels.contract import Address, Previews, Writer
from sori.errors import ConfigurationError
from sori.listen.continuing import path_for
from sori.listen.vault import opened_settings
from sori.respond.destination import answering_channel, shown, signed_by, signs, way_out
from sori.respond.models import Message
from sori.staff.faces import face_of
from sori.staff.models import Member


class Seen(NamedTuple):
    """An answer as it will be seen.

    Attributes:
        text: all of it, with what the channel writes besides.
        public: whether everybody can read it.
        to: whom it goes to, in words.
        face: whether the writer's picture goes along.
    """

    text: str
    public: bool
    to: str
    face: bool


def seen(incoming: Message, text: str, writer: Member) -> Seen:
    """How an answer to a received message will look where it is read."""
    signer = _signer(incoming, writer)
    public = incoming.reply_mode == "public"
    return Seen(
        _written(incoming, text, signer), public, shown(incoming), bool(signer and signer.face)
    )


def _written(incoming: Message, text: str, signer: Writer | None) -> str:
    to = incoming.reply_address if isinstance(incoming.reply_address, dict) else {}
    channel = answering_channel(incoming)
    if not isinstance(channel, Previews):
        return f"{to.get('opening') or ''}{text}"
    try:
        chosen = opened_settings(way_out(incoming))
    except ConfigurationError:
        return text  # it could not be sent either, which sending says
    return channel.preview(chosen, Address(incoming.reply_mode, to, shown(incoming)), text, signer)


def _signer(incoming: Message, writer: Member) -> Writer | None:
    if not signs(incoming):
        return None
    named = signed_by(writer)
    return Writer(named["name"], named["about"], face_of(writer.pk))


def way_to_private(case: int, site: str) -> str:
    """A sentence that leads from a public answer to the web form; "" where there is none.

    Args:
        case: what it is about.
        site: the address of this site, as the member sees it, where the settings name none.
    """
    path = path_for(case)
    if not path:
        return ""
    return _("For the details, please write to us in private: %(link)s") % {
        "link": f"{settings.SITE_URL or site}{path}"
    }
