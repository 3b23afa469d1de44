"""Claiming work: the one queue of the house."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sori.database import claim, hold, release
from sori.errors import Stale
from sori.listen.models import Source

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def source(name: str, due: timedelta) -> Source:
    return Source.objects.create(name=name, slug=name, channel="files", due_at=timezone.now() + due)


def test_it_claims_what_is_due_oldest_first():
    source("later", MINUTE)
    source("second", -MINUTE)
    source("first", -2 * MINUTE)

    claimed = claim(Source.objects.all(), lease=MINUTE, limit=5)

    assert [row.name for row in claimed] == ["first", "second"]


def test_it_does_not_claim_twice_while_the_lease_runs():
    source("one", -MINUTE)

    assert claim(Source.objects.all(), lease=MINUTE)
    assert claim(Source.objects.all(), lease=MINUTE) == []


def test_it_claims_again_when_the_lease_has_ended_and_the_fence_grows():
    source("one", -MINUTE)
    lost = claim(Source.objects.all(), lease=-MINUTE)[0]

    again = claim(Source.objects.all(), lease=MINUTE)[0]

    assert again.fence == lost.fence + 1


def test_it_refuses_the_write_of_a_worker_whose_lease_was_lost():
    source("one", -MINUTE)
    lost = claim(Source.objects.all(), lease=-MINUTE)[0]
    claim(Source.objects.all(), lease=MINUTE)

    with pytest.raises(Stale):
        hold(lost, error="written too late")

    assert Source.objects.get().error == ""


def test_it_gives_a_row_back():
    source("one", -MINUTE)
    row = claim(Source.objects.all(), lease=MINUTE)[0]
    later = timezone.now() + MINUTE

    release(row, due_at=later)

    kept = Source.objects.get()
    assert kept.lease_until is None
    assert kept.due_at == later
