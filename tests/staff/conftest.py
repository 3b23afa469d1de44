"""Members, browsers, and counts that begin at zero."""

from collections.abc import Callable

import pytest
from django.test import Client

from sori.staff.models import Member, Role


@pytest.fixture(autouse=True)
def _afresh(fresh_counts: None) -> None:
    """Every test here is about the door, where tries are counted."""


@pytest.fixture
def admin(make_member: Callable[..., Member]) -> Member:
    return make_member(Role.ADMIN)


@pytest.fixture
def browser(admin: Member) -> Client:
    """A browser in which an administrator is signed in."""
    made = Client()
    made.force_login(admin)
    return made
