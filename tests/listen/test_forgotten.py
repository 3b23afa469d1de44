"""Who was forgotten is dropped at the door, counted, and known by no name."""

import pytest

from fake_channels import Fake, page
from sori import flow
from sori.lake.store import Lake
from sori.listen.models import Run
from sori.listen.selectors import Ledger as Totals
from sori.listen.selectors import source as health_of
from sori.mention import mention_id
from sori.people.models import Tombstone
from sori.people.services import nobody
from sori.people.tombstones import buried, bury
from voices import NOON, numbers

pytestmark = pytest.mark.django_db(transaction=True)


def stored(lake: Lake) -> list[int]:
    return sorted(n for _, rows in lake.since(-1) for n in numbers(rows))


def test_it_drops_and_counts_what_they_say(source_of, lake: Lake):
    bury([("fake", "author-1")])
    source = source_of(Fake(page(1, 2, 2, "odd"), page(8, 3)))

    flow.turn(source)

    assert stored(lake) == [2, 3]
    health = health_of(source.pk)
    assert health is not None
    assert health.ledger == Totals(
        seen=6, stored=2, duplicate=1, not_matched=0, quarantined=1, forgotten=2
    )
    run = Run.objects.first()
    assert run is not None
    assert run.forgotten == 2


def test_somebody_without_an_account_is_known_by_what_they_said(source_of, lake: Lake):
    bury([("fake", nobody(mention_id("fake", "post-1", NOON)))])

    flow.turn(source_of(Fake(page(1, 2, author_id=None))))

    assert stored(lake) == [2]


def test_the_tombstone_tells_nobody_who_it_was_and_old_keys_still_count(settings):
    account = ("email", "kim@example.com")
    settings.VAULT_KEY = "old"
    bury([account, account])
    settings.VAULT_KEY = "new, old"

    assert buried([account, ("email", "lee@example.com")]) == {account}
    assert "kim" not in str(list(Tombstone.objects.values()))
    settings.VAULT_KEY = "another"
    assert buried([account]) == set()
