"""What a visitor does on the portal: write an idea, want one, follow one, say something of one.

Whoever is known has it done at once; whoever is not is asked for a mail address first, and what
they wanted comes along (see `wishes`).
"""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sori.change.ideas import likeness, selectors, wishes
from sori.change.ideas.forms import CommentForm, IdeaForm, MailForm
from sori.change.ideas.models import LONGEST_TITLE
from sori.change.ideas.views.pages import Visit, visit, words_of
from sori.change.ideas.views.portal import shown
from sori.change.ideas.wishes import Wish
from sori.errors import Refused
from sori.listen.restraint import too_often
from sori.staff.permissions import public

DEEDS_AN_HOUR: Final = 120
IDEAS_AN_HOUR: Final = 10
COMMENTS_AN_HOUR: Final = 20
LOOKS_AN_HOUR: Final = 400


@public
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, language: str) -> HttpResponse:
    """Write an idea; before it is sent, those that may be the same are shown once."""
    here = visit(request, language)
    first = {"title": words_of(request, "title", LONGEST_TITLE), "key": get_random_string(22)}
    with translation.override(language):
        form = IdeaForm(request.POST or None, boards=here.boards, initial=first)
    context: dict[str, Any] = {"form": form, "refused": ""}
    if request.method != "POST":
        return here.page("portal/new.html", context)
    if not form.is_valid():
        return here.page("portal/new.html", context, status=422)
    if form.trapped:
        return redirect("ideas:portal", language=language)
    if not request.POST.get("sure"):
        context["alike"] = selectors.alike(
            form.cleaned_data["title"], here.board_ids, near=likeness.ASKED
        )
        context["mine"] = selectors.stands_behind(
            here.actor, [row["id"] for row in context["alike"]]
        )
        if context["alike"]:
            return here.page("portal/same.html", context)
    if too_often(request, "idea", IDEAS_AN_HOUR):
        with translation.override(language):
            context["refused"] = _("Many ideas came from here. Please try again in an hour.")
        return here.page("portal/new.html", context, status=429)
    return do(here, form.wish())


@public
@require_POST
def alike(request: HttpRequest, language: str) -> HttpResponse:
    """While somebody is writing: ideas that may be the same; nothing when none is."""
    here = visit(request, language)
    # words travel in the body and not in the address, which stands in logs
    title = request.POST.get("title", "").replace("\0", "")[:LONGEST_TITLE]
    found = []
    if not too_often(request, "ideas-look", LOOKS_AN_HOUR):
        found = selectors.alike(title, here.board_ids)
    mine = selectors.stands_behind(here.actor, [row["id"] for row in found])
    return here.page("portal/alike.html", {"alike": found, "mine": mine})


@public
@require_POST
def vote(request: HttpRequest, language: str, idea: str) -> HttpResponse:
    """Want an idea, or take that back."""
    deed = "unvote" if request.POST.get("want") == "no" else "vote"
    return _deed(request, language, {"deed": deed, "idea": int(idea)})


@public
@require_POST
def follow(request: HttpRequest, language: str, idea: str) -> HttpResponse:
    """Be told what becomes of an idea, or no more."""
    deed = "unfollow" if request.POST.get("follow") == "no" else "follow"
    return _deed(request, language, {"deed": deed, "idea": int(idea)})


@public
@require_POST
def comment(request: HttpRequest, language: str, idea: str) -> HttpResponse:
    """Say something of an idea."""
    here = visit(request, language)
    with translation.override(language):
        form = CommentForm(request.POST)
        if not form.is_valid():
            return shown(here, int(idea), form=form, status=422)
        if form.trapped:
            return redirect("ideas:idea", language=language, idea=int(idea))
        if too_often(request, "ideas-comment", COMMENTS_AN_HOUR):
            words = _("Many comments came from here. Please try again in an hour.")
            return shown(here, int(idea), form=form, refused=words, status=429)
    wish = {"deed": "comment", "idea": int(idea), "body": form.cleaned_data["body"]}
    return do(here, wish)


def do(here: Visit, wish: Wish) -> HttpResponse:
    """Do what somebody wants, or ask first who they are."""
    if here.actor is None:
        form = MailForm(initial={"wish": wishes.sealed(wish)})
        return here.page("portal/enter.html", {"form": form, "deed": wish["deed"], "refused": ""})
    try:
        with translation.override(here.language):
            return redirect(wishes.fulfil(here.actor, wish))
    except Refused as refused:
        return here.page("portal/refused.html", {"words": str(refused)}, status=409)


def _deed(request: HttpRequest, language: str, wish: Wish) -> HttpResponse:
    here = visit(request, language)
    if too_often(request, "ideas-deed", DEEDS_AN_HOUR):
        with translation.override(language):
            words = _("Too many votes came from here. Please try again in an hour.")
        return shown(here, wish["idea"], refused=words, status=429)
    return do(here, wish)
