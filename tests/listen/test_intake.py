"""What is pushed to us is kept before we say thank you, once, and masked."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from fake_channels import Pushed
from sori import flow
from sori.lake.store import Lake
from sori.listen.models import Intake, Quarantine, Source
from sori.listen.services import take_in
from voices import numbers

pytestmark = pytest.mark.django_db(transaction=True)


def stored(lake: Lake) -> list[int]:
    return sorted(n for _, rows in lake.since(-1) for n in numbers(rows))


def test_it_goes_through_the_same_door(source_of, lake: Lake) -> None:
    source = source_of(Pushed())
    for number in (1, 2, 3):
        take_in(source=source, key=f"k{number}", body={"number": number})
    assert flow.turn(source) == 3
    assert stored(lake) == [1, 2, 3]


def test_it_takes_a_delivery_once(source_of, lake: Lake) -> None:
    source = source_of(Pushed())
    first = take_in(source=source, key="k", body={"number": 1})
    assert take_in(source=source, key="k", body={"number": 2}).pk == first.pk
    flow.turn(source)
    take_in(source=source, key="k", body={"number": 1})
    flow.turn(Source.objects.get())
    assert stored(lake) == [1]


def test_twenty_at_the_same_moment_are_one(source_of) -> None:
    source = source_of(Pushed())
    start = Barrier(20)

    def deliver(_: int) -> int:
        start.wait()
        try:
            return take_in(source=source, key="k", body={"number": 1}).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        assert len(set(pool.map(deliver, range(20)))) == 1
    assert Intake.objects.count() == 1


def test_it_masks_before_it_writes(source_of) -> None:
    source = source_of(Pushed())
    body = {
        "text": "제 번호는 850101-1234567 입니다",
        "more": [{"again": "850101-1234567"}],
        "n": 7,
    }
    kept = take_in(source=source, key="k", body=body).body
    assert "1234567" not in str(Intake.objects.values_list("body", flat=True)[0])
    assert kept["n"] == 7
    assert "입니다" in kept["text"]


def test_it_empties_the_body_once_the_lake_has_it(source_of) -> None:
    source = source_of(Pushed())
    take_in(source=source, key="k", body={"number": 1})
    flow.turn(source)
    assert Intake.objects.get().body == {}


def test_it_wakes_the_source(source_of) -> None:
    source = source_of(Pushed(), interval=3600)
    flow.turn(source)
    assert Source.objects.get().due_at > timezone.now()
    take_in(source=source, key="k", body={"number": 1})
    assert Source.objects.get().due_at <= timezone.now()


def test_a_lower_number_that_appears_late_is_not_passed_over(source_of, lake: Lake) -> None:
    source = source_of(Pushed())
    take_in(source=source, key="b", body={"number": 2})
    late = Intake.objects.get()
    flow.turn(source)
    Intake.objects.create(
        pk=late.pk - 1 or -1, source=source, key="a", body={"number": 1}, received_at=timezone.now()
    )
    flow.turn(Source.objects.get())
    assert stored(lake) == [1, 2]


def test_what_cannot_be_read_is_quarantined(source_of, lake: Lake) -> None:
    source = source_of(Pushed())
    take_in(source=source, key="k1", body={"nothing": True})
    take_in(source=source, key="k2", body={"number": 2})
    flow.turn(source)
    assert stored(lake) == [2]
    assert Quarantine.objects.get().external_id == "no number in k1"
