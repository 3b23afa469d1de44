"""Articles in two languages, what they said before, and how they are found, read and judged."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from sori.listen.models import Source


class Language(models.TextChoices):
    """What an article may be written in; a path of the help centre begins with one."""

    KO = "ko", "한국어"
    EN = "en", "English"


class Category(models.Model):
    """A shelf of articles, in the order of `position`."""

    name = models.CharField(_("Name"), max_length=60)
    name_en = models.CharField(_("Name in English"), max_length=60, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "categories"
        constraints = [models.UniqueConstraint(Lower("name"), name="articles_one_category")]

    def __str__(self) -> str:
        return self.name

    def called(self, language: str) -> str:
        """Its name in a language, or the only one it has."""
        return self.name_en if language == Language.EN and self.name_en else self.name


class Article(models.Model):
    """One thing worth knowing; its words are in `ArticleText`, one row a language.

    `published_at` is when it first went out; from then on its addresses stay, for links to them
    are in the hands of customers.
    """

    class Visibility(models.TextChoices):
        """Who may read it once it is published."""

        PUBLIC = "public", _("Public")
        INTERNAL = "internal", _("Internal")

    class State(models.TextChoices):
        """How far it has come."""

        DRAFT = "draft", _("Being written")
        PUBLISHED = "published", _("Published")
        ARCHIVED = "archived", _("Put away")

    category = models.ForeignKey(
        Category, models.SET_NULL, null=True, blank=True, related_name="articles"
    )
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PUBLIC)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "visibility"], name="articles_article_shown")]

    def __str__(self) -> str:
        return f"article {self.pk}"


class Picture(models.Model):
    """An image of ours in an article, stored by what it contains."""

    digest = models.CharField(max_length=64, unique=True)
    media_type = models.CharField(max_length=16)
    size = models.PositiveIntegerField()
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest[:12]


class ArticleText(models.Model):
    """What readers see of an article in one language.

    `shown` is the number of the revision it repeats; a later revision waits to be published.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=Language)
    title = models.CharField(max_length=120)
    slug = models.CharField(max_length=140)
    body = models.TextField()
    shown = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField()
    pictures = models.ManyToManyField(Picture, related_name="texts")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "language"], name="articles_one_text"),
            models.UniqueConstraint(fields=["language", "slug"], name="articles_one_slug"),
        ]

    def __str__(self) -> str:
        return self.title


class Revision(models.Model):
    """Words that were, are or may become those of a text; none is ever changed."""

    text = models.ForeignKey(ArticleText, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    body = models.TextField()
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["text", "number"], name="articles_one_revision"),
        ]

    def __str__(self) -> str:
        return f"{self.text} {self.number}"


class Gram(models.Model):
    """A piece of a word of a text, by which the text is found (see `grams.py`)."""

    text = models.ForeignKey(ArticleText, models.CASCADE, related_name="grams")
    gram = models.CharField(max_length=6)
    weight = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["gram", "text", "weight"], name="articles_gram_lookup")]
        constraints = [models.UniqueConstraint(fields=["text", "gram"], name="articles_one_gram")]

    def __str__(self) -> str:
        return self.gram


class Vote(models.Model):
    """Whether an article helped one browser. `voter` is a keyed hash of a random cookie."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="votes")
    language = models.CharField(max_length=2, choices=Language)
    voter = models.CharField(max_length=64)
    helpful = models.BooleanField()
    words = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "voter"], name="articles_one_vote"),
        ]

    def __str__(self) -> str:
        return f"{self.article} {'helped' if self.helpful else 'did not help'}"


class Visits(models.Model):
    """How often an article was opened in the help centre on one day."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="visits")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "visits"
        constraints = [
            models.UniqueConstraint(fields=["article", "day"], name="articles_one_visits"),
        ]
        indexes = [models.Index(fields=["day"], name="articles_visits_day")]

    def __str__(self) -> str:
        return f"{self.count} on {self.day}"


class Unfound(models.Model):
    """Words that were searched for and led nowhere, without personal data, kept for a while."""

    language = models.CharField(max_length=2, choices=Language)
    words = models.CharField(max_length=100)
    count = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "unfound"
        constraints = [
            models.UniqueConstraint(fields=["language", "words"], name="articles_one_unfound"),
        ]

    def __str__(self) -> str:
        return self.words


class FormVisit(models.Model):
    """An article was opened from a web form that was being filled in.

    `key` is the name that the delivery of this form would have; whether it was sent stands in the
    intake (`listen.models.Intake`).
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="+")
    key = models.CharField(max_length=128)
    article = models.ForeignKey(Article, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="articles_one_form_visit"),
        ]
        indexes = [models.Index(fields=["at"], name="articles_form_visit_at")]

    def __str__(self) -> str:
        return f"{self.article} from {self.source}"


PUBLISHED = Q(article__state=Article.State.PUBLISHED, shown__gt=0)
"""Texts that the desk may rely on."""

SHOWN = PUBLISHED & Q(article__visibility=Article.Visibility.PUBLIC)
"""Texts that everybody may read; every public question begins here."""
