"""Read the surges: those that are open, those of a theme, what a surge is called."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

from django.utils import timezone
from django.utils.formats import number_format

from sori import charts
from sori.change import selectors
from sori.change.models import Surge, Theme
from sori.listen.models import Query, Source

SHOWN: Final = 3
_PAST: Final = timedelta(days=30)
_NAMED: Final = {Surge.Sort.THEME: Theme, Surge.Sort.QUERY: Query, Surge.Sort.SOURCE: Source}


class Open(NamedTuple):
    """A surge that goes on, and those that are mostly the same seen from farther away."""

    surge: Surge
    parts: list[Surge]


def now() -> list[Open]:
    """The surges that are open and that no other one explains, the worst first."""
    surges = Surge.objects.filter(ended_at=None).order_by("campaign", "-severity", "-voices")
    hidden = {str(pk) for pk in Theme.objects.filter(hidden=True).values_list("pk", flat=True)}
    shown = [one for one in surges if one.sort != Surge.Sort.THEME or one.key not in hidden]
    known = {one.pk for one in shown}
    return [
        Open(one, [other for other in shown if other.within_id == one.pk])
        for one in shown
        if one.within_id not in known
    ]


def past() -> list[Surge]:
    """The surges that have ended lately, the newest first."""
    since = timezone.now() - _PAST
    return list(Surge.objects.filter(ended_at__gte=since).order_by("-since"))


def of_theme(theme: Theme) -> list[Surge]:
    """The surges of a theme and of those that were merged into it, the newest first."""
    keys = [str(number) for number in selectors.family(theme.pk)]
    return list(Surge.objects.filter(sort=Surge.Sort.THEME, key__in=keys).order_by("-since"))


def marks(surges: Sequence[Surge], days: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The surges as marks on a chart of days; see `charts.volume`."""
    labels = {
        timezone.localdate(surge.peak_at): f"×{number_format(round(times(surge), 1))}"
        for surge in surges
    }
    return charts.marks_of(days, labels)


def times(surge: Surge) -> float:
    """How many times the usual it is."""
    return surge.voices / max(surge.expected, 1.0)


def name_of(surge: Surge) -> str:
    """What a surge is of, in the words of today; "" for all voices and for what is no more."""
    if surge.sort == Surge.Sort.TOPIC:
        return surge.key
    model = _NAMED.get(Surge.Sort(surge.sort))
    if model is None:
        return ""
    names = model._default_manager.filter(pk=int(surge.key)).values_list("name", flat=True)
    return names.first() or ""
