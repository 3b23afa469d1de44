"""Open the door of a source for answering: its channel, and its settings with their secrets."""

from typing import Any, NamedTuple

from sori.channels import registry
from sori.channels.contract import Replies
from sori.errors import ConfigurationError
from sori.listen.models import Source
from sori.listen.vault import opened_settings


class Door(NamedTuple):
    """A channel that can answer, and the settings to hand it."""

    channel: Replies
    settings: Any


def open_door(source: Source) -> Door:
    """The way out through a source.

    Raises:
        ConfigurationError: when its channel is not installed, cannot answer, or its settings do
            not make sense to it.
    """
    channel = registry.channel(source.channel)
    if not isinstance(channel, Replies):
        raise ConfigurationError(f"the channel {source.channel!r} cannot answer")
    return Door(channel, opened_settings(source))
