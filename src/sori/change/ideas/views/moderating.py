"""What whoever moderates decides: shown or not, what becomes of it, and what is the same."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sori.change.ideas import moderating, services
from sori.change.ideas.forms import AnswerForm, RewordForm
from sori.change.ideas.models import Comment, Idea
from sori.staff.doing import doing
from sori.staff.permissions import Permission, me, requires


@requires(Permission.MODERATE_IDEAS)
@require_POST
def show(request: HttpRequest, idea: int) -> HttpResponse:
    """Let everybody see it whom its board is for."""
    return _decide(request, idea, moderating.show, _("The idea is shown."))


@requires(Permission.MODERATE_IDEAS)
@require_POST
def hide(request: HttpRequest, idea: int) -> HttpResponse:
    """Take it out of sight."""
    return _decide(request, idea, moderating.hide, _("The idea is not shown any more."))


@requires(Permission.MODERATE_IDEAS)
@require_POST
def answer(request: HttpRequest, idea: int) -> HttpResponse:
    """Say what becomes of it."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _wrong(request, idea, form)
    done = _("Said. Whoever follows this idea is told by mail.")
    return _decide(request, idea, services.answer, done, **form.cleaned_data)


@requires(Permission.MODERATE_IDEAS)
@require_POST
def reword(request: HttpRequest, idea: int) -> HttpResponse:
    """Say it in better words."""
    form = RewordForm(request.POST)
    if not form.is_valid():
        return _wrong(request, idea, form)
    return _decide(request, idea, moderating.reword, _("The idea is kept."), **form.cleaned_data)


@requires(Permission.MODERATE_IDEAS)
@require_POST
def merge(request: HttpRequest, idea: int) -> HttpResponse:
    """Let it be part of another one."""
    number = request.POST.get("into", "").strip().lstrip("#")
    known = number.isascii() and number.isdecimal() and len(number) < 19
    into = Idea.objects.filter(pk=int(number)).first() if known else None
    if into is None:
        messages.error(request, _("There is no idea with this number."))
        return _back(request, idea)
    return _decide(request, idea, moderating.merge, _("They are one now."), into=into)


@requires(Permission.MODERATE_IDEAS)
@require_POST
def part(request: HttpRequest, idea: int) -> HttpResponse:
    """Let it stand by itself again."""
    return _decide(request, idea, moderating.part, _("It stands by itself again."))


@requires(Permission.MODERATE_IDEAS)
@require_POST
def judge_comment(request: HttpRequest, comment: int, verb: str) -> HttpResponse:
    """Show a comment, or take it out of sight."""
    row = get_object_or_404(Comment, pk=comment)
    deed = moderating.show_comment if verb == "show" else moderating.hide_comment
    deed(comment=row, member=me(request))
    return _back(request, row.idea_id)


def _decide(
    request: HttpRequest, idea: int, deed: Callable[..., None], done: str, **more: Any
) -> HttpResponse:
    row = Idea.objects.filter(pk=idea).first()
    if row is None:
        raise Http404
    with doing(request, done):
        deed(idea=row, member=me(request), **more)
    return _back(request, idea)


def _wrong(request: HttpRequest, idea: int, form: Any) -> HttpResponse:
    for name, errors in form.errors.items():
        messages.error(request, f"{form.fields[name].label}: {errors[0]}")
    return _back(request, idea)


def _back(request: HttpRequest, idea: int) -> HttpResponse:
    """To the page that was clicked on, if it is one of the desk's."""
    back = request.POST.get("back", "")
    desk = reverse("ideas:desk")
    ours = url_has_allowed_host_and_scheme(back, {request.get_host()}) and back.startswith(desk)
    return redirect(back) if ours else redirect("ideas:one", idea=idea)
