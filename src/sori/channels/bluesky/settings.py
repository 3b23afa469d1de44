"""What an administrator fills in for Bluesky."""

import re
from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    field_validator,
    model_validator,
)

from sori.channels.bluesky.sieve import query
from sori.channels.servers import Private, origin
from sori.channels.unfit import Unfit

HANDLE: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}", re.I)
DID: Final = re.compile(r"did:[a-z]+:[\w.:%-]{1,500}", re.ASCII)
STREAMS: Final[Mapping[str, str]] = {
    "jetstream": "wss://jetstream2.us-east.bsky.network",
    "firehose": "wss://bsky.network",
}
Words = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]


class BlueskySettings(BaseModel):
    """Which account, and what to hear."""

    model_config = ConfigDict(extra="forbid", title="Bluesky")

    account: str = Field(
        max_length=520,
        title="Our account",
        description="Its handle, without @.",
        json_schema_extra={"placeholder": "shop.bsky.social"},
    )
    app_password: SecretStr = Field(
        title="App password",
        description="Made on Bluesky under Settings, Privacy and security; never the main one.",
    )
    notifications: bool = Field(
        default=True,
        title="Hear what is said to us",
        description="Posts that name us, answer us or quote us.",
    )
    words: list[Words] = Field(
        default_factory=list,
        max_length=20,
        title="Words to look for",
        description="One search a line: your name, your products, how people misspell them.",
    )
    stream: Literal["", "jetstream", "firehose"] = Field(
        default="",
        title="Hear at once from",
        description="Instead of asking every minute: everything that is written there passes by,"
        " and only what is said to us or has our words is kept. Jetstream is lighter; the firehose"
        " is also what a server of your own has.",
    )
    stream_address: str = Field(
        default="",
        max_length=300,
        title="Address of the stream",
        description="Left empty, it is the public one of Bluesky.",
        json_schema_extra={"advanced": True, "placeholder": STREAMS["jetstream"]},
    )
    quiet_minutes: int = Field(
        default=10,
        ge=0,
        le=10_000,
        title="Minutes of silence that are alarming",
        description="When nothing at all passes by in the stream for so long, it is reported as"
        " broken. 0 for never, as on a small server.",
        json_schema_extra={"advanced": True},
    )
    service: str = Field(
        default="https://bsky.social",
        max_length=300,
        title="Address of the server",
        description="Where our account is at home.",
        json_schema_extra={"advanced": True},
    )
    allow_private: Private = False

    @field_validator("account")
    @classmethod
    def _a_handle(cls, account: str) -> str:
        plain = account.strip().removeprefix("@")
        if not (HANDLE.fullmatch(plain) or DID.fullmatch(plain)):
            raise Unfit("a handle looks like shop.bsky.social")
        return plain

    @model_validator(mode="after")
    def _one_server(self) -> Self:
        self.service = origin(
            self.service,
            Unfit("the address of the server begins with https://"),
            private=self.allow_private,
        )
        self.words = list(dict.fromkeys(" ".join(each.split()) for each in self.words))
        if not (self.notifications or self.words):
            raise Unfit("choose something to hear")
        self.stream_address = self.stream_address.strip().rstrip("/")
        if self.stream:
            self._one_stream()
        return self

    @property
    def stream_at(self) -> str:
        """Where the stream is."""
        return self.stream_address or STREAMS.get(self.stream, "")

    def _one_stream(self) -> None:
        parts = urlsplit(self.stream_at)
        allowed = {"wss", "ws"} if self.allow_private else {"wss"}
        beyond = parts.path or parts.query or parts.fragment or "@" in parts.netloc
        if parts.scheme not in allowed or not parts.hostname or beyond:
            raise Unfit("the address of the stream looks like wss://bsky.network")
        for words in self.words:
            query(words)
