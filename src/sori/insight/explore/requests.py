"""Read a selection from a request, and look at the lake through it."""

from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from sori.change.selectors import roots
from sori.insight.explore.look import Look
from sori.insight.explore.names import meant
from sori.insight.explore.selection import Pair, Problem, Selection, read
from sori.listen import memory

PLACE: Final = "after"
"""The one name in a query string that is no part of the selection: where a list goes on."""


def asked(request: HttpRequest) -> list[Pair]:
    """The names and values of the query string that make up the selection."""
    return [
        (name, value) for name, values in request.GET.lists() for value in values if name != PLACE
    ]


def selection_of(request: HttpRequest) -> tuple[Selection, list[Problem]]:
    """What a request asks to see."""
    return read(asked(request))


def look_through(selection: Selection) -> Look:
    """A look at the lake, now."""
    merged = roots()
    return Look(
        memory.counting_reader(),
        selection,
        timezone.now(),
        ZoneInfo(settings.TIME_ZONE),
        meant=meant(selection, merged),
        roots=merged,
    )
