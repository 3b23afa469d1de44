"""What has to be known of a mailbox: the form of the email channel."""

import secrets
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from sori.channels.mail.addresses import checked
from sori.channels.unfit import Unfit

Security = Literal["ssl", "starttls", "none"]

PRESETS: Final[dict[str, dict[str, str | int]]] = {
    "Gmail": {
        "imap_host": "imap.gmail.com",
        "smtp_host": "smtp.gmail.com",
        "smtp_port": 465,
        "smtp_security": "ssl",
        "help": "Needs two-step verification and an app password. Gmail files sent mail itself.",
    },
    "Naver": {
        "imap_host": "imap.naver.com",
        "smtp_host": "smtp.naver.com",
        "smtp_port": 587,
        "smtp_security": "starttls",
        "help": "Switch on IMAP/SMTP in the settings of Naver Mail; with two-step verification, "
        "use an application password.",
    },
    "Daum": {
        "imap_host": "imap.daum.net",
        "smtp_host": "smtp.daum.net",
        "smtp_port": 465,
        "smtp_security": "ssl",
        "help": "Switch on IMAP/SMTP in the settings of Daum Mail and make an app password.",
    },
    "Kakao": {
        "imap_host": "imap.kakao.com",
        "smtp_host": "smtp.kakao.com",
        "smtp_port": 465,
        "smtp_security": "ssl",
        "help": "Switch on IMAP/SMTP in the settings of Kakao Mail and make an app password.",
    },
    "Naver Works": {
        "imap_host": "imap.worksmobile.com",
        "smtp_host": "smtp.worksmobile.com",
        "smtp_port": 465,
        "smtp_security": "ssl",
        "help": "The administrator allows IMAP; use an external app password.",
    },
    "Outlook": {
        "imap_host": "outlook.office365.com",
        "smtp_host": "smtp.office365.com",
        "smtp_port": 587,
        "smtp_security": "starttls",
        "help": "Only where the organisation still allows signing in with a password; "
        "outlook.com itself does not.",
    },
}
"""Servers of the usual providers, to fill the form with; all read mail at port 993 with TLS."""


def _secret() -> SecretStr:
    return SecretStr(secrets.token_urlsafe(32))


class EmailSettings(BaseModel):
    """A mailbox that is read and, with an outgoing server, answered from."""

    model_config = ConfigDict(
        extra="forbid",
        title="Mailbox",
        json_schema_extra={"presets": {name: {**preset} for name, preset in PRESETS.items()}},
    )

    address: str = Field(
        title="Mail address",
        description="Where customers write to.",
        json_schema_extra={"placeholder": "help@shop.example", "format": "email"},
    )
    display_name: str = Field(
        "",
        max_length=100,
        title="Name on answers",
        description="What customers see as the sender.",
        json_schema_extra={"placeholder": "우리가게 고객센터"},
    )
    username: str = Field(
        "",
        max_length=254,
        title="User name",
        description="For signing in; the mail address if left empty.",
        json_schema_extra={"advanced": True},
    )
    password: SecretStr = Field(
        title="Password",
        description="An app password where the provider offers one.",
    )
    imap_host: str = Field(
        max_length=255,
        title="Incoming server",
        description="IMAP.",
        json_schema_extra={"placeholder": "imap.naver.com"},
    )
    imap_port: int = Field(
        993, ge=1, le=65535, title="Incoming port", json_schema_extra={"advanced": True}
    )
    imap_security: Security = Field(
        "ssl",
        title="Incoming encryption",
        description="Without encryption everybody on the way can read the password.",
        json_schema_extra={"advanced": True},
    )
    folder: str = Field(
        "INBOX",
        max_length=200,
        title="Folder",
        description="The one folder that is read.",
        json_schema_extra={"advanced": True},
    )
    history_days: int = Field(
        7,
        ge=0,
        le=3650,
        title="Days to look back",
        description="How old mails may be that are brought at the first time; 0 for new ones only.",
        json_schema_extra={"advanced": True},
    )
    max_megabytes: int = Field(
        25,
        ge=1,
        le=100,
        title="Largest mail in MB",
        description="Of a larger one the text is read, but its files stay in the mailbox.",
        json_schema_extra={"advanced": True},
    )
    smtp_host: str = Field(
        "",
        max_length=255,
        title="Outgoing server",
        description="SMTP; without one, answers are not possible.",
        json_schema_extra={"placeholder": "smtp.naver.com"},
    )
    smtp_port: int = Field(
        587, ge=1, le=65535, title="Outgoing port", json_schema_extra={"advanced": True}
    )
    smtp_security: Security = Field(
        "starttls", title="Outgoing encryption", json_schema_extra={"advanced": True}
    )
    smtp_username: str = Field(
        "",
        max_length=254,
        title="Outgoing user name",
        description="The same if left empty.",
        json_schema_extra={"advanced": True},
    )
    smtp_password: SecretStr = Field(
        SecretStr(""),
        title="Outgoing password",
        description="The same if left empty.",
        json_schema_extra={"advanced": True},
    )
    sign: bool = Field(
        default=True,
        title="Sign answers",
        description="With the name, the line and the face of whoever wrote them.",
        json_schema_extra={"advanced": True},
    )
    file_sent: bool = Field(
        default=True,
        title="File a copy of answers",
        description="Puts answers into the folder of sent mail, unless they are there already.",
        json_schema_extra={"advanced": True},
    )
    sent_folder: str = Field(
        "",
        max_length=200,
        title="Folder of sent mail",
        description="Found by itself if left empty.",
        json_schema_extra={"advanced": True},
    )
    reply_key: bool = Field(
        default=False,
        title="Plus address on answers",
        description="Lets customers answer to address+thread@..., for servers that deliver it.",
        json_schema_extra={"advanced": True},
    )
    trusted_server: str = Field(
        "",
        max_length=255,
        title="Trusted authentication server",
        description="The name with which your mail server signs Authentication-Results; without "
        "it, what a mail says about its own authenticity is not believed.",
        json_schema_extra={"advanced": True, "placeholder": "mx.google.com"},
    )
    timeout: float = Field(
        60.0,
        ge=1,
        le=600,
        title="Patience in seconds",
        description="How long one answer of a server may take.",
        json_schema_extra={"advanced": True},
    )
    signing_secret: SecretStr = Field(
        default_factory=_secret,
        title="Signing secret",
        description="Marks answers as ours. Made by itself; changing it makes older answers "
        "unrecognisable.",
        json_schema_extra={"generated": True},
    )

    @field_validator("address")
    @classmethod
    def _one_address(cls, address: str) -> str:
        return checked(address)

    @field_validator("imap_host", "smtp_host", "trusted_server")
    @classmethod
    def _host(cls, host: str) -> str:
        host = host.strip()
        if any(letter.isspace() or letter in "/@\\" for letter in host):
            raise Unfit("a server name has no spaces and no slashes")
        return host

    @field_validator("folder", "sent_folder", "username", "smtp_username")
    @classmethod
    def _one_line(cls, words: str) -> str:
        if any(ord(letter) < 32 or ord(letter) == 127 for letter in words):
            raise Unfit("this must be on one line")
        return words.strip()

    @model_validator(mode="after")
    def _user(self) -> "EmailSettings":
        if not self.username:
            self.username = self.address
        return self
