"""Members, browsers, and counts that begin at zero."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from sori.staff.models import Member, Role


@pytest.fixture(autouse=True)
def _fresh_counts(settings: Settings, request: pytest.FixtureRequest) -> None:
    """Tries of one test do not count in the next."""
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": request.node.nodeid,
        }
    }


@pytest.fixture
def make_member() -> Callable[..., Member]:
    """Makes a member; the password is the address read backwards."""

    def make(role: str = Role.AGENT, email: str | None = None) -> Member:
        email = email or f"{role}@example.com"
        return Member.objects.create_user(email, email[::-1], name=f"{role} 김", role=role)

    return make


@pytest.fixture
def admin(make_member: Callable[..., Member]) -> Member:
    return make_member(Role.ADMIN)


@pytest.fixture
def browser(admin: Member) -> Client:
    """A browser in which an administrator is signed in."""
    made = Client()
    made.force_login(admin)
    return made
