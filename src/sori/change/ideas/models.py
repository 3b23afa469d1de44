"""Ideas of customers and employees, who stands behind them, and what became of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _in

from sori.database import Leased
from sori.people.models import Person

LONGEST_TITLE = 120
LONGEST_BODY = 4_000
LONGEST_COMMENT = 2_000


class Language(models.TextChoices):
    """What the portal speaks; a path of it begins with one."""

    KO = "ko", "한국어"
    EN = "en", "English"


class Audience(models.TextChoices):
    """Who sees a board."""

    PUBLIC = "public", _in("board", "Everybody")
    INTERNAL = "internal", _in("board", "Colleagues only")


class Status(models.TextChoices):
    """What has become of an idea, as everybody who wants it reads it."""

    NEW = "new", _in("idea", "New")
    REVIEW = "review", _in("idea", "Under review")
    PLANNED = "planned", _in("idea", "Planned")
    MAKING = "making", _in("idea", "In the making")
    SHIPPED = "shipped", _in("idea", "Shipped")
    DECLINED = "declined", _in("idea", "Not planned")


class State(models.TextChoices):
    """Whether others see what somebody wrote."""

    WAITING = "waiting", _in("idea", "Waiting for a look")
    OPEN = "open", _in("idea", "Shown")
    HIDDEN = "hidden", _in("idea", "Not shown")


class Board(models.Model):
    """A place for ideas, in the order of `position`.

    `origins` are the sites that may show its list in a frame, one a line. On a `moderated` board
    what visitors write is seen by others after a member has looked.
    """

    name = models.CharField(_("Name"), max_length=60, unique=True)
    name_en = models.CharField(_("Name in English"), max_length=60, blank=True)
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.PUBLIC)
    moderated = models.BooleanField(default=True)
    origins = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name

    def called(self, language: str) -> str:
        """Its name in a language, or the only one it has."""
        return self.name_en if language == Language.EN and self.name_en else self.name


class Idea(models.Model):
    """Something that somebody wishes for.

    It is by a `person` from outside, by a `member`, or by nobody any more: its author was
    forgotten. `merged_into` is the idea it is the same as; that pointer is all a merge changes.
    `support` and `heat` repeat what `counting` says of all votes of its family; they stand on
    every idea and are right on those that are merged into none. `vector` is that of its title,
    made by the embedder of `tier`. `key` is the sender's own name for it, so that a second click
    makes no second idea.
    """

    board = models.ForeignKey(Board, models.PROTECT, related_name="ideas")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="ideas")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="ideas"
    )
    title = models.CharField(max_length=LONGEST_TITLE)
    body = models.TextField(blank=True)
    language = models.CharField(max_length=2, choices=Language)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    status = models.CharField(max_length=8, choices=Status, default=Status.NEW)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    support = models.PositiveIntegerField(default=0)
    heat = models.FloatField(default=0)
    vector = models.BinaryField(default=bytes)
    tier = models.CharField(max_length=4, blank=True)
    mention = models.CharField(max_length=28, blank=True)
    key = models.CharField(max_length=80, unique=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["state", "-support", "-id"], name="ideas_by_support"),
            models.Index(fields=["state", "-heat", "-id"], name="ideas_by_heat"),
            models.Index(fields=["state", "-id"], name="ideas_by_age"),
        ]

    def __str__(self) -> str:
        return self.title


class Gram(models.Model):
    """A piece of a word of an idea, by which it is found (see `articles.grams`)."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="grams")
    gram = models.CharField(max_length=6)
    weight = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["gram", "idea", "weight"], name="ideas_gram_lookup")]
        constraints = [models.UniqueConstraint(fields=["idea", "gram"], name="ideas_one_gram")]

    def __str__(self) -> str:
        return self.gram


class Part(models.Model):
    """Somebody who takes part: a person from outside or a member, never both."""

    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        abstract = True


def _one_each(name: str) -> list[models.BaseConstraint]:
    """A person takes part once in an idea, a member too, and nobody as both."""
    either = Q(person=None, member__isnull=False) | Q(person__isnull=False, member=None)
    return [
        models.UniqueConstraint(fields=["idea", "person"], name=f"ideas_one_{name}_a_person"),
        models.UniqueConstraint(fields=["idea", "member"], name=f"ideas_one_{name}_a_member"),
        models.CheckConstraint(condition=either, name=f"ideas_{name}_of_somebody"),
    ]


class Vote(Part):
    """Somebody wants an idea; where a member voted for them, `by` says who and `case` from where.

    `language` is what they are told of it in.
    """

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="votes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    case = models.PositiveBigIntegerField(null=True)
    language = models.CharField(max_length=2, choices=Language)

    class Meta:
        constraints = _one_each("vote")

    def __str__(self) -> str:
        return f"vote for {self.idea_id}"


class Subscription(Part):
    """Somebody is told by mail what becomes of an idea, until they stop it."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="subscriptions")
    language = models.CharField(max_length=2, choices=Language)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = _one_each("subscription")

    def __str__(self) -> str:
        return f"subscription of {self.idea_id}"


class Comment(Part):
    """What somebody says of an idea."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="comments")
    body = models.TextField()
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="ideas_comment_state")]

    def __str__(self) -> str:
        return f"comment on {self.idea_id}"


class News(models.Model):
    """An idea went a step: what it is now, and what the company says to it."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="news")
    status = models.CharField(max_length=8, choices=Status)
    words = models.TextField(blank=True)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "news"

    def __str__(self) -> str:
        return f"{self.idea_id} is {self.status}"


class Letter(Leased):
    """One mail about one step to one subscriber: due work, sent at most once."""

    class State(models.TextChoices):
        """How far it came."""

        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        DROPPED = "dropped"
        FAILED = "failed"
        UNCLEAR = "unclear"

    news = models.ForeignKey(News, models.CASCADE, related_name="letters")
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="letters")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["news", "subscription"], name="ideas_one_letter"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["waiting", "sending"]),
                name="ideas_letters_due",
            ),
        ]

    def __str__(self) -> str:
        return f"letter {self.pk}"


class Entry(models.Model):
    """A link by which a visitor comes in, once, for a short while; only its hash is kept.

    `wish` is what they wanted to do when they were asked who they are.
    """

    mail = models.CharField(max_length=254)
    digest = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=2, choices=Language)
    wish = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "entries"
        indexes = [models.Index(fields=["mail", "made_at"], name="ideas_entry_mail")]

    def __str__(self) -> str:
        return f"entry {self.pk}"


SHOWN = Q(state=State.OPEN)
"""Ideas that are seen on their board."""

PUBLIC = SHOWN & Q(board__audience=Audience.PUBLIC)
"""Ideas that everybody may read; every question of the portal begins here."""

STANDING = Q(merged_into=None)
"""Ideas that stand for their family."""
