"""Find topics by what somebody has typed so far, and say what they are called."""

from typing import Final

from django.utils.translation import get_language

from sori.lessons.topics import tree
from sori.understand.topictree import Topic

SHOWN: Final = 8


def topic_names() -> dict[str, str]:
    """What the topics are called in the reader's language; one without a name is absent."""
    return tree().names("ko" if (get_language() or "").startswith("ko") else "en")


def is_topic(slug: str) -> bool:
    """Whether the tree has it."""
    return any(topic.slug == slug for topic in tree().topics)


def topics_like(typed: str, most: int = SHOWN) -> list[str]:
    """The topics that what was typed may mean, the likeliest first; spaces do not count.

    A name that begins so comes before one that holds it, a topic before its group.
    """
    wanted = _letters(typed)
    if not wanted:
        return []
    found = []
    for place, topic in enumerate(tree().topics):
        at = min((name.find(wanted) for name in _names(topic) if wanted in name), default=None)
        if at is not None:
            found.append((at > 0, topic.slug == topic.group, place, topic.slug))
    return [slug for *_, slug in sorted(found)[:most]]


def _names(topic: Topic) -> list[str]:
    return [_letters(name) for name in (topic.ko, topic.en, topic.slug.rpartition(".")[2])]


def _letters(words: str) -> str:
    return "".join(words.casefold().split())
