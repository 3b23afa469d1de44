"""People to look at: the list, and one of them from every side."""

from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from sori.listen import memory
from sori.people import listing, suggesting
from sori.people import selectors as known
from sori.people.models import Person
from sori.portrait import said, selectors
from sori.portrait.forms import IdentifierForm, OtherForm, ProfileForm
from sori.portrait.timeline import timeline
from sori.staff.permissions import Permission, allows, requires

LONGEST: Final = 200
_LARGEST: Final = 2**63


@requires(Permission.READ_INBOX)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The newest, or those a search finds."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    segment = request.GET.get("segment", "")
    segment = segment if segment in Person.Segment.values else ""
    page = listing.people(words=words, segment=segment, after=_number(request, "after"))
    asked = {"q": words, "segment": segment, "after": page.next}
    context: dict[str, Any] = {
        "words": words,
        "segment": segment,
        "segments": Person.Segment.choices,
        "rows": page.rows,
        "cases": selectors.case_counts(row["everybody"] for row in page.rows),
        "older": f"?{urlencode({k: v for k, v in asked.items() if v})}" if page.next else "",
    }
    return render(request, "portrait/people.html", context)


@requires(Permission.READ_INBOX)
@require_safe
def person(request: HttpRequest, person: int) -> HttpResponse:
    """One person; the address of somebody who was merged leads to whom they belong."""
    row = get_object_or_404(Person, pk=person)
    if (standing := known.standing_for(row.pk)) != row.pk:
        return redirect("portrait:person", person=standing)
    after = request.GET.get("after", "")[:80]
    return render(request, "portrait/person.html", person_context(request, row, after=after))


@requires(Permission.CHANGE_PEOPLE)
@require_safe
def alike(request: HttpRequest, person: int) -> HttpResponse:
    """Whether somebody else may be the same person; a part of the page of a case."""
    row = standing(person)
    found = suggesting.suggestions(known.together(row.pk))
    return render(request, "portrait/alike.html", {"person": row.pk, "count": len(found)})


def person_context(request: HttpRequest, row: Person, *, after: str = "") -> dict[str, Any]:
    """Everything the page of a person shows.

    Args:
        request: who looks; what they may not know is not read.
        row: somebody who was not merged.
        after: where the timeline goes on.
    """
    everybody = known.together(row.pk)
    theirs, reader = said.whose(everybody), memory.reader()
    change = allows(request.user, Permission.CHANGE_PEOPLE)
    value = allows(request.user, Permission.READ_VALUE)
    return {
        "subject": row,
        "segment": row.get_segment_display(),
        "card": selectors.card(everybody),
        "objects": Person.objects.filter(pk__in=everybody, objection=True).exists(),
        "figures": said.figures(reader, theirs),
        "moods": selectors.mood_by_month(reader, theirs),
        "bought": selectors.bought(everybody) if value else [],
        "currency": settings.CURRENCY,
        "timeline": timeline(reader, everybody, theirs, after=after),
        "suggestions": suggesting.suggestions(everybody) if change else [],
        "leaving": selectors.leaving(everybody),
        "form": ProfileForm(initial=_start(row), currency=settings.CURRENCY),
        "identifier_form": IdentifierForm(),
        "merge_form": OtherForm(),
    }


def standing(person: int) -> Person:
    """The person of this number, or whom they were merged into.

    Raises:
        Http404: there is nobody.
    """
    row = Person.objects.filter(pk=known.standing_for(person)).first()
    if row is None:
        raise Http404
    return row


def _start(row: Person) -> dict[str, Any]:
    consent = {True: "yes", False: "no"}.get(row.consent, "") if row.consent is not None else ""
    return {
        "name": row.name,
        "segment": row.segment,
        "value": row.value,
        "consent": consent,
        "objection": row.objection,
    }


def _number(request: HttpRequest, name: str) -> int | None:
    asked = request.GET.get(name, "")
    known_ = asked.isascii() and asked.isdecimal() and int(asked) < _LARGEST
    return int(asked) if known_ else None
