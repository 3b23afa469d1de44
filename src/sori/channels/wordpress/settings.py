"""What an administrator fills in for WordPress."""

from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from sori.channels.servers import Private, origin
from sori.channels.unfit import Unfit


class WordpressSettings(BaseModel):
    """Which site, and what to hear there."""

    model_config = ConfigDict(extra="forbid", title="WordPress")

    site: str = Field(
        max_length=300,
        title="Address of the site",
        json_schema_extra={"placeholder": "https://blog.example.com"},
    )
    user: str = Field(
        "",
        max_length=100,
        title="User",
        description="Who answers there; without one, nothing can be answered from here.",
    )
    application_password: SecretStr = Field(
        SecretStr(""),
        title="Application password",
        description="Made on the site under Users, Profile, Application Passwords.",
    )
    comments: bool = Field(default=True, title="Hear comments")
    posts: bool = Field(
        default=False,
        title="Hear posts",
        description="For sites of others; listening rules choose.",
    )
    ours: bool = Field(
        default=True,
        title="This site is ours",
        description="Whatever is written below our posts is said to us.",
    )
    allow_private: Private = False

    @model_validator(mode="after")
    def _one_site(self) -> "WordpressSettings":
        path = urlsplit(self.site.strip()).path.rstrip("/")
        self.site = (
            origin(
                self.site,
                Unfit("the address of the site begins with https://"),
                private=self.allow_private,
            )
            + path
        )
        if not (self.comments or self.posts):
            raise Unfit("choose something to hear")
        if ":" in self.user:
            raise Unfit("a user has no colon in its name")
        return self
