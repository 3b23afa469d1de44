"""The ideas portal: what a visitor wished for there becomes one mention.

The pages are somewhere else; they write each idea into the intake, and this reads it.
"""

import json
from typing import Any, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field

from sori.channels.contract import Delivery, Facts, Listener
from sori.channels.mail.addresses import normal
from sori.channels.pushing import Brought, name_of

LONGEST_TEXT: Final = 10_000


class PortalSettings(BaseModel):
    """How authors of ideas are answered."""

    model_config = ConfigDict(extra="forbid", title="Ideas portal")

    reply_by: str = Field(
        "",
        max_length=80,
        title="Answer by",
        description="The mail source that sends answers; without one, answers are not possible.",
        json_schema_extra={"format": "email-source"},
    )


class Wish(BaseModel):
    """An idea as the portal wrote it down; `idea` is its number there."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    title: str = Field(min_length=1, max_length=500)
    text: str = Field("", max_length=LONGEST_TEXT)
    name: str = Field("", max_length=200)
    email: str = Field(min_length=3, max_length=254)
    board: str = Field("", max_length=200)
    idea: int


class Portal(Brought):
    """Ideas that visitors brought to the portal, so there is nothing to fetch."""

    name: ClassVar[str] = "portal"
    Settings: ClassVar[type[BaseModel]] = PortalSettings
    facts: ClassVar[Facts] = Facts(history="From the first idea that is written.")

    def row(
        self, delivery: Delivery, settings: PortalSettings, listener: Listener
    ) -> dict[str, Any]:
        """An idea as a mention."""
        wish = Wish.model_validate(delivery.body)
        name = name_of(delivery.key, listener)
        answer = {
            "source": settings.reply_by,
            "to": wish.email,
            "subject": wish.title,
            "thread": name,
        }
        return {
            "source": listener.source,
            "channel": "portal",
            "external_id": name,
            "thread_id": name,
            "author_id": normal(wish.email),
            "author_name": wish.name or None,
            "title": wish.title,
            "text": wish.text or wish.title,
            "published_at": delivery.received_at,
            "heard_at": listener.now,
            "addressed": True,
            # what was not shown yet may be read by those alone who read the inbox
            "public": False,
            "reply_mode": "private" if settings.reply_by else "none",
            "reply_address": json.dumps(answer, ensure_ascii=False) if settings.reply_by else None,
            "extra": json.dumps({"board": wish.board, "idea": wish.idea}, ensure_ascii=False),
        }
