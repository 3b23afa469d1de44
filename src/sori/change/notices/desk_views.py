"""The pages of notices for the desk: all of them, one, and its way to its readers."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sori.change.notices import drafting, forms, posting, reckoning, selectors, services
from sori.change.notices.models import Notice, Phase
from sori.errors import Refused
from sori.journal.models import Event
from sori.listen import memory
from sori.staff.doing import doing
from sori.staff.permissions import Permission, me, requires

PAGE: Final = 30
_MOST: Final = 10**15


@requires(Permission.READ_OVERVIEW)
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """All notices, the newest first, or those of one phase."""
    asked = request.GET.get("phase", "")
    phase = asked if asked in set(Phase) else ""
    now = timezone.now()
    page = Paginator(selectors.listed(phase), PAGE).get_page(request.GET.get("page"))
    rows = [(row, row.phase(now), selectors.is_old(row, now)) for row in page.object_list]
    counts = {one: selectors.listed(one).count() for one in Phase}
    context = {"rows": rows, "phase": phase, "counts": counts, "page": page}
    return render(request, "notices/notices.html", context)


@requires(Permission.READ_OVERVIEW)
@require_GET
def notice(request: HttpRequest, notice: int) -> HttpResponse:
    """One notice: what readers see, how it went on, where else it was posted."""
    rows = Notice.objects.select_related(
        "created_by", "approved_by", "ended_by", "surge", "initiative"
    )
    row = get_object_or_404(rows, pk=notice)
    return _page(request, row, forms.UpdateForm())


@requires(Permission.READ_OVERVIEW)
@require_GET
def spared(request: HttpRequest, notice: int) -> HttpResponse:
    """How many questions it spared; a part of a page, for it asks the lake."""
    row = get_object_or_404(Notice.objects.select_related("surge"), pk=notice)
    found = reckoning.reckon(memory.counting_reader(), row, timezone.now())
    return render(request, "notices/spared.html", {"row": row, "found": found})


@requires(Permission.WRITE_NOTICE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write a notice, perhaps about a surge, a theme or an initiative that the address names."""
    form = forms.NoticeForm(request.POST or None, initial=forms.initial(_drafted(request)))
    if form.is_valid():
        row = services.draft(member=me(request), **form.fields_of_notice)
        messages.success(request, _("The draft is kept. Nobody outside sees it yet."))
        return redirect("notices:notice", notice=row.pk)
    return _form(request, form, None)


@requires(Permission.WRITE_NOTICE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, notice: int) -> HttpResponse:
    """Change what a notice says."""
    row = get_object_or_404(Notice, pk=notice)
    form = forms.NoticeForm(request.POST or None, initial=forms.of_notice(row))
    if form.is_valid():
        try:
            services.change(notice=row, member=me(request), **form.fields_of_notice)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The notice is kept."))
            return redirect("notices:notice", notice=row.pk)
    return _form(request, form, row)


@requires(Permission.PUBLISH_NOTICE)
@require_POST
def approve(request: HttpRequest, notice: int) -> HttpResponse:
    """Let everybody read it."""
    return _done(request, notice, services.approve, _("Approved. Customers can read it now."))


@requires(Permission.PUBLISH_NOTICE)
@require_POST
def go_on(request: HttpRequest, notice: int) -> HttpResponse:
    """Say one more word about it."""
    row = get_object_or_404(Notice.objects.select_related("created_by", "approved_by"), pk=notice)
    form = forms.UpdateForm(request.POST)
    if form.is_valid():
        try:
            services.go_on(notice=row, member=me(request), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Customers can read it now."))
            return redirect("notices:notice", notice=row.pk)
    return _page(request, row, form, status=422)


@requires(Permission.PUBLISH_NOTICE)
@require_POST
def still_true(request: HttpRequest, notice: int) -> HttpResponse:
    """Somebody looked, and it stands."""
    return _done(request, notice, services.still_true, _("It goes on being shown."))


@requires(Permission.PUBLISH_NOTICE)
@require_POST
def end(request: HttpRequest, notice: int) -> HttpResponse:
    """Show it no more."""
    return _done(request, notice, services.end, _("The notice has ended."))


@requires(Permission.WRITE_NOTICE)
@require_POST
def throw_away(request: HttpRequest, notice: int) -> HttpResponse:
    """Delete a draft."""
    row = get_object_or_404(Notice, pk=notice)
    try:
        services.throw_away(notice=row, member=me(request))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("notices:notice", notice=notice)
    messages.success(request, _("The draft is gone."))
    return redirect("notices:notices")


def _done(request: HttpRequest, notice: int, deed: Callable[..., None], words: str) -> HttpResponse:
    row = get_object_or_404(Notice, pk=notice)
    with doing(request, words):
        deed(notice=row, member=me(request))
    return redirect("notices:notice", notice=notice)


def _drafted(request: HttpRequest) -> dict[str, Any]:
    """What the new notice begins with: words about what the address names."""
    for name, draft in drafting.SOURCES.items():
        asked = request.GET.get(name, "")
        if asked.isascii() and asked.isdecimal() and int(asked) < _MOST:
            return draft(int(asked)) or drafting.blank()
    return drafting.blank()


def link_of(request: HttpRequest) -> str:
    """Where everybody can read on."""
    return request.build_absolute_uri(reverse("notices:now"))


def _form(request: HttpRequest, form: forms.NoticeForm, row: Notice | None) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "notices/write.html", {"form": form, "row": row}, status=status)


def _page(
    request: HttpRequest, row: Notice, form: forms.UpdateForm, *, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    phase = row.phase(now)
    places = dict(Notice.Place.choices)
    context = {
        "row": row,
        "phase": phase,
        "old": selectors.is_old(row, now),
        "updates": list(row.updates.select_related("member")),
        "places": [places[one] for one in row.places if one in places],
        "answers": forms.name_of(row.sort, row.key),
        "prepared": posting.prepared(row, link_of(request)) if phase is Phase.SHOWN else [],
        "used": Event.objects.filter(kind="notice.used", about=f"notice:{row.pk}").count(),
        "form": form,
    }
    return render(request, "notices/notice.html", context, status=status)
