"""Find ideas by their words: the same pieces, and the same judgement, as the help centre's."""

from typing import Final

from django.db.models import QuerySet

from sori.articles.finding import Finder
from sori.change.ideas.models import Gram, Idea

_IDEAS: Final = Finder(Gram, "idea")


def remember(idea: Idea) -> None:
    """Make an idea findable by its words of now; call it in the transaction that writes them."""
    _IDEAS.remember(idea, idea.title, idea.body)


def found(ideas: QuerySet[Idea], query: str) -> list[int]:
    """Ids of those of these ideas in which a query is found, the best first; three questions."""
    return _IDEAS.found(ideas, query)
