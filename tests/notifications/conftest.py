"""A desk with a letter on it, and colleagues who can be told."""

import importlib.util
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django.utils.translation import trans_real
from pytest_django import Settings

from desk import member, opened
from peers.mail_door import MailDoor
from peers.mail_door import opened as opened_door
from sori.lake.store import Lake
from sori.notifications.models import Line, Outlet
from sori.notifications.posting import post_due
from sori.notifications.reading import tell_due
from sori.respond.models import Case
from sori.staff.models import Department, Member, Role

ROOT = Path(__file__).parents[2]


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


@pytest.fixture
def post(settings: Settings) -> Iterator[MailDoor]:
    """A real mail server, to which the site sends."""
    settings.SITE_URL = "https://sori.example"
    with opened_door(settings) as door:
        yield door


@pytest.fixture
def later(db: None) -> Callable[[], None]:
    """Lets all that waits be due, and sends it."""

    def go() -> None:
        past = timezone.now() - timedelta(seconds=2)
        Line.objects.filter(state="waiting").update(due_at=past)
        waiting = Outlet.objects.filter(lines__state="waiting", broken_at=None)
        Outlet.objects.filter(pk__in=waiting).update(due_at=past)
        while post_due():
            pass

    return go


@pytest.fixture
def korean() -> None:
    """Translations as they stand in the tree."""
    spec = importlib.util.spec_from_file_location("build_messages", ROOT / "build_messages.py")
    assert spec
    assert spec.loader
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    build.compile_messages(ROOT / "src" / "sori")
    trans_real._translations.clear()
