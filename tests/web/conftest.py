"""A running site, members of every role, and translations as they stand in the tree."""

import importlib.util
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import httpx
import pytest
import uvicorn
from django.db import connections
from django.test import Client
from pytest_django import Settings

from sori.staff.models import Member, Role

ROOT = Path(__file__).parents[2]


def load_build_messages() -> ModuleType:
    """The build hook, which lives outside the package."""
    spec = importlib.util.spec_from_file_location("build_messages", ROOT / "build_messages.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def _afresh(fresh_counts: None) -> None:
    """Every test here is about the door, where tries are counted."""


@pytest.fixture
def signed_in(make_member: Callable[..., Member]) -> Callable[..., Client]:
    """A browser in which a member of this role has signed in."""

    def sign_in(role: str = Role.AGENT) -> Client:
        member = Member.objects.filter(role=role).first() or make_member(role)
        browser = Client()
        browser.force_login(member)
        return browser

    return sign_in


@pytest.fixture
def site(
    transactional_db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The whole site behind a real socket; its address."""
    from sori.web.server import make_server

    # threads of the server outlive it; a connection they keep would outlive the test database
    monkeypatch.setitem(connections.databases["default"], "CONN_MAX_AGE", 0)
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    server = make_server(port=0)
    server.config.timeout_graceful_shutdown = 1
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{_port(server)}"
    server.should_exit = True
    thread.join(timeout=10)
    assert not thread.is_alive()


def _port(server: uvicorn.Server) -> int:
    for _ in range(200):
        if server.started and server.servers:
            return int(server.servers[0].sockets[0].getsockname()[1])
        time.sleep(0.05)
    raise TimeoutError("the server did not start")


@pytest.fixture
def browse(site: str) -> Iterator[Callable[[Member | None], httpx.Client]]:
    """An HTTP client with the session of a member."""
    opened: list[httpx.Client] = []

    def client(member: Member | None) -> httpx.Client:
        cookies = {}
        if member:
            browser = Client()
            browser.force_login(member)
            cookies = {"sori_session": browser.cookies["sori_session"].value}
        made = httpx.Client(base_url=site, cookies=cookies, timeout=15)
        opened.append(made)
        return made

    yield client
    for made in opened:
        made.close()
