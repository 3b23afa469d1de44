"""What members write down about a person: segment, value, wishes, and what is certainly theirs."""

from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sori.database import write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.people.models import Identifier, Identity, Person
from sori.people.recognising import normal
from sori.people.services import clean_name
from sori.staff.models import Member


def change_person(
    *,
    person: int,
    member: Member,
    name: str,
    segment: str,
    value: Decimal | None,
    objection: bool,
    consent: bool | None,
) -> None:
    """Write down what they are to us and what they wish; the journal learns which fields."""
    said: dict[str, Any] = {
        "name": clean_name(name),
        "segment": segment,
        "value": value,
        "objection": objection,
        "consent": consent,
    }
    with write_atomic():
        row = Person.objects.select_for_update().get(pk=person)
        changed = sorted(field for field, new in said.items() if getattr(row, field) != new)
        if not changed:
            return
        for field in changed:
            setattr(row, field, said[field])
        row.save(update_fields=changed)
        wishes = {one: said[one] for one in changed if one in {"objection", "consent"}}
        record("person.changed", f"person:{person}", member=member, fields=changed, **wishes)


def add_identifier(*, person: int, member: Member, sort: str, value: str) -> None:
    """Write down a mail address, phone or customer number that is certainly theirs.

    Raises:
        Refused: when it is none.
    """
    clean = normal(sort, value)
    if not clean or len(clean) > 255:
        raise Refused(_("That cannot be one; check what you typed."))
    with write_atomic():
        row = Identifier(person_id=person, sort=sort, value=clean, member=member, at=timezone.now())
        Identifier.objects.bulk_create([row], ignore_conflicts=True)
        record("person.identifier_added", f"person:{person}", member=member, sort=sort)


def remove_identifier(*, identifier: int, member: Member) -> None:
    """It is not theirs after all."""
    with write_atomic():
        row = Identifier.objects.filter(pk=identifier).first()
        if row is not None:
            row.delete()
            about = f"person:{row.person_id}"
            record("person.identifier_removed", about, member=member, sort=row.sort)


def verify(*, identity: int, verified: bool, member: Member) -> None:
    """Say whether somebody made sure that an account is theirs."""
    with write_atomic():
        row = Identity.objects.select_for_update().get(pk=identity)
        if row.verified != verified:
            row.verified = verified
            row.save(update_fields=["verified"])
            data = {"identity": identity, "verified": verified}
            record("person.account_verified", f"person:{row.person_id}", member=member, **data)
