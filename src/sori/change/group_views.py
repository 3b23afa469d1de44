"""Answer everybody who says the same: whom, with which words; look at each; send; take back."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sori.change import group_answers
from sori.change.forms import GroupAnswerForm
from sori.change.models import GroupAnswer, Theme
from sori.errors import Refused
from sori.listen import memory
from sori.respond.sending import WAITING
from sori.staff.permissions import Permission, me, requires


@requires(Permission.SEND_REPLY)
@require_GET
def same(request: HttpRequest, case: int) -> HttpResponse:
    """How many others say what the customer of this case says, as a link; empty when none do."""
    reader = memory.counting_reader()
    theme = group_answers.theme_of(reader, case)
    others = group_answers.waiting(reader, theme) if theme else []
    count = sum(one.case != case for one in others)
    context = {"subject": theme, "count": count}
    return render(request, "change/same.html", context)


@requires(Permission.SEND_REPLY)
@require_http_methods(["GET", "HEAD", "POST"])
def answer_all(request: HttpRequest, theme: int) -> HttpResponse:
    """Choose whom to answer and write the words; look at what each will read; send."""
    row = get_object_or_404(Theme, pk=theme, merged_into=None)
    reader = memory.counting_reader()
    everybody = group_answers.waiting(reader, row)
    form = GroupAnswerForm(request.POST or None)
    context: dict[str, Any] = {"subject": row, "everybody": everybody, "form": form}
    context |= {"token": secrets.token_urlsafe(16), "looks": [], "problem": "", "chosen": None}
    if not form.is_bound:
        context["chosen"] = {one.message for one in everybody if not one.writing}
        return render(request, "change/answer_all.html", context)
    chosen = {int(one) for one in request.POST.getlist("message") if one.isdecimal()}
    context["chosen"] = chosen
    if not form.is_valid():
        context["problem"] = next(iter(form.errors.values()))[0]
        return render(request, "change/answer_all.html", context, status=422)
    said = form.cleaned_data
    those = [one for one in everybody if one.message in chosen]
    if said["step"] == "send":
        try:
            group = group_answers.send(
                reader,
                theme=row,
                member=me(request),
                body=said["body"],
                chosen=chosen,
                token=said["token"],
            )
        except Refused as refused:
            context["problem"] = str(refused)
            return render(request, "change/answer_all.html", context, status=422)
        return redirect("change:group_answer", group=group.pk)
    if said["step"] == "look":
        context["looks"] = [(one, one.text(said["body"], me(request))) for one in those]
    return render(request, "change/answer_all.html", context)


@requires(Permission.SEND_REPLY)
@require_GET
def group_answer(request: HttpRequest, group: int) -> HttpResponse:
    """What became of each."""
    row = get_object_or_404(GroupAnswer.objects.select_related("theme", "member"), pk=group)
    rows = group_answers.progress(row)
    waits = sum(one["state"] in WAITING for one in rows)
    context = {"group": row, "rows": rows, "waits": waits}
    return render(request, "change/group_answer.html", context)


@requires(Permission.SEND_REPLY)
@require_POST
def take_back(request: HttpRequest, group: int) -> HttpResponse:
    """Take back what has not gone out."""
    row = get_object_or_404(GroupAnswer, pk=group)
    count = group_answers.take_back(group=row, member=me(request))
    words = ngettext("%(num)d answer taken back.", "%(num)d answers taken back.", count)
    messages.success(request, words % {"num": count} if count else _("All of them are out."))
    return redirect("change:group_answer", group=group)
