"""What an administrator fills in for Matrix."""

import re
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from sori.channels.servers import Private, origin
from sori.channels.unfit import Unfit

ROOM: Final = re.compile(r"![^\s:]{1,200}(?::[^\s/]{1,230})?")


class MatrixSettings(BaseModel):
    """Which account, and in which rooms it listens."""

    model_config = ConfigDict(extra="forbid", title="Matrix")

    homeserver: str = Field(
        max_length=300,
        title="Address of the server",
        description="Where our account is at home.",
        json_schema_extra={"placeholder": "https://matrix.example.com"},
    )
    access_token: SecretStr = Field(
        title="Access token",
        description="Of an account of its own, from its client under Settings, Help & About.",
    )
    rooms: list[str] = Field(
        default_factory=list,
        max_length=200,
        title="Rooms",
        description="Their ids, one a line; without any, every room that our account has joined.",
        json_schema_extra={"placeholder": "!abcdef:matrix.example.com"},
    )
    ours: bool = Field(
        default=True,
        title="These rooms are ours",
        description="Whatever is said there is said to us; otherwise only what names us.",
    )
    allow_private: Private = False

    @field_validator("rooms")
    @classmethod
    def _room_ids(cls, rooms: list[str]) -> list[str]:
        plain = [room.strip() for room in rooms if room.strip()]
        if wrong := [room for room in plain if not ROOM.fullmatch(room)]:
            raise Unfit("“%(room)s” is no id of a room; it begins with !", room=wrong[0])
        return list(dict.fromkeys(plain))

    @model_validator(mode="after")
    def _one_server(self) -> "MatrixSettings":
        self.homeserver = origin(
            self.homeserver,
            Unfit("the address of the server begins with https://"),
            private=self.allow_private,
        )
        return self
