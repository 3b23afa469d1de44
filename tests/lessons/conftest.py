"""People who teach, and voices they teach with."""

from collections.abc import Callable

import pytest
from django.test import Client

from desk import member
from sori.staff.models import Member, Role


@pytest.fixture
def agent(db: None) -> Member:
    """An agent."""
    return member("지민", Role.AGENT)


@pytest.fixture
def browser(db: None) -> Callable[[Member], Client]:
    """A browser in which a member has signed in."""

    def sign_in(who: Member) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(who)
        return client

    return sign_in
