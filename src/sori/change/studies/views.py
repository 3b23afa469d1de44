"""The pages of studies: all of them, a new one, one as a report, and its files."""

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sori import charts
from sori.change.studies import exporting, forms, reading, services
from sori.change.studies.models import Study
from sori.journal.services import record
from sori.listen import memory
from sori.staff.permissions import Permission, allows, me, requires

PAGE: Final = 30
_HTMX_STOPS_POLLING: Final = 286


@requires(Permission.READ_MENTIONS)
@require_GET
def studies(request: HttpRequest) -> HttpResponse:
    """All studies, the newest first."""
    rows = Study.objects.select_related("created_by").defer("result")
    page = Paginator(rows.order_by("-created_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    return render(request, "studies/studies.html", {"page": page, "rows": list(page.object_list)})


@requires(Permission.RUN_STUDY)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a study; the address may name a rule or an earlier study to begin with."""
    form = forms.StudyForm(request.POST or None, initial=_begun(request))
    if form.is_valid():
        study = services.ask(member=me(request), **form.cleaned_data)
        return redirect("studies:study", study=study.pk)
    return render(request, "studies/new.html", {"form": form}, status=422 if form.is_bound else 200)


@requires(Permission.READ_MENTIONS)
@require_GET
def study(request: HttpRequest, study: int) -> HttpResponse:
    """One study, as a report that can be printed."""
    row = get_object_or_404(Study.objects.select_related("created_by"), pk=study)
    private = allows(request.user, Permission.READ_INBOX)
    report = reading.report(memory.counting_reader(), row, private=private)
    context: dict[str, Any] = {
        "study": row,
        "report": report,
        "charts": [charts.volume(side.days, []) for side in report.sides] if report else [],
    }
    return render(request, "studies/study.html", context)


@requires(Permission.READ_MENTIONS)
@require_GET
def progress(request: HttpRequest, study: int) -> HttpResponse:
    """How far it has come; a part of a page, which is loaded anew when it is done."""
    row = get_object_or_404(Study.objects.defer("result"), pk=study)
    response = render(request, "studies/progress.html", {"study": row})
    if row.state != Study.State.WAITING:
        response.status_code = _HTMX_STOPS_POLLING
        response["HX-Refresh"] = "true"
    return response


@requires(Permission.RUN_STUDY)
@require_POST
def again(request: HttpRequest, study: int) -> HttpResponse:
    """Gather it anew."""
    services.ask_again(study=get_object_or_404(Study, pk=study), member=me(request))
    return redirect("studies:study", study=study)


@requires(Permission.RUN_STUDY)
@require_POST
def delete(request: HttpRequest, study: int) -> HttpResponse:
    """Throw it away."""
    services.delete(study=get_object_or_404(Study, pk=study), member=me(request))
    messages.success(request, _("The study is gone."))
    return redirect("studies:studies")


@requires(Permission.RUN_STUDY)
@require_GET
def export(request: HttpRequest, study: int, form: str) -> HttpResponse:
    """What was found, as a file; with no sentence that not everybody may read."""
    row = get_object_or_404(Study, pk=study)
    report = reading.report(memory.counting_reader(), row, private=False)
    if report is None:
        raise Http404
    record("study.exported", f"study:{row.pk}", member=me(request), format=form)
    text = exporting.as_csv(report) if form == "csv" else exporting.as_json(row, report)
    response = HttpResponse(text, content_type=f"{exporting.FORMATS[form]}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="study-{row.pk}.{form}"'
    return response


def _begun(request: HttpRequest) -> dict[str, Any]:
    """What the form begins with."""
    asked = request.GET.get("like", "")
    if asked.isascii() and asked.isdecimal() and len(asked) < 19:
        like = Study.objects.filter(pk=int(asked)).defer("result").first()
        if like is not None:
            names = ("name", "question", "rule", "rule_name", "rival", "rival_name")
            return forms.initial() | {name: getattr(like, name) for name in names}
    return forms.initial(request.GET.get("rule", ""))
