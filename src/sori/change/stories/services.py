"""Write stories, publish them, withdraw them; nobody's name, and no private words."""

import re
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext as _

from sori.change import voices
from sori.change.initiatives.models import Initiative
from sori.change.stories.drafting import themes_of
from sori.change.stories.models import Story, StoryText
from sori.database import write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.lake.query import Reader
from sori.staff.models import Member
from sori.staff.permissions import Permission, allows
from sori.understand.privacy import CONTACTS, mask

State = Story.State
_UNWRITABLE: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
"""No page and no feed may hold these, or they turn what follows around."""
_SHORTEST_NAME: Final = 2


def write(
    *, initiative: Initiative, member: Member, language: str, words: dict[str, str], base: int
) -> Story:
    """Keep the words of one language; the first ones begin the story.

    Args:
        initiative: whose story it is.
        member: who writes.
        language: in which.
        words: title, said, changed, numbers and quote.
        base: the version the writer began with, 0 for none.

    Raises:
        Refused: it was not shipped, somebody else wrote meanwhile, or it is published and this
            member may not publish.
    """
    if initiative.shipped_at is None:
        raise Refused(_("A story is told of a change that was shipped."))
    clean = {name: _cleaned(text) for name, text in words.items()}
    with write_atomic():
        story = _locked(initiative) or _begun(initiative, member, clean["title"])
        if story.state == State.PUBLISHED and not allows(member, Permission.PUBLISH_STORY):
            raise Refused(_("It is published; a supervisor changes it, or withdraws it first."))
        text = StoryText.objects.filter(story=story, language=language).first()
        if (text.version if text else 0) != base:
            raise Refused(
                _("Somebody else has written here meanwhile. Copy your words and reload.")
            )
        text = text or StoryText(story=story, language=language, version=0)
        for name, value in clean.items():
            setattr(text, name, value)
        text.version, text.updated_at = base + 1, timezone.now()
        text.save()
        record("story.written", f"story:{story.pk}", member=member, language=language)
        return story


def quote(*, story: Story, member: Member, reader: Reader, how: str, mention: str) -> None:
    """Say why the quote may stand there; without a reason there is none.

    Args:
        story: which.
        member: who says so.
        reader: the lake.
        how: a reason of `Story.Quote`, or "" for no quote at all.
        mention: whose words they are; needed where they were said in public.

    Raises:
        Refused: the words are not public, or somebody's name stands in them.
    """
    said = _public(reader, story.initiative, mention) if mention else None
    if how == Story.Quote.PUBLIC and said is None:
        raise Refused(_("Choose which public voice these words are from."))
    with write_atomic():
        texts = list(StoryText.objects.select_for_update().filter(story=story))
        if said is not None and any(_names(said["author"], text.quote) for text in texts):
            raise Refused(_("The quote holds the name of who said it. Leave it out."))
        story.quote_how, story.quote_mention = how, mention if said is not None else ""
        story.save(update_fields=["quote_how", "quote_mention"])
        if not how:
            StoryText.objects.filter(story=story).update(quote="")
        record("story.quoted", f"story:{story.pk}", member=member, how=how)


def publish(*, story: Story, member: Member) -> None:
    """Let everybody read it.

    Raises:
        Refused: it has no words, or a quote nobody gave a reason for.
    """
    with write_atomic():
        story = Story.objects.select_for_update().get(pk=story.pk)
        texts = list(StoryText.objects.filter(story=story))
        if not texts:
            raise Refused(_("There are no words yet."))
        if any(text.quote for text in texts) and not story.quote_how:
            raise Refused(_("Say first why the quote may be shown."))
        if story.state == State.PUBLISHED:
            return
        story.state = State.PUBLISHED
        story.published_at = story.published_at or timezone.now()
        story.save(update_fields=["state", "published_at"])
        record("story.published", f"story:{story.pk}", member=member)


def withdraw(*, story: Story, member: Member) -> None:
    """Take it out of sight; its address stays its own."""
    with write_atomic():
        story = Story.objects.select_for_update().get(pk=story.pk)
        if story.state != State.PUBLISHED:
            return
        story.state = State.WITHDRAWN
        story.save(update_fields=["state"])
        record("story.withdrawn", f"story:{story.pk}", member=member)


def _locked(initiative: Initiative) -> Story | None:
    return Story.objects.select_for_update().filter(initiative=initiative).first()


def _begun(initiative: Initiative, member: Member, title: str) -> Story:
    """A new story under an address of its own; the unique index decides which is free."""
    parted = re.sub(r"[^\w]+", "-", title)
    base = slugify(parted, allow_unicode=True)[:120].strip("-_") or "story"
    for ending in ("", f"-{initiative.pk}", f"-{get_random_string(8).lower()}"):
        made: dict[str, Any] = {"author": member, "created_at": timezone.now()}
        try:
            with transaction.atomic():
                return Story.objects.create(initiative=initiative, slug=base + ending, **made)
        except IntegrityError:
            if (other := _locked(initiative)) is not None:
                return other
    raise Refused(_("There are too many stories of this title."))


def _cleaned(text: str) -> str:
    """Words without what no page may hold, and without ways to reach anybody."""
    lines = _UNWRITABLE.sub("", text.replace("\r\n", "\n")).strip()
    masked, _found = mask(lines, also=CONTACTS)
    return masked


def _public(reader: Reader, initiative: Initiative, mention: str) -> dict[str, Any] | None:
    """A public voice of the themes of an initiative; None when it is none."""
    for theme in themes_of(initiative):
        said = voices.one(reader, theme, mention, private=False)
        if said is not None:
            return said
    return None


def _names(author: str, quote: str) -> bool:
    name = author.strip().casefold()
    return len(name) >= _SHORTEST_NAME and name in quote.casefold()
