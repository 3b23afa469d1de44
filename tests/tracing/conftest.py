"""A company that has heard something."""

import pytest

from sori.lake.query import Reader
from sori.lake.store import Lake


@pytest.fixture
def reader(lake: Lake) -> Reader:
    """Asks the lake of this test."""
    return Reader(lake)
