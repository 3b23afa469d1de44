"""Writing an article, with what it will look like beside the words."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sori.articles import prose, selectors, services
from sori.articles.forms import LONGEST, PlaceForm, WordsForm
from sori.articles.models import Article, Language, Revision
from sori.errors import Refused
from sori.staff.permissions import Permission, me, requires


@requires(Permission.WRITE_ARTICLE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The first words of a new article, in the language it begins in."""
    language = request.GET.get("language", "")
    language = language if language in Language.values else Language.KO.value
    words = WordsForm(request.POST or None, initial={"title": request.GET.get("title", "")[:120]})
    place = PlaceForm(request.POST or None)
    if words.is_valid() and place.is_valid():
        made = services.begin(
            member=me(request),
            language=language,
            title=words.cleaned_data["title"],
            body=words.cleaned_data["body"],
            **place.place,
        )
        messages.success(request, _("The article is kept."))
        return redirect("articles:article", article=made.pk)
    return _page(request, words, place, language=language)


@requires(Permission.WRITE_ARTICLE)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, article: str, language: str) -> HttpResponse:
    """Change the words of one language."""
    row = selectors.article(int(article))
    if row is None:
        raise Http404
    text = row["texts"].get(language)
    newest = Revision.objects.filter(text=text["id"]).order_by("-number").first() if text else None
    initial: dict[str, Any] = {"base": newest.number if newest else 0}
    if newest:
        initial |= {"title": newest.title, "body": newest.body}
    words = WordsForm(request.POST or None, initial=initial)
    place = PlaceForm(
        request.POST or None,
        initial={"visibility": row["visibility"], "category": row["category_id"]},
    )
    if words.is_valid() and place.is_valid():
        done = _write(request, int(article), language, words, place)
        if done is not None:
            return done
    return _page(request, words, place, language=language, row=row)


@requires(Permission.WRITE_ARTICLE)
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What the words will look like."""
    body = request.POST.get("body", "")[:LONGEST]
    return render(request, "articles/preview.html", {"written": prose.written(body)})


def _write(
    request: HttpRequest, article: int, language: str, words: WordsForm, place: PlaceForm
) -> HttpResponse | None:
    """Keep what was written; None when it was refused, with the reason in the form."""
    row = get_object_or_404(Article, pk=article)
    try:
        services.place(article=row, member=me(request), **place.place)
        shown = services.write(article=row, member=me(request), language=language,
                               **words.cleaned_data)  # fmt: skip
    except Refused as refused:
        words.add_error(None, str(refused))
        return None
    waits = _("Your words are kept; readers see them once a supervisor has published them.")
    messages.success(request, _("The article is kept.") if shown else waits)
    return redirect("articles:article", article=article)


def _page(
    request: HttpRequest,
    words: WordsForm,
    place: PlaceForm,
    *,
    language: str,
    row: dict[str, Any] | None = None,
) -> HttpResponse:
    body = words["body"].value() or ""
    context = {
        "words": words,
        "place": place,
        "row": row,
        "written": prose.written(body[:LONGEST]),
        "in_language": language,
        "languages_known": Language.choices,
    }
    return render(request, "articles/write.html", context, status=422 if words.is_bound else 200)
