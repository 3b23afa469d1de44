"""Say that two people are one, or two after all: a pointer that is set and taken away, no more.

Cases, conversations and messages are never touched, so taking a merge back leaves everything as
it would be had nobody ever merged them, whatever was said in between.
"""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from sori.database import write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.people.models import Apart, Person
from sori.people.recognising import Recognition
from sori.people.signals import regrouped
from sori.staff.models import Member


def merge(*, person: int, into: int, member: Member, why: Recognition | None = None) -> None:
    """Show a person together with another one from now on.

    Args:
        person: who is shown with the other.
        into: the other.
        member: who says so.
        why: what spoke for it and against it; its sorts go into the journal, never its values.

    Raises:
        Refused: when they are the same, or one of them is merged already.
    """
    with write_atomic():
        rows = _locked(person, into)
        if person == into or len(rows) < 2:
            raise Refused(_("Choose somebody else."))
        if any(row.merged_into_id is not None for row in rows.values()):
            raise Refused(_("One of them is merged already; open the page of whom they belong to."))
        Person.objects.filter(pk=person).update(merged_into=into)
        evidence = [one.sort for one in why.evidence] if why else []
        against = [one.sort for one in why.against] if why else []
        data = {"into": into, "evidence": evidence, "against": against}
        record("person.merged", f"person:{person}", member=member, **data)
        regrouped.send(sender=None, people=[person, into])


def part(*, person: int, member: Member) -> None:
    """Take a merge back; those who were merged into this person before stay with them.

    Raises:
        Refused: when they are merged with nobody.
    """
    with write_atomic():
        row = _locked(person).get(person)
        if row is None or row.merged_into_id is None:
            raise Refused(_("They are by themselves already."))
        Person.objects.filter(pk=person).update(merged_into=None)
        record("person.parted", f"person:{person}", member=member, out_of=row.merged_into_id)
        regrouped.send(sender=None, people=[person, row.merged_into_id])


def tell_apart(*, person: int, other: int, member: Member) -> None:
    """Remember that two people are not one, so that nobody is asked again.

    Raises:
        Refused: when they are the same.
    """
    first, second = sorted((person, other))
    with write_atomic():
        if first == second or len(_locked(first, second)) < 2:
            raise Refused(_("Choose somebody else."))
        row = Apart(first_id=first, second_id=second, member=member, at=timezone.now())
        Apart.objects.bulk_create([row], ignore_conflicts=True)
        record("person.told_apart", f"person:{person}", member=member, other=other)


def _locked(*people: int) -> dict[int, Person]:
    """These people, held in the order of their ids so that two who merge never wait in a circle."""
    wanted: Sequence[int] = sorted(set(people))
    rows = Person.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
    return {row.pk: row for row in rows}
