"""The random check as pages: begin, and one voice after the other."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sori.lessons import checking, selectors
from sori.lessons.forms import JudgementForm
from sori.lessons.models import RandomCheck
from sori.lessons.voices import voice
from sori.staff.permissions import Permission, me, requires

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.CORRECT_LABELS)
@get_or_post
def begin(request: HttpRequest) -> HttpResponse:
    """What a random check is, and the button that begins one."""
    if request.method != "POST":
        return render(request, "lessons/begin.html", {"voices": checking.VOICES})
    check = checking.begin(member=me(request))
    if check is None:
        messages.error(request, _("Nothing was heard in the last thirty days."))
        return redirect("lessons:begin")
    return redirect("lessons:check", check=check.pk)


@requires(Permission.CORRECT_LABELS)
@get_or_post
def check(request: HttpRequest, check: int) -> HttpResponse:
    """The voice that is to be judged now; only for the member it was drawn for."""
    drawn = get_object_or_404(RandomCheck, pk=check, member=me(request))
    if request.method == "POST":
        _judge(request, drawn)
        return redirect("lessons:check", check=check)
    context: dict[str, Any] = {"check": drawn, "total": len(drawn.mentions), "row": None}
    if drawn.place >= len(drawn.mentions):
        return render(request, "lessons/checked.html", context)
    heard = voice(drawn.mentions[drawn.place])
    if heard is None:
        checking.go_on(check=drawn, place=drawn.place)
        return redirect("lessons:check", check=check)
    context |= {"heard": heard, "row": selectors.labels_of(heard)}
    return render(request, "lessons/check.html", context)


def _judge(request: HttpRequest, drawn: RandomCheck) -> None:
    form = JudgementForm(request.POST)
    if not form.is_valid() or form.cleaned_data["place"] != drawn.place:
        return
    if form.cleaned_data["verdict"] == "right":
        checking.confirm(check=drawn, place=drawn.place, member=me(request))
    else:
        checking.go_on(check=drawn, place=drawn.place)
