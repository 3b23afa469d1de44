"""What was edited or deleted where it was said is edited or deleted here: lake, desk, themes.

New words are understood like all others and take the place of the old ones; what people had said
of the old ones holds no more. Both may be done twice without harm, so whoever dies on the way is
succeeded: an edit is written before the cursor moves, a deletion is a row that is due.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any, Final

import pyarrow as pa
from django.utils import timezone

from sori import database
from sori.change import forgetting as themes
from sori.change.initiatives import forgetting as initiatives
from sori.change.stories import forgetting as stories
from sori.change.studies import forgetting as studies
from sori.database import write_atomic
from sori.journal.services import record
from sori.knowing import knowledge
from sori.lessons import services as lessons
from sori.listen import memory, rechecking, withdrawals
from sori.listen.models import Withdrawal
from sori.listen.sifting import Sieve, heard_before
from sori.mention import day_of
from sori.respond import amending as desk
from sori.respond.receiving import bookmark
from sori.respond.reconsidering import reconsider
from sori.respond.relabelling import LABELS
from sori.understand.clean import make_clean
from sori.understand.pipeline import make_pipeline
from sori.understand.privacy import make_privacy

LEASE: Final = timedelta(minutes=5)
AT_ONCE: Final = 200
_AS_HEARD: Final = frozenset({"id", "source", "heard_at", "published_at", "attachments"})
"""Columns that an edit leaves as they are."""


def rewrite(rows: pa.RecordBatch) -> int:
    """Let mentions that were heard before say what they say now; same words change nothing.

    Args:
        rows: columns of `mention.HEARD_SCHEMA` and `queries`, as the channel tells them now.

    Returns:
        How many mentions have other words.

    Raises:
        LakeError: the lake could not be read or written.
    """
    rows = _reworded(rows)
    if not rows.num_rows:
        return 0
    told = pa.Table.from_batches([make_pipeline(knowledge())(rows)])
    days: dict[str, list[int]] = defaultdict(list)
    for place, mention in enumerate(told.column("id").to_pylist()):
        days[day_of(mention)].append(place)
    for day, places in sorted(days.items()):
        edit = _Edit(told.take(places))
        memory.lake().redo(date.fromisoformat(day), edit, key=uuid.uuid4().hex)
    memory.lake().vacuum()
    changed = told.column("id").to_pylist()
    _forget_quotes(changed)
    desk.edit(told.select(["id", "title", "text", *LABELS]).to_pylist())
    reconsider(changed)
    return len(changed)


def _reworded(rows: pa.RecordBatch) -> pa.RecordBatch:
    """Those of some posts that say something else than the lake has, under the ids it gave them.

    A channel that tells no time of a post, or another one now, would give it another id.
    """
    keys = withdrawals.keys_of(rows)
    there = heard_before(keys)
    stored = make_privacy()(make_clean()(rows))
    words = zip(keys, *(stored.column(name).to_pylist() for name in ("title", "text")), strict=True)
    other = [
        key in there and (title, text) != (there[key]["title"], there[key]["text"])
        for key, title, text in words
    ]
    kept = rows.filter(pa.array(other, pa.bool_()))
    ids = [there[key]["id"] for key, is_other in zip(keys, other, strict=True) if is_other]
    at = kept.schema.get_field_index("id")
    return kept.set_column(at, kept.schema.field("id"), pa.array(ids, pa.string()))


def recheck_due() -> int:
    """Look again at the posts of the source that is longest due; returns how many there were."""
    looked = rechecking.recheck_due()
    if looked is None:
        return 0
    source, page = looked
    if page.edited is not None and page.edited.num_rows:
        rewrite(Sieve(source, memory.lake()).matched(page.edited))
    return 1


def take_down_due(limit: int = AT_ONCE) -> int:
    """Take down what was deleted at its source; returns how many posts were looked for.

    Raises:
        LakeError: the lake could not be read or written; they stay due.
    """
    rows = database.claim(Withdrawal.objects.all(), lease=LEASE, limit=limit)
    if not rows:
        return 0
    take_down({row.key for row in rows})
    with write_atomic():
        for row in rows:
            database.hold(row, due_at=None, lease_until=None, done_at=timezone.now())
        per_source = Counter(row.source_id for row in rows)
        for source, count in per_source.items():
            record("source.withdrawn", f"source:{source}", mentions=count)
    return len(rows)


def take_down(keys: Collection[str]) -> int:
    """Delete the mentions with these keys (of `mention.mention_key`) everywhere.

    The lake comes last: as long as it has them, whoever goes on after a crash finds the rest.

    Returns:
        How many mentions the lake had.
    """
    found = heard_before(keys).values()
    mentions = [one["id"] for one in found]
    if not mentions:
        return 0
    with write_atomic():
        bookmark()  # whoever receives now has committed before we look
    files = {file["digest"] for one in found for file in one["attachments"] or ()}
    files |= desk.files_of(mentions)
    desk.withdraw(mentions)
    initiatives.forget(mentions=mentions, cases=())
    _forget_quotes(mentions)
    memory.lake().forget(ids=mentions)
    memory.delete_files(files)
    return len(mentions)


def _forget_quotes(mentions: Collection[str]) -> None:
    """Forget what was taught with their words, and where those were quoted."""
    lessons.forget(mentions=mentions)
    themes.forget(mentions)
    stories.forget(mentions)
    studies.forget(mentions)


class _Edit:
    """Puts new words in the place of old ones, within the rows of one day.

    Args:
        told: what is said now, one row a mention.
    """

    def __init__(self, told: pa.Table) -> None:
        self._told = told
        self._place = {name: row for row, name in enumerate(told.column("id").to_pylist())}

    def __call__(self, rows: pa.Table) -> tuple[pa.Table, Counter[str]]:
        ids = rows.column("id").to_pylist()
        places = [self._place.get(name) for name in ids]
        taken = [row if place is None else len(ids) + place for row, place in enumerate(places)]
        columns: list[Any] = []
        for field in rows.schema:
            column = rows.column(field.name)
            if field.name not in _AS_HEARD and field.name in self._told.schema.names:
                new = self._told.column(field.name).cast(field.type)
                column = pa.chunked_array([*column.chunks, *new.chunks]).take(pa.array(taken))
            columns.append(column)
        edited = Counter(edited=len(ids) - places.count(None))
        return pa.table(columns, schema=rows.schema), edited
