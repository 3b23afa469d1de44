"""The public form: what a visitor wrote into it becomes one mention.

The page itself is somewhere else; it writes what was sent into the intake, and this reads it.
"""

import json
from collections.abc import Mapping
from typing import Any, ClassVar, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sori.channels.contract import Delivery, Facts, Listener
from sori.channels.mail.addresses import checked, normal
from sori.channels.pushing import Brought, name_of
from sori.channels.unfit import Unfit

LONGEST_TEXT: Final = 100_000


class WebformSettings(BaseModel):
    """What the form asks."""

    model_config = ConfigDict(extra="forbid", title="Web form")

    heading: str = Field(
        "", max_length=120, title="Heading", description="Shown above the form; may stay empty."
    )
    introduction: str = Field(
        "",
        max_length=1000,
        title="Introduction",
        description="A sentence or two for the visitor, such as when an answer can be expected.",
        json_schema_extra={"format": "textarea"},
    )
    topics: list[str] = Field(
        default_factory=list,
        max_length=30,
        title="Topics",
        description="What the visitor can choose from, one a line; without any there is no choice.",
        json_schema_extra={"placeholder": "배송"},
    )
    ask_email: Literal["no", "optional", "required"] = Field(
        "optional", title="Mail address", description="Whether the visitor is asked for it."
    )
    reply_by: str = Field(
        "",
        max_length=80,
        title="Answer by",
        description="The mail source that sends answers; without one, answers are not possible.",
        json_schema_extra={"format": "email-source"},
    )

    @field_validator("topics")
    @classmethod
    def _short_topics(cls, topics: list[str]) -> list[str]:
        topics = [" ".join(topic.split()) for topic in topics]
        if any(len(topic) > 60 for topic in topics):
            raise Unfit("a topic has at most 60 characters")
        return [topic for topic in topics if topic]


class Sheet(BaseModel):
    """What came from the form. Whatever else came with it is kept in `extra`."""

    model_config = ConfigDict(extra="allow", str_strip_whitespace=True)

    text: str = Field(min_length=1, max_length=LONGEST_TEXT)
    name: str = Field("", max_length=200)
    email: str = Field("", max_length=254)
    subject: str = Field("", max_length=500)
    topic: str = Field("", max_length=200)

    @field_validator("email")
    @classmethod
    def _one_address(cls, email: str) -> str:
        return checked(email) if email else ""


class Webform(Brought):
    """The public form: what visitors wrote is brought to us, so there is nothing to fetch."""

    name: ClassVar[str] = "webform"
    Settings: ClassVar[type[BaseModel]] = WebformSettings
    facts: ClassVar[Facts] = Facts(history="From the day the form is there.")

    def row(
        self, delivery: Delivery, settings: WebformSettings, listener: Listener
    ) -> dict[str, Any]:
        """A sheet as a mention."""
        sheet = Sheet.model_validate(delivery.body)
        name = name_of(delivery.key, listener)
        answer = _answer(sheet, settings, name)
        extra: Mapping[str, Any] = {"topic": sheet.topic} | (sheet.model_extra or {})
        kept = {key: value for key, value in extra.items() if value not in ("", None)}
        return {
            "source": listener.source,
            "channel": "webform",
            "external_id": name,
            "thread_id": name,
            "author_id": normal(sheet.email) or None,
            "author_name": sheet.name or None,
            "title": sheet.subject or sheet.topic or None,
            "text": sheet.text,
            "published_at": delivery.received_at,
            "heard_at": listener.now,
            "addressed": True,
            "public": False,
            "reply_mode": "private" if answer else "none",
            "reply_address": json.dumps(answer, ensure_ascii=False) if answer else None,
            "extra": json.dumps(kept, ensure_ascii=False, default=str) if kept else None,
        }


def _answer(sheet: Sheet, settings: WebformSettings, thread: str) -> dict[str, Any] | None:
    """Where an answer goes: what the mail source named in `reply_by` needs to send it."""
    if not (settings.reply_by and sheet.email):
        return None
    return {
        "source": settings.reply_by,
        "to": sheet.email,
        "subject": sheet.subject or sheet.topic,
        "thread": thread,
    }
