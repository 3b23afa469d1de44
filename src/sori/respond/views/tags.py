"""Tags: put on and taken off in the case, and kept in order on a page of their own."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sori.errors import Refused
from sori.respond import tagging
from sori.respond.forms import TagForm
from sori.respond.models import Tag
from sori.respond.views.place import me
from sori.respond.views.showing import attempt, shown
from sori.staff.models import Member
from sori.staff.permissions import Permission, allows, requires


class NamedTagForm(forms.Form):
    """What a tag is called and how it is painted."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=tagging.LONGEST)
    colour = forms.ChoiceField(
        label=gettext_lazy("Colour"), choices=Tag.Colour, initial=Tag.Colour.GREY
    )


@requires(Permission.RUN_CASE)
@require_POST
def tag(request: HttpRequest, case: int) -> HttpResponse:
    """Put a tag on, by its name; whoever looks after the desk makes new ones that way."""
    name = request.POST.get("name", "") or request.POST.get("letters", "")

    def deed() -> None:
        tagging.put_on(case=case, tag=_named(name, me(request)), member=me(request))

    return attempt(request, case, deed)


@requires(Permission.RUN_CASE)
@require_POST
def untag(request: HttpRequest, case: int) -> HttpResponse:
    """Take a tag off."""
    form = TagForm(request.POST)
    if not form.is_valid():
        return shown(request, case, problem=_("There is no such tag."))
    chosen = form.cleaned_data["tag"]
    return attempt(
        request, case, lambda: tagging.take_off(case=case, tag=chosen, member=me(request))
    )


@requires(Permission.RUN_CASE)
@require_safe
def likely(request: HttpRequest, case: int) -> HttpResponse:
    """The tags that what was typed may mean: a part of the palette."""
    typed = tagging.tidy(request.GET.get("letters", ""))[: tagging.LONGEST]
    new = typed if typed and tagging.find(typed) is None else ""
    context = {"typed": typed, "new": new, "found": tagging.like(typed, without=case)}
    return render(request, "respond/likely_tags.html", context)


@requires(Permission.CHANGE_DESK)
@require_safe
def tags(request: HttpRequest) -> HttpResponse:
    """All of them."""
    return render(request, "respond/tags.html", {"tags": tagging.counted()})


@requires(Permission.CHANGE_DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def new_tag(request: HttpRequest) -> HttpResponse:
    """Make one."""
    return _form(request, None)


@requires(Permission.CHANGE_DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def change_tag(request: HttpRequest, tag: int) -> HttpResponse:
    """Give one another name or colour."""
    return _form(request, get_object_or_404(Tag, pk=tag, merged_into=None))


@requires(Permission.CHANGE_DESK)
@require_POST
def merge_tag(request: HttpRequest, tag: int) -> HttpResponse:
    """Let its conversations carry another."""
    row = get_object_or_404(Tag, pk=tag, merged_into=None)
    form = TagForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("There is no such tag."))
        return redirect("respond:change_tag", tag=tag)
    try:
        tagging.merge(tag=row, into=form.cleaned_data["tag"], member=me(request))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("respond:change_tag", tag=tag)
    messages.success(request, _("The tags are one."))
    return redirect("respond:tags")


@requires(Permission.CHANGE_DESK)
@require_POST
def delete_tag(request: HttpRequest, tag: int) -> HttpResponse:
    """Throw one away."""
    tagging.delete(tag=get_object_or_404(Tag, pk=tag), member=me(request))
    messages.success(request, _("The tag is gone."))
    return redirect("respond:tags")


def _named(name: str, member: Member) -> Tag:
    if allows(member, Permission.CHANGE_DESK):
        return tagging.make(name=name, member=member)
    found = tagging.find(name)
    if found is None:
        raise Refused(_("There is no such tag."))
    return found


def _form(request: HttpRequest, tag: Tag | None) -> HttpResponse:
    initial = {"name": tag.name, "colour": tag.colour} if tag else None
    form = NamedTagForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            _save(tag, form.cleaned_data["name"], form.cleaned_data["colour"], me(request))
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, _("The tag is saved."))
            return redirect("respond:tags")
    others = [one for one in tagging.everything() if tag and one["id"] != tag.pk]
    context = {"form": form, "tag": tag, "others": others}
    return render(request, "respond/tag.html", context, status=422 if form.is_bound else 200)


def _save(tag: Tag | None, name: str, colour: str, member: Member) -> None:
    if tag:
        tagging.change(tag=tag, name=name, colour=colour, member=member)
    elif tagging.find(name):
        raise Refused(_("There is another tag of this name; merge the two."))
    else:
        tagging.make(name=name, member=member, colour=colour)
