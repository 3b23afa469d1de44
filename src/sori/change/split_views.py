"""Split a theme: choose words or sentences, look at both sides, do it, put it back."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sori.change import dividing
from sori.change.forms import SplitForm, read_voices, read_words
from sori.change.models import Split, Theme
from sori.change.parting import preview
from sori.errors import Refused
from sori.listen import memory
from sori.staff.doing import doing
from sori.staff.permissions import Permission, allows, me, requires


@requires(Permission.CHANGE_THEMES)
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, theme: int) -> HttpResponse:
    """Choose what becomes a theme of its own; the address may say words to begin with."""
    row = get_object_or_404(Theme, pk=theme)
    if row.merged_into_id is not None:
        return redirect("change:theme", theme=theme)
    if request.method != "POST":
        words = request.GET.get("words", "")[:500]
        name = request.GET.get("name", "")[:120]
        form = SplitForm(initial={"words": words, "name": name})
        return _page(
            request, row, form, read_words(words), read_voices(request.GET.getlist("voice"))
        )
    form = SplitForm(request.POST)
    chosen = read_voices(request.POST.getlist("voice"))
    if form.is_valid():
        said = {"name": form.cleaned_data["name"], "words": form.cleaned_data["words"]}
        try:
            part = dividing.divide(theme=theme, voices=chosen, member=me(request), **said)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("It is a theme of its own. The counts follow in a minute."))
            return redirect("change:theme", theme=part)
    return _page(request, row, form, read_words(request.POST.get("words", "")[:500]), chosen)


@requires(Permission.CHANGE_THEMES)
@require_POST
def put_back(request: HttpRequest, split: int) -> HttpResponse:
    """Take a split back."""
    row = get_object_or_404(Split, pk=split)
    with doing(request, _("It is one theme again. The counts follow in a minute.")):
        dividing.put_back(split=split, member=me(request))
    return redirect("change:theme", theme=row.theme_id)


def _page(
    request: HttpRequest, row: Theme, form: SplitForm, words: Sequence[str], chosen: Sequence[str]
) -> HttpResponse:
    private = allows(request.user, Permission.READ_INBOX)
    context = {
        "subject": row,
        "form": form,
        "words": words,
        "chosen": chosen,
        "sides": preview(memory.counting_reader(), row, words, private=private),
    }
    return render(request, "change/split.html", context, status=422 if form.errors else 200)
