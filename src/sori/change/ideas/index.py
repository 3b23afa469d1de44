"""Find ideas by their words: the same pieces, and the same judgement, as the help centre's."""

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet, Sum

from sori.articles import grams
from sori.change.ideas.models import Gram, Idea


def remember(idea: Idea) -> None:
    """Make an idea findable by its words of now; call it in the transaction that writes them."""
    Gram.objects.filter(idea=idea).delete()
    pieces = grams.weights(idea.title, idea.body)
    rows = [Gram(idea=idea, gram=gram, weight=weight) for gram, weight in pieces.items()]
    Gram.objects.bulk_create(rows, batch_size=1000)


def found(ideas: QuerySet[Idea], query: str) -> list[int]:
    """Ids of those of these ideas in which a query is found, the best first; three questions."""
    asked = grams.asked(query[: grams.LONGEST_QUERY])
    if asked and asked == grams.unfinished(query):
        return _beginning(ideas, asked)
    rare = _rarity(ideas, asked)
    hits = _hits(ideas, grams.telling(asked, rare))
    return grams.fitting(asked, rare, hits, enough=grams.ENOUGH)


def _beginning(ideas: QuerySet[Idea], words: Sequence[str]) -> list[int]:
    """Ideas with words that begin so: all there is to go by while a query is one syllable."""
    begins = Q()
    for word in words:
        begins |= Q(gram__startswith=word)
    there = Gram.objects.filter(begins, idea__in=ideas).values("idea")
    best = there.annotate(best=Sum("weight")).order_by("-best", "idea")
    return [row["idea"] for row in best]


def _rarity(ideas: QuerySet[Idea], asked: Sequence[str]) -> dict[str, float]:
    there = Gram.objects.filter(idea__in=ideas, gram__in=asked).values_list("gram")
    spread = dict(there.annotate(count=Count("pk")).order_by())
    return grams.rarity(spread, ideas.count())


def _hits(ideas: QuerySet[Idea], telling: Sequence[str]) -> list[grams.Hit]:
    rows = Gram.objects.filter(idea__in=ideas, gram__in=telling)
    return [grams.Hit(*row) for row in rows.values_list("idea_id", "gram", "weight")]
