"""The public pages: what people said and what we changed, one story, and a feed of them."""

from typing import Any, Final
from uuid import uuid5

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from sori.articles.everybody import FOR_ALL, led
from sori.change.stories import selectors
from sori.change.stories.models import Language, StoryText
from sori.staff.permissions import public

PAGE: Final = 20
_SHORT: Final = 200


@public
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Lead to the stories in the language of the reader."""
    return led(request, "stories:public")


@public
@require_safe
def short(request: HttpRequest, story: int) -> HttpResponse:
    """The short address that stands in posts: it leads to the reader's own language."""
    row = selectors.published().filter(pk=story).first()
    if row is None:
        raise Http404
    return led(request, "stories:public_story", slug=row.slug)


@public
@require_safe
def stories(request: HttpRequest, language: str) -> HttpResponse:
    """All stories, the newest first."""
    page = Paginator(selectors.published(), PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": list(_told(page.object_list, language)),
        "newer": f"?page={page.number - 1}" if page.has_previous() else "",
        "older": f"?page={page.number + 1}" if page.has_next() else "",
    }
    return _page(request, language, "changes/stories.html", context)


@public
@require_safe
def story(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """One story; in the other language where it is told in no other."""
    row = selectors.published().filter(slug=slug).first()
    text = selectors.in_language(row, language) if row else None
    if row is None or text is None:
        raise Http404
    context = {
        "row": row,
        "text": text,
        "told": selectors.languages(row),
        "summary": _short(text.said),
    }
    return _page(request, language, "changes/story.html", context)


@public
@require_safe
def feed(request: HttpRequest, language: str) -> HttpResponse:
    """The newest stories as an Atom feed; an entry is known by the same name for ever."""
    rows = list(_told(selectors.published()[: selectors.FEED], language))
    entries = [(row, text, uuid5(row.uid, text.language)) for row, text in rows]
    changed = [text.updated_at for _, text in rows]
    context = {"entries": entries, "changed": max(changed, default=None)}
    return _page(request, language, "changes/feed.xml", context, "application/atom+xml")


def _told(rows: Any, language: str) -> Any:
    for row in rows:
        text: StoryText | None = selectors.in_language(row, language)
        if text is not None:
            yield row, text


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHORT else f"{line[: _SHORT - 1].rstrip()}…"


def _page(
    request: HttpRequest,
    language: str,
    template: str,
    context: dict[str, Any],
    content_type: str = "text/html",
) -> HttpResponse:
    """A page in the language of its address, whatever the reader's browser speaks."""
    known = {
        "company": settings.HELP_NAME,
        "languages_known": Language.choices,
        "root": request.build_absolute_uri("/").rstrip("/"),
    }
    with translation.override(language):
        response = render(
            request, template, known | context, content_type=f"{content_type}; charset=utf-8"
        )
    response["Content-Language"] = language
    response["Cache-Control"] = FOR_ALL
    return response
