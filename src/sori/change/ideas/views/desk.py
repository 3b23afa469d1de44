"""Ideas for members: the list, one idea, a new one, and taking part."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import get_random_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sori.articles.grams import LONGEST_QUERY
from sori.change.ideas import likeness, selectors, taking_part
from sori.change.ideas.forms import AnswerForm, CommentForm, IdeaForm, RewordForm
from sori.change.ideas.models import LONGEST_TITLE, Audience, Idea, Language, State, Status
from sori.change.ideas.taking_part import Actor
from sori.change.ideas.views.pages import words_of
from sori.errors import Refused
from sori.respond.models import Case
from sori.staff.doing import doing
from sori.staff.permissions import Permission, allows, me, requires


def member_acting(request: HttpRequest) -> Actor:
    """A member, as somebody who takes part."""
    spoken = get_language() or ""
    language = spoken if spoken in Language.values else Language.KO.value
    return Actor(None, me(request), language)


@requires(Permission.SIGNED_IN)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Every board's ideas, and what waits for a look."""
    asked, moderates = request.GET, allows(request.user, Permission.MODERATE_IDEAS)
    boards = selectors.boards(internal=True)
    view = asked.get("view", "")
    board = next((one for one in boards if str(one.pk) == asked.get("board", "")), None)
    context: dict[str, Any] = {
        "view": view if moderates and view in {"waiting", "hidden"} else "",
        "sort": asked.get("sort", "") if asked.get("sort") in selectors.SORTS else "votes",
        "status": asked.get("status", "") if asked.get("status") in Status.values else "",
        "statuses": Status.choices,
        "query": words_of(request, "q", LONGEST_QUERY),
        "boards": boards,
        "board": board,
        "waiting_count": selectors.waiting_count() if moderates else 0,
    }
    if context["view"] == "waiting":
        return render(request, "ideas/waiting.html", context | selectors.waiting())
    if context["view"] == "hidden":
        return render(request, "ideas/hidden.html", context | {"rows": selectors.hidden()})
    ids = [board.pk] if board else [one.pk for one in boards]
    page = selectors.listed(
        ids,
        sort=context["sort"],
        status=context["status"],
        query=context["query"],
        page=asked.get("page", "1"),
        size=40,
    )
    mine = selectors.stands_behind(member_acting(request), [row["id"] for row in page.object_list])
    return render(request, "ideas/desk.html", context | {"page": page, "mine": mine})


@requires(Permission.SIGNED_IN)
@require_safe
def one(request: HttpRequest, idea: int) -> HttpResponse:
    """An idea with all that members may know and do about it."""
    moderates = allows(request.user, Permission.MODERATE_IDEAS)
    row = selectors.one(idea, all_of_it=moderates)
    if row is None:
        raise Http404
    actor = member_acting(request)
    reads = allows(request.user, Permission.READ_INBOX)
    context: dict[str, Any] = {
        "row": row,
        "into": selectors.these([row["root"]])[0] if row["root"] != idea else None,
        "mine": bool(selectors.stands_behind(actor, [idea])),
        "following": bool(selectors.follows(actor, [idea])),
        "votes": selectors.votes(idea) if reads else [],
        "form": CommentForm(),
        "statuses": dict(Status.choices),
        "states": dict(State.choices),
        "answering": None,
        "rewording": None,
        "alike": [],
    }
    if moderates:
        context |= _moderating(row)
    return render(request, "ideas/idea.html", context)


@requires(Permission.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A member's own idea, or one that a customer voiced in a case, with their vote."""
    boards = selectors.boards(internal=True)
    if not allows(request.user, Permission.MODERATE_IDEAS):
        # what stands on a public board is the company's word
        boards = [board for board in boards if board.audience == Audience.INTERNAL]
    case = _case(request)
    first = {"title": words_of(request, "title", LONGEST_TITLE), "key": get_random_string(22)}
    form = IdeaForm(request.POST or None, boards=boards, initial=first)
    context = {"form": form, "alike": [], "case": case, "boards": boards}
    if request.method != "POST":
        return render(request, "ideas/new.html", context)
    if not form.is_valid():
        return render(request, "ideas/new.html", context, status=422)
    said, actor = form.cleaned_data, member_acting(request)
    if not request.POST.get("sure"):
        context["alike"] = selectors.alike(
            said["title"], [board.pk for board in boards], near=likeness.ASKED
        )
        if context["alike"]:
            return render(request, "ideas/new.html", context)
    key = f"m{me(request).pk}-{said['key']}"
    made = taking_part.propose(
        actor=actor, board=said["board"], title=said["title"], body=said["body"], key=key
    )
    if case is not None:
        customer = Actor(case.person, None, made.language)
        try:
            taking_part.vote(actor=customer, idea=made, by=me(request), case=case.pk)
        except Refused:
            messages.info(request, _("The board is for colleagues, so the customer has no vote."))
    messages.success(request, _("The idea is written down."))
    return redirect("ideas:one", idea=made.pk)


@requires(Permission.SIGNED_IN)
@require_POST
def member_alike(request: HttpRequest) -> HttpResponse:
    """While a member is writing: ideas of all boards that may be the same."""
    title = request.POST.get("title", "").replace("\0", "")[:LONGEST_TITLE]
    boards = [board.pk for board in selectors.boards(internal=True)]
    return render(request, "ideas/alike.html", {"alike": selectors.alike(title, boards)})


@requires(Permission.SIGNED_IN)
@require_POST
def member_vote(request: HttpRequest, idea: int) -> HttpResponse:
    """Want an idea, or take that back."""
    wants = request.POST.get("want") != "no"
    return _take_part(request, idea, taking_part.vote if wants else taking_part.take_vote_back)


@requires(Permission.SIGNED_IN)
@require_POST
def member_follow(request: HttpRequest, idea: int) -> HttpResponse:
    """Be told what becomes of an idea, or no more."""
    wants = request.POST.get("follow") != "no"
    return _take_part(request, idea, taking_part.follow if wants else taking_part.unfollow)


@requires(Permission.SIGNED_IN)
@require_POST
def member_comment(request: HttpRequest, idea: int) -> HttpResponse:
    """Say something of an idea."""
    form = CommentForm(request.POST)
    words = form.cleaned_data["body"] if form.is_valid() else ""
    return _take_part(request, idea, taking_part.comment, body=words)


def _take_part(request: HttpRequest, idea: int, deed: Any, **more: Any) -> HttpResponse:
    row = get_object_or_404(Idea, pk=idea)
    with doing(request):
        deed(actor=member_acting(request), idea=row, **more)
    return redirect("ideas:one", idea=idea)


def _moderating(row: dict[str, Any]) -> dict[str, Any]:
    """The forms of whoever moderates, and what may be the same as this idea."""
    boards = [one.pk for one in selectors.boards(internal=True) if one.audience == row["audience"]]
    board = {"board": row["board_id"], "title": row["title"], "body": row["body"]}
    return {
        "answering": AnswerForm(initial={"status": row["status"], "words": row["answer"]}),
        "rewording": RewordForm(initial=board),
        "alike": selectors.alike(row["title"], boards, but=row["id"]),
    }


def _case(request: HttpRequest) -> Case | None:
    """The case in which a customer voiced it; for those who may read it."""
    number = request.POST.get("case") or request.GET.get("case") or ""
    known = number.isascii() and number.isdecimal() and len(number) < 19
    if not known or not allows(request.user, Permission.MODERATE_IDEAS):
        return None
    return Case.objects.select_related("person").filter(pk=int(number)).first()
