"""What the chat holds of somebody: forgotten with them, and taken along."""

from collections import Counter
from collections.abc import Collection, Iterator

from django.db.models import Q, QuerySet

from sori.database import write_atomic
from sori.people.models import Identity
from sori.webchat.entering import CHANNEL
from sori.webchat.models import Line, Visitor


def forget(people: Collection[int]) -> Counter[str]:
    """Delete the windows of these people with all that was said in them; their tokens are void."""
    with write_atomic():
        theirs = _visitors(people)
        lines = Line.objects.filter(visitor__in=theirs).count()
        theirs.delete()
    return Counter(chat_lines=lines)


def texts(people: Collection[int]) -> Iterator[dict[str, object]]:
    """What the chat holds of these people beside their messages, one dictionary each."""
    columns = ("user", "name", "email", "language", "created_at", "active_at")
    for row in _visitors(people).order_by("pk").values(*columns):
        yield {"type": "chat_visitor", **row}
    for row in (
        Line.objects.filter(visitor__in=_visitors(people)).order_by("at").values("text", "at")
    ):
        yield {"type": "chat_line", **row}


def _visitors(people: Collection[int]) -> QuerySet[Visitor]:
    accounts = Identity.objects.filter(person__in=people, channel=CHANNEL)
    wanted = Q(pk__in=[])
    for name in accounts.values_list("external_id", flat=True):
        sort, _, rest = name.partition(":")
        if sort == "visitor":
            wanted |= Q(key=rest)
        else:
            source, _, user = rest.partition(":")
            wanted |= Q(source=int(source), user=user) if source.isdecimal() else Q()
    return Visitor.objects.filter(wanted)
