"""Pages that show where mentions went."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from sori.change.initiatives.models import Initiative
from sori.change.signing import sign, take_back
from sori.database import write_atomic
from sori.listen import memory
from sori.mention import is_id
from sori.staff.doing import doing
from sori.staff.models import Member
from sori.staff.permissions import Permission, allows, requires
from sori.tracing import finding, wording
from sori.tracing.counted import Counted, counted
from sori.tracing.ending import NOTHING, WAITING, End
from sori.tracing.facts import company
from sori.tracing.forms import EndingForm
from sori.tracing.way import way

PAGE: Final = 50


@requires(Permission.READ_MENTIONS)
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Find a mention by its id, its case or its words."""
    asked = request.GET.get("q", "").strip()[: finding.LONGEST]
    private = allows(request.user, Permission.READ_INBOX)
    found: list[dict[str, Any]] = []
    if asked:
        ids = finding.find(memory.reader(), asked, private=private)
        if ids == [asked]:
            return redirect("tracing:mention", mention=asked)
        found = _listed(ids, private=private)
    return render(request, "tracing/search.html", {"asked": asked, "found": found, **_words()})


@requires(Permission.READ_MENTIONS)
@require_GET
def mention(request: HttpRequest, mention: str) -> HttpResponse:
    """The way of one mention."""
    return _way(request, mention)


@requires(Permission.CHANGE_THEMES)
@require_POST
def end(request: HttpRequest, mention: str) -> HttpResponse:
    """Sign what becomes of a mention that nothing holds."""
    assert isinstance(request.user, Member)
    found = way(memory.lake(), memory.reader(), mention, private=True)
    if found is None:
        raise Http404
    form = EndingForm(request.POST)
    if not found.signable:
        messages.error(request, pgettext("ending", "Something holds it already."))
    elif not form.is_valid():
        return _way(request, mention, form)
    else:
        with doing(request):
            sign(mention=mention, member=request.user, **form.cleaned_data)
    return redirect(_after(request, mention))


@requires(Permission.CHANGE_THEMES)
@require_POST
def end_shown(request: HttpRequest) -> HttpResponse:
    """Sign all unsorted ideas that a page has shown, with one reason."""
    assert isinstance(request.user, Member)
    form = EndingForm(request.POST)
    if form.is_valid():
        ids = [one for one in request.POST.getlist("mention")[:PAGE] if is_id(one)]
        waiting = [row["id"] for row in _listed(ids, private=True) if row["end"] == End.UNSORTED]
        with write_atomic():
            for one in waiting:
                sign(mention=one, member=request.user, **form.cleaned_data)
    else:
        messages.error(request, pgettext("ending", "Say why, in a line."))
    return redirect("tracing:orphans")


@requires(Permission.CHANGE_THEMES)
@require_POST
def wait(request: HttpRequest, mention: str) -> HttpResponse:
    """Take back what was signed: it waits again."""
    assert isinstance(request.user, Member)
    take_back(mention=mention, member=request.user)
    return redirect("tracing:mention", mention=mention)


@requires(Permission.READ_MENTIONS)
@require_GET
def orphans(request: HttpRequest) -> HttpResponse:
    """How many mentions stand where, what is lost, and which ideas wait to be sorted."""
    again = request.GET.get("again") == "1"
    found = counted(memory.lake(), memory.reader(), again=again)
    if again:
        return redirect("tracing:orphans")
    private = allows(request.user, Permission.READ_INBOX)
    why = {one.mention: one.why for one in found.check.lost}
    every = _listed([*why, *found.check.unsorted], private=private)
    context = {
        "counted": found,
        "bars": _bars(found),
        "lost": [row for row in every if row["end"] == End.LOST],
        "unsorted": [row for row in every if row["end"] == End.UNSORTED],
        "why": {one: wording.why(reason) for one, reason in why.items()},
        "form": EndingForm(auto_id=False),
        **_words(),
    }
    return render(request, "tracing/orphans.html", context)


@requires(Permission.READ_MENTIONS)
@require_GET
def sentences(request: HttpRequest, initiative: int) -> HttpResponse:
    """Every sentence behind an initiative, a page at a time."""
    row = get_object_or_404(Initiative, pk=initiative)
    private = allows(request.user, Permission.READ_INBOX)
    ids = finding.behind(memory.reader(), row)
    after = request.GET.get("after", "")
    rest = [one for one in ids if not after or one < after]
    context = {
        "row": row,
        "found": _listed(rest[:PAGE], private=private),
        "total": len(ids),
        "next": rest[PAGE - 1] if len(rest) > PAGE else "",
        **_words(),
    }
    return render(request, "tracing/sentences.html", context)


def _way(request: HttpRequest, mention: str, form: EndingForm | None = None) -> HttpResponse:
    private = allows(request.user, Permission.READ_INBOX)
    found = way(memory.lake(), memory.reader(), mention, private=private)
    if found is None:
        raise Http404
    context = {
        "way": found,
        "why": wording.why(found.why) if found.why else "",
        "form": form or EndingForm(),
        **_words(),
    }
    return render(request, "tracing/way.html", context, status=422 if form else 200)


def _listed(ids: list[str], *, private: bool) -> list[dict[str, Any]]:
    return finding.shown(memory.reader(), company(memory.lake()), ids, private=private)


def _after(request: HttpRequest, mention: str) -> str:
    return "tracing:orphans" if request.POST.get("list") else f"/trace/{mention}/"


def _bars(found: Counted) -> list[dict[str, Any]]:
    """The ends that were found, the most frequent first within lost, waiting, ended, nothing."""
    states = found.check.states
    owed = sum(count for end_, count in states.items() if end_ not in NOTHING)
    rows = [
        {
            "end": end_,
            "count": count,
            "share": count / owed if owed else 0.0,
            "group": _group(end_),
        }
        for end_, count in states.most_common()
        if count
    ]
    order = ("lost", "waiting", "ended", "nothing")
    return sorted(rows, key=lambda row: order.index(str(row["group"])))


def _group(end_: End) -> str:
    if end_ == End.LOST:
        return "lost"
    if end_ in WAITING:
        return "waiting"
    return "nothing" if end_ in NOTHING else "ended"


def _words() -> dict[str, Any]:
    return {"end_word": wording.end, "end_icon": wording.ICONS}
