"""Where a server is, as an administrator types it into the settings of a channel."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field

from sori.channels.unfit import Unfit

Private = Annotated[
    bool,
    Field(
        title="Inside our own network",
        description="Also fetch from addresses that are not on the public internet.",
        json_schema_extra={"advanced": True},
    ),
]


def origin(typed: str, otherwise: Unfit, *, private: bool) -> str:
    """Scheme, host and port of an address that a secret may be sent to.

    Args:
        typed: the address.
        otherwise: raised where it is none; it says what the address is of.
        private: whether it may be inside our own network, and then without encryption.

    Raises:
        Unfit: it is none.
    """
    parts = urlsplit(typed.strip())
    allowed = {"https", "http"} if private else {"https"}
    if parts.scheme not in allowed or not parts.hostname or "@" in parts.netloc:
        raise otherwise
    return f"{parts.scheme}://{parts.netloc}"
