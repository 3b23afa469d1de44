"""Which channels are installed: the entry points of the group `sori.channels`."""

from functools import cache
from importlib.metadata import entry_points

from sori.channels.contract import Channel
from sori.errors import ConfigurationError

GROUP = "sori.channels"


@cache
def names() -> tuple[str, ...]:
    """The names of all installed channels, in alphabetical order."""
    return tuple(sorted(entry.name for entry in entry_points(group=GROUP)))


@cache
def channel(name: str) -> Channel:
    """The channel of this name, made once per process.

    Raises:
        ConfigurationError: when no installed package brings it.
    """
    for entry in entry_points(group=GROUP, name=name):
        made: Channel = entry.load()()
        return made
    raise ConfigurationError(
        f"there is no channel called {name!r}; installed are: {', '.join(names())}"
    )
