"""What themes and surges still hold of mentions that are forgotten: quotes, corrections, lists."""

from collections.abc import Collection, Iterable
from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc

from sori.change import packing, rounds
from sori.change.models import Campaign, Correction, Ending, Split, Surge, Theme, ThemeRun
from sori.change.runs import ROUND
from sori.database import chunks, write_atomic


def forget(mentions: Collection[str]) -> int:
    """Forget mentions here too; the themes are weighed again soon.

    A theme that quoted one loses its quote, its phrases and the name the machine made of them until
    then; what people named keeps its name.

    Returns:
        How many themes lost their quote.
    """
    gone = set(mentions)
    if not gone:
        return 0
    with write_atomic():
        quoting = [theme for some in chunks(sorted(gone)) for theme in _quoting(some)]
        for theme in quoting:
            theme.central = theme.central_mention = ""
            theme.phrases = []
            theme.name = theme.name if theme.named else f"#{theme.pk}"
        Theme.objects.bulk_update(quoting, ["central", "central_mention", "phrases", "name"])
        for some in chunks(sorted(gone)):
            Correction.objects.filter(mention__in=some).delete()
            Ending.objects.filter(mention__in=some).delete()
        _out_of_splits(gone)
        _out_of_surges(gone)
        _out_of_campaigns(gone)
        _out_of_runs(gone)
    rounds.ask(ROUND, within=timedelta(seconds=30))
    return len(quoting)


def _quoting(some: Iterable[str]) -> Iterable[Theme]:
    return Theme.objects.select_for_update().filter(central_mention__in=some).order_by("pk")


def _out_of_surges(gone: set[str]) -> None:
    for surge in Surge.objects.only("first_voices").iterator():
        if not gone.isdisjoint(surge.first_voices):
            surge.first_voices = [one for one in surge.first_voices if one not in gone]
            surge.save(update_fields=["first_voices"])


def _out_of_splits(gone: set[str]) -> None:
    for split in Split.objects.exclude(voices=[]).select_for_update():
        if not gone.isdisjoint(split.voices):
            split.voices = [one for one in split.voices if one not in gone]
            split.save(update_fields=["voices"])


def _out_of_campaigns(gone: set[str]) -> None:
    for campaign in Campaign.objects.only("first_voices", "members").iterator():
        kept = _without(gone, packing.unpacked_ids(bytes(campaign.members)))
        if kept is not None:
            campaign.members = packing.packed(kept)
            campaign.first_voices = [one for one in campaign.first_voices if one not in gone]
            campaign.save(update_fields=["members", "first_voices"])


def _out_of_runs(gone: set[str]) -> None:
    for run in ThemeRun.objects.exclude(members=b"").only("members"):
        kept = _without(gone, packing.unpacked_members(bytes(run.members)))
        if kept is not None:
            run.members = packing.packed(kept)
            run.save(update_fields=["members"])


def _without(gone: set[str], rows: pa.Table) -> pa.Table | None:
    """Rows without those whose `id` is gone; None when none is."""
    there = pc.is_in(rows.column("id"), pa.array(sorted(gone), pa.string()))
    kept = rows.filter(pc.invert(there))
    return kept if kept.num_rows < rows.num_rows else None
