"""What an administrator fills in for Mastodon."""

import re
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from sori.channels.servers import Private, origin
from sori.channels.unfit import Unfit

HASHTAG: Final = re.compile(r"[\w·]{1,100}")


class MastodonSettings(BaseModel):
    """Which account, and what to hear."""

    model_config = ConfigDict(extra="forbid", title="Mastodon")

    instance: str = Field(
        max_length=300,
        title="Address of the server",
        description="Where our account is at home.",
        json_schema_extra={"placeholder": "https://mastodon.social"},
    )
    access_token: SecretStr = Field(
        title="Access token",
        description="Made on that server under Preferences, Development; with read and "
        "write:statuses.",
    )
    mentions: bool = Field(
        default=True,
        title="Hear what is said to us",
        description="Posts that name our account, direct messages among them.",
    )
    hashtags: list[str] = Field(
        default_factory=list,
        max_length=20,
        title="Hashtags to hear",
        description="One a line, without #; public posts that the server knows of.",
        json_schema_extra={"placeholder": "우리가게"},
    )
    local: bool = Field(
        default=False,
        title="Hear the whole server",
        description="All public posts of that server's own people; listening rules choose.",
        json_schema_extra={"advanced": True},
    )
    live: bool = Field(
        default=True,
        title="Hear it at once",
        description="Keep the server's stream open: it tells when something is said to us, edited "
        "or deleted. Without it the lists are read at their interval.",
        json_schema_extra={"advanced": True},
    )
    allow_private: Private = False

    @field_validator("hashtags")
    @classmethod
    def _plain_words(cls, hashtags: list[str]) -> list[str]:
        plain = [tag.strip().removeprefix("#") for tag in hashtags if tag.strip()]
        if wrong := [tag for tag in plain if not HASHTAG.fullmatch(tag)]:
            raise Unfit("“%(tag)s” is no hashtag", tag=wrong[0])
        return list(dict.fromkeys(plain))

    @model_validator(mode="after")
    def _one_server(self) -> "MastodonSettings":
        self.instance = origin(
            self.instance,
            Unfit("the address of the server begins with https://"),
            private=self.allow_private,
        )
        if not (self.mentions or self.hashtags or self.local):
            raise Unfit("choose something to hear")
        return self
