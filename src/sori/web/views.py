"""The front door itself: where one begins, whether we are well, and what went wrong."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sori.staff.permissions import Permission, me, public, requires
from sori.web.navigation import first_door, workshop


@requires(Permission.SIGNED_IN)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The first room this member may enter."""
    return redirect(first_door(me(request)))


@requires(Permission.SIGNED_IN)
@require_GET
def set_up(request: HttpRequest) -> HttpResponse:
    """The rooms in which the others are set up."""
    return render(request, "settings.html", {"rooms": workshop(me(request))})


@public
@require_GET
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """200 when the database answers; for load balancers, says nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})


@public
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language of somebody who is not signed in; a member's is in their profile."""
    wanted = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/"
    response = redirect(back)
    if check_for_language(wanted):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, wanted, max_age=31_536_000, samesite="Lax"
        )
    return response


def failed(
    request: HttpRequest, status: int, title: str, words: str, icon: str = "circle-alert"
) -> HttpResponse:
    """A page that says what went wrong and where to go from here."""
    context = {"title": title, "words": words, "icon_name": icon, "status": status}
    return render(request, "failed.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """400."""
    return failed(request, 400, _("That did not work"), _("The request could not be read."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """403."""
    words = _("Your role does not include this. An administrator can change it.")
    return failed(request, 403, _("Not for you"), words, "lock")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """404."""
    words = _("It may have moved, or the address has a typo.")
    return failed(request, 404, _("There is nothing here"), words, "search-x")


def broken(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """500; touches nothing that may be broken too."""
    return HttpResponse(
        f"<!doctype html><meta charset=utf-8><title>Sori</title><h1>{_('Something broke')}</h1>"
        f"<p>{_('The error was logged. Trying again in a minute may help.')}</p>",
        status=500,
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403 for a form that is too old or came from elsewhere."""
    words = _("This form is too old. Go back, reload the page and send it again.")
    return failed(request, 403, _("That did not work"), words)


def too_many(request: HttpRequest) -> HttpResponse:
    """429, for allauth's rate limits."""
    return failed(
        request, 429, _("Too many tries"), _("Wait some minutes, then try again."), "timer"
    )
