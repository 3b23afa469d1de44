"""What everybody may read: the notices that stand now, as a page and as JSON."""

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from sori.articles import reading
from sori.articles.everybody import led
from sori.articles.models import Language
from sori.change.notices import selectors
from sori.change.notices.models import Notice
from sori.staff.permissions import public

FOR_ALL: Final = "public, max-age=30"
"""What stands now must not be shown for long after it has ended."""


@public
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Lead to the page in the language of the reader."""
    return led(request, "notices:standing")


@public
@require_safe
def standing(request: HttpRequest, language: str) -> HttpResponse:
    """Every notice that stands now, in the language of the address."""
    with translation.override(language):
        context: dict[str, Any] = {
            "everything": selectors.standing("", language),
            "languages_known": Language.choices,
            "help_name": settings.HELP_NAME,
            "contact": reading.contact_form(),
        }
        response = render(request, "notices/now.html", context)
    response["Content-Language"] = language
    response["Cache-Control"] = FOR_ALL
    return response


@public
@require_safe
def as_json(request: HttpRequest) -> HttpResponse:
    """The same for programs of ours; `lang` is ko or en, `place` one of the places."""
    asked = request.GET.get("lang", "")
    language = asked if asked in Language.values else Language.KO.value
    place = request.GET.get("place", "")
    if place not in Notice.Place.values:
        place = ""
    rows = [_row(one) for one in selectors.standing(place, language)]
    response = JsonResponse({"notices": rows}, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = FOR_ALL
    return response


def _row(one: selectors.Standing) -> dict[str, Any]:
    later = one.next_word_at
    return {
        "id": one.id,
        "kind": one.kind,
        "title": one.title,
        "what": one.what,
        "doing": one.doing,
        "language": one.language,
        "since": one.since.isoformat(),
        "next_word_at": later.isoformat() if later else None,
        "updates": [
            {"at": word.at.isoformat(), "words": word.words, "language": word.language}
            for word in one.updates
        ],
    }
