"""Saved replies: the list, the form, and what is offered beside an answer."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sori.errors import Refused
from sori.respond import saved_replies
from sori.respond.models import Case, SavedReply
from sori.respond.views.place import me
from sori.staff.models import Department
from sori.staff.permissions import Permission, requires


class SavedReplyForm(forms.Form):
    """A title, the words, and whose they are."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=80)
    body = forms.CharField(
        label=gettext_lazy("The reply"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "In braces, customer, me and case become the customer's name, yours, and the number."
        ),
    )
    department = forms.ModelChoiceField(
        Department.objects.all(),
        label=gettext_lazy("Department"),
        required=False,
        empty_label=gettext_lazy("All departments"),
    )


@requires(Permission.DRAFT_REPLY)
@require_safe
def replies(request: HttpRequest) -> HttpResponse:
    """All of them."""
    return render(request, "respond/replies.html", {"replies": saved_replies.everything()})


@requires(Permission.RUN_CASE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_reply(request: HttpRequest) -> HttpResponse:
    """Keep a new one."""
    return _form(request, None)


@requires(Permission.RUN_CASE)
@require_http_methods(["GET", "HEAD", "POST"])
def change_reply(request: HttpRequest, reply: int) -> HttpResponse:
    """Change one."""
    return _form(request, get_object_or_404(SavedReply, pk=reply))


@requires(Permission.RUN_CASE)
@require_POST
def delete_reply(request: HttpRequest, reply: int) -> HttpResponse:
    """Throw one away."""
    saved_replies.delete(reply=get_object_or_404(SavedReply, pk=reply), member=me(request))
    messages.success(request, _("The saved reply is gone."))
    return redirect("respond:replies")


@requires(Permission.DRAFT_REPLY)
@require_safe
def offer(request: HttpRequest, case: int) -> HttpResponse:
    """What may be put into an answer to this case."""
    row = get_object_or_404(Case.objects.select_related("person"), pk=case)
    words = request.GET.get("words", "").replace("\0", "")[:100]
    found = saved_replies.offered(case=row, member=me(request), words=words)
    return render(request, "respond/offered.html", {"offered": found, "words": words})


def _form(request: HttpRequest, reply: SavedReply | None) -> HttpResponse:
    initial = {name: getattr(reply, name) for name in ("title", "body", "department") if reply}
    form = SavedReplyForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            saved_replies.save(member=me(request), reply=reply, **form.cleaned_data)
        except Refused as refused:
            form.add_error("title", str(refused))
        else:
            messages.success(request, _("The saved reply is kept."))
            return redirect("respond:replies")
    status = 422 if form.is_bound else 200
    return render(
        request, "respond/saved_reply.html", {"form": form, "reply": reply}, status=status
    )
