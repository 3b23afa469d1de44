"""The pages of one theme, and of one voice of it."""

from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from sori import charts
from sori.change import listing, selectors, sides, surging, voices, weight_forms
from sori.change.forms import DismissForm, EffortForm, NameForm, OtherForm
from sori.change.listing import Wanted
from sori.change.models import Correction, Dismissal, Split, Theme, ThemeChange
from sori.change.weighing import most
from sori.change.weights import weights
from sori.lake.query import Reader
from sori.listen import memory
from sori.respond.selectors import cases_of
from sori.staff.permissions import Permission, allows, requires

DAYS: Final = 60
LINEAGE: Final = 30


@requires(Permission.READ_OVERVIEW)
@require_GET
def theme(request: HttpRequest, theme: int) -> HttpResponse:
    """One theme: when, where and by whom it is said, and what people made of it."""
    row = get_object_or_404(Theme.objects.select_related("merged_into"), pk=theme)
    if row.merged_into_id is not None:
        return redirect("change:theme", theme=selectors.roots()[row.pk])
    private = _may_read_all(request)
    reader = memory.counting_reader()
    stream = voices.stream(reader, row, private=private, after=request.GET.get("after", "")[:80])
    cases = cases_of(one["id"] for one in stream.rows) if private else {}
    days, by_channel = listing.history(row, DAYS)
    surges = surging.of_theme(row)
    context: dict[str, Any] = {
        "subject": row,
        **weight_forms.in_words(),
        "figures": listing.row_of(row),
        "heaviest": most(weights()),
        "own": listing.row_of(row, Wanted(own=True)),
        "run": selectors.newest_run(),
        "stream": stream.rows,
        "next": stream.next,
        "cases": cases,
        "carriers": voices.carriers(reader, row, private=private),
        "by_channel": by_channel.most_common(),
        "chart": charts.volume(days, surging.marks(surges, days)) if days else None,
        "lineage": _lineage(row),
        "similar": selectors.similar(row),
        **_decided(row),
        **_sides(reader, row, private=private),
        "follows": selectors.follows(row, request.user.pk),
        "corrections": _corrections(row),
        "surges": surges,
        "may_read_all": private,
        "may_read_value": allows(request.user, Permission.READ_VALUE),
        "currency": settings.CURRENCY,
    }
    if allows(request.user, Permission.CHANGE_THEMES):
        context |= _forms(row)
    return render(request, "change/theme.html", context)


@requires(Permission.CHANGE_THEMES)
@require_GET
def voice(request: HttpRequest, theme: int, mention: str) -> HttpResponse:
    """One voice of a theme, and whether it belongs there."""
    row = get_object_or_404(Theme, pk=theme)
    said = voices.one(memory.counting_reader(), row, mention, private=_may_read_all(request))
    if said is None:
        raise Http404
    context = {"subject": row, "voice": said, "form": OtherForm(theme=row)}
    return render(request, "change/voice.html", context)


def _forms(row: Theme) -> dict[str, Any]:
    """What people may say about a theme."""
    return {
        "name_form": NameForm(instance=row),
        "merge_form": OtherForm(theme=row),
        "dismiss_form": DismissForm(),
        "effort_form": EffortForm(instance=row),
    }


def _decided(row: Theme) -> dict[str, Any]:
    """What people made of a theme that can be taken back."""
    put_back = Split.objects.exclude(undone_at=None).values("part")
    dismissals = Dismissal.objects.filter(theme=row, taken_back_at=None)
    standing = Split.objects.filter(undone_at=None).select_related("member", "part", "theme")
    return {
        "merged": list(Theme.objects.filter(merged_into=row).exclude(pk__in=put_back)),
        "dismissal": dismissals.select_related("member").first(),
        "splits": list(standing.filter(theme=row).order_by("-pk")),
        "split_off": standing.filter(part=row).first(),
    }


def _sides(reader: Reader, row: Theme, *, private: bool) -> dict[str, Any]:
    """Who says it, where it went and how it began; people and cases for who may read letters."""
    people, known = sides.people(reader, row) if private else ([], 0)
    return {
        "people": people,
        "known": known,
        "of_desk": sides.cases(reader, row) if private else None,
        "spoken": sides.languages(row),
        "first_voice": sides.first_voice(reader, row, private=private),
    }


def _may_read_all(request: HttpRequest) -> bool:
    """Whether this member may read letters, not only what all the world can read."""
    return allows(request.user, Permission.READ_INBOX)


def _lineage(theme: Theme) -> list[dict[str, Any]]:
    """What became of a theme, the newest first, with the names of the others."""
    changes = ThemeChange.objects.filter(theme__in=selectors.family(theme.pk))
    rows = list(changes.select_related("member", "theme").order_by("-pk")[:LINEAGE])
    numbers = {number for row in rows for number in [*row.before, *row.after]}
    names = dict(Theme.objects.filter(pk__in=numbers).values_list("pk", "name"))
    return [
        {
            "what": row.what,
            "words": row.get_what_display(),
            "at": row.at,
            "member": row.member.name if row.member else "",
            "theme": row.theme,
            "names": row.words,
            "others": [
                (number, names[number])
                for number in dict.fromkeys([*row.before, *row.after])
                if number != row.theme_id and number in names
            ],
        }
        for row in rows
    ]


def _corrections(theme: Theme) -> list[Correction]:
    """What people said about voices of a theme and have not taken back."""
    standing = Correction.objects.filter(theme__in=selectors.family(theme.pk), undone_at=None)
    return list(standing.select_related("member").order_by("-pk")[:LINEAGE])
