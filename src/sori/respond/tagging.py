"""Tags: put one on a case, take it off, and keep the list of them in order."""

from typing import Any, Final

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from sori.database import unique, write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.listen.language import fold, squeeze
from sori.respond.models import Case
from sori.respond.tag_models import CaseTag, Tag
from sori.staff.models import Member

LONGEST: Final = 40
OFFERED: Final = 8
_LONGEST_CHAIN: Final = 20


def tidy(name: str) -> str:
    """A tag's name in one line; a comma separates tags and is never part of one."""
    return squeeze("".join(one if one.isprintable() else " " for one in name.replace(",", " ")))[
        :200
    ].strip()


def find(name: str) -> Tag | None:
    """The tag of this name; of one that was merged, the one it was merged into."""
    row = Tag.objects.filter(key=_key(tidy(name))).first()
    return standing(row) if row else None


def standing(tag: Tag) -> Tag:
    """The tag itself, or the one it was merged into."""
    for _step in range(_LONGEST_CHAIN):
        if tag.merged_into is None:
            break
        tag = tag.merged_into
    return tag


def make(*, name: str, member: Member, colour: str = Tag.Colour.GREY) -> Tag:
    """The tag of this name, made if there is none.

    Raises:
        Refused: when it has no name, or one of more than 40 characters.
    """
    words = _checked(name)
    with write_atomic():
        if found := find(words):
            return found
        row = Tag.objects.create(name=words, key=_key(words), colour=colour)
        record("tag.made", f"tag:{row.pk}", member=member, name=words)
        return row


def change(*, tag: Tag, name: str, colour: str, member: Member) -> Tag:
    """Give a tag another name or colour.

    Raises:
        Refused: for a name that another tag has, or that cannot be one.
    """
    words = _checked(name)
    with write_atomic():
        tag.name, tag.key, tag.colour = words, _key(words), colour
        with unique(_("There is another tag of this name; merge the two.")):
            tag.save()
        record("tag.changed", f"tag:{tag.pk}", member=member, name=words)
        return tag


def merge(*, tag: Tag, into: Tag, member: Member) -> None:
    """Let every case that carries a tag carry another; its name means the other from now on.

    Raises:
        Refused: when the two are one.
    """
    with write_atomic():
        other = standing(into)
        if other.pk == tag.pk or tag.merged_into_id:
            raise Refused(_("Choose another tag."))
        mine = CaseTag.objects.filter(tag=tag)
        theirs = CaseTag.objects.filter(tag=other).values("case")
        moved = mine.exclude(case__in=theirs).update(tag=other)
        mine.delete()
        tag.merged_into = other
        tag.save(update_fields=["merged_into"])
        record("tag.merged", f"tag:{tag.pk}", member=member, into=other.pk, cases=moved)


def delete(*, tag: Tag, member: Member) -> None:
    """Throw a tag away, and take it off every case."""
    with write_atomic():
        record("tag.deleted", f"tag:{tag.pk}", member=member, name=tag.name)
        tag.delete()


def put_on(*, case: int, tag: Tag, member: Member | None) -> bool:
    """Put a tag on a case; returns whether it was not there before."""
    row = standing(tag)
    with write_atomic():
        Case.objects.select_for_update().get(pk=case)
        _there, new = CaseTag.objects.get_or_create(
            case_id=case, tag=row, defaults={"member": member, "at": timezone.now()}
        )
        if new:
            about = f"case:{case}"
            record("case.tagged", about, member=member, tag=row.pk, name=row.name)
        return new


def take_off(*, case: int, tag: Tag, member: Member | None) -> bool:
    """Take a tag off a case; returns whether it was there."""
    row = standing(tag)
    with write_atomic():
        gone, _each = CaseTag.objects.filter(case=case, tag=row).delete()
        if gone:
            about = f"case:{case}"
            record("case.untagged", about, member=member, tag=row.pk, name=row.name)
        return bool(gone)


def everything() -> list[dict[str, Any]]:
    """All tags by name: id, name, colour."""
    rows = Tag.objects.filter(merged_into=None).order_by("name")
    return [dict(row) for row in rows.values("id", "name", "colour")]


def counted() -> list[dict[str, Any]]:
    """All tags by name: id, name, colour, and on how many cases they are (`cases`)."""
    rows = Tag.objects.filter(merged_into=None).annotate(cases=Count("case_tags"))
    return [dict(row) for row in rows.order_by("name").values("id", "name", "colour", "cases")]


def like(words: str, *, without: int) -> list[dict[str, Any]]:
    """Tags that a case does not carry and whose name begins with, else holds, what was typed."""
    wanted = _key(tidy(words))
    there = CaseTag.objects.filter(case=without).values("tag")
    rows = Tag.objects.filter(merged_into=None, key__contains=wanted).exclude(pk__in=there)
    found: list[dict[str, Any]] = [
        dict(row) for row in rows.order_by("key").values("id", "name", "colour", "key")[:200]
    ]
    found.sort(key=lambda row: (row["key"] != wanted, not str(row["key"]).startswith(wanted)))
    return found[:OFFERED]


def _checked(name: str) -> str:
    words = tidy(name)
    if not words or len(words) > LONGEST:
        raise Refused(_("A tag needs a name of at most 40 characters."))
    return words


def _key(words: str) -> str:
    return squeeze(fold(words)).strip()[:160]
