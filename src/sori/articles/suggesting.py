"""Which articles may answer the newest words of a customer."""

from typing import Any, Final

from sori.articles import index, prose
from sori.articles.models import PUBLISHED, Article, ArticleText
from sori.respond.models import Message

OFFERED: Final = 3
_READ: Final = 2_000


def for_case(case: int) -> list[dict[str, Any]]:
    """Up to three published articles that may answer it, the best first.

    Each has article, title, language, public, and its words: `written` to be read, `words`
    to be put into an answer.
    """
    heard = Message.objects.filter(conversation__case=case, direction=Message.Direction.IN)
    said = heard.order_by("-at", "-pk").values_list("body", "conversation__subject").first()
    if said is None:
        return []
    return _offered(index.like(f"{said[1]} {said[0][:_READ]}", public=False))


def found(query: str) -> list[dict[str, Any]]:
    """Up to three published articles in which a query is found, as `for_case` gives them."""
    return _offered(index.published(query))


def _offered(ids: list[int]) -> list[dict[str, Any]]:
    """Articles with these texts; of an article the language that fits best."""
    rank = {pk: place for place, pk in enumerate(ids)}
    texts = ArticleText.objects.filter(PUBLISHED, pk__in=ids).select_related("article")
    chosen: dict[int, ArticleText] = {}
    for text in sorted(texts, key=lambda text: rank[text.pk]):
        chosen.setdefault(text.article_id, text)
    return [
        {
            "article": text.article_id,
            "title": text.title,
            "language": text.language,
            "public": text.article.visibility == Article.Visibility.PUBLIC,
            "written": prose.written(text.body),
            "words": prose.readable(text.body),
        }
        for text in list(chosen.values())[:OFFERED]
    ]
