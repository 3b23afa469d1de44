"""How a visitor comes into the portal and leaves it, and how a reader of our mail stops it."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from sori.change.ideas import entering, telling, wishes
from sori.change.ideas.forms import MailForm, NameForm
from sori.change.ideas.taking_part import Actor
from sori.change.ideas.views.pages import visit
from sori.errors import Refused
from sori.listen.restraint import too_often
from sori.staff.permissions import public
from sori.staff.views import site_of

LINKS_AN_HOUR: Final = 10
OPENED_AN_HOUR: Final = 60


@public
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, language: str) -> HttpResponse:
    """Ask for a mail address and send a link there; says the same whoever has it."""
    here = visit(request, language)
    if request.method != "POST":
        return here.page("portal/enter.html", {"form": MailForm(), "deed": "", "refused": ""})
    with translation.override(language):
        form = MailForm(request.POST)
        valid = form.is_valid()
        wish = wishes.unsealed(form.cleaned_data.get("wish", ""))
        context = {"form": form, "deed": wish.get("deed", ""), "refused": ""}
    if not valid:
        return here.page("portal/enter.html", context, status=422)
    if form.trapped:
        return here.page("portal/sent.html", {"mail": form.cleaned_data["email"]})
    if too_often(request, "ideas-link", LINKS_AN_HOUR):
        with translation.override(language):
            context["refused"] = _("Many links were asked for here. Please try again in an hour.")
        return here.page("portal/enter.html", context, status=429)
    mail = form.cleaned_data["email"]
    entering.ask(mail=mail, language=language, wish=wish, site=site_of(request))
    return here.page("portal/sent.html", {"mail": mail})


@public
@require_http_methods(["GET", "HEAD", "POST"])
def come_in(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """Come in by a link; it waits for a click, for mail programs open links by themselves."""
    here = visit(request, language)
    entry = None
    if not too_often(request, "ideas-opened", OPENED_AN_HOUR):
        entry = entering.opened(token)
    if entry is None:
        return here.page("portal/dead.html", {}, status=410)
    with translation.override(language):
        form = NameForm(request.POST or None, initial={"name": entering.name_of(entry.mail)})
        if request.method != "POST" or not form.is_valid():
            return here.page(
                "portal/come_in.html",
                {
                    "form": form,
                    "deed": entry.wish.get("deed", ""),
                    "title": entry.wish.get("title", ""),
                },
            )
        try:
            came = entering.come_in(token=token, name=form.cleaned_data["name"])
        except Refused as refused:
            return here.page("portal/refused.html", {"words": str(refused)}, status=409)
        if came is None:
            return here.page("portal/dead.html", {}, status=410)
        identity, used = came
        try:
            response: HttpResponse = redirect(
                wishes.fulfil(Actor(identity.person, None, language), used.wish)
            )
        except Refused as refused:
            response = here.page("portal/refused.html", {"words": str(refused)}, status=409)
    entering.remember(response, identity)
    return response


@public
@require_POST
def leave(request: HttpRequest, language: str) -> HttpResponse:  # noqa: ARG001
    """Be a stranger again in this browser."""
    response = redirect("ideas:portal", language=language)
    entering.forget(response)
    return response


# A mail program posts here by itself (RFC 8058): it has no cookie of ours, and the key in the
# address allows nothing but this.
@public
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Hear no more of an idea, by the link in a mail."""
    subscription = telling.stopped_by(token)
    if subscription is None:
        return render(request, "portal/stop.html", {"subscription": None}, status=410)
    with translation.override(subscription.language):
        if request.method == "POST":
            telling.stop(subscription)
            subscription.refresh_from_db()
        return render(request, "portal/stop.html", {"subscription": subscription})
