"""What a change has brought, as the journal knows it: for rooms that tell others about it."""

from dataclasses import dataclass

from sori.change.initiatives.models import Initiative
from sori.journal.models import Event


@dataclass(frozen=True)
class Brought:
    """How often the themes of an initiative were heard, once that was settled.

    Attributes:
        verdict: fewer, same or more.
        before: voices per 1,000 before it was shipped.
        after: voices per 1,000 after it was shipped.
        ratio: after as a share of before; None when it was not heard before.
    """

    verdict: str
    before: float
    after: float
    ratio: float | None


def brought(initiative: Initiative) -> Brought | None:
    """What is known since it was shipped last; None before that, and when it came back."""
    if initiative.shipped_at is None:
        return None
    about = f"initiative:{initiative.pk}"
    kinds = ("outcome.settled", "outcome.back")
    said = Event.objects.filter(about=about, kind__in=kinds, at__gte=initiative.shipped_at)
    last = said.order_by("-id").first()
    if last is None or last.kind != "outcome.settled":
        return None
    names = ("verdict", "before", "after", "ratio")
    return Brought(**{name: last.data[name] for name in names})
