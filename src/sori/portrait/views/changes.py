"""What a member writes down about a person, and whom they say it is."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sori.errors import Refused
from sori.people import merging, profile, selectors, suggesting
from sori.people.models import Identifier, Identity, Person
from sori.portrait.forms import IdentifierForm, OtherForm, ProfileForm
from sori.portrait.views.pages import standing
from sori.respond.prioritising import weigh_person_again
from sori.staff.doing import doing
from sori.staff.permissions import Permission, me, requires


@requires(Permission.CHANGE_PEOPLE)
@require_POST
def change(request: HttpRequest, person: int) -> HttpResponse:
    """Name, segment, value, wishes."""
    row, form = standing(person), ProfileForm(request.POST)
    if not form.is_valid():
        return _unfit(request, form, row.pk)
    said = form.cleaned_data
    return _attempt(
        request, row.pk, lambda: profile.change_person(person=row.pk, member=me(request), **said)
    )


@requires(Permission.CHANGE_PEOPLE)
@require_POST
def add_identifier(request: HttpRequest, person: int) -> HttpResponse:
    """Something that is certainly theirs."""
    row, form = standing(person), IdentifierForm(request.POST)
    if not form.is_valid():
        return _unfit(request, form, row.pk)
    said = form.cleaned_data
    return _attempt(
        request, row.pk, lambda: profile.add_identifier(person=row.pk, member=me(request), **said)
    )


@requires(Permission.CHANGE_PEOPLE)
@require_POST
def remove_identifier(request: HttpRequest, person: int, identifier: int) -> HttpResponse:
    """It is not theirs."""
    row = standing(person)
    everybody = selectors.together(row.pk)
    theirs = get_object_or_404(Identifier, pk=identifier, person__in=everybody)
    return _attempt(
        request,
        row.pk,
        lambda: profile.remove_identifier(identifier=theirs.pk, member=me(request)),
    )


@requires(Permission.CHANGE_PEOPLE)
@require_POST
def verify(request: HttpRequest, person: int, identity: int) -> HttpResponse:
    """Say that somebody made sure whose an account is, or take that back."""
    row = standing(person)
    everybody = selectors.together(row.pk)
    account = get_object_or_404(Identity, pk=identity, person__in=everybody)
    verified = request.POST.get("verified") == "yes"
    return _attempt(
        request,
        row.pk,
        lambda: profile.verify(identity=account.pk, verified=verified, member=me(request)),
    )


@requires(Permission.CHANGE_PEOPLE)
@require_POST
def merge(request: HttpRequest, person: int) -> HttpResponse:
    """Show somebody else together with this person from now on."""
    row, form = standing(person), OtherForm(request.POST)
    if not form.is_valid():
        return _unfit(request, form, row.pk)
    other = form.cleaned_data["other"]
    if not Person.objects.filter(pk=other).exists():
        return _attempt(request, row.pk, _nobody)
    return _attempt(
        request,
        row.pk,
        lambda: merging.merge(
            person=other,
            into=row.pk,
            member=me(request),
            why=suggesting.compared(row.pk, other),
        ),
        done=_("They are shown as one. It can be undone at any time."),
    )


@requires(Permission.CHANGE_PEOPLE)
@require_POST
def part(request: HttpRequest, person: int) -> HttpResponse:
    """Show somebody who was merged by themselves again."""
    row = get_object_or_404(Person, pk=person)
    into = row.merged_into_id or row.pk
    return _attempt(
        request,
        into,
        lambda: merging.part(person=row.pk, member=me(request)),
        done=_("They are two people again, as they were."),
    )


@requires(Permission.CHANGE_PEOPLE)
@require_POST
def tell_apart(request: HttpRequest, person: int) -> HttpResponse:
    """Somebody who seemed to be this person is not."""
    row, form = standing(person), OtherForm(request.POST)
    if not form.is_valid():
        return _unfit(request, form, row.pk)
    other = form.cleaned_data["other"]
    return _attempt(
        request,
        row.pk,
        lambda: merging.tell_apart(person=row.pk, other=other, member=me(request)),
    )


def _nobody() -> None:
    raise Refused(_("There is nobody like that."))


def _attempt(
    request: HttpRequest, person: int, deed: Callable[[], object], *, done: str = ""
) -> HttpResponse:
    """Do it and show the person again; what was refused is said there.

    What they are worth, and to whom they belong, speaks for their cases.
    """
    before = selectors.together(person)
    with doing(request, done or _("Saved.")):
        deed()
        weigh_person_again({*before, *selectors.together(person)})
    return redirect("portrait:person", person=person)


def _unfit(request: HttpRequest, form: Form, person: int) -> HttpResponse:
    field, errors = next(iter(form.errors.items()))
    label = form.fields[field].label if field in form.fields else ""
    messages.error(request, f"{label}: {errors[0]}")
    return redirect("portrait:person", person=person)
