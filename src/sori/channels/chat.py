"""The chat on our own pages: what a visitor says there becomes one mention, and is answered there.

The window itself is somewhere else; it writes what was said into the intake, and this reads it.
"""

import json
import re
from datetime import UTC, datetime
from typing import Any, ClassVar, Final, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from sori.channels.contract import (
    Address,
    Delivery,
    Facts,
    Listener,
    Sent,
    Writer,
)
from sori.channels.pushing import Brought, name_of
from sori.channels.unfit import Unfit
from sori.errors import ReplyRejected

LONGEST_TEXT: Final = 4_000
LANGUAGES: Final = {"ko": "korean", "en": "english", "ja": "japanese"}
_GREETING: Final = "The first words in the window; without any, it greets in its own."
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")


class ChatSettings(BaseModel):
    """Where the window may stand and what it says."""

    model_config = ConfigDict(extra="forbid", title="Web chat")

    origins: list[str] = Field(
        default_factory=list,
        max_length=50,
        title="Sites that may show it",
        description="One a line, exactly as the address bar begins; any other site is refused.",
        json_schema_extra={"placeholder": "https://www.example.com"},
    )
    heading: str = Field(
        "", max_length=60, title="Heading", description="What stands above the window."
    )
    hours: str = Field(
        "",
        max_length=120,
        title="When somebody answers",
        description="A line under the heading, in your own words.",
        json_schema_extra={"placeholder": "평일 9시–18시"},
    )
    greeting_ko: str = Field(
        "",
        max_length=300,
        title="Greeting in Korean",
        description=_GREETING,
        json_schema_extra={"format": "textarea"},
    )
    greeting_en: str = Field(
        "",
        max_length=300,
        title="Greeting in English",
        description=_GREETING,
        json_schema_extra={"format": "textarea", "advanced": True},
    )
    greeting_ja: str = Field(
        "",
        max_length=300,
        title="Greeting in Japanese",
        description=_GREETING,
        json_schema_extra={"format": "textarea", "advanced": True},
    )
    language: Literal["auto", "korean", "english", "japanese"] = Field(
        "auto",
        title="Language of the window",
        description="By itself it speaks the language of the page it stands in.",
        json_schema_extra={"advanced": True},
    )
    accent: str = Field(
        "#0b6e5f",
        title="Colour",
        description="Of the button and of what the visitor says, as #RRGGBB.",
        json_schema_extra={"advanced": True},
    )
    privacy: str = Field(
        "",
        max_length=500,
        title="Privacy policy",
        description="Its address; the window leads there before anybody writes.",
        json_schema_extra={"placeholder": "https://www.example.com/privacy"},
    )
    reply_by: str = Field(
        "",
        max_length=80,
        title="Answer by mail through",
        description="The mail source that answers visitors who have left; they are asked for their"
        " address. Without one, an answer waits in the window.",
        json_schema_extra={"format": "email-source"},
    )
    sign: bool = Field(
        default=True,
        title="Show who answers",
        description="The name and the face of whoever wrote an answer.",
        json_schema_extra={"advanced": True},
    )
    signed_only: bool = Field(
        default=False,
        title="Only customers who are signed in",
        description="Your site says who they are, and signs it; nobody else can write.",
        json_schema_extra={"advanced": True},
    )
    secret: SecretStr = Field(
        SecretStr(""),
        title="Signing secret",
        description="What your site signs with who a visitor is; made on the page of the chat.",
        json_schema_extra={"generated": True},
    )

    @field_validator("origins")
    @classmethod
    def _exact(cls, lines: list[str]) -> list[str]:
        return [origin(line) for line in lines]

    @field_validator("accent")
    @classmethod
    def _colour(cls, colour: str) -> str:
        if not _COLOUR.fullmatch(colour):
            raise Unfit("a colour is written as #1a2b3c")
        return colour.lower()

    @field_validator("privacy")
    @classmethod
    def _address(cls, address: str) -> str:
        if address and not re.fullmatch(r"https?://[^\s<>\"']+", address):
            raise Unfit("an address begins with https://")
        return address

    @property
    def greetings(self) -> dict[str, str]:
        """The first words, by code of language; empty where the window uses its own."""
        return {code: str(getattr(self, f"greeting_{code}")).strip() for code in LANGUAGES}

    @property
    def spoken(self) -> str:
        """The code of the language the window always speaks; empty where the page decides."""
        return next((code for code, name in LANGUAGES.items() if name == self.language), "")


def origin(line: str) -> str:
    """An origin as browsers send it: scheme, host and a port that is not the usual one.

    Raises:
        ValueError: it is none: a path, a star, another scheme.
    """
    wrong = "a site is written as https://www.example.com, without a path"
    parts = urlsplit(line.strip())
    try:
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port
    except ValueError:
        raise ValueError(wrong) from None
    plain = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username)
    if parts.scheme not in ("http", "https") or not plain or not re.fullmatch(r"[a-z0-9.-]+", host):
        raise ValueError(wrong)
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != usual else "")


class Said(BaseModel):
    """What came from the window. `author` is the account, `visitor` names the window's visitor."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    text: str = Field(min_length=1, max_length=LONGEST_TEXT)
    author: str = Field("", max_length=255)
    visitor: str = Field("", max_length=64)
    name: str = Field("", max_length=200)
    page: str = Field("", max_length=1_000)
    language: str = Field("", max_length=8)
    verified: bool = False


class Chat(Brought):
    """A chat window on pages of your own, answered in the window while somebody is there and by
    mail when they have left."""

    name: ClassVar[str] = "chat"
    Settings: ClassVar[type[BaseModel]] = ChatSettings
    facts: ClassVar[Facts] = Facts(history="From the day the window is there.")

    def row(
        self,
        delivery: Delivery,
        settings: ChatSettings,  # noqa: ARG002
        listener: Listener,
    ) -> dict[str, Any]:
        """A turn as a mention."""
        said = Said.model_validate(delivery.body)
        name = name_of(delivery.key, listener)
        extra = {"language": said.language, "page": said.page, "verified": said.verified}
        address = {"visitor": said.visitor, "shown": said.name} if said.visitor else None
        return {
            "source": listener.source,
            "channel": "chat",
            "external_id": name,
            "thread_id": thread_of(listener.source, said.visitor) if said.visitor else name,
            "author_id": said.author or None,
            "author_name": said.name or None,
            "text": said.text,
            "url": said.page or None,
            "published_at": delivery.received_at,
            "heard_at": listener.now,
            "addressed": True,
            "public": False,
            "reply_mode": "private" if address else "none",
            "reply_address": json.dumps(address, ensure_ascii=False) if address else None,
            "extra": json.dumps({key: value for key, value in extra.items() if value}) or None,
        }

    def reply(self, settings: ChatSettings, to: Address, text: str, key: str) -> Sent:  # noqa: ARG002
        """Let the window show it: the desk's own row is what the window reads, so it has arrived
        as soon as that row says so, and nothing leaves the house on the way."""
        if not to.to.get("visitor"):
            raise ReplyRejected("there is no visitor to answer to")
        return Sent(f"chat-{key}", datetime.now(UTC))

    def reply_signed(
        self,
        settings: ChatSettings,
        to: Address,
        text: str,
        key: str,
        writer: Writer,  # noqa: ARG002
    ) -> Sent:
        """The same; who wrote it stands in the desk's row already."""
        return self.reply(settings, to, text, key)

    def find(self, settings: ChatSettings, to: Address, key: str) -> Sent | None:  # noqa: ARG002
        """Always found: an answer whose worker died arrives by being written down as sent."""
        return Sent(f"chat-{key}", datetime.now(UTC)) if to.to.get("visitor") else None


def thread_of(source: int, visitor: str) -> str:
    """The thread in which everything stands that a visitor says and hears."""
    return f"{source}:{visitor}"
