"""What things are called that the lake knows only by number: rules, sources, themes, topics."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sori.change.models import Theme
from sori.insight.explore.selection import Selection
from sori.lessons.choosing import topic_names
from sori.lessons.topics import tree
from sori.listen.models import Query, Source


@dataclass(frozen=True)
class Names:
    """Names by what the lake calls things; what has no name is absent.

    Attributes:
        rules: of listening rules, by id.
        sources: of sources, by id.
        themes: of themes, by number.
        topics: of topics, by their place in the tree.
    """

    rules: dict[int, str]
    sources: dict[int, str]
    themes: dict[int, str]
    topics: dict[str, str]


def names() -> Names:
    """All names there are."""
    return Names(
        rules=dict(Query.objects.values_list("pk", "name")),
        sources=dict(Source.objects.values_list("pk", "name")),
        themes=theme_names(),
        topics=topic_names(),
    )


def theme_names() -> dict[int, str]:
    """What people call the themes, by number; a theme without a name shows its number."""
    return {number: name for number, name in Theme.objects.values_list("pk", "name") if name}


def meant(selection: Selection, roots: Mapping[int, int]) -> Selection:
    """The selection with what its values stand for.

    A theme stands for all that were merged into it too, a group of topics for every topic in it.
    """
    merged = [number for number, root in roots.items() if root in selection.themes]
    inside = [topic.slug for topic in tree().topics if topic.group in selection.topics]
    return replace(
        selection,
        themes=tuple(dict.fromkeys([*selection.themes, *merged])),
        topics=tuple(dict.fromkeys([*selection.topics, *inside])),
    )
