"""Macros: the list, the editor, and running one from the inbox."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sori.automation import editing, selectors, services
from sori.automation.bulk import MacroForm
from sori.automation.choices import Choices
from sori.automation.editing import Script
from sori.automation.models import Macro
from sori.automation.views.rules import SAVE, editor
from sori.errors import Refused
from sori.respond.models import Case
from sori.respond.settling import question
from sori.respond.views.showing import attempt, shown
from sori.staff.models import Department
from sori.staff.permissions import Permission, me, requires


class PlaceForm(forms.Form):
    """Whose a macro is; everybody's when it is empty."""

    department = forms.ModelChoiceField(Department.objects.all(), required=False)


@requires(Permission.CHANGE_DESK)
@require_safe
def macros(request: HttpRequest) -> HttpResponse:
    """All of them."""
    return render(request, "automation/macros.html", {"macros": selectors.macros(Choices())})


@requires(Permission.CHANGE_DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def new_macro(request: HttpRequest) -> HttpResponse:
    """Write one."""
    return _edit(request, None)


@requires(Permission.CHANGE_DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def macro(request: HttpRequest, macro: int) -> HttpResponse:
    """Change one."""
    return _edit(request, get_object_or_404(Macro, pk=macro))


@requires(Permission.CHANGE_DESK)
@require_POST
def lines(request: HttpRequest) -> HttpResponse:
    """The lines of the editor after one was added, taken away or meant otherwise."""
    choices, script = Choices(), editing.read(request.POST)
    editing.change(script, request.POST.get("do", ""))
    editing.settle(script, choices)
    return render(request, "automation/lines.html", editor(script, choices, of_rule=False))


@requires(Permission.CHANGE_DESK)
@require_POST
def delete(request: HttpRequest, macro: int) -> HttpResponse:
    """Throw one away."""
    services.delete_macro(macro=get_object_or_404(Macro, pk=macro), member=me(request))
    messages.success(request, _("The macro is gone."))
    return redirect("automation:macros")


@requires(Permission.RUN_CASE)
@require_safe
def offer(request: HttpRequest, case: int) -> HttpResponse:
    """The macros for a case, each with what it will do."""
    row = get_object_or_404(Case, pk=case)
    words = request.GET.get("words", "").replace("\0", "")[:80]
    found = selectors.offered(row.department_id, words, Choices())
    context = {"macros": found, "words": words, "sure": question([case])}
    return render(request, "automation/offered.html", context)


@requires(Permission.RUN_CASE)
@require_POST
def run(request: HttpRequest, case: int) -> HttpResponse:
    """Run one on a case."""
    form = MacroForm(request.POST)
    if not form.is_valid():
        return shown(request, case, problem=_("There is no such macro."))
    chosen = form.cleaned_data["macro"]
    drafts = any(one[0] == "draft" for one in chosen.actions)
    return attempt(
        request,
        case,
        lambda: services.run_macro(macro=chosen, case=case, member=me(request)),
        composer="reply" if drafts else "",
    )


@requires(Permission.RUN_CASE)
@require_safe
def picked(request: HttpRequest) -> HttpResponse:
    """The macros for everything that was picked: a menu of the list."""
    return render(request, "automation/picked.html", {"macros": selectors.macros(Choices())})


def _edit(request: HttpRequest, row: Macro | None) -> HttpResponse:
    choices = Choices()
    script = editing.script(row) if row else Script()
    place = row.department_id if row else None
    if request.method == "POST":
        script, form = editing.read(request.POST), PlaceForm(request.POST)
        department = form.cleaned_data["department"] if form.is_valid() else None
        place = department and department.pk
        deed = request.POST.get("do", SAVE)
        if deed != SAVE:
            editing.change(script, deed)
        elif editing.check(script, choices) and _save(request, row, script, department):
            messages.success(request, _("The macro is saved."))
            return redirect("automation:macros")
    editing.settle(script, choices)
    context = {"macro": row, "place": place, **editor(script, choices, of_rule=False)}
    status = 422 if script.problems else 200
    return render(request, "automation/macro.html", context, status=status)


def _save(
    request: HttpRequest, row: Macro | None, script: Script, department: Department | None
) -> Macro | None:
    try:
        return services.save_macro(
            macro=row, script=script, department=department, member=me(request)
        )
    except Refused as refused:
        script.problems["name"] = str(refused)
        return None
