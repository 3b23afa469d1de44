"""Reading the journal: in order, and nothing missed that was committed late."""

import threading

import pytest
from django.db import connection, transaction

from sori.journal import selectors
from sori.journal.models import Event
from sori.journal.selectors import Tail
from sori.journal.services import Happening, record, record_all

pytestmark = pytest.mark.django_db


def test_it_reads_on_from_a_number():
    first = record("case.opened", "case:1")
    second = record("case.resolved", "case:1", by="a")

    events = selectors.since(first.pk)

    assert [(one["id"], one["kind"], one["data"]) for one in events] == [
        (second.pk, "case.resolved", {"by": "a"})
    ]
    assert selectors.last() == second.pk


def test_it_reads_one_subject():
    record("case.opened", "case:1")
    record("case.opened", "case:2")
    record("case.resolved", "case:1")

    assert [one["kind"] for one in selectors.about("case:1")] == ["case.opened", "case.resolved"]


def test_it_writes_many_at_once():
    record_all(Happening("case.heard", f"case:{n}", {"message": n}) for n in range(2500))

    assert Event.objects.count() == 2500


def test_a_tail_begins_where_it_was_told():
    record("case.opened", "case:1")
    tail = Tail()

    assert tail.read() == []
    record("case.resolved", "case:1")
    assert [one["kind"] for one in tail.read()] == ["case.resolved"]
    assert tail.read() == []


def test_a_tail_reads_in_small_bites():
    tail = Tail()
    record_all(Happening("case.heard", "case:1", {}) for _ in range(10))

    bites = [len(tail.read(limit=4)) for _ in range(4)]

    assert bites == [4, 4, 2, 0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer commits in order")
@pytest.mark.parametrize("begins", ["before", "between"])
def test_a_tail_brings_what_was_committed_late(begins):
    record("case.opened", "case:0")
    tail = Tail()
    written, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            record("case.heard", "case:1")
            written.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    written.wait(10)
    record("case.resolved", "case:2")
    if begins == "between":
        tail = Tail()
        before = []
    else:
        before = [one["about"] for one in tail.read()]
    go_on.set()
    thread.join()

    after = [one["about"] for one in tail.read()]

    assert before == ([] if begins == "between" else ["case:2"])
    assert after == ["case:1"]
    assert tail.read() == []
