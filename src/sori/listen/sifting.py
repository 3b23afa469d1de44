"""What is kept of a page: what we have not heard yet, and what a listening rule found."""

from dataclasses import replace
from datetime import UTC
from functools import cache, lru_cache
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.utils import timezone

from sori.channels import registry
from sori.lake.store import Lake
from sori.listen.ledger import Arrival
from sori.listen.matching import Matcher
from sori.listen.models import Query, Source
from sori.people.services import nobody
from sori.people.tombstones import buried
from sori.understand.language import make_language

OVERLAP_DAYS: Final = 3
"""How far back to look for posts whose channel brings them again and tells no time of them."""

_tell_language: Final = cache(make_language)


class Sieve:
    """Sifts the pages of one visit to one source.

    Everything is compared with what the lake has, not only the posts of channels that say they
    overlap: it costs less than a microsecond a post, and makes a lost cursor harmless.

    Args:
        source: whose pages.
        lake: what was heard before.
    """

    def __init__(self, source: Source, lake: Lake) -> None:
        channel = registry.channel(source.channel)
        self._lake = lake
        self._days = OVERLAP_DAYS if channel.overlaps else 0
        self._matched_only = source.keep == Source.Keep.MATCHED and not channel.direct
        self._matcher = matcher()
        # pages are read ahead of the lake, so it does not know those that are on their way
        self._on_the_way: set[str] = set()

    def sift(self, arrival: Arrival) -> Arrival:
        """The arrival without what is not kept; it counts what fell out, and why."""
        if not arrival.mentions.num_rows:
            return arrival
        welcome = _without_forgotten(arrival.mentions)
        fresh = self._fresh(welcome)
        matched = self._matcher.match(_tell_language()(fresh))
        kept = matched.filter(self._keeps(matched)) if self._matched_only else matched
        return replace(
            arrival,
            mentions=kept,
            files={name: arrival.files[name] for name in _files_of(kept) & arrival.files.keys()},
            duplicate=welcome.num_rows - fresh.num_rows,
            not_matched=fresh.num_rows - kept.num_rows,
            forgotten=arrival.mentions.num_rows - welcome.num_rows,
        )

    def _fresh(self, mentions: pa.RecordBatch) -> pa.RecordBatch:
        ids = mentions.column("id")
        today = timezone.now().astimezone(UTC).date()
        seen = self._lake.keys_seen(ids, days=self._days, today=today) | self._on_the_way
        fresh = np.zeros(mentions.num_rows, np.bool_)
        for row, key in enumerate(pc.utf8_slice_codeunits(ids, 8).to_pylist()):
            if key not in seen:
                seen.add(key)
                self._on_the_way.add(key)
                fresh[row] = True
        return mentions.filter(pa.array(fresh))

    def _keeps(self, matched: pa.RecordBatch) -> pa.Array:
        found = pc.greater(pc.list_value_length(matched.column("queries")), 0)
        return pc.or_(pc.fill_null(found, fill_value=False), matched.column("addressed"))


def _without_forgotten(mentions: pa.RecordBatch) -> pa.RecordBatch:
    """What is said by accounts that were not forgotten; asked anew for every page."""
    columns = (mentions.column(name).to_pylist() for name in ("channel", "author_id", "id"))
    whose = [
        (channel, author or nobody(mention))
        for channel, author, mention in zip(*columns, strict=True)
    ]
    gone = buried(whose)
    return mentions.filter(pa.array([one not in gone for one in whose])) if gone else mentions


def matcher() -> Matcher:
    """All active listening rules, built again only when one of them has changed."""
    rules = Query.objects.filter(active=True).order_by("pk").values_list("pk", "expression")
    return _built(tuple(rules))


@lru_cache(maxsize=2)
def _built(rules: tuple[tuple[int, str], ...]) -> Matcher:
    return Matcher(dict(rules))


def _files_of(mentions: pa.RecordBatch) -> set[str]:
    if "attachments" not in mentions.schema.names:
        return set()
    return set(
        pc.struct_field(pc.list_flatten(mentions.column("attachments")), "digest").to_pylist()
    )
