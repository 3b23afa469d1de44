"""What people teach: correct a label, take a correction back, forget an example."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sori.database import chunks, write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.lessons.labels import LABELS, same
from sori.lessons.models import Correction, Example
from sori.lessons.signals import tell
from sori.lessons.voices import voice
from sori.staff.models import Member


def correct(*, mention: str, label: str, value: Any, member: Member) -> Correction:
    """Say what a label of a mention should be; what it is already is a confirmation.

    Args:
        mention: its id.
        label: the name of the label.
        value: what it should be.
        member: who says so.

    Raises:
        Refused: when there is no such label or value, or the mention is no longer in the lake.
    """
    if label not in LABELS or not LABELS[label].accepts(value):
        raise Refused(_("There is no such label."))
    row = voice(mention)
    if row is None:
        raise Refused(_("The lake does not remember this voice any more."))
    with write_atomic():
        example = _example(row)
        before = Correction.objects.select_for_update().filter(example=example, label=label)
        judged = before.first() or _judged(example, label, row)
        judged.value, judged.member, judged.at = value, member, timezone.now()
        judged.agreed = judged.said is not None and same(label, judged.said, value)
        judged.save()
        kind = "label.confirmed" if judged.agreed else "label.corrected"
        record(kind, _about(mention), member=member, label=label, value=value, said=judged.said)
        tell(mention, {label: value})
        return judged


def uncorrect(*, mention: str, label: str, member: Member) -> None:
    """Take a correction back: the label reads what the machine had said."""
    with write_atomic():
        rows = Correction.objects.select_for_update().filter(example__mention=mention, label=label)
        judged = rows.first()
        if judged is None:
            return
        example = judged.example
        judged.delete()
        if not example.corrections.exists():
            example.delete()
        record("label.restored", _about(mention), member=member, label=label, value=judged.said)
        tell(mention, {label: judged.said})


def forget(*, mentions: Iterable[str] = (), authors: Iterable[tuple[str, str]] = ()) -> int:
    """Forget what was said in mentions, or by accounts; to be called where the lake forgets them.

    Args:
        mentions: ids of mentions.
        authors: (channel, author_id) of accounts.

    Returns:
        How many examples were forgotten.
    """
    doomed = [Q(mention=mention) for mention in mentions]
    doomed += [Q(channel=place, author=digest(name)) for place, name in authors if name]
    gone = 0
    with write_atomic():
        for piece in chunks(doomed):
            some = Q()
            for one in piece:
                some |= one
            _, counted = Example.objects.filter(some).delete()
            gone += counted.get("lessons.Example", 0)
    return gone


def digest(author: str | None) -> str:
    """How an account is known here; empty for nobody."""
    return sha256(author.encode("utf-8", "surrogatepass")).hexdigest() if author else ""


def _example(row: Mapping[str, Any]) -> Example:
    example, _new = Example.objects.get_or_create(
        mention=row["id"],
        defaults={
            "channel": row["channel"],
            "author": digest(row["author_id"]),
            "title": _clean(row["title"] or ""),
            "text": _clean(row["text"]),
            "lang": row["lang"] or "",
            "said_at": row["said_at"],
        },
    )
    return example


def _judged(example: Example, label: str, row: Mapping[str, Any]) -> Correction:
    return Correction(
        example=example,
        label=label,
        said=row[label],
        confidence=row.get(f"{label}_confidence"),
        model=row["model"] or "",
    )


def _about(mention: str) -> str:
    return f"mention:{mention}"


def _clean(text: str) -> str:
    # PostgreSQL keeps every character but this one
    return text.replace("\0", "")
