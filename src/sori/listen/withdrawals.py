"""Posts that are not there any more where they were made: known by a hash alone, and for ever.

What was deleted at its source must go here too, and must not come back with a search index that
has not noticed yet. Whoever takes it down works off `Withdrawal` rows that are due (`amending`).
"""

from collections.abc import Collection

import pyarrow as pa
import pyarrow.compute as pc
from django.utils import timezone

from sori.database import CHUNK, chunks
from sori.listen.models import Source, Withdrawal
from sori.mention import mention_key


def write_down(source: Source, names: Collection[str]) -> None:
    """Remember that posts are gone, inside the transaction that moves the cursor.

    Args:
        source: which was told.
        names: the channel's own names for them.
    """
    now = timezone.now()
    rows = [
        Withdrawal(source=source, key=mention_key(source.channel, name), found_at=now, due_at=now)
        for name in dict.fromkeys(names)
    ]
    Withdrawal.objects.bulk_create(rows, ignore_conflicts=True, batch_size=CHUNK)


def known(keys: Collection[str]) -> set[str]:
    """Those of these keys (of `mention.mention_key`) whose posts are gone."""
    found: set[str] = set()
    wanted = sorted(keys)
    for piece in chunks(wanted):
        some = Withdrawal.objects.filter(key__in=piece)
        found |= set(some.values_list("key", flat=True))
    return found


def keys_of(mentions: pa.RecordBatch) -> list[str]:
    """The key of each mention, in order."""
    return list(pc.utf8_slice_codeunits(mentions.column("id"), 8).to_pylist())
