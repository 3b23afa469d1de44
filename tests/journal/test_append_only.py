"""What happened stays: the model refuses to change an event, and so does the database."""

import pytest
from django.db import DatabaseError, transaction

from sori.journal.models import Event
from sori.journal.services import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    return record("case.resolved", "case:1", why="x")


def test_it_refuses_to_change_an_event(event):
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()


@pytest.mark.parametrize(
    "change",
    [
        lambda: Event.objects.update(kind="case.opened"),
        lambda: Event.objects.all().delete(),
        lambda: Event.objects.all()._raw_delete("default"),
    ],
)
def test_the_database_refuses_too(event, change):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change()

    assert Event.objects.get().kind == "case.resolved"
