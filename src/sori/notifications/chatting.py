"""Bring out what waits for a messenger: named services by Apprise, other addresses by a web hook.

An address is a secret and can be made to lead anywhere, so a member may only name services whose
hosts are fixed (`SERVICES`). A web hook is for administrators, and is sent by `channels.calling`,
which never goes to an address inside the own network. Apprise would open a file or follow a
parameter that an address names, so parameters it does not need are refused.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from sori.channels import calling
from sori.errors import (
    ChannelError,
    ConfigurationError,
    Refused,
    ReplyNotAccepted,
)
from sori.listen.vault import seal, unseal
from sori.mailing import site
from sori.notifications.composing import Item, in_words_of, items
from sori.notifications.models import Line, Outlet

FAILURES: Final = (ChannelError, ConfigurationError)
WEBHOOK: Final = "Webhook"
LONGEST: Final = 2_000
_MOST_TOLD: Final = 20
_PATIENCE = 20.0

_AZURE: Final = (".logic.azure.com", ".api.powerplatform.com")


def _anywhere(_plugin: Any) -> bool:
    return True


SERVICES: Final[Mapping[str, Callable[[Any], bool]]] = MappingProxyType(
    {
        "NotifySlack": _anywhere,
        "NotifyDiscord": _anywhere,
        "NotifyTelegram": _anywhere,
        "NotifyGoogleChat": _anywhere,
        "NotifyPushover": _anywhere,
        "NotifyLine": _anywhere,
        "NotifyNtfy": lambda plugin: plugin.mode == "cloud",
        "NotifyWorkflows": lambda plugin: str(plugin.host).endswith(_AZURE),
    }
)
"""What a member may name, each with the proof that it goes to the service's own hosts."""

_PARAMETERS: Final = frozenset({"api-version", "sp", "sv", "sig", "key", "token"})


def installed() -> bool:
    """Whether Apprise is there (`pip install 'sori-voc[notify]'`)."""
    return find_spec("apprise") is not None


def judged(address: str, *, shared: bool) -> str:
    """The name of the service an address belongs to.

    Args:
        address: as somebody typed it.
        shared: whether it is for a room the company shares, which administrators add.

    Raises:
        Refused: when it is none that may be used, in words for the member.
    """
    address = address.strip()
    if not address.isprintable() or len(address) > LONGEST:
        raise Refused(_("This is no address of a messenger."))
    plugin = _plugin(address)
    if plugin is not None:
        return str(plugin.service_name)
    url = urlsplit(address)
    if shared and url.scheme in {"https", "http"} and url.hostname:
        return WEBHOOK
    if not installed():
        raise Refused(_("Messengers need one more package: pip install 'sori-voc[notify]'"))
    raise Refused(
        _(
            "This is no address of a messenger that is known here: Slack, Teams (Workflows),"
            " Discord, Google Chat, Telegram, LINE, Pushover or ntfy.sh."
        )
    )


def sealed(outlet: Outlet, address: str) -> bytes:
    """The address as it is kept."""
    return seal(address.strip().encode(), about=_about(outlet))


def carry(outlet: Outlet, lines: Sequence[Line]) -> bool:
    """Bring these lines to a messenger as one message, without a customer's words unless allowed.

    Returns:
        False when none of them may be read there any more.

    Raises:
        ReplyRejected: it may not go there, or is refused and always will be.
        ReplyNotAccepted: it provably did not arrive.
        ReplyError: nobody knows whether it did.
        ConfigurationError: the address cannot be opened with the key this site has.
    """
    with in_words_of(outlet.member):
        told = items(outlet, lines)
        if told:
            _send(outlet, _text(told, words=outlet.words), told[0].link)
    return bool(told)


def greet(outlet: Outlet) -> None:
    """Send a word that proves that it works; raises what `carry` raises."""
    with in_words_of(outlet.member):
        _send(outlet, _("Sori can reach you here."), site())


def _text(told: Sequence[Item], *, words: bool) -> str:
    shown = [f"{_harmless(_line(item, words=words))}\n{item.link}" for item in told[:_MOST_TOLD]]
    if len(told) > len(shown):
        shown.append(_("… and %d more") % (len(told) - len(shown)))
    return "\n".join(shown)


def _line(item: Item, *, words: bool) -> str:
    return f"{item.text}: {item.title}" if words and item.title else item.text


def _harmless(text: str) -> str:
    """Words that call nobody: "@everyone" in a subject must not ring in every pocket."""
    return text.replace("@", "@\u200b").replace("<!", "<\u200b!")


def _send(outlet: Outlet, text: str, link: str) -> None:
    address = unseal(bytes(outlet.sealed), about=_about(outlet)).decode()
    if outlet.service == WEBHOOK:
        body = json.dumps({"title": "Sori", "text": text, "url": link}, ensure_ascii=False)
        calling.post(
            address,
            body.encode(),
            headers={"Content-Type": "application/json"},
            seconds=_PATIENCE,
            allow_private=settings.PRIVATE_WEBHOOKS,
        )
        return
    plugin = _plugin(address)
    if plugin is None:
        raise ConfigurationError(_("this service cannot be used here any more"))
    _by_apprise(plugin, text)


def _by_apprise(plugin: Any, text: str) -> None:
    apprise = _apprise()
    with apprise.LogCapture(level=apprise.logging.WARNING) as said:
        went = plugin.notify(body=text, title="Sori", body_format=apprise.NotifyFormat.TEXT)
        complaint = said.getvalue() if said is not None else ""
    if not went:
        words = complaint.strip().splitlines()
        what = words[-1][:300] if words else _("it was not taken")
        raise ReplyNotAccepted(f"{plugin.service_name}: {what}")


def _plugin(address: str) -> Any | None:
    """The service an address names, made by Apprise; None when it is none that may be used."""
    if not installed():
        return None
    if {name for name, _value in parse_qsl(urlsplit(address).query)} - _PARAMETERS:
        return None
    plugin = _apprise().Apprise.instantiate(address, suppress_exceptions=True)
    proof = SERVICES.get(type(plugin).__name__)
    if proof is None or not proof(plugin):
        return None
    # an address may ask to trust anybody; nobody here does
    plugin.verify_certificate = True
    return plugin


def _apprise() -> Any:
    # a third of a second that nobody pays who has no messenger
    apprise = import_module("apprise")
    # what it complains of is shown to whoever added the address, and belongs in no log
    logging.getLogger("apprise").propagate = False
    return apprise


def _about(outlet: Outlet) -> str:
    return f"address of outlet {outlet.pk}"
