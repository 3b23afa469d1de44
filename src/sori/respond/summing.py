"""What a case repeats of its messages: labels, newest words, channel, and its priority by them."""

from typing import Any, Final

from django.db.models import QuerySet

from sori.lessons import selectors as lessons
from sori.respond.models import Case, Message
from sori.respond.prioritising import WEIGHED, weigh
from sori.respond.voices import line

_REPEATED: Final = ("excerpt", "channel", "newest_message")


def heard(case: Case) -> QuerySet[Message]:
    """What the customer of a case said."""
    return Message.objects.filter(conversation__case=case, direction=Message.Direction.IN)


def repeat(case: Case) -> None:
    """Let a case show the newest thing its customer said, and read what its messages read.

    A case without any keeps what it shows.
    """
    newest = heard(case).select_related("conversation").order_by("-at", "-pk").first()
    if newest is not None:
        case.excerpt, case.channel = line(newest.body), newest.conversation.channel
        case.newest_message = heard(case).order_by("-pk").values_list("pk", flat=True)[0]
        case.save(update_fields=_REPEATED)
    read_again(case)


def read_again(case: Case) -> None:
    """Let a case read what its messages read, as if they came in just now.

    The kind is the first message's that has one, unless a person has said of a later one what
    it is; the urgency the highest, the sentiment the last.
    """
    columns = ("mention", "kind", "sentiment", "urgency")
    messages: list[dict[str, Any]] = list(heard(case).order_by("at", "pk").values(*columns))
    people = lessons.corrections(one["mention"] for one in messages if one["mention"])
    kinds = [one["kind"] for one in messages if one["kind"]]
    corrected = [one["kind"] for one in messages if "kind" in people.get(one["mention"], {})]
    case.kind = (corrected[-1:] or kinds[:1] or [""])[0]
    case.sentiment = ([one["sentiment"] for one in messages if one["sentiment"]][-1:] or [""])[0]
    urgencies = [one["urgency"] for one in messages if one["urgency"] is not None]
    case.urgency = max(urgencies, default=None)
    weigh([case])
    case.save(update_fields=["kind", "sentiment", "urgency", *WEIGHED])
