"""Who may come in: from which site, with which token, and for which chat."""

from typing import Any, Final
from urllib.parse import urlsplit

from django.core import signing

from sori.errors import ConfigurationError
from sori.listen.models import Source
from sori.listen.vault import opened_settings
from sori.webchat.models import Visitor

CHANNEL: Final = "chat"
_SALT: Final = "sori.webchat.visitor"
_A_DAY: Final = 24 * 3600
_A_YEAR: Final = 365 * _A_DAY


class Barred(Exception):
    """Somebody does not get in; `word` is what their window is told."""

    def __init__(self, word: str, status: int) -> None:
        super().__init__(word)
        self.word = word
        self.status = status


def open_chat(slug: str) -> tuple[Source, Any]:
    """The chat of this name and its settings.

    Raises:
        Barred: there is none, or it takes nothing at present.
    """
    source = Source.objects.filter(slug=slug, channel=CHANNEL).first()
    if source is None or source.state == Source.State.PAUSED:
        raise Barred("closed", 404)
    try:
        return source, opened_settings(source)
    except ConfigurationError:
        raise Barred("closed", 404) from None


def admit(settings: Any, origin: str | None, own: str) -> str:
    """Let in a page of a site that may show the window; returns its origin.

    Args:
        settings: the chat's.
        origin: what the browser says; one that says nothing is no page.
        own: our own origin, whose preview always may.

    Raises:
        Barred: any other site.
    """
    if origin and (origin == own or origin in settings.origins):
        return origin
    raise Barred("origin", 403)


def own_origin(scheme: str, host: str) -> str:
    """Our own origin as a browser writes it.

    >>> own_origin("https", "sori.example.com:443")
    'https://sori.example.com'
    """
    parts = urlsplit(f"{scheme}://{host}".lower())
    usual = {"http": ":80", "https": ":443"}.get(scheme, "")
    return f"{parts.scheme}://{parts.netloc.removesuffix(usual)}"


def token_of(visitor: Visitor) -> str:
    """What a window shows from now on to be known again."""
    return signing.dumps([visitor.source_id, visitor.key], salt=_SALT)


def visitor_of(source: Source, token: str) -> Visitor:
    """Whoever was given this token for this chat.

    A customer the site has signed in is believed for a day, so that the next person at the same
    computer does not find what they said; anybody else for a year.

    Raises:
        Barred: it is none of ours, another chat's, too old, or they were forgotten.
    """
    visitor = _known(source, token, _A_YEAR)
    if visitor is None or (visitor.user and _known(source, token, _A_DAY) is None):
        raise Barred("token", 401)
    return visitor


def _known(source: Source, token: str, seconds: int) -> Visitor | None:
    try:
        number, key = signing.loads(token, salt=_SALT, max_age=seconds)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if number != source.pk:
        return None
    return Visitor.objects.filter(source=source, key=key).first()
