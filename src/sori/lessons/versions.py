"""Which version of the company's own heads speaks: switch one on, go back, hand it to workers."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from sori.database import write_atomic
from sori.journal.services import record
from sori.lessons.models import Version
from sori.staff.models import Member

State = Version.State

_kept: tuple[tuple[int, datetime], bytes] | None = None


def activate(*, version: int, member: Member | None) -> Version:
    """Let a version speak from the next turn of every worker on; the one before is retired.

    Args:
        version: its number.
        member: who says so; None for the machine, after it was found better.

    Raises:
        Version.DoesNotExist: there is no such version, or it learned nothing that was better.
    """
    with write_atomic():
        before = _retire()
        chosen = _speak(version)
        record("model.activated", f"model:{version}", member=member, before=before)
        return chosen


def roll_back(*, to: int | None, member: Member) -> Version | None:
    """Let an earlier version speak again.

    Args:
        to: its number; None for the shipped model alone.
        member: who says so.

    Raises:
        Version.DoesNotExist: there is no such version, or it learned nothing that was better.
    """
    with write_atomic():
        before = _retire()
        chosen = None if to is None else _speak(to)
        record("model.rolled_back", f"model:{to or 0}", member=member, before=before)
        return chosen


def own_heads() -> bytes | None:
    """The version that speaks, as `make_pipeline` takes it; None for the shipped model alone.

    To be asked at every turn, so that a version that was switched on meanwhile is heard; asking
    costs one small question, and the weights are read only when the version has changed.
    """
    global _kept
    active = Version.objects.filter(state=State.ACTIVE)
    name = active.values_list("number", "made_at").first()
    if name is None:
        return None
    kept = _kept
    if kept is None or kept[0] != name:
        content: Any = active.values_list("weights", flat=True).filter(number=name[0]).first()
        if content is None:
            return None  # switched off in this very moment
        _kept = kept = (name, bytes(content))
    return kept[1]


def _retire() -> int | None:
    active = Version.objects.select_for_update().filter(state=State.ACTIVE).first()
    if active is None:
        return None
    active.state = State.RETIRED
    active.save(update_fields=["state"])
    return active.number


def _speak(number: int) -> Version:
    chosen = Version.objects.select_for_update().exclude(weights=b"").get(number=number)
    chosen.state, chosen.activated_at = State.ACTIVE, timezone.now()
    chosen.save(update_fields=["state", "activated_at"])
    return chosen
