"""The public form: anybody may write to us; what they wrote is safe before we say thank you."""

from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from sori.channels import registry
from sori.listen.continuing import case_of
from sori.listen.forms import PublicForm
from sori.listen.models import Source
from sori.listen.restraint import too_often
from sori.listen.services import take_in
from sori.staff.permissions import public

SALT = "sori.listen.form"
QUICKEST = 2
LONGEST = 60 * 60 * 12
MOST_AN_HOUR = 20


# No cookie of ours is sent into a frame on somebody else's page, so there is none to forge a
# request with; the signed ticket in the form does the rest.
@public
@csrf_exempt
@xframe_options_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of one source, and what became of what was sent."""
    source = _source(slug)
    asks = registry.channel("webform").Settings.model_validate(source.settings)
    filled = PublicForm(request.POST or None, asks=asks)
    about = case_of(request.POST.get("about") or request.GET.get("about", ""))
    context: dict[str, Any] = {
        "asks": asks,
        "form": filled,
        "ticket": _ticket(request, slug),
        "about": about and (request.POST.get("about") or request.GET["about"]),
    }
    if request.method != "POST":
        return render(request, "listen/form.html", context)
    refusal = _refusal(request, slug)
    if refusal:
        context["refusal"] = refusal
        return render(request, "listen/form.html", context, status=422)
    if not filled.is_valid():
        return render(request, "listen/form.html", context, status=422)
    if not filled.trapped:
        # the ticket names the delivery: a second click on the same page is the same voice
        take_in(
            source=source,
            key=key_of(request.POST["ticket"]),
            body=filled.body() | ({"about": about} if about else {}),
        )
    return render(request, "listen/form_thanks.html", {"asks": asks})


@public
@require_GET
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """The script of the two-line embed: it puts the form into the page that includes it."""
    source = _source(slug)
    address = request.build_absolute_uri(f"/form/{source.slug}/")
    response = render(request, "listen/embed.js", {"address": address})
    response["Content-Type"] = "text/javascript; charset=utf-8"
    response["Cache-Control"] = "public, max-age=300"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _source(slug: str) -> Source:
    source = Source.objects.filter(slug=slug, channel="webform").first()
    if source is None or source.state == Source.State.PAUSED:
        raise Http404
    return source


def _ticket(request: HttpRequest, slug: str) -> str:
    """A form that was sent back keeps its ticket: it will be the same delivery."""
    ticket = request.POST.get("ticket", "")
    if slug_of(ticket) == slug:
        return ticket
    return signing.dumps([slug, get_random_string(22)], salt=SALT)


def key_of(ticket: str) -> str:
    """The name that the delivery of the form with this ticket has."""
    return salted_hmac(SALT, ticket, algorithm="sha256").hexdigest()[:40]


def _refusal(request: HttpRequest, slug: str) -> str:
    """Why this was not written by a person who read the page; empty when it may have been."""
    ticket = request.POST.get("ticket", "")
    if slug_of(ticket) != slug:
        return _("This form is too old. Please send it again.")
    if _named(ticket, QUICKEST) == slug:
        return _("That was very quick. Please send it again.")
    if too_often(request, "form", MOST_AN_HOUR):
        return _("Too many messages came from here. Please try again in an hour.")
    return ""


def slug_of(ticket: str) -> str | None:
    """Which form a ticket was made for, if it can still be sent."""
    return _named(ticket, LONGEST)


def _named(ticket: str, seconds: int) -> str | None:
    """Which form a ticket was made for, if it is ours and at most so old."""
    try:
        slug, _random = signing.loads(ticket, salt=SALT, max_age=seconds)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(slug)
