"""Read stories: those of the desk, and those everybody may read."""

from typing import Any, Final

from django.db.models import Prefetch, QuerySet

from sori.change import voices
from sori.change.stories.drafting import themes_of
from sori.change.stories.models import Language, Story, StoryText
from sori.lake.query import Reader

OFFERED: Final = 6
FEED: Final = 30
_WORDS = Prefetch("texts", StoryText.objects.order_by("language"), to_attr="told")


def of_desk() -> QuerySet[Story]:
    """All stories, the newest first, with their initiatives and words."""
    rows = Story.objects.select_related("initiative", "author").prefetch_related(_WORDS)
    return rows.order_by("-created_at", "-pk")


def published() -> QuerySet[Story]:
    """What everybody may read, the newest first, with the words."""
    rows = Story.objects.filter(state=Story.State.PUBLISHED).prefetch_related(_WORDS)
    return rows.order_by("-published_at", "-pk")


def in_language(story: Story, language: str) -> StoryText | None:
    """Its words in a language, or those it has."""
    told: list[StoryText] = story.told  # type: ignore[attr-defined]  # (prefetched)
    return next((one for one in told if one.language == language), told[0] if told else None)


def languages(story: Story) -> list[str]:
    """The languages a story is told in."""
    told: list[StoryText] = story.told  # type: ignore[attr-defined]  # (prefetched)
    return [code for code in Language.values if any(one.language == code for one in told)]


def offered(reader: Reader, story: Story) -> list[dict[str, Any]]:
    """Some public voices of its themes, to quote from, without ways to reach anybody."""
    found: list[dict[str, Any]] = []
    for theme in themes_of(story.initiative):
        found += voices.stream(reader, theme, private=False).rows
    return found[:OFFERED]
