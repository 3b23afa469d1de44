"""Calls and visits: what was said by telephone or at the counter, written down by somebody else.

A member fills in a form, or the telephone system tells; both are written into the intake, and this
reads it. An answer is given on the spot or by calling back, so nothing is sent from here.
"""

import json
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
)

from sori.channels.contract import Delivery, Facts, Listener
from sori.channels.pushing import Brought, name_of
from sori.channels.unfit import Unfit

LONGEST_TEXT: Final = 100_000
_AHEAD: Final = timedelta(minutes=5)


class CalllogSettings(BaseModel):
    """How calls come in; the form works without any of it."""

    model_config = ConfigDict(extra="forbid", title="Call or visit")

    missed: str = Field(
        "부재중 전화",
        min_length=1,
        max_length=200,
        title="Words for a missed call",
        description="What stands in the inbox for a call that nobody answered.",
    )
    extensions: list[str] = Field(
        default_factory=list,
        max_length=2_000,
        title="Extensions",
        description="Whose telephone is whose, one a line, so that a ringing call is shown to its"
        " member only; a call to any other extension is shown to everybody who takes calls.",
        json_schema_extra={"placeholder": "101=seoyeon@example.com", "advanced": True},
    )
    secret: SecretStr = Field(
        SecretStr(""),
        title="Signing secret",
        description="What the telephone system signs its events with; made on the source's page.",
        json_schema_extra={"generated": True},
    )

    @field_validator("extensions")
    @classmethod
    def _pairs(cls, lines: list[str]) -> list[str]:
        pairs = [line.partition("=") for line in lines]
        if not all(extension.strip() and "@" in mail for extension, _, mail in pairs):
            raise Unfit("an extension is written as 101=name@example.com")
        return [f"{extension.strip()}={mail.strip()}" for extension, _, mail in pairs]

    @property
    def by_extension(self) -> dict[str, str]:
        """The member's mail address, in small letters, by extension."""
        return {
            line.partition("=")[0]: line.partition("=")[2].casefold() for line in self.extensions
        }


class Note(BaseModel):
    """What was written down of one call or visit."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    text: str = Field(min_length=1, max_length=LONGEST_TEXT)
    author: str = Field("", max_length=255)
    name: str = Field("", max_length=200)
    phone: str = Field("", max_length=32)
    way: Literal["phone", "counter"] = "phone"
    direction: Literal["in", "out"] = "in"
    call: str = Field("", max_length=128)
    at: AwareDatetime | None = None
    seconds: int | None = Field(None, ge=0, le=7 * 86_400)
    extension: str = Field("", max_length=32)
    answered: str = Field("", max_length=LONGEST_TEXT)
    member: int | None = None


class Calllog(Brought):
    """Conversations by telephone or at the counter, written down in a form or told by a telephone
    system, so there is nothing to fetch."""

    name: ClassVar[str] = "calllog"
    Settings: ClassVar[type[BaseModel]] = CalllogSettings
    facts: ClassVar[Facts] = Facts(
        history="From the first call that is written down, and whatever a table holds."
    )

    def row(
        self,
        delivery: Delivery,
        settings: CalllogSettings,  # noqa: ARG002
        listener: Listener,
    ) -> dict[str, Any]:
        """A note as a mention."""
        note = Note.model_validate(delivery.body)
        name = name_of(delivery.key, listener)
        known = note.model_dump(exclude={"text", "author", "name", "at"})
        extra = {key: value for key, value in known.items() if value not in ("", None)}
        return {
            "source": listener.source,
            "channel": "calllog",
            "external_id": name,
            # what the telephone system tells and what a member writes of a call stand together
            "thread_id": name_of(f"call:{note.call}", listener) if note.call else name,
            "author_id": note.author or None,
            "author_name": note.name or None,
            "text": note.text,
            "published_at": spoken_at(note.at, delivery.received_at),
            "heard_at": listener.now,
            "addressed": True,
            "public": False,
            "reply_mode": "none",
            "extra": json.dumps(extra, ensure_ascii=False),
        }


def spoken_at(at: datetime | None, received_at: datetime) -> datetime:
    """When it was said; a clock that runs ahead of ours is not believed."""
    return at if at and at <= received_at + _AHEAD else received_at
