"""What is kept of a page: what we have not heard yet, and what a listening rule found."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC
from functools import cache, lru_cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.utils import timezone

from sori.channels import registry
from sori.lake.store import Lake
from sori.listen import memory, withdrawals
from sori.listen.ledger import Arrival
from sori.listen.matching import Matcher
from sori.listen.models import Query, Source
from sori.people.services import nobody
from sori.people.tombstones import buried
from sori.sql import read_sql
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
        arrival = self._sorted_out(arrival)
        if not arrival.mentions.num_rows:
            return arrival
        welcome = _without_forgotten(_without_withdrawn(arrival.mentions))
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

    def matched(self, posts: pa.RecordBatch) -> pa.RecordBatch:
        """Posts that were heard before, matched anew; nothing of what is forgotten."""
        welcome = _without_forgotten(_without_withdrawn(posts))
        return self._matcher.match(_tell_language()(welcome))

    def _sorted_out(self, arrival: Arrival) -> Arrival:
        """The same with what was edited before we ever heard it among the new ones.

        It comes first, so that a page which holds both knows the post in its present words.
        """
        if arrival.edited is None or not arrival.edited.num_rows:
            return replace(arrival, edited=None)
        keys = withdrawals.keys_of(arrival.edited)
        known = heard_before(keys).keys() | self._on_the_way
        there = pa.array([key in known for key in keys], pa.bool_())
        unheard = arrival.edited.filter(pc.invert(there))
        mentions = pa.concat_batches([unheard, arrival.mentions])
        return replace(
            arrival, mentions=mentions, edited=self.matched(arrival.edited.filter(there))
        )

    def _fresh(self, mentions: pa.RecordBatch) -> pa.RecordBatch:
        ids = mentions.column("id")
        today = timezone.now().astimezone(UTC).date()
        seen = self._lake.keys_seen(ids, days=self._days, today=today) | self._on_the_way
        fresh = np.zeros(mentions.num_rows, np.bool_)
        for row, key in enumerate(withdrawals.keys_of(mentions)):
            if key not in seen:
                seen.add(key)
                self._on_the_way.add(key)
                fresh[row] = True
        return mentions.filter(pa.array(fresh))

    def _keeps(self, matched: pa.RecordBatch) -> pa.Array:
        found = pc.greater(pc.list_value_length(matched.column("queries")), 0)
        return pc.or_(pc.fill_null(found, fill_value=False), matched.column("addressed"))


def heard_before(keys: Collection[str]) -> dict[str, dict[str, Any]]:
    """What the lake has of posts, whatever their time, by their keys: id, title, text, attachments.

    Reads the whole lake for them, which a page of new posts could not afford.
    """
    table = memory.reader().table(read_sql("lake", "by_key"), keys=sorted(set(keys)))
    return {one["id"][8:]: one for one in table.to_pylist()}


def _without_withdrawn(mentions: pa.RecordBatch) -> pa.RecordBatch:
    """What was not deleted where it was said."""
    keys = withdrawals.keys_of(mentions)
    gone = withdrawals.known(set(keys))
    return mentions.filter(pa.array([key not in gone for key in keys])) if gone else mentions


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
