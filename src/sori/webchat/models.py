"""Who sits at a chat window, and what they said there."""

from django.db import models
from django.db.models import Q

from sori.listen.models import Source


class Visitor(models.Model):
    """Somebody at a chat window, known by a random key, or by what the embedding site calls them.

    `user` is that name, and proved by the site's signature; without one, `name` and `email` are
    what the visitor typed and nobody has proved them. `seen_at` is when their window was heard of
    last, empty since it said goodbye; `read_at` when it last stood open before somebody.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="visitors")
    key = models.CharField(max_length=32, unique=True)
    user = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=160, blank=True)
    email = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=2, default="ko")
    created_at = models.DateTimeField()
    active_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "user"], condition=~Q(user=""), name="webchat_one_visitor"
            ),
        ]
        indexes = [models.Index(fields=["active_at"], name="webchat_visitor_active")]

    def __str__(self) -> str:
        return f"{self.source} {self.key}"

    @property
    def author(self) -> str:
        """The account on the channel that stands for them."""
        return f"user:{self.source_id}:{self.user}" if self.user else f"visitor:{self.key}"


class Line(models.Model):
    """Something a visitor said, with personal numbers masked: what their window shows again.

    The window reads this and not the lake, so that nothing it was told is safe can vanish from it,
    whatever a worker is doing. `key` is the window's own name for it; the same one again is the
    same line.
    """

    visitor = models.ForeignKey(Visitor, models.CASCADE, related_name="lines")
    key = models.CharField(max_length=64)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visitor", "key"], name="webchat_one_line"),
        ]
        indexes = [models.Index(fields=["visitor", "at", "id"], name="webchat_line_order")]

    def __str__(self) -> str:
        return f"{self.visitor}: {self.key}"
