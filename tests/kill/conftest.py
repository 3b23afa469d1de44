"""What the tests that kill may ask for."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

import oracle as channel
from desk import source
from sori.listen.models import Source

HERE = Path(__file__).parent


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    """The variables with which another process works on the database and the lake of this test."""
    if connection.vendor == "sqlite":
        url = f"sqlite:///{connection.settings_dict['NAME']}"
    else:
        server = urlsplit(os.environ["DATABASE_URL"])
        url = server._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "sori.web.settings",
        "DATABASE_URL": url,
        "SORI_HOME": str(home),
        "SORI_LAKE": settings.LAKE,
        "SORI_VAULT_KEY": settings.VAULT_KEY,
        "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent), *sys.path]),
    }


@pytest.fixture
def oracle(monkeypatch, tmp_path: Path) -> Source:
    channel.install(monkeypatch)
    return source("oracle", settings={"book": str(tmp_path / "book"), "script": ["accept"]})
