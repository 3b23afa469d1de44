"""Articles for the desk: the list, one to read, what it said before, its way to its readers."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sori.articles import prose, selectors, services
from sori.articles.models import Article, Language, Revision
from sori.staff.doing import doing
from sori.staff.models import Member
from sori.staff.permissions import Permission, me, requires


@requires(Permission.READ_INBOX)
@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """The list, narrowed by state, readers, shelf and words."""
    asked = request.GET
    place = {
        "query": asked.get("q", "").replace("\0", "").strip()[:100],
        "state": asked.get("state", "") if asked.get("state") in selectors.STATES else "",
        "visibility": asked.get("readers", "")
        if asked.get("readers") in Article.Visibility.values
        else "",
        "category": _number(asked.get("category", "")),
    }
    context = {
        "rows": selectors.articles(**place),  # type: ignore[arg-type]
        "counts": selectors.counts(),
        "categories": selectors.categories(),
        "states": dict(Article.State.choices),
        "visibilities": dict(Article.Visibility.choices),
        **place,
    }
    return render(request, "articles/articles.html", context)


@requires(Permission.READ_INBOX)
@require_safe
def article(request: HttpRequest, article: int) -> HttpResponse:
    """One article as its readers see it, with how it fares."""
    row = selectors.article(article)
    if row is None:
        raise Http404
    wanted = request.GET.get("language", "")
    language = wanted if wanted in Language.values else Language.KO.value
    text = row["texts"].get(language) or next(iter(row["texts"].values()), None)
    context: dict[str, Any] = {
        "row": row,
        "text": text,
        "written": prose.written(text["body"]) if text else None,
        "states": dict(Article.State.choices),
        "visibilities": dict(Article.Visibility.choices),
        "languages_known": Language.choices,
    }
    return render(request, "articles/article.html", context)


@requires(Permission.READ_INBOX)
@require_safe
def history(request: HttpRequest, article: int | str, language: str) -> HttpResponse:
    """What a text said before, one revision compared with what readers see."""
    row = selectors.article(int(article))
    if row is None or language not in row["texts"]:
        raise Http404
    text = row["texts"][language]
    revisions = selectors.revisions(text["id"])
    number = _number(request.GET.get("revision", "")) or text["newest"]
    chosen = get_object_or_404(Revision, text=text["id"], number=number)
    shown = Revision.objects.filter(text=text["id"], number=text["shown"]).first()
    before, after = (chosen, shown) if shown and number < shown.number else (shown, chosen)
    if before is not None and after is not None and before.pk == after.pk:
        before = Revision.objects.filter(text=text["id"], number=number - 1).first()
    context = {
        "row": row,
        "text": text,
        "language_code": language,
        "revisions": revisions,
        "chosen": chosen,
        "before": before,
        "after": after,
        "parts": selectors.compared(before.body if before else "", after.body if after else ""),
    }
    return render(request, "articles/history.html", context)


@requires(Permission.WRITE_ARTICLE)
@require_POST
def restore(request: HttpRequest, revision: int) -> HttpResponse:
    """Let readers see this revision."""
    row = get_object_or_404(Revision.objects.select_related("text"), pk=revision)
    with doing(request, _("Readers see these words now.")):
        services.restore(revision=row, member=me(request))
    return redirect("articles:article", article=row.text.article_id)


@requires(Permission.PUBLISH_ARTICLE)
@require_POST
def publish(request: HttpRequest, article: int) -> HttpResponse:
    """Let its readers read it."""
    return _move(request, article, services.publish, _("The article is published."))


@requires(Permission.PUBLISH_ARTICLE)
@require_POST
def withdraw(request: HttpRequest, article: int) -> HttpResponse:
    """Take it out of sight."""
    return _move(request, article, services.withdraw, _("Readers do not see it any more."))


@requires(Permission.PUBLISH_ARTICLE)
@require_POST
def archive(request: HttpRequest, article: int) -> HttpResponse:
    """Put it away."""
    return _move(request, article, services.archive, _("The article is put away."))


def _move(request: HttpRequest, article: int, deed: Callable[..., None], done: str) -> HttpResponse:
    row = get_object_or_404(Article, pk=article)
    member: Member = me(request)
    with doing(request, done):
        deed(article=row, member=member)
    return redirect("articles:article", article=article)


def _number(words: str) -> int | None:
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 19 else None
