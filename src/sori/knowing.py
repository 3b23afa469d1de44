"""What this installation knows beyond the models that ship: its themes, topics, own heads."""

from django.conf import settings

from sori.change.selectors import active_centres
from sori.lessons.topics import own_tree
from sori.lessons.versions import own_heads
from sori.understand.pipeline import Knowledge


def knowledge() -> Knowledge:
    """For the pipeline; to be asked at every turn, so that what changed meanwhile is heeded."""
    return Knowledge(settings.TIER, own_tree(), active_centres(), own_heads())
