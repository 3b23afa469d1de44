"""Which mentions speak for an initiative: its sentences, those of its cases and of its themes."""

from typing import Final

from sori.change import voices
from sori.change.ideas.selectors import mentions_of
from sori.change.initiatives.models import Evidence, Initiative
from sori.change.models import Theme
from sori.lake.query import Reader
from sori.respond.models import Message

MOST: Final = 100_000


def ideas_behind(initiative: Initiative) -> list[int]:
    """The numbers of the ideas that speak for it."""
    keys = initiative.evidence.filter(sort=Evidence.Sort.IDEA).values_list("key", flat=True)
    return [int(key) for key in keys]


def mentions(reader: Reader, initiative: Initiative, most: int = MOST) -> list[str]:
    """The ids of every mention behind an initiative, each once.

    Args:
        reader: the lake.
        initiative: which one.
        most: of each theme, the newest.
    """
    keys: dict[str, list[str]] = {sort: [] for sort in Evidence.Sort.values}
    for sort, key in initiative.evidence.values_list("sort", "key"):
        keys[sort].append(key)
    said = [str(one) for one in keys[Evidence.Sort.MENTION]]
    said += mentions_of([int(key) for key in keys[Evidence.Sort.IDEA]])
    cases = Message.objects.filter(
        conversation__case__in=[int(key) for key in keys[Evidence.Sort.CASE]],
        direction=Message.Direction.IN,
        mention__isnull=False,
    )
    said += [str(one) for one in cases.values_list("mention", flat=True)]
    for theme in Theme.objects.filter(pk__in=[int(key) for key in keys[Evidence.Sort.THEME]]):
        said += voices.ids(reader, theme, most=most)
    return list(dict.fromkeys(said))
