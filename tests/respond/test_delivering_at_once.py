"""Two hundred letters of one new customer, received by many at once: one person, one thread."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from desk import batch, letter, now, source
from sori.lake.store import Lake
from sori.people.models import Identity, Person
from sori.respond.models import Case, Conversation, Message
from sori.respond.receiving import receive

pytestmark = pytest.mark.django_db(transaction=True)
DELIVERIES, EACH, WORKERS = 20, 10, 6


def at_once(deeds: list[Callable[[], object]]) -> list[Exception]:
    """Do all of it in the same moment, each in a thread; returns what went wrong."""
    start, wrong = threading.Barrier(len(deeds)), []

    def run(deed: Callable[[], object]) -> None:
        start.wait()
        try:
            deed()
        except Exception as error:  # noqa: BLE001 (a thread cannot fail a test by itself)
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def test_it_makes_one_person_and_one_conversation(lake: Lake):
    place, said_at = source(), now() - timedelta(minutes=5)

    def deliver() -> None:
        for number in range(DELIVERIES):
            thread = {"thread_id": "<first@customer.example>", "published_at": said_at}
            letters = [letter(place, f"편지 {number}", **thread) for _ in range(EACH)]
            lake.append(batch(*letters), source=place.pk, sequence=number + 1)
            receive(lake)

    def look() -> None:
        mine = Lake(lake.storage.uri)
        while Message.objects.count() < DELIVERIES * EACH:
            receive(mine)

    assert at_once([deliver, *[look] * (WORKERS - 1)]) == []

    assert Person.objects.count() == Identity.objects.count() == 1
    assert Case.objects.count() == Conversation.objects.count() == 1
    assert Message.objects.count() == DELIVERIES * EACH
