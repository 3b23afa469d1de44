"""The pages of the themes: all of them, one of them, and one voice of one."""

from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from sori import charts
from sori.change import listing, selectors, surging, voices
from sori.change.forms import NameForm, OtherForm, read_wanted
from sori.change.listing import SORTS, STATES, Wanted
from sori.change.models import Correction, Theme, ThemeChange
from sori.listen import memory
from sori.mention import KINDS
from sori.respond.selectors import cases_of
from sori.staff.permissions import Permission, allows, requires

DAYS: Final = 60
LINEAGE: Final = 30


@requires(Permission.READ_OVERVIEW)
@require_GET
def themes(request: HttpRequest) -> HttpResponse:
    """What many people say, and what grows."""
    wanted = read_wanted(request.GET)
    page = Paginator(listing.listed(wanted), listing.PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "run": selectors.newest_run(),
        "wanted": wanted,
        "states": STATES,
        "sorts": SORTS,
        "kinds": KINDS,
        "channels": listing.channels(),
        "rows": list(page.object_list),
        "count": page.paginator.count,
        "newer": _link(wanted, page.number - 1) if page.has_previous() else "",
        "older": _link(wanted, page.number + 1) if page.has_next() else "",
        "link": lambda **changes: _link(wanted, **changes),
        "surges": surging.now(),
        "may_read_all": _may_read_all(request),
    }
    return render(request, "change/themes.html", context)


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
        "figures": listing.row_of(row),
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
        "merged": list(Theme.objects.filter(merged_into=row)),
        "corrections": _corrections(row),
        "surges": surges,
        "may_read_all": private,
        "name_form": NameForm(instance=row),
        "merge_form": OtherForm(theme=row),
    }
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


def _may_read_all(request: HttpRequest) -> bool:
    """Whether this member may read letters, not only what all the world can read."""
    return allows(request.user, Permission.READ_INBOX)


def _link(wanted: Wanted, page: int = 1, **changes: str) -> str:
    """The address of the same list, with something changed."""
    asked = {"state": wanted.state, "kind": wanted.kind, "channel": wanted.channel,
             "q": wanted.words, "sort": wanted.sort,
             "campaigns": "no" if wanted.own else ""} | changes  # fmt: skip
    usual = {"state": STATES[0], "sort": SORTS[0]}
    kept: dict[str, Any] = {
        name: value for name, value in asked.items() if value and value != usual.get(name)
    }
    if page > 1:
        kept["page"] = page
    return f"?{urlencode(kept)}" if kept else "?"


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
