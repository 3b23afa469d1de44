"""Find articles by their words, or those that may answer what somebody wrote."""

from typing import Final

from sori.articles import grams
from sori.articles.finding import Finder
from sori.articles.models import PUBLISHED, SHOWN, ArticleText, Gram

_TEXTS: Final = Finder(Gram, "text")


def remember(text: ArticleText) -> None:
    """Make a text findable by its words of now; call it in the transaction that writes them."""
    _TEXTS.remember(text, text.title, text.body)


def public(query: str) -> list[int]:
    """Ids of the public texts in which a query is found, the best first; three questions."""
    return _TEXTS.found(ArticleText.objects.filter(SHOWN), query)


def published(query: str) -> list[int]:
    """Ids of the published texts in which a query is found, internal ones too."""
    return _TEXTS.found(ArticleText.objects.filter(PUBLISHED), query)


def desk(query: str) -> list[int]:
    """Ids of all texts in which a query is found, drafts and internal ones too."""
    return _TEXTS.found(ArticleText.objects.all(), query)


def like(said: str, *, public: bool) -> list[int]:
    """Ids of the published texts that may answer what somebody wrote, the best first.

    What no article ever says tells nothing here, and one of the pieces must stand in the title.

    Args:
        said: a message of any length.
        public: only what everybody may read.
    """
    texts = ArticleText.objects.filter(SHOWN if public else PUBLISHED)
    # a syllable that stands alone is 안 or 못: everybody says it about everything
    rare = _TEXTS.rarity(texts, [gram for gram in grams.asked(said) if len(gram) > 1])
    telling = grams.telling(list(rare), rare)
    hits = _TEXTS.hits(texts, telling)
    titled = {hit.text for hit in hits if hit.weight >= grams.TITLE_WEIGHT}
    found = grams.fitting(telling, rare, hits, enough=grams.ALIKE)
    return [text for text in found if text in titled]
