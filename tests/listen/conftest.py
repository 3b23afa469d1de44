"""Sources of fake channels."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fake_channels import Fake
from sori.channels import registry
from sori.listen.models import Source
from sori.listen.services import add_source

MakeSource = Callable[..., Source]


@pytest.fixture
def source_of(home: Path, monkeypatch: pytest.MonkeyPatch) -> MakeSource:
    """Makes a source whose channel is the given one."""
    channels: dict[str, Fake] = {}
    monkeypatch.setattr(registry, "channel", channels.__getitem__)

    def make(channel: Fake, **fields: Any) -> Source:
        name = f"{channel.name}-{len(channels)}"
        channels[name] = channel
        return add_source(**{"name": name, "channel": name, "settings": {}} | fields)

    return make
