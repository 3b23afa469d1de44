"""The public portal to read: the list and its search, one idea, a feed, a list for frames."""

from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sori.articles.everybody import FOR_ALL, led
from sori.articles.grams import LONGEST_QUERY
from sori.change.ideas import selectors
from sori.change.ideas.forms import CommentForm
from sori.change.ideas.models import Audience, Board, Status
from sori.change.ideas.views.pages import Visit, visit, words_of
from sori.staff.permissions import public
from sori.staff.views import site_of

IN_A_FEED: Final = 30
IN_A_FRAME: Final = 10


@public
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Lead to the portal in the language of the reader."""
    return led(request, "ideas:portal")


@public
@require_safe
def portal(request: HttpRequest, language: str) -> HttpResponse:
    """The list: by votes, by what is new or trending, of one board or status, or searched."""
    here = visit(request, language)
    asked = request.GET
    sort = asked.get("sort", "") if asked.get("sort") in selectors.SORTS else "votes"
    status = asked.get("status", "") if asked.get("status") in Status.values else ""
    board = _board(here, asked.get("board", ""))
    query = words_of(request, "q", LONGEST_QUERY)
    boards = [board.pk] if board else here.board_ids
    page = selectors.listed(
        boards, sort=sort, status=status, query=query, page=asked.get("page", "1")
    )
    context: dict[str, Any] = {
        "page": page,
        "mine": selectors.stands_behind(here.actor, [row["id"] for row in page.object_list]),
        "sort": sort,
        "status": status,
        "statuses": Status.choices,
        "counts": selectors.counts(boards),
        "board": board,
        "query": query,
    }
    return here.page("portal/home.html", context)


@public
@require_safe
def idea(request: HttpRequest, language: str, idea: str) -> HttpResponse:
    """One idea; what is part of another one leads there."""
    return shown(visit(request, language), int(idea))


def shown(here: Visit, idea: int, **more: Any) -> HttpResponse:
    """The page of an idea; `more` is what it says besides, and `status` the HTTP one."""
    row = selectors.one(idea)
    if row is None or row["audience"] != Audience.PUBLIC:
        return here.page("portal/gone.html", {}, status=404)
    if row["root"] != idea:
        return redirect("ideas:idea", language=here.language, idea=row["root"])
    status = more.pop("status", 200)
    context = {
        "row": row,
        "mine": selectors.stands_behind(here.actor, [idea]),
        "following": bool(selectors.follows(here.actor, [idea])),
        "form": CommentForm(),
        "done": here.request.GET.get("done", ""),
        "refused": "",
    }
    return here.page("portal/idea.html", context | more, status=status)


@public
@require_safe
def feed(request: HttpRequest, language: str) -> HttpResponse:
    """The newest ideas as an Atom feed."""
    here = visit(request, language)
    page = selectors.listed(here.board_ids, sort="new", size=IN_A_FEED)
    site = site_of(request)

    def address(name: str, **arguments: Any) -> str:
        return site + reverse(f"ideas:{name}", kwargs={"language": language, **arguments})

    with translation.override(language):
        title = " ".join(part for part in (settings.HELP_NAME, _("Ideas")) if part)
        atom = Atom1Feed(title, address("portal"), "", language, feed_url=address("feed"))
        for row in page.object_list:
            atom.add_item(
                row["title"],
                address("idea", idea=row["id"]),
                row["body"],
                pubdate=row["created_at"],
                updateddate=row["answered_at"] or row["created_at"],
                categories=[str(Status(row["status"]).label)],
            )
        text = atom.writeString("utf-8")
    response = HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
    response["Cache-Control"] = FOR_ALL
    return response


@public
@require_safe
def embed(request: HttpRequest, language: str) -> HttpResponse:
    """What is wanted most, to be shown in a frame on the sites that the board names."""
    here = visit(request, language)
    board = _board(here, request.GET.get("board", "")) or here.boards[0]
    page = selectors.listed([board.pk], sort="votes", size=IN_A_FRAME)
    response = here.page("portal/embed.html", {"page": page, "board": board})
    origins = board.origins.split()
    response["Content-Security-Policy"] = settings.CONTENT_SECURITY_POLICY.format(
        nonce="", frame=" ".join(origins) or "'none'"
    )
    response.xframe_options_exempt = bool(origins)
    response["Cache-Control"] = FOR_ALL
    return response


def _board(here: Visit, number: str) -> Board | None:
    """The board of the address; every board where it says none.

    Raises:
        Http404: it says one that is not there for everybody.
    """
    if not number:
        return None
    found = next((board for board in here.boards if str(board.pk) == number), None)
    if found is None:
        raise Http404
    return found
