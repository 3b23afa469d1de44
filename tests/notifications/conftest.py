"""A desk with a letter on it, and colleagues who can be told."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from desk import member, opened
from sori.lake.store import Lake
from sori.notifications.reading import tell_due
from sori.respond.models import Case
from sori.staff.models import Department, Member, Role


@pytest.fixture
def case(lake: Lake) -> Case:
    """One case of a customer who wrote a letter; the journal is read up to here."""
    letter = opened(lake)
    tell_due()
    return letter.conversation.case


@pytest.fixture
def colleague(db: None) -> Callable[..., Member]:
    """Makes a member whose address is proved."""

    def make(name: str = "이서연", role: str = Role.AGENT, department: str = "") -> Member:
        made = member(name, role)
        made.email_proved_at = timezone.now()
        if department:
            made.department, _new = Department.objects.get_or_create(name=department)
        made.save()
        return made

    return make
