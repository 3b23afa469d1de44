"""Tasks follow their case: they end with it, and it goes on when nothing is left to wait for."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sori.respond.joining import whole
from sori.respond.signals import parted, settled, settling
from sori.staff.models import Member
from sori.teamwork.models import Task
from sori.teamwork.services import go_on, waiting, withdraw_with


def listen() -> None:
    """Connect; called once at start."""
    settling.connect(_settling, dispatch_uid="tasks")
    settled.connect(_settled, dispatch_uid="tasks")
    parted.connect(_parted, dispatch_uid="tasks")


def _settling(*, cases: Collection[int], **_: Any) -> list[str]:
    return list(waiting(cases).values_list("department__name", flat=True))


def _settled(*, case: int, member: Member | None, **_: Any) -> None:
    withdraw_with(case=case, member=member)


def _parted(*, cases: Collection[int], since: datetime, member: Member, **_: Any) -> None:
    """Open what was on hold for something that ended while the two were one."""
    if Task.objects.filter(case__in=whole(*cases), ended_at__gte=since).exists():
        for case in cases:
            go_on(case=case, member=member)
