"""The public help centre: home and search, a shelf, an article, and whether it helped."""

from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_POST, require_safe

from sori.articles import hearing, prose, reading
from sori.articles.everybody import FOR_ALL, led, spoken
from sori.articles.forms import VoteForm
from sori.articles.grams import LONGEST_QUERY
from sori.articles.models import Language
from sori.articles.views.offering import read_origin
from sori.listen.restraint import too_often
from sori.staff.models import Member
from sori.staff.permissions import public

COOKIE: Final = "sori_help"
_SALT: Final = "sori.articles.help"
_A_YEAR: Final = 365 * 24 * 3600
VOTES_AN_HOUR: Final = 40
VAIN_AN_HOUR: Final = 40
FOR_ONE: Final = "private, max-age=60"


@public
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Lead to the help centre in the language of the reader."""
    return led(request, "articles:help_home")


@public
@require_safe
def short(request: HttpRequest, article: int) -> HttpResponse:
    """The short address that stands in answers: it leads to the reader's own language."""
    language = spoken(request)
    text = reading.numbered(article, language)
    if text is None:
        return _gone(request, language)
    return led(request, "articles:help_article", language=text["language"], slug=text["slug"])


@public
@require_safe
def home(request: HttpRequest, language: str) -> HttpResponse:
    """The shelves, or what was found."""
    query = " ".join(request.GET.get("q", "").replace("\0", "").split())[:LONGEST_QUERY]
    context: dict[str, Any] = {"query": query, "contact": reading.contact_form()}
    if query:
        context["found"] = reading.search(query, language)
        vain = not context["found"] and not too_often(request, "vain", VAIN_AN_HOUR)
        if vain and not _is_ours(request):
            hearing.looked_in_vain(query, language)
        return _page(request, language, "help/found.html", context)
    context["shelves"] = reading.shelves(language)
    context["favourites"] = reading.favourites(context["shelves"])
    context["most"] = reading.ON_A_SHELF
    return _page(request, language, "help/home.html", context, cached=FOR_ALL)


@public
@require_safe
def category(request: HttpRequest, language: str, category: str) -> HttpResponse:
    """One shelf, whole."""
    shelf = next((one for one in reading.shelves(language) if one["id"] == int(category)), None)
    if shelf is None:
        raise Http404
    context = {"shelf": shelf, "contact": reading.contact_form()}
    return _page(request, language, "help/category.html", context, cached=FOR_ALL)


@public
@require_safe
def article(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """One article, in the other language when there is no other."""
    text = reading.article(slug, language)
    if text is None:
        return _gone(request, language)
    own = text["others"].get(language)
    if own and own != slug:
        return redirect("articles:help_article", language=language, slug=own)
    if request.method == "GET" and not _is_ours(request):
        hearing.opened(text["article_id"])
    origin = read_origin(request.GET.get("from", ""))
    if origin:
        hearing.came_from_form(article=text["article_id"], source=origin.source, key=origin.key)
    return _article(request, language, text)


@public
@require_POST
def vote(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """Keep whether it helped, once a browser."""
    text = _text(language, slug)
    form = VoteForm(request.POST)
    if not form.is_valid():
        return redirect("articles:help_article", language=language, slug=slug)
    if too_often(request, "vote", VOTES_AN_HOUR):
        return _article(request, language, text, status=429)
    token = request.get_signed_cookie(COOKIE, "", salt=_SALT) or get_random_string(22)
    said = form.cleaned_data
    hearing.vote(
        article=text["article_id"],
        language=text["language"],
        token=token,
        helpful=said["helpful"] == "yes",
        words=said["words"],
    )
    address = reverse("articles:help_article", kwargs={"language": language, "slug": slug})
    done = "said" if said["words"] else said["helpful"]
    response = redirect(f"{address}?voted={done}#helpful")
    response.set_signed_cookie(
        COOKIE, token, salt=_SALT, max_age=_A_YEAR, path="/help/", httponly=True,
        secure=settings.HTTPS, samesite="Lax",
    )  # fmt: skip
    return response


@public
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page of the help centre, for search engines."""
    context = {
        "rows": reading.addresses(),
        "root": request.build_absolute_uri("/").rstrip("/"),
        "known": Language.values,
    }
    response = render(request, "help/sitemap.xml", context, content_type="application/xml")
    response["Cache-Control"] = FOR_ALL
    return response


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may read what is written for everybody, and nothing else."""
    allowed = ["/help/", "/changes/", "/ideas/ko/", "/ideas/en/", "/static/"]
    lines = ["User-agent: *", *(f"Allow: {path}" for path in allowed), "Disallow: /"]
    lines += ["", f"Sitemap: {request.build_absolute_uri(reverse('articles:sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _article(
    request: HttpRequest, language: str, text: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    token = request.get_signed_cookie(COOKIE, "", salt=_SALT)
    said = hearing.voted(article=text["article_id"], token=token) if token else None
    voted = request.GET.get("voted", "")
    if voted not in {"yes", "no", "said"}:
        voted = {True: "yes", False: "said", None: ""}[said]
    context = {
        "text": text,
        "written": prose.written(text["body"]),
        "summary": prose.plain(text["body"])[:150],
        "related": reading.related(text, language),
        "category": reading.category_name(text["category"], language),
        "contact": reading.contact_form(),
        "voted": voted,
        "too_often": status == 429,
    }
    return _page(request, language, "help/article.html", context, cached=FOR_ONE, status=status)


def _text(language: str, slug: str) -> dict[str, Any]:
    text = reading.article(slug, language)
    if text is None:
        raise Http404
    return text


def _gone(request: HttpRequest, language: str) -> HttpResponse:
    """No such article, or none that everybody may read: both look the same."""
    contact = reading.contact_form()
    return _page(request, language, "help/gone.html", {"contact": contact}, status=404)


def _is_ours(request: HttpRequest) -> bool:
    """Whether a member looks, who is no reader to be counted."""
    return isinstance(request.user, Member)


def _page(
    request: HttpRequest,
    language: str,
    template: str,
    context: dict[str, Any],
    *,
    cached: str = "",
    status: int = 200,
) -> HttpResponse:
    """A page in the language of its address, whatever the reader's browser speaks."""
    known = {
        "query": "",
        "languages_known": Language.choices,
        "help_name": settings.HELP_NAME,
        "root": request.build_absolute_uri("/").rstrip("/"),
    }
    with translation.override(language):
        response = render(request, template, known | context, status=status)
    response["Content-Language"] = language
    if cached and status == 200:
        response["Cache-Control"] = cached
    return response
