"""What the ids of found articles stand for."""

from sori.articles.models import ArticleText


def titles(ids: list[int]) -> list[str]:
    """The titles of texts, in the order of their ids."""
    known = dict(ArticleText.objects.filter(pk__in=ids).values_list("pk", "title"))
    return [known[pk] for pk in ids]
