"""Find things by the pieces of their words, which lie in a table, alike on every database."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Model, Q, QuerySet, Sum

from sori.articles import grams


class Finder:
    """What is found by its words.

    Args:
        pieces: the table: whose piece it is, `gram` and `weight`.
        of: the column that names whose it is.
    """

    def __init__(self, pieces: type[Model], of: str) -> None:
        self._pieces, self._of = pieces._default_manager, of

    def remember(self, row: Model, title: str, body: str) -> None:
        """Make a row findable by these words; call it in the transaction that writes them."""
        self._pieces.filter(**{self._of: row}).delete()
        rows = [
            self._pieces.model(**{self._of: row}, gram=gram, weight=weight)
            for gram, weight in grams.weights(title, body).items()
        ]
        self._pieces.bulk_create(rows, batch_size=1000)

    def found(self, rows: QuerySet[Any], query: str) -> list[int]:
        """Ids of those of these rows in which a query is found, the best first; three questions."""
        asked = grams.asked(query[: grams.LONGEST_QUERY])
        if asked and asked == grams.unfinished(query):
            return self._beginning(rows, asked)
        rare = self.rarity(rows, asked)
        hits = self.hits(rows, grams.telling(asked, rare))
        return grams.fitting(asked, rare, hits, enough=grams.ENOUGH)

    def rarity(self, rows: QuerySet[Any], asked: Sequence[str]) -> dict[str, float]:
        """How much each of these pieces tells that any of these rows has."""
        there = self._of_these(rows).filter(gram__in=asked).values_list("gram")
        spread = dict(there.annotate(count=Count("pk")).order_by())
        return grams.rarity(spread, rows.count())

    def hits(self, rows: QuerySet[Any], telling: Sequence[str]) -> list[grams.Hit]:
        """Which of these rows have which of these pieces."""
        there = self._of_these(rows).filter(gram__in=telling)
        return [grams.Hit(*row) for row in there.values_list(self._of, "gram", "weight")]

    def _beginning(self, rows: QuerySet[Any], words: Sequence[str]) -> list[int]:
        """Rows with words that begin so: all there is to go by while a query is one syllable."""
        begins = Q()
        for word in words:
            begins |= Q(gram__startswith=word)
        there = self._of_these(rows).filter(begins).values(self._of)
        best = there.annotate(best=Sum("weight")).order_by("-best", self._of)
        return [row[self._of] for row in best]

    def _of_these(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return self._pieces.filter(**{f"{self._of}__in": rows})
