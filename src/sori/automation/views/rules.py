"""Rules: the list in the order they are asked, the editor, a try on the last month, their runs."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sori.automation import editing, selectors, services, trying
from sori.automation.choices import Choices
from sori.automation.deciding import Action
from sori.automation.editing import Script
from sori.automation.models import Rule
from sori.automation.saying import actions
from sori.automation.vocabulary import FIELDS, OPS, SORTS, TRIGGERS
from sori.errors import Refused
from sori.staff.permissions import Permission, me, requires

SAVE = "save"
SAVE_AND_SWITCH_ON = "switch-on"


@requires(Permission.CHANGE_DESK)
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """All of them, in order."""
    return render(request, "automation/rules.html", {"rules": selectors.rules(Choices())})


@requires(Permission.CHANGE_DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def new_rule(request: HttpRequest) -> HttpResponse:
    """Write one."""
    return _edit(request, None)


@requires(Permission.CHANGE_DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, rule: int) -> HttpResponse:
    """Change one."""
    return _edit(request, get_object_or_404(Rule, pk=rule))


@requires(Permission.CHANGE_DESK)
@require_POST
def lines(request: HttpRequest) -> HttpResponse:
    """The lines of the editor after one was added, taken away or meant otherwise."""
    choices, script = Choices(), editing.read(request.POST)
    editing.change(script, request.POST.get("do", ""))
    editing.settle(script, choices)
    return render(request, "automation/lines.html", editor(script, choices))


@requires(Permission.CHANGE_DESK)
@require_POST
def attempt(request: HttpRequest) -> HttpResponse:
    """What the rule in the form would have done in the last 30 days; a part of the editor."""
    choices, script = Choices(), editing.read(request.POST)
    script.name = script.name or "-"
    if not editing.check(script, choices):
        return render(request, "automation/tried.html", {"tried": None})
    tried = trying.attempt(script.rule(), choices)
    tallest = max((count for _day, count in tried.by_day), default=0)
    context = {"tried": tried, "tallest": max(tallest, 1)}
    return render(request, "automation/tried.html", context)


@requires(Permission.CHANGE_DESK)
@require_safe
def runs(request: HttpRequest, rule: int) -> HttpResponse:
    """What it did, and what it could not do."""
    row, choices = get_object_or_404(Rule, pk=rule), Choices()
    found = selectors.runs(row)
    for one in found:
        one["words"] = actions(map(Action._make, one["did"]), choices)
    return render(request, "automation/runs.html", {"rule": row, "runs": found})


@requires(Permission.CHANGE_DESK)
@require_POST
def switch(request: HttpRequest, rule: int) -> HttpResponse:
    """On or off."""
    on = request.POST.get("on") == "1"
    services.switch(rule=get_object_or_404(Rule, pk=rule), on=on, member=me(request))
    return redirect("automation:rules")


@requires(Permission.CHANGE_DESK)
@require_POST
def move(request: HttpRequest, rule: int) -> HttpResponse:
    """Earlier or later in the order."""
    up = request.POST.get("way") != "down"
    services.move(rule=get_object_or_404(Rule, pk=rule), up=up, member=me(request))
    return redirect("automation:rules")


@requires(Permission.CHANGE_DESK)
@require_POST
def delete(request: HttpRequest, rule: int) -> HttpResponse:
    """Throw one away."""
    services.delete_rule(rule=get_object_or_404(Rule, pk=rule), member=me(request))
    messages.success(request, _("The rule is gone."))
    return redirect("automation:rules")


def editor(script: Script, choices: Choices, *, of_rule: bool = True) -> dict[str, Any]:
    """What the lines of an editor are drawn from."""
    return {
        "script": script,
        "options": choices.options,
        "of_rule": of_rule,
        "fields": FIELDS,
        "sorts": SORTS,
        "field_words": {name: _(one.word) for name, one in FIELDS.items()},
        "op_words": {name: _(word) for name, word in OPS.items()},
        "sort_words": {name: _(one.word) for name, one in SORTS.items()},
        "trigger_words": {name: _(word) for name, word in TRIGGERS.items()},
        "most": editing.MOST_LINES,
    }


def _edit(request: HttpRequest, row: Rule | None) -> HttpResponse:
    choices = Choices()
    script = editing.script(row) if row else Script()
    if request.method == "POST":
        script = editing.read(request.POST)
        deed = request.POST.get("do", SAVE)
        if deed not in {SAVE, SAVE_AND_SWITCH_ON}:
            editing.change(script, deed)  # without scripts the page comes back with the line
        elif editing.check(script, choices) and (saved := _save(request, row, script)):
            if deed == SAVE_AND_SWITCH_ON:
                services.switch(rule=saved, on=True, member=me(request))
            messages.success(request, _("The rule is saved."))
            return redirect("automation:rules")
    editing.settle(script, choices)
    status = 422 if script.problems else 200
    context = {"rule": row, **editor(script, choices)}
    return render(request, "automation/rule.html", context, status=status)


def _save(request: HttpRequest, row: Rule | None, script: Script) -> Rule | None:
    try:
        return services.save_rule(rule=row, script=script, member=me(request))
    except Refused as refused:
        script.problems["name"] = str(refused)
        return None
