"""Write down a call or a visit in twenty seconds; and who is calling right now."""

from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sori.channels import registry
from sori.errors import Refused
from sori.listen import calling
from sori.listen.forms import CallForm
from sori.listen.models import Intake, Ringing, Source
from sori.people import listing
from sori.people import selectors as known
from sori.staff.permissions import Permission, me, requires

FOUND: Final = 6
_RINGS_FOR: Final = timedelta(minutes=2)


@requires(Permission.LOG_CALL)
@require_http_methods(["GET", "HEAD", "POST"])
def new_call(request: HttpRequest) -> HttpResponse:
    """The form, filled in as far as the telephone system knows; after saving, the next one."""
    sources = Source.objects.filter(channel=calling.CHANNEL).exclude(state=Source.State.PAUSED)
    names = ("phone", "call", "way")
    first: dict[str, Any] = {name: request.GET[name] for name in names if name in request.GET}
    first |= {"key": uuid4().hex, "at": timezone.localtime(), "person": request.GET.get("person")}
    form = CallForm(request.POST or None, initial={"way": "phone"} | first, sources=sources)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            row = calling.log_call(
                source=said["source"],
                member=me(request),
                key=said["key"].hex,
                body=form.body(),
                person=said["person"],
            )
        except Refused as refused:
            form.add_error(None, _(str(refused)))
        else:
            return redirect(f"{reverse('listen:new_call')}?logged={row.pk}")
    context = {
        "form": form,
        "sources": sources,
        "logged": _logged(request.GET.get("logged", "")),
        "calls": _ringing(me(request).email),
    } | _found(str(form["phone"].value() or ""), "", str(form["person"].value() or ""))
    return render(request, "listen/call.html", context, status=422 if form.errors else 200)


@requires(Permission.LOG_CALL)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Who it may be, while the number or the name is being typed."""
    asked = (request.GET.get(name, "") for name in ("phone", "name", "person"))
    return render(request, "listen/call_people.html", _found(*asked))


@requires(Permission.LOG_CALL)
@require_safe
def ringing(request: HttpRequest) -> HttpResponse:
    """Who is calling this member right now."""
    calls = _ringing(me(request).email)
    return render(request, "listen/ringing.html", {"calls": calls})


def _logged(delivery: str) -> Intake | None:
    return Intake.objects.filter(pk=delivery).first() if delivery.isdecimal() else None


def _found(phone: str, name: str, chosen: str) -> dict[str, Any]:
    """Whom the words find, a number before a name; whoever is chosen stays among them."""
    digits = "".join(letter for letter in phone if letter.isdigit() or letter == "+")
    rows: dict[int, dict[str, Any]] = {}
    for words in (digits, name.replace("\0", "").strip()[:80]):
        if len(words) >= 2:
            found = listing.people(words=words).rows
            rows |= {row["id"]: row for row in found[:FOUND] if row["id"] not in rows}
    picked = int(chosen) if chosen.isdecimal() and len(chosen) < 18 else 0
    if picked and picked not in rows:
        rows = {row["id"]: row for row in listing.of([picked])} | rows
    return {"people": list(rows.values())[: FOUND + 1], "picked": picked}


def _ringing(mail: str) -> list[dict[str, Any]]:
    """The calls that ring for a member, newest first, with who it may be."""
    since = timezone.now() - _RINGS_FOR
    rows = Ringing.objects.filter(ended_at=None, started_at__gt=since).select_related("source")
    model = registry.channel(calling.CHANNEL).Settings
    calls: list[dict[str, Any]] = []
    for row in rows.order_by("-started_at")[:20]:
        settings: Any = model.model_validate(row.source.settings)
        if settings.by_extension.get(row.extension, mail.casefold()) == mail.casefold():
            calls.append({"call": row.call, "number": row.number, "source": row.source_id})
    who = known.with_number([call["number"] for call in calls])
    return [call | {"people": who.get(call["number"], [])} for call in calls[:3]]
