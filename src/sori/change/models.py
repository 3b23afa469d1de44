"""Themes, the runs that found them, what people corrected, campaigns, and surges."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _in

from sori.change.board_models import Dismissal as Dismissal
from sori.change.board_models import Split as Split
from sori.change.board_models import Subscription as Subscription
from sori.change.board_models import ThemeFigures as ThemeFigures
from sori.change.board_models import ThemeWeight as ThemeWeight
from sori.change.ending_models import Ending as Ending
from sori.database import Leased


class Round(Leased):
    """Work that comes round by itself ("weigh", "watch"): one row each, so one worker does it.

    `asked_at` says when somebody last wanted it to come sooner.
    """

    name = models.CharField(max_length=16, unique=True)
    asked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class ThemeRun(models.Model):
    """One look at everything said lately.

    `centres` and `members` (see `packing`) are what every worker needs to tell the theme of a new
    voice, and what pages need to tell the theme of one the run has read; `tallies` what the list of
    themes is counted from. Only the newest run has them.
    """

    at = models.DateTimeField(db_index=True)
    since = models.DateTimeField()
    voices = models.PositiveIntegerField()
    read = models.PositiveIntegerField()
    compared = models.PositiveIntegerField()
    tier = models.CharField(max_length=8)
    next_number = models.PositiveBigIntegerField()
    seconds = models.FloatField()
    centres = models.BinaryField(default=bytes)
    members = models.BinaryField(default=bytes)
    tallies = models.BinaryField(default=bytes)

    def __str__(self) -> str:
        return f"run of {self.at}"


class Theme(models.Model):
    """Many people saying the same thing: found by the machine, named by people.

    `number` is kept for ever and never given to another. A merge is a pointer (`merged_into`), so
    that it can be undone exactly; what a merged theme was heard is counted with the one it points
    to. `voices` are this theme's own, of the days the newest run has read; `people` are those of
    this theme and of all that were merged into it. `hidden` says that people dismissed it (why,
    says its `Dismissal`), `effort` how much work a change would be.
    """

    class State(models.TextChoices):
        """Whether the newest run heard it."""

        ACTIVE = "active", _("Active")
        GONE = "gone", _("Not heard lately")

    class Effort(models.TextChoices):
        """How much work it would be to change what they speak of."""

        SMALL = "small", _in("effort", "Small")
        MEDIUM = "medium", _in("effort", "Medium")
        LARGE = "large", _in("effort", "Large")

    number = models.PositiveBigIntegerField(primary_key=True)
    name = models.CharField(_("name"), max_length=120)
    named = models.BooleanField(default=False)
    phrases = models.JSONField(default=list)
    central = models.TextField(blank=True)
    central_mention = models.CharField(max_length=40, blank=True)
    central_public = models.BooleanField(default=False)
    voices = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    hidden = models.BooleanField(default=False)
    effort = models.CharField(_("effort"), max_length=6, choices=Effort, blank=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.name


class ThemeDay(models.Model):
    """How often a theme was heard on one day: {kind: {channel: voices}}.

    `carried` are those of them that come from campaigns.
    """

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="days")
    day = models.DateField()
    counts = models.JSONField()
    carried = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["theme", "day"], name="change_one_theme_day"),
        ]
        indexes = [models.Index(fields=["day"], name="change_theme_day")]

    def __str__(self) -> str:
        return f"{self.theme} on {self.day}"


class ThemeChange(models.Model):
    """What became of a theme, one row for each theme it touches.

    `before` and `after` are numbers: of the themes it was and the themes it is. People's changes
    name the member, the machine's the run; `words` are the names before and after.
    """

    class What(models.TextChoices):
        """What happened."""

        NEW = "new", _("Heard for the first time")
        GONE = "gone", _("Not heard any more")
        BACK = "back", _("Heard again")
        SPLIT = "split", _("Fell apart")
        MERGED = "merged", _("Became one")
        PARTED = "parted", _("Taken apart again")
        DIVIDED = "divided", _("Split by people")
        JOINED = "joined", _("Put together again")
        RENAMED = "renamed", _("Renamed")

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="changes")
    what = models.CharField(max_length=8, choices=What)
    at = models.DateTimeField()
    run = models.ForeignKey(ThemeRun, models.PROTECT, null=True, related_name="changes")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    before = models.JSONField(default=list)
    after = models.JSONField(default=list)
    words = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["theme", "-id"], name="change_lineage")]

    def __str__(self) -> str:
        return f"{self.what} {self.theme}"


class Correction(models.Model):
    """Somebody said that a voice belongs to a theme, or does not; it wins in every later run."""

    mention = models.CharField(max_length=40)
    theme = models.ForeignKey(Theme, models.CASCADE, related_name="corrections")
    belongs = models.BooleanField()
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mention", "theme"],
                condition=Q(undone_at=None),
                name="change_one_correction",
            ),
            models.UniqueConstraint(
                fields=["mention"],
                condition=Q(undone_at=None, belongs=True),
                name="change_one_home",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mention} {'in' if self.belongs else 'not in'} {self.theme}"


class GroupAnswer(models.Model):
    """One answer to everybody who says the same.

    `answers` are the ids of what was approved for each; `token` is that of the page it was sent
    from, so that a second click makes no second one.
    """

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="group_answers")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    body = models.TextField()
    answers = models.JSONField(default=list)
    token = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"answer to {len(self.answers)} about {self.theme}"


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Selections of campaigns."""

    def sure(self) -> "CampaignQuerySet":
        """Without days of the worst rating: something may have broken, and all are right."""
        return self.exclude(why=Campaign.Why.STARS, stars=1)


class Campaign(models.Model):
    """Voices that come from one hand: found once, ended once it has been silent for two days.

    `voices` are its mentions, `members` their ids (see `packing`), `people` the accounts that
    carried it, `places` how many threads or sources. Of days with masses of one rating `stars` says
    which, and `expected` how many such a day has. It began in `channel` and `source`, with
    `first_voices`.
    """

    class Why(models.TextChoices):
        """How it was found."""

        COPIES = "copies", _("Copied text")
        SPREE = "spree", _("One account everywhere")
        STARS = "stars", _("Masses of one rating")

    why = models.CharField(max_length=8, choices=Why)
    since = models.DateTimeField()
    last = models.DateTimeField(db_index=True)
    found_at = models.DateTimeField()
    voices = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    places = models.PositiveIntegerField()
    stars = models.PositiveSmallIntegerField(null=True)
    expected = models.FloatField(null=True)
    channel = models.CharField(max_length=32)
    source = models.PositiveBigIntegerField()
    first_voices = models.JSONField(default=list)
    members = models.BinaryField()
    ended_at = models.DateTimeField(null=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["ended_at", "-since"], name="change_campaign_open")]

    def __str__(self) -> str:
        return f"{self.why} since {self.since}"


class Surge(models.Model):
    """Something that grew faster than chance; opened once, ended once.

    `sort` and `key` say what grew (a theme by its number, a topic by its name, a listening rule or
    a source by its id, or all voices). `since` is when it began and `last` when it was last loud.
    `voices`, `people`, `urgent` and `copies` were heard since then, `expected` is what is usual
    there in that time; `peak` is the most in one hour, `peak_at` its beginning. `first_voices` are
    the mentions it began with. `within` is the surge that explains most of it. `campaign` says that
    most of it comes from one hand, `carried_by` from which, if that was found.
    """

    class Sort(models.TextChoices):
        """What can surge."""

        THEME = "theme", _in("what people say", "Theme")
        TOPIC = "topic", _("Topic")
        QUERY = "query", _("Listening rule")
        SOURCE = "source", _("Source")
        ALL = "all", _("All voices")

    sort = models.CharField(max_length=8, choices=Sort)
    key = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=120)
    since = models.DateTimeField()
    told_at = models.DateTimeField()
    last = models.DateTimeField()
    peak_at = models.DateTimeField()
    peak = models.PositiveIntegerField()
    voices = models.PositiveIntegerField()
    expected = models.FloatField()
    people = models.PositiveIntegerField()
    urgent = models.PositiveIntegerField()
    copies = models.PositiveIntegerField()
    campaign = models.BooleanField(default=False)
    carried_by = models.ForeignKey(Campaign, models.SET_NULL, null=True, related_name="surges")
    severity = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=32, blank=True)
    source = models.PositiveBigIntegerField(null=True)
    first_voices = models.JSONField(default=list)
    within = models.ForeignKey("self", models.SET_NULL, null=True, related_name="explains")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sort", "key"], condition=Q(ended_at=None), name="change_one_open_surge"
            ),
            models.UniqueConstraint(fields=["sort", "key", "since"], name="change_one_surge"),
        ]
        indexes = [models.Index(fields=["ended_at", "-since"], name="change_surge_open")]

    def __str__(self) -> str:
        return f"{self.sort} {self.name} since {self.since}"
