"""The pages on which people are told: whom, what, a dry run, the button, how far it has come."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from sori.change.initiatives.links import links
from sori.change.initiatives.models import Initiative
from sori.change.loops import audience, composing, selectors, services
from sori.change.loops.audience import Recipient
from sori.change.loops.forms import ApprovalForm, TextForm, hours_of
from sori.change.loops.models import Telling
from sori.change.loops.wording import BLANKS, DECLINED, SHIPPED
from sori.change.loops.words import REASONS
from sori.errors import Refused
from sori.listen import memory
from sori.respond.selectors import held
from sori.staff.permissions import Permission, allows, me, requires

PAGE: Final = 50


@requires(Permission.READ_INITIATIVES)
@require_GET
def tell(request: HttpRequest, initiative: int) -> HttpResponse:
    """Whom it would reach and whom not, the words, and once it runs, how far it has come."""
    row = get_object_or_404(Initiative, pk=initiative)
    telling = _telling(row)
    if request.htmx.target == "progress" and telling is not None:  # type: ignore[attr-defined]
        return render(request, "loops/progress.html", _progress(row, telling))
    return render(request, "loops/tell.html", _everything(request, row, telling))


@requires(Permission.READ_INBOX)
@require_GET
def dry_run(request: HttpRequest, initiative: int) -> HttpResponse:
    """Who would read what; nothing is sent."""
    row = get_object_or_404(Initiative, pk=initiative)
    telling = _telling(row)
    crowd = _crowd(row, telling)
    shown = [one for one in crowd if one.told == (request.GET.get("show") != "not")]
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    context = {
        "initiative": row,
        "telling": telling,
        "told": sum(one.told for one in crowd),
        "not_told": sum(not one.told for one in crowd),
        "show": "not" if request.GET.get("show") == "not" else "told",
        "rows": [(one, _letter(telling, one, request)) for one in page.object_list],
        "page": page,
        "reasons": REASONS,
    }
    return render(request, "loops/dry_run.html", context)


@requires(Permission.READ_INBOX)
@require_GET
def results(request: HttpRequest, initiative: int) -> HttpResponse:
    """What became of each on the list."""
    row = get_object_or_404(Initiative, pk=initiative)
    telling = get_object_or_404(Telling, initiative=row, outcome=services.outcome_of(row))
    page = Paginator(selectors.results(telling), PAGE).get_page(request.GET.get("page"))
    context = {"initiative": row, "telling": telling, "page": page, "reasons": REASONS}
    return render(request, "loops/results.html", context)


@requires(Permission.TELL_PEOPLE)
@require_POST
def write(request: HttpRequest, initiative: int) -> HttpResponse:
    """Keep the words; the page then shows what each will read."""
    row = get_object_or_404(Initiative, pk=initiative)
    form = TextForm(request.POST)
    problem = ""
    if form.is_valid():
        try:
            services.write(
                initiative=row,
                member=me(request),
                texts=form.texts,
                per_minute=form.cleaned_data["per_minute"],
                quiet=form.quiet,
            )
        except Refused as refused:
            problem = str(refused)
        else:
            return redirect("loops:tell", initiative=row.pk)
    context = _everything(request, row, _telling(row)) | {"form": form, "problem": problem}
    return render(request, "loops/tell.html", context, status=422)


@requires(Permission.TELL_PEOPLE)
@require_POST
def approve(request: HttpRequest, initiative: int) -> HttpResponse:
    """Tell everybody on the list that the page showed."""

    def act(telling: Telling) -> str:
        form = ApprovalForm(request.POST)
        expected = form.cleaned_data["expected"] if form.is_valid() else 0
        services.approve(memory.reader(), telling=telling, member=me(request), expected=expected)
        return _("They are being told now.")

    return _act(request, initiative, act)


@requires(Permission.TELL_PEOPLE)
@require_POST
def stop(request: HttpRequest, initiative: int) -> HttpResponse:
    """Tell nobody more for now."""

    def act(telling: Telling) -> str:
        taken = services.stop(telling=telling, member=me(request))
        words = ngettext(
            "Stopped; %(num)d notice was taken back.",
            "Stopped; %(num)d notices were taken back.",
            taken,
        )
        return words % {"num": taken}

    return _act(request, initiative, act)


@requires(Permission.TELL_PEOPLE)
@require_POST
def go_on(request: HttpRequest, initiative: int) -> HttpResponse:
    """Tell the rest."""

    def act(telling: Telling) -> str:
        services.go_on(telling=telling, member=me(request))
        return _("The rest of them are being told now.")

    return _act(request, initiative, act)


def _act(request: HttpRequest, initiative: int, deed: Callable[[Telling], str]) -> HttpResponse:
    row = get_object_or_404(Initiative, pk=initiative)
    telling = get_object_or_404(Telling, initiative=row, outcome=services.outcome_of(row))
    try:
        messages.success(request, deed(telling))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("loops:tell", initiative=row.pk)


def _telling(row: Initiative) -> Telling | None:
    """The telling of what there is to tell now."""
    tellings = row.tellings.select_related("approved_by", "initiative")
    return tellings.filter(outcome=services.outcome_of(row)).first()


def _crowd(row: Initiative, telling: Telling | None) -> Sequence[Recipient]:
    everybody = audience.everybody(memory.reader(), row)
    return audience.untold(telling, everybody) if telling else everybody


def _everything(request: HttpRequest, row: Initiative, telling: Telling | None) -> dict[str, Any]:
    crowd = _crowd(row, telling)
    may_read = allows(request.user, Permission.READ_INBOX)
    texts = telling.words if telling else {}
    begin = DECLINED if services.outcome_of(row) == Telling.Outcome.NO else SHIPPED
    written = bool(telling) and any(text.body for text in texts.values())
    here = reverse("loops:tell", kwargs={"initiative": row.pk})
    context: dict[str, Any] = {
        "links": links(row.pk, request.user, here),
        "initiative": row,
        "telling": telling,
        "outcome": services.outcome_of(row),
        "crowd": len(crowd),
        "accounts": sum(len(one.accounts) for one in crowd if one.told),
        "told": sum(one.told for one in crowd),
        "reach": selectors.reach(crowd),
        "left": selectors.reasons(crowd),
        "reasons": REASONS,
        "variants": selectors.variants(telling, crowd, me(request))
        if telling and written and may_read
        else [],
        "written": written,
        "form": TextForm.beginning(texts if written else begin, **_hours(telling)),
        "problem": "",
        "places": BLANKS.written,
    }
    if telling is None:
        return context | {"listed": False, "closed": None}
    return context | _progress(row, telling) | {"closed": selectors.closed(telling, crowd)}


def _hours(telling: Telling | None) -> dict[str, Any]:
    if telling is None:
        return {}
    hours = hours_of(telling.quiet_from, telling.quiet_until)
    return hours | {"per_minute": telling.per_minute}


def _progress(row: Initiative, telling: Telling) -> dict[str, Any]:
    channels = selectors.progress(telling)
    return {
        "initiative": row,
        "telling": telling,
        "channels": channels,
        "everybody": sum(one.all for one in channels),
        "arrived": sum(one.arrived for one in channels),
        "listed": bool(channels) or telling.notices.exists(),
        "not_told": selectors.not_told(telling),
        "reasons": REASONS,
        "rests_until": selectors.rests_until(telling),
        "held": held(),
    }


def _letter(
    telling: Telling | None, one: Recipient, request: HttpRequest
) -> composing.Letter | None:
    if telling is None or not one.told:
        return None
    return composing.letter(telling, composing.about(one), telling.approved_by or me(request))
