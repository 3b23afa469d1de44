"""What a window shows: what its visitor said and what they were answered."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from django.core.signing import Signer
from django.db.models import Q, QuerySet
from django.urls import reverse

from sori.channels.chat import thread_of
from sori.respond.models import Conversation, Message
from sori.staff.models import Face
from sori.webchat.models import Visitor

PAGE: Final = 50
_faces = Signer(salt="sori.webchat.face")


def lines(visitor: Visitor, *, signs: bool, before: datetime | None = None) -> dict[str, Any]:
    """The newest lines of a chat, or those before a moment.

    Only what has gone out through the outbox and arrived is shown: what a colleague wrote down as
    said elsewhere was not said here.

    Returns:
        `lines`, oldest first: `id`, `at` (ISO 8601), `mine`, `text`, and of an answer `who` and
        `face` (an address), both "" where they are not to be shown; `earlier`: hand it back as
        `before` for what is older, None at the beginning; `unread`: how many of the answers here
        nobody has had before them.
    """
    said = visitor.lines.order_by("-at", "-pk")
    answered = _answers(visitor).order_by("-sent_at", "-pk")
    if before is not None:
        said, answered = said.filter(at__lt=before), answered.filter(sent_at__lt=before)
    own = [
        {"id": row["key"], "at": row["at"], "mine": True, "text": row["text"]}
        for row in said.values("key", "at", "text")[: PAGE + 1]
    ]
    columns = ("key", "sent_at", "body", "member", "destination")
    theirs = list(answered.values(*columns)[: PAGE + 1])
    faces = _with_faces(row["member"] for row in theirs) if signs else set()
    slug = visitor.source.slug
    told = [_answer(row, slug, signs=signs, faces=faces) for row in theirs]
    newest = sorted([*own, *told], key=lambda row: (row["at"], not row["mine"]))[-PAGE:]
    more = len(own) + len(told) > len(newest)
    read = visitor.read_at or datetime.min.replace(tzinfo=UTC)
    return {
        "lines": [row | {"at": row["at"].isoformat()} for row in newest],
        "earlier": newest[0]["at"].isoformat() if more else None,
        "unread": sum(not row["mine"] and row["at"] > read for row in newest),
    }


def unread(visitor: Visitor) -> int:
    """How many answers went into the window and nobody has had them before them."""
    later = Q(sent_at__gt=visitor.read_at) if visitor.read_at else Q()
    by_mail = Q(destination__to__has_key="source")
    return _answers(visitor).filter(later).exclude(by_mail).count()


def case_of(visitor: Visitor) -> int | None:
    """The case in which a visitor is being answered; None until a worker has taken them up."""
    return _talk(visitor).values_list("case", flat=True).first()


def member_of(name: str) -> int:
    """The member whose face has this name.

    Raises:
        BadSignature: nobody's has.
    """
    return int(_faces.unsign(name))


def _talk(visitor: Visitor) -> QuerySet[Conversation]:
    thread = thread_of(visitor.source_id, visitor.key)
    return Conversation.objects.filter(source=visitor.source_id, thread=thread)


def _answers(visitor: Visitor) -> QuerySet[Message]:
    return Message.objects.filter(
        ~Q(key=None),
        conversation__in=_talk(visitor),
        direction=Message.Direction.OUT,
        state=Message.State.SENT,
    )


def _with_faces(members: Iterable[int | None]) -> set[int]:
    return set(Face.objects.filter(member__in=set(members)).values_list("member", flat=True))


def _answer(row: dict[str, Any], slug: str, *, signs: bool, faces: set[int]) -> dict[str, Any]:
    writer = (row["destination"] or {}).get("writer") or {}
    member = row["member"]
    face = reverse("webchat:face", args=[slug, _faces.sign(member)]) if member in faces else ""
    return {
        "id": row["key"][:24],
        "at": row["sent_at"],
        "mine": False,
        "text": row["body"],
        "who": str(writer.get("name") or "") if signs else "",
        "face": face,
    }
