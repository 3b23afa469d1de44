"""Find articles: the pieces of their words in one table, asked the same way on every database."""

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet, Sum

from sori.articles import grams
from sori.articles.models import PUBLISHED, SHOWN, ArticleText, Gram


def remember(text: ArticleText) -> None:
    """Make a text findable by its words of now; call it in the transaction that writes them."""
    Gram.objects.filter(text=text).delete()
    pieces = grams.weights(text.title, text.body)
    rows = [Gram(text=text, gram=gram, weight=weight) for gram, weight in pieces.items()]
    Gram.objects.bulk_create(rows, batch_size=1000)


def public(query: str) -> list[int]:
    """Ids of the public texts in which a query is found, the best first; three questions."""
    return _searched(ArticleText.objects.filter(SHOWN), query)


def published(query: str) -> list[int]:
    """Ids of the published texts in which a query is found, internal ones too."""
    return _searched(ArticleText.objects.filter(PUBLISHED), query)


def desk(query: str) -> list[int]:
    """Ids of all texts in which a query is found, drafts and internal ones too."""
    return _searched(ArticleText.objects.all(), query)


def like(said: str, *, public: bool) -> list[int]:
    """Ids of the published texts that may answer what somebody wrote, the best first.

    What no article ever says tells nothing here, and one of the pieces must stand in the title.

    Args:
        said: a message of any length.
        public: only what everybody may read.
    """
    texts = ArticleText.objects.filter(SHOWN if public else PUBLISHED)
    # a syllable that stands alone is 안 or 못: everybody says it about everything
    rare = _rarity(texts, [gram for gram in grams.asked(said) if len(gram) > 1])
    telling = grams.telling(list(rare), rare)
    hits = _hits(texts, telling)
    titled = {hit.text for hit in hits if hit.weight >= grams.TITLE_WEIGHT}
    found = grams.fitting(telling, rare, hits, enough=grams.ALIKE)
    return [text for text in found if text in titled]


def _searched(texts: QuerySet[ArticleText], query: str) -> list[int]:
    asked = grams.asked(query[: grams.LONGEST_QUERY])
    if asked and asked == grams.unfinished(query):
        return _beginning(texts, asked)
    rare = _rarity(texts, asked)
    hits = _hits(texts, grams.telling(asked, rare))
    return grams.fitting(asked, rare, hits, enough=grams.ENOUGH)


def _beginning(texts: QuerySet[ArticleText], words: Sequence[str]) -> list[int]:
    """Texts with words that begin so: all there is to go by while a query is one syllable."""
    begins = Q()
    for word in words:
        begins |= Q(gram__startswith=word)
    there = Gram.objects.filter(begins, text__in=texts).values("text")
    best = there.annotate(best=Sum("weight")).order_by("-best", "text")
    return [row["text"] for row in best]


def _rarity(texts: QuerySet[ArticleText], asked: Sequence[str]) -> dict[str, float]:
    there = Gram.objects.filter(text__in=texts, gram__in=asked).values_list("gram")
    spread = dict(there.annotate(count=Count("pk")).order_by())
    return grams.rarity(spread, texts.count())


def _hits(texts: QuerySet[ArticleText], telling: Sequence[str]) -> list[grams.Hit]:
    rows = Gram.objects.filter(text__in=texts, gram__in=telling)
    return [grams.Hit(*row) for row in rows.values_list("text_id", "gram", "weight")]
