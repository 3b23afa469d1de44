"""What everybody may read: the help centre's shelves, its search, one article and its likes."""

import unicodedata
from collections.abc import Iterable
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet

from sori.articles import grams, index, prose
from sori.articles.models import SHOWN, ArticleText, Category, Vote
from sori.listen.models import Source

FOUND: Final = 20
ON_A_SHELF: Final = 6
FAVOURITES: Final = 5
RELATED: Final = 4
_MOST: Final = 5_000
_FIELDS: Final = ("id", "article_id", "language", "title", "slug", "updated_at")


def shelves(language: str) -> list[dict[str, Any]]:
    """Every shelf with what stands on it: id (0 for none), name, articles; empty ones are left out.

    Args:
        language: ko or en; an article that is not written in it comes in the other one.
    """
    texts = _chosen(_shown().values(*_FIELDS, category=F("article__category"))[:_MOST], language)
    by_shelf: dict[int, list[dict[str, Any]]] = {}
    for text in texts:
        by_shelf.setdefault(text["category"] or 0, []).append(text)
    found = [
        {"id": row.pk, "name": row.called(language), "articles": by_shelf[row.pk]}
        for row in Category.objects.order_by("position", "pk")
        if row.pk in by_shelf
    ]
    if 0 in by_shelf:
        found.append({"id": 0, "name": "", "articles": by_shelf[0]})
    return found


def favourites(shelves: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The articles on these shelves that helped most readers."""
    balance = Count("pk", Q(helpful=True)) - Count("pk", Q(helpful=False))
    rows = Vote.objects.filter(article__in=_shown().values("article")).values("article")
    best = rows.annotate(balance=balance).filter(balance__gt=0).order_by("-balance", "article")
    rank = {row["article"]: place for place, row in enumerate(best[:FAVOURITES])}
    there = [one for shelf in shelves for one in shelf["articles"] if one["article_id"] in rank]
    return sorted(there, key=lambda one: rank[one["article_id"]])


def search(query: str, language: str) -> list[dict[str, Any]]:
    """The articles in which a query is found, best first, each with a `snippet`."""
    ids = index.public(query)[: 2 * FOUND]
    rank = {text: place for place, text in enumerate(ids)}
    texts = list(_shown().filter(pk__in=ids).values(*_FIELDS, "body"))
    texts.sort(key=lambda text: rank[text["id"]])
    found = _chosen(texts, language)[:FOUND]
    for text in found:
        text["snippet"] = grams.snippet(prose.plain(text.pop("body")), query)
    return found


def offered(said: str, language: str, *, most: int = 3) -> list[dict[str, Any]]:
    """Public articles that may answer what somebody writes, the best first."""
    ids = index.like(said, public=True)
    rank = {text: place for place, text in enumerate(ids)}
    texts = list(_shown().filter(pk__in=ids).values(*_FIELDS))
    texts.sort(key=lambda text: rank[text["id"]])
    return _chosen(texts, language)[:most]


def article(slug: str, language: str) -> dict[str, Any] | None:
    """The article of an address, in this language or the other; None if there is none to read.

    The text has `others`: language -> slug of the same article.
    """
    slug = unicodedata.normalize("NFKC", slug)
    meant = _shown().filter(slug=slug).values("article_id", "language")
    found = sorted(meant, key=lambda row: row["language"] != language)
    return numbered(found[0]["article_id"], language) if found else None


def numbered(article: int, language: str) -> dict[str, Any] | None:
    """An article by its number; otherwise as `article`."""
    fields = (*_FIELDS, "body")
    rows = _shown().filter(article=article)
    texts = {
        row["language"]: row
        for row in rows.values(
            *fields, category=F("article__category"), published_at=F("article__published_at")
        )
    }
    text = texts.get(language) or next(iter(texts.values()), None)
    if text is not None:
        text["others"] = {code: row["slug"] for code, row in texts.items()}
    return text


def related(text: dict[str, Any], language: str) -> list[dict[str, Any]]:
    """Articles about something like it, then its neighbours on the shelf."""
    alike = index.like(text["title"], public=True)
    rank = {pk: place for place, pk in enumerate(alike)}
    near = Q(pk__in=alike)
    if text["category"]:
        near |= Q(article__category=text["category"])
    rows = list(_shown().filter(near).exclude(article=text["article_id"]).values(*_FIELDS)[:_MOST])
    rows.sort(key=lambda row: rank.get(row["id"], len(rank)))
    return _chosen(rows, language)[:RELATED]


def category_name(pk: int | None, language: str) -> str:
    """What a shelf is called; empty for none."""
    row = Category.objects.filter(pk=pk).first() if pk else None
    return row.called(language) if row else ""


def addresses() -> list[dict[str, Any]]:
    """Every public text, for the map of the site; `others` as in `article`."""
    rows = list(_shown().order_by("article", "language").values(*_FIELDS)[: 10 * _MOST])
    others: dict[int, dict[str, str]] = {}
    for row in rows:
        others.setdefault(row["article_id"], {})[row["language"]] = row["slug"]
    for row in rows:
        row["others"] = others[row["article_id"]]
    return rows


def contact_form() -> str:
    """The slug of a form by which one can write to us; empty if there is none."""
    forms = Source.objects.filter(channel="webform").exclude(state=Source.State.PAUSED)
    return forms.order_by("pk").values_list("slug", flat=True).first() or ""


def _shown() -> QuerySet[ArticleText]:
    return ArticleText.objects.filter(SHOWN).order_by("article__position", "article", "language")


def _chosen(texts: Iterable[Any], language: str) -> list[dict[str, Any]]:
    """One text an article, in the order of its first: in this language if it has one."""
    found: dict[int, dict[str, Any]] = {}
    for text in texts:
        here = found.get(text["article_id"])
        if here is None or (here["language"] != language and text["language"] == language):
            found[text["article_id"]] = dict(text)
    return list(found.values())
