"""What an administrator fills in for a folder or a bucket in which files are dropped."""

import os
import re
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from sori.channels.servers import Private, origin
from sori.channels.tables.settings import TableSettings
from sori.channels.unfit import Unfit

BUCKET: Final = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?", re.DOTALL)


def permitted(folder: Path) -> Path:
    """The true path of a folder on this machine, if the operator lets Sori read there.

    `SORI_DROPS` names the folders below which files may be dropped, separated by colons: whoever
    may connect sources must not thereby read the whole machine.

    Raises:
        ValueError: it does not.
    """
    named = filter(None, os.environ.get("SORI_DROPS", "").split(os.pathsep))
    true = folder.resolve()
    if not any(true.is_relative_to(Path(one).resolve()) for one in named):
        raise Unfit("the operator of this machine names such folders in SORI_DROPS")
    return true


class Where(BaseModel):
    """Where files are dropped."""

    folder: str = Field(
        max_length=1_000,
        title="Where files are dropped",
        description="A folder on this machine that its operator allows (SORI_DROPS), or a bucket; "
        "folders within it count too.",
        json_schema_extra={"placeholder": "s3://voices/exports"},
    )
    access_key: str = Field(
        "",
        max_length=200,
        title="Access key",
        description="Of a bucket, if it is not open to everybody.",
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        title="Secret key",
        description="Which belongs to the access key.",
    )
    endpoint: str = Field(
        "",
        max_length=300,
        title="Address of the store",
        description="Where the bucket is not at Amazon.",
        json_schema_extra={"placeholder": "https://s3.example.com", "advanced": True},
    )
    region: str = Field(
        "ap-northeast-2",
        max_length=60,
        title="Region",
        description="Of the bucket.",
        json_schema_extra={"advanced": True},
    )
    allow_private: Private = False
    still: int = Field(
        30,
        ge=0,
        le=86_400,
        title="Seconds of rest",
        description="A file in a folder is read when it has not changed for so long.",
        json_schema_extra={"advanced": True},
    )


class DropSettings(TableSettings, Where):
    """Which folder or bucket, and how to read what is dropped there."""

    model_config = ConfigDict(extra="forbid", title="Dropped files")

    @property
    def bucket(self) -> tuple[str, str] | None:
        """The bucket and the beginning of its names; None for a folder on this machine."""
        match = BUCKET.fullmatch(self.folder)
        return (match[1], (match[2] or "").strip("/")) if match else None

    @field_validator("folder")
    @classmethod
    def _somewhere(cls, text: str) -> str:
        text = text.strip()
        if text.lower().startswith("s3:"):
            if not BUCKET.fullmatch(text):
                raise Unfit("a bucket is written as s3://bucket/folder")
            return text
        if not text.startswith("/"):
            raise Unfit("write the whole path of the folder, or s3://bucket/folder")
        permitted(Path(text))
        return text

    @model_validator(mode="after")
    def _one_store(self) -> "DropSettings":
        if not self.endpoint.strip():
            return self
        self.endpoint = origin(
            self.endpoint,
            Unfit("the address of the store begins with https://"),
            private=self.allow_private,
        )
        return self
