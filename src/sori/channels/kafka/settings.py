"""What an administrator fills in for Kafka."""

import re
from typing import Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from sori.channels.servers import Private
from sori.channels.tables.settings import RowSettings
from sori.channels.unfit import Unfit

TOPIC: Final = re.compile(r"[A-Za-z0-9._-]{1,249}")
BROKER: Final = re.compile(r"(?:([A-Za-z0-9._-]{1,253})|\[([0-9A-Fa-f:.]{2,45})\])(?::(\d{1,5}))?")
USUAL_PORT: Final = 9092
MOST_BROKERS: Final = 20


class Broker(NamedTuple):
    """Where a broker is.

    Attributes:
        host: a name or an address, without brackets.
        port: where it listens.
    """

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def brokers_in(text: str) -> list[Broker]:
    """The brokers named in a list with commas.

    >>> [str(one) for one in brokers_in("a.example.com, [::1]:9093")]
    ['a.example.com:9092', '[::1]:9093']

    Raises:
        ValueError: when one of them is no host with a port, or there is none.
    """
    found = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        match = BROKER.fullmatch(part)
        port = int(match[3] or USUAL_PORT) if match else 0
        if match is None or not 0 < port < 65_536:
            raise Unfit("“%(part)s” is not written as host:port", part=part)
        found.append(Broker(match[1] or match[2], port))
    if not 0 < len(found) <= MOST_BROKERS:
        raise Unfit("name one broker at least, as host:port")
    return found


class Cluster(BaseModel):
    """Where the topic is, and who may read it."""

    brokers: str = Field(
        max_length=2_000,
        title="Brokers",
        description="One or several of the cluster, separated by commas.",
        json_schema_extra={"placeholder": "kafka.example.com:9092"},
    )
    topic: str = Field(
        max_length=249,
        title="Topic of the cluster",
        description="Every message in it is a JSON object, and a voice.",
        json_schema_extra={"placeholder": "customer-voices"},
    )
    start: Literal["oldest", "newest"] = Field(
        "oldest",
        title="Begin with",
        description="The first look: the oldest message that is still there, or the next to come.",
    )
    keyed: bool = Field(
        default=False,
        title="The key names the post",
        description="A message whose key came before replaces the words, and an empty one takes "
        "them back.",
    )
    security: Literal["tls", "none"] = Field(
        "tls",
        title="Security",
        description="Of the connection to the brokers.",
    )
    user: str = Field(
        "",
        max_length=300,
        title="User",
        description="Where the brokers want one.",
    )
    password: SecretStr = Field(
        SecretStr(""),
        title="Password",
        description="Of that user.",
    )
    mechanism: Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"] = Field(
        "SCRAM-SHA-512",
        title="How it signs in",
        description="As the brokers want it.",
        json_schema_extra={"advanced": True},
    )
    authority: str = Field(
        "",
        max_length=100_000,
        title="Certificate authority",
        description="The PEM text of your own, where the brokers have no certificate that "
        "everybody trusts.",
        json_schema_extra={"advanced": True, "format": "textarea"},
    )
    allow_private: Private = False


class KafkaSettings(RowSettings, Cluster):
    """Which topic, and how its messages are to be understood."""

    model_config = ConfigDict(extra="forbid", title="Kafka")

    @field_validator("brokers")
    @classmethod
    def _hosts(cls, text: str) -> str:
        return ",".join(map(str, brokers_in(text)))

    @field_validator("topic")
    @classmethod
    def _one_topic(cls, text: str) -> str:
        if not TOPIC.fullmatch(text.strip()) or text.strip() in {".", ".."}:
            raise Unfit("a topic is named with letters, digits, dots, - and _")
        return text.strip()

    @model_validator(mode="after")
    def _no_password_in_the_open(self) -> "KafkaSettings":
        if self.user and self.security == "none" and not self.allow_private:
            raise Unfit("a password is sent over TLS only, or inside your own network")
        return self
