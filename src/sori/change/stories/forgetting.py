"""What stories still hold of mentions that are forgotten: a quote."""

from collections.abc import Collection

from sori.change.stories.models import Story, StoryText
from sori.database import write_atomic
from sori.journal.services import record


def forget(mentions: Collection[str]) -> int:
    """Take the quote out of every story that quotes one of them; returns how many there were."""
    gone = set(mentions)
    with write_atomic():
        quoting = [
            story
            for story in Story.objects.select_for_update().exclude(quote_mention="")
            if story.quote_mention in gone
        ]
        for story in quoting:
            StoryText.objects.filter(story=story).update(quote="")
            story.quote_how = story.quote_mention = ""
            story.save(update_fields=["quote_how", "quote_mention"])
            record("story.quote_forgotten", f"story:{story.pk}")
    return len(quoting)
