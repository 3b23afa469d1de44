"""The first run: whoever holds the link printed at start makes the administrator, once."""

import hmac

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from sori.database import write_atomic
from sori.staff import selectors, services
from sori.staff.forms import AdministratorForm
from sori.staff.links import welcome_token
from sori.staff.permissions import public

FIRST_SOURCE = "/sources/new/"


@public
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Make the administrator, then lead to the first source; 404 to everybody else."""
    limited: HttpResponse | None = ratelimit.consume_or_429(request, action="welcome")
    if limited:
        return limited
    if not hmac.compare_digest(token.encode(), welcome_token().encode()) or selectors.anybody():
        raise Http404
    form = AdministratorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _make_administrator(request, form)
    return render(request, "welcome.html", {"form": form}, status=422 if form.errors else 200)


def _make_administrator(request: HttpRequest, form: AdministratorForm) -> HttpResponse:
    with write_atomic():
        if selectors.anybody():  # two browsers at once
            raise Http404
        member = services.make_administrator(**form.cleaned_data)
    record_authentication(request, member, method="password")
    response: HttpResponse = perform_login(
        request, member, email_verification="none", redirect_url=FIRST_SOURCE
    )
    return response
