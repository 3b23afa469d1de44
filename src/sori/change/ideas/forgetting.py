"""What a person did on the ideas portal: forgotten with them, and taken along."""

from collections import Counter
from collections.abc import Collection, Iterator

from django.utils import timezone

from sori.change.ideas import families
from sori.change.ideas.hearing import CHANNEL
from sori.change.ideas.models import (
    Comment,
    Entry,
    Gram,
    Idea,
    News,
    State,
    Subscription,
    Vote,
)
from sori.database import write_atomic
from sori.people.models import Identity


def forget(people: Collection[int]) -> Counter[str]:
    """Delete their votes, comments and words, and tell how much of what; counts follow.

    An idea of theirs loses its words and is shown no more. Where others want it too, it waits
    until a member has said it in the company's own words, so that their votes are not lost; one
    that is part of another idea goes on counting there.
    """
    with write_atomic():
        ideas = list(Idea.objects.select_for_update().filter(person__in=people).order_by("pk"))
        touched = set(Vote.objects.filter(person__in=people).values_list("idea", flat=True))
        votes, _each = Vote.objects.filter(person__in=people).delete()
        comments, _each = Comment.objects.filter(person__in=people).delete()
        Subscription.objects.filter(person__in=people).delete()
        for idea in ideas:
            _empty(idea)
        accounts = Identity.objects.filter(channel=CHANNEL, person__in=people)
        mails = accounts.values_list("external_id", flat=True)
        Entry.objects.filter(mail__in=list(mails)).delete()
        families.recount(touched | {idea.pk for idea in ideas})
    return Counter(ideas=len(ideas), votes=votes, comments=comments)


def texts(people: Collection[int]) -> Iterator[dict[str, object]]:
    """Everything the portal holds of these people, to be taken along: one dictionary a row."""
    ideas = Idea.objects.filter(person__in=people).order_by("pk")
    for row in ideas.values("id", "title", "body", "created_at", "status", "state"):
        yield {"type": "idea", **row}
    for said in Comment.objects.filter(person__in=people).values("idea", "body", "at"):
        yield {"type": "comment", **said}
    for vote in Vote.objects.filter(person__in=people).values("idea", "at"):
        yield {"type": "vote", **vote}


def _empty(idea: Idea) -> None:
    """Take its words away, and what was made of them."""
    others = Vote.objects.filter(idea=idea).exists()
    wanted = others or Idea.objects.filter(merged_into=idea).exists()
    idea.title = idea.body = idea.mention = idea.tier = ""
    idea.vector, idea.person = b"", None
    if idea.merged_into_id is None:
        idea.state = State.WAITING if wanted else State.HIDDEN
    idea.changed_at = timezone.now()
    idea.save()
    Gram.objects.filter(idea=idea).delete()
    # what was answered may repeat what was said
    News.objects.filter(idea=idea).update(words="")
    Idea.objects.filter(pk=idea.pk).update(answer="")
