"""What a window may ask: begin, say, read, leave an address, close; and its own script."""

import re
import time
from datetime import datetime
from typing import Annotated, Any, Final

from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, field_validator

from sori.channels.chat import LONGEST_TEXT
from sori.channels.mail.addresses import checked
from sori.staff.faces import face_of
from sori.staff.permissions import public
from sori.webchat import entering, script, selectors, services
from sori.webchat.entering import Barred
from sori.webchat.identity import Forged, Stated, stated
from sori.webchat.models import Visitor
from sori.webchat.views.asking import Asked, listens

BEGINNINGS_AN_HOUR: Final = 600
SAYINGS_AN_HOUR: Final = 2_000
A_MINUTE: Final = 60
SAYINGS_A_MINUTE: Final = 20
LOOKS_A_MINUTE: Final = 120
ADDRESSES_AN_HOUR: Final = 10

Token = Annotated[str, StringConstraints(max_length=400)]


class Begin(BaseModel):
    """Who opens the window: a token from before, or what the site signed."""

    model_config = ConfigDict(extra="ignore")

    token: Token = ""
    identity: str = Field("", max_length=4_000)
    signature: str = Field("", max_length=128)
    language: str = Field("", max_length=8)


class Say(BaseModel):
    """One turn; `id` is the window's name for it, new for every turn and the same at every try."""

    model_config = ConfigDict(extra="ignore")

    token: Token
    id: str = Field(pattern=r"^[0-9A-Za-z_-]{8,64}$")
    text: str = Field(min_length=1, max_length=LONGEST_TEXT)
    page: str = Field("", max_length=2_000)

    @field_validator("text", mode="before")
    @classmethod
    def _tidy(cls, text: object) -> object:
        if not isinstance(text, str):
            return text
        plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        # half of a pair of surrogates cannot be written down anywhere
        return plain.encode("utf-8", "replace").decode().strip()


class Look(BaseModel):
    """What was said; `reads` says that the window stands open before somebody."""

    model_config = ConfigDict(extra="ignore")

    token: Token
    before: AwareDatetime | None = None
    reads: bool = False


class Mail(BaseModel):
    """Where to answer when the visitor has left."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    token: Token
    email: str = Field(max_length=254)

    @field_validator("email")
    @classmethod
    def _one_address(cls, email: str) -> str:
        return checked(email)


class Leave(BaseModel):
    """The window closes."""

    model_config = ConfigDict(extra="ignore")

    token: Token


@listens(Begin)
def start(asked: Asked, words: Begin) -> dict[str, Any]:
    """Open a window: know the visitor again, or begin with a new one."""
    asked.restrain_address("begin", BEGINNINGS_AN_HOUR)
    visitor = _whoever(asked, words)
    services.see(visitor)
    return {"token": entering.token_of(visitor), **_shown(asked, visitor)}


@listens(Say)
def say(asked: Asked, words: Say) -> dict[str, Any]:
    """Take a turn of the visitor; it is safe when this answers."""
    visitor = asked.visitor(words.token)
    asked.restrain(visitor.key, "say", SAYINGS_A_MINUTE, A_MINUTE)
    asked.restrain_address("say", SAYINGS_AN_HOUR)
    page = _page(words.page, str(asked.request.headers.get("Origin")))
    services.say(visitor=visitor, key=words.id, text=words.text, page=page)
    return {"id": words.id}


@listens(Look)
def history(asked: Asked, words: Look) -> dict[str, Any]:
    """What was said and answered, newest page first."""
    visitor = asked.visitor(words.token)
    asked.restrain(visitor.key, "look", LOOKS_A_MINUTE, A_MINUTE)
    services.see(visitor, reads=words.reads)
    return _shown(asked, visitor, before=words.before)


@listens(Mail)
def mail(asked: Asked, words: Mail) -> dict[str, Any]:
    """Keep the address that a visitor left."""
    visitor = asked.visitor(words.token)
    asked.restrain(visitor.key, "mail", ADDRESSES_AN_HOUR)
    services.leave_mail(visitor=visitor, email=words.email)
    return {"mail": words.email}


@listens(Leave)
def leave(asked: Asked, words: Leave) -> dict[str, Any]:
    """The visitor is gone from now on, unless another window of theirs is open."""
    services.go(asked.visitor(words.token))
    return {}


@public
@require_safe
def widget(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001
    """The script that puts the window into a page."""
    try:
        source, settings = entering.open_chat(slug)
    except Barred:
        raise Http404 from None
    response = HttpResponse(
        script.written(source, settings), content_type="text/javascript; charset=utf-8"
    )
    response["Cache-Control"] = "public, max-age=300"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@public
@require_safe
def face(request: HttpRequest, slug: str, name: str) -> HttpResponse:  # noqa: ARG001
    """The face of a member who has answered in this chat; its name was signed by us."""
    try:
        entering.open_chat(slug)
        picture = face_of(selectors.member_of(name))
    except (Barred, BadSignature):
        raise Http404 from None
    if not picture:
        raise Http404
    response = HttpResponse(picture, content_type="image/jpeg")
    response["Cache-Control"] = "public, max-age=3600"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _whoever(asked: Asked, words: Begin) -> Visitor:
    if words.identity or words.signature:
        said = _checked(asked, words)
        return services.begin_known(source=asked.source, language=words.language, said=said)
    if asked.settings.signed_only:
        raise Barred("signed_only", 403)
    if words.token:
        visitor = asked.visitor(words.token)
        if not visitor.user:
            return visitor
    return services.begin(source=asked.source, language=words.language)


def _checked(asked: Asked, words: Begin) -> Stated:
    secret = asked.settings.secret.get_secret_value()
    try:
        return stated(words.identity, words.signature, secret, now=time.time())
    except Forged as forged:
        raise Barred(forged.word, 403) from None


def _shown(asked: Asked, visitor: Visitor, *, before: datetime | None = None) -> dict[str, Any]:
    found = selectors.lines(visitor, signs=asked.settings.sign, before=before)
    return found | {"name": visitor.name, "mail": visitor.email}


def _page(address: str, origin: str) -> str:
    """The page somebody writes from, as far as it is one of that site and tells no secrets."""
    bare = re.split(r"[?#]", address, maxsplit=1)[0]
    return bare[:1_000] if bare.startswith(f"{origin}/") and bare.isprintable() else ""
