"""Small stories of what was said and what was changed, in two languages."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy as _in

from sori.change.initiatives.models import Initiative


class Language(models.TextChoices):
    """What a story may be told in; a public path has one in it."""

    KO = "ko", "한국어"
    EN = "en", "English"


class Story(models.Model):
    """One change as everybody may read of it; its words are in `StoryText`, one row a language.

    `slug` stays once it was published, for links to it are in the hands of customers; `uid` is what
    feeds know it by. `quote_mention` is the mention that the texts quote, so that the quote can go
    when its author is forgotten.
    """

    class State(models.TextChoices):
        """Who may read it."""

        DRAFT = "draft", _in("story", "Draft")
        PUBLISHED = "published", _in("story", "Published")
        WITHDRAWN = "withdrawn", _in("story", "Withdrawn")

    class Quote(models.TextChoices):
        """Why somebody's words may be shown."""

        PUBLIC = "public", _in("story", "Said in public")
        OURS = "ours", _in("story", "In our words")
        ALLOWED = "allowed", _in("story", "They allowed it")

    initiative = models.OneToOneField(Initiative, models.CASCADE, related_name="story")
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    slug = models.CharField(max_length=140, unique=True)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    quote_how = models.CharField(max_length=8, choices=Quote, blank=True)
    quote_mention = models.CharField(max_length=40, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "stories"
        indexes = [
            models.Index(fields=["state", "-published_at", "-id"], name="stories_public"),
            models.Index(fields=["quote_mention"], name="stories_quoted"),
        ]

    def __str__(self) -> str:
        return self.slug


class StoryText(models.Model):
    """A story in one language; `version` grows, so that no writer overwrites another."""

    story = models.ForeignKey(Story, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=Language)
    title = models.CharField(max_length=120)
    said = models.TextField()
    changed = models.TextField()
    numbers = models.TextField(blank=True)
    quote = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["story", "language"], name="stories_one_text"),
        ]

    def __str__(self) -> str:
        return self.title
