"""Tasks to look at and to act on, in the case and on a page of their own."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import reswap, retarget, trigger_client_event

from sori.errors import Refused
from sori.respond.joining import root
from sori.respond.later import later
from sori.respond.models import Case
from sori.respond.prose import visible
from sori.respond.views.place import read_place
from sori.respond.views.showing import attempt
from sori.staff.models import Department
from sori.staff.permissions import Permission, me, requires
from sori.teamwork import asking, selectors, services
from sori.teamwork import bottlenecks as figures
from sori.teamwork.forms import AnswerForm, AskForm, MailForm
from sori.teamwork.models import Task


@requires(Permission.READ_INBOX)
@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """What my department is asked, what we asked, and what has been answered."""
    return render(request, "teamwork/tasks.html", _list(request))


@requires(Permission.READ_INBOX)
@require_GET
def tasks_of_case(request: HttpRequest, case: int) -> HttpResponse:
    """What a case waits for, and what it was told: a part of the case's page."""
    found = selectors.of_case(case)
    context = {
        "case": {"id": case},
        "tasks": found,
        "questions": selectors.questions_of(case),
        "settled": any(row["settled"] for row in found),
        "suffix": read_place(request).suffix(),
    }
    return render(request, "teamwork/of_case.html", context)


@requires(Permission.READ_OVERVIEW)
@require_GET
def bottlenecks(request: HttpRequest) -> HttpResponse:
    """Where work waits, by department."""
    rows = figures.bottlenecks()
    context = {"rows": rows, "chart": figures.times_chart(rows)}
    return render(request, "teamwork/bottlenecks.html", context)


@requires(Permission.ASK_TASK)
@require_POST
def ask(request: HttpRequest, case: int) -> HttpResponse:
    """Ask another department."""
    form = AskForm(request.POST)

    def deed() -> None:
        said = form.cleaned_data
        services.ask(
            case=case,
            member=me(request),
            department=said["department"],
            words=said["words"],
            answer_by=said["answer_by"],
        )

    return _asked(request, case, form, deed, "ask")


@requires(Permission.ASK_TASK)
@require_POST
def ask_by_mail(request: HttpRequest, case: int) -> HttpResponse:
    """Ask a colleague who has no licence to the inbox."""
    form = MailForm(request.POST)

    def deed() -> None:
        asking.ask_by_mail(case=case, member=me(request), **form.cleaned_data)

    return _asked(request, case, form, deed, "ask_by_mail")


@requires(Permission.ANSWER_TASK)
@require_POST
def take(request: HttpRequest, task: int) -> HttpResponse:
    """Say that one answers it."""
    return _done(request, task, lambda: services.take(task=task, member=me(request)))


@requires(Permission.ANSWER_TASK)
@require_POST
def answer(request: HttpRequest, task: int) -> HttpResponse:
    """Answer it, or say why it will not be done."""
    form = AnswerForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    declines = form.is_valid() and form.cleaned_data["deed"] == "decline"
    act = services.decline if declines else services.answer
    return _done(request, task, lambda: act(task=task, member=me(request), words=words))


@requires(Permission.ASK_TASK)
@require_POST
def withdraw(request: HttpRequest, task: int) -> HttpResponse:
    """Need it no longer."""
    return _done(request, task, lambda: services.withdraw(task=task, member=me(request)))


@requires(Permission.ASK_TASK)
@require_POST
def ask_again(request: HttpRequest, task: int) -> HttpResponse:
    """Ask once more for what was withdrawn with the case."""
    return _done(request, task, lambda: services.ask_again(task=task, member=me(request)))


def _done(request: HttpRequest, task: int, deed: Callable[[], object]) -> HttpResponse:
    """Do something to a task, then show the page it was done on."""
    row = get_object_or_404(Task, pk=task)
    if "list" not in request.POST:
        return _case_again(request, root(row.case_id), deed)
    try:
        deed()
    except Refused as refused:
        kept = {"task": task, "words": request.POST.get("words", "")}
        context = _list(request) | {"problem": str(refused), "kept": kept}
        return render(request, "teamwork/tasks.html", context, status=422)
    row.refresh_from_db()
    words = _("Request about #%(case)s: %(status)s")
    told = {"case": row.case_id, "status": row.get_status_display()}
    messages.success(request, words % told)
    return redirect("teamwork:tasks")


def _case_again(request: HttpRequest, case: int, deed: Callable[[], object]) -> HttpResponse:
    response = attempt(request, case, deed)
    if request.htmx:  # type: ignore[attr-defined]
        trigger_client_event(response, "tasks-changed", after="settle")
    return response


def _asked(
    request: HttpRequest, case: int, form: forms.Form, deed: Callable[[], object], name: str
) -> HttpResponse:
    """Ask, then show the case and a form to ask again; what was refused comes back in the form."""
    row = get_object_or_404(Case, pk=case)
    problem = next((str(errors[0]) for errors in form.errors.values()), "")
    if not problem:
        try:
            deed()
        except Refused as refused:
            problem = str(refused)
    template = f"teamwork/{name}.html"
    if problem and request.htmx:  # type: ignore[attr-defined]
        context = _asking(request, row) | {"ask_problem": problem, "asked": request.POST}
        response = render(request, template, context, status=422)
        return reswap(retarget(response, f"#{name.replace('_', '-')}-form"), "outerHTML")
    response = _case_again(request, case, lambda: _refuse(problem))
    if request.htmx:  # type: ignore[attr-defined]
        fresh = _asking(request, row) | {"alone": True}
        response.write(render_to_string(template, fresh, request))
    return response


def _refuse(problem: str) -> None:
    if problem:
        raise Refused(problem)


def _asking(request: HttpRequest, case: Case) -> dict[str, Any]:
    """What the forms that ask are drawn from."""
    return {
        "case": {"id": case.pk},
        "places": list(Department.objects.values("id", "name")),
        "later": later(),
        "suffix": read_place(request).suffix(),
    }


def _list(request: HttpRequest) -> dict[str, Any]:
    member = me(request)
    asked = request.GET.get("tab", "")
    tab = asked if asked in selectors.TABS else "ours"
    page = selectors.page(member, tab, after=request.GET.get("after", "")[:80])
    for row in page.rows:
        row["subject"] = visible(row["subject"])
    return {
        "tab": tab,
        "rows": page.rows,
        "next": page.next,
        "counts": selectors.counts(member),
        "problem": "",
        "kept": {},
    }
