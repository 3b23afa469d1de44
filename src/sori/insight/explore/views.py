"""The explorer's page, its panels, and why the model says what it says."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from sori.channels import registry
from sori.errors import LakeError
from sori.insight.explore import panels, showing, stream
from sori.insight.explore.chips import LABELS, chips, period, value_word
from sori.insight.explore.export import MOST
from sori.insight.explore.look import Look
from sori.insight.explore.names import Names, names
from sori.insight.explore.requests import PLACE, asked, look_through, selection_of
from sori.insight.explore.rule import rule_of
from sori.insight.explore.selection import (
    FILTERS,
    PERIODS,
    UNKNOWN,
    Selection,
    narrowed,
    pairs,
    query_string,
)
from sori.insight.explore.typical import typical
from sori.insight.explore.volume import volume
from sori.insight.library import library_name
from sori.lessons.versions import own_heads
from sori.listen import memory
from sori.listen.saved_views import views_for
from sori.mention import KINDS, SENTIMENTS, URGENCIES
from sori.staff.models import Member
from sori.staff.permissions import Permission, requires
from sori.understand.reasons import reasons

HEADS: Final = ("kind", "sentiment", "urgency", "answer", "abuse")
DOUBTS: Final = (0.5, 0.6, 0.7, 0.8)
LANGUAGES: Final = ("ko", "en", "ja", "zh")

logger = logging.getLogger(__name__)


@requires(Permission.READ_MENTIONS)
@require_safe
def explore(request: HttpRequest) -> HttpResponse:
    """The page: filters at once, everything that is counted afterwards, panel by panel."""
    selection, problems = selection_of(request)
    if not problems and asked(request) != pairs(selection):
        return redirect(address(selection))
    assert isinstance(request.user, Member)
    known, query = names(), query_string(selection)
    views = views_for(request.user)
    context = {
        "selection": selection,
        "query": query,
        "problems": [_said(problem) for problem in problems],
        "chips": chips(selection, known),
        "period": period(selection),
        "periods": [(days, query_string(_within(selection, days))) for days in (*PERIODS, None)],
        "orders": [(order, query_string(replace(selection, order=order)))
                   for order in ("newest", "reach")],
        "choices": choices(selection, known),
        "views": views,
        "current_view": next((view for view in views if view["query"] == query), None),
        "rule": rule_of(selection),
        "doubts": DOUBTS,
        "most_exported": MOST,
        "library": library_name(),
        "elsewhere": urlencode([pair for pair in pairs(selection)
                                if pair[0] not in {"days", "from", "to"}]),
    }  # fmt: skip
    return render(request, "insight/explore/explore.html", context)


@requires(Permission.READ_MENTIONS)
@require_safe
def panel(request: HttpRequest, panel: str) -> HttpResponse:
    """One panel, counted now; a part of a page."""
    if panel not in PANELS:
        raise Http404
    selection, _ = selection_of(request)
    look = look_through(selection)
    try:
        context = PANELS[panel](look, names(), request)
    except LakeError:
        # the page shows its own words for it, with a button to try again
        logger.exception("a panel could not be counted", extra={"panel": panel})
        return HttpResponse(status=503)
    context |= {"panel": panel, "selection": selection, "query": query_string(selection)}
    return render(request, context.pop("template"), context)


@requires(Permission.READ_MENTIONS)
@require_safe
def why(request: HttpRequest, mention: str) -> HttpResponse:
    """The words that told the model what it says about a mention; a part of a page."""
    head = request.GET.get("head", "")
    rows = stream.mentions(memory.reader(), [mention])
    if not rows or head not in HEADS:
        raise Http404
    row, title = rows[0], rows[0]["title"] or ""
    # no model reads the title of what is answered
    read = "" if row["parent_id"] else title
    found = reasons(head, row["text"], title=read, lang=row["lang"], own=own_heads())
    context = {
        "mention": mention,
        "head": head,
        "heads": HEADS,
        "reasons": found,
        "stored": row[head],
        "title": showing.highlighted(title, found.title),
        "text": showing.highlighted(row["text"], found.text),
    }
    return render(request, "insight/explore/why.html", context)


def address(selection: Selection) -> str:
    """Where a selection is shown."""
    query = query_string(selection)
    return reverse("insight:explore") + (f"?{query}" if query else "")


def choices(selection: Selection, known: Names) -> dict[str, list[tuple[str, str, bool]]]:
    """What each filter offers, as (value, in words, chosen); what is chosen is always offered."""
    offered: dict[str, list[Any]] = {
        "rule": list(known.rules),
        "channel": list(registry.names()),
        "source": list(known.sources),
        "kind": [*KINDS, UNKNOWN],
        "sentiment": [*SENTIMENTS, UNKNOWN],
        "urgency": [*(str(one) for one in reversed(URGENCIES)), UNKNOWN],
        "topic": list(known.topics),
        "theme": [],
        "lang": [*LANGUAGES, UNKNOWN],
    }
    made = {}
    for name, values in offered.items():
        field = FILTERS[name].field
        chosen = getattr(selection, field)
        every = dict.fromkeys([*values, *chosen])
        made[name] = [(str(one), value_word(field, one, known), one in chosen) for one in every]
    return made


def _within(selection: Selection, days: int | None) -> Selection:
    return replace(selection, days=days, since=None, until=None)


def _said(problem: Any) -> str:
    known = FILTERS.get(problem.name)
    label = LABELS.get(known.field if known else problem.name)
    holes = {"name": gettext(label) if label else problem.name, "value": problem.value}
    return gettext(problem.sentence) % holes


def _volume(look: Look, known: Names, request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001
    counted = volume(look)
    rows = [{"when": showing.when(bar, counted.unit), "bar": bar} for bar in reversed(counted.bars)]
    return {
        "template": "insight/explore/volume.html",
        "volume": counted,
        "chart": showing.timeline(counted),
        "kinds": showing.kinds(counted, look.selection),
        "rows": rows,
        "sample": counted.sample,
    }


def _top(look: Look, known: Names, panel: str) -> dict[str, Any]:
    rows, sample = panels.top(look, panel)
    return {
        "template": "insight/explore/top.html",
        "lines": showing.lines(panel, rows, look.selection, known),
        "compared": look.past is not None,
        "sample": sample,
    }


def _authors(look: Look, known: Names, request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001
    rows, sample = panels.authors(look)
    return {
        "template": "insight/explore/authors.html",
        "lines": showing.speakers(rows, look.selection),
        "sample": sample,
    }


def _words(look: Look, known: Names, request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001
    found = typical(look)
    links = [
        (word, share, query_string(narrowed(look.selection, "words", word)))
        for word, share in found.words
    ]
    return {"template": "insight/explore/words.html", "found": found, "links": links}


def _stream(look: Look, known: Names, request: HttpRequest) -> dict[str, Any]:
    found = stream.page(look, stream.place_of(request.GET.get(PLACE, "")))
    following = urlencode([*pairs(look.selection), (PLACE, str(found.next))])
    return {
        "template": "insight/explore/stream.html",
        "voices": showing.voices(found.mentions, look.selection, known),
        "next": following if found.next else "",
        "looked_back_to": found.looked_back_to,
        "first": PLACE not in request.GET,
    }


def _listed(name: str) -> Callable[[Look, Names, HttpRequest], dict[str, Any]]:
    return lambda look, known, _request: _top(look, known, name)


PANELS: Final[dict[str, Callable[[Look, Names, HttpRequest], dict[str, Any]]]] = {
    "volume": _volume,
    "themes": _listed("themes"),
    "topics": _listed("topics"),
    "channels": _listed("channels"),
    "rules": _listed("rules"),
    "authors": _authors,
    "words": _words,
    "stream": _stream,
}
"""What can be asked for by name, and how it is counted."""
