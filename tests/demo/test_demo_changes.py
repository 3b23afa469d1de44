"""The demo company shipped something, sees what it brought, and tells everybody."""

import pytest
from django.test import Client

from shipments import said
from sori.change import selectors
from sori.change.initiatives.models import Initiative
from sori.change.outcomes.models import Outcome
from sori.change.stories.models import Story
from sori.demo import changes, company
from sori.lake.store import Lake

pytestmark = pytest.mark.django_db


def test_it_tells_of_a_change_and_what_it_brought(lake: Lake):
    for kept in (selectors._centres, selectors._members):
        kept.cache_clear()
    company.found()
    for channel in ("rss", "files"):
        said(lake, range(1, 56), 60, channel=channel)
    changes.tell()
    changes.tell()

    row = Outcome.objects.get()
    assert (row.verdict, row.settled_at is not None) == ("fewer", True)
    assert Initiative.objects.get(title=changes.TITLE).checked_at is not None
    story = Story.objects.get()
    assert Client().get(f"/changes/ko/{story.slug}/").status_code == 200
    assert all("1,000" in text.numbers for text in story.texts.all())
    assert selectors.every_centre().numbers.size == 0
