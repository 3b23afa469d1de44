"""What studies still hold of mentions that are forgotten: the names of the sentences they chose."""

from collections.abc import Collection
from typing import Any

from sori.change.studies.models import Study
from sori.database import write_atomic


def forget(mentions: Collection[str]) -> int:
    """Forget mentions here too; what was counted stays counted.

    Returns:
        How many studies had chosen one of them.
    """
    gone = set(mentions)
    touched = 0
    with write_atomic():
        for study in Study.objects.select_for_update().filter(result__isnull=False).order_by("pk"):
            if study.result is not None and _without(study.result, gone):
                study.save(update_fields=["result"])
                touched += 1
    return touched


def _without(result: dict[str, Any], gone: set[str]) -> bool:
    """Take sentences out of a result; whether there were any."""
    found = False
    for side in result["sides"]:
        for need in side["needs"]:
            kept = [quote for quote in need["quotes"] if quote["mention"] not in gone]
            found = found or len(kept) < len(need["quotes"])
            need["quotes"] = kept
    return found
