"""Views of the entrance: ask for a sign-in link, come in by one."""

from typing import Final

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url, perform_login
from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from sori.staff.forms import AddressForm
from sori.staff.links import request_sign_in_link, use_sign_in_link
from sori.staff.models import Member
from sori.staff.permissions import public
from sori.staff.views import site_of

_AFTER: Final = "after_link"  # where somebody wanted to go who had to prove who they are
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@public
@get_or_post
def ask_for_link(request: HttpRequest) -> HttpResponse:
    """Mail a link; says the same to everybody. Who is in already is led on when they come by it."""
    member = request.user if isinstance(request.user, Member) else None
    form = AddressForm(request.POST or None, initial={"email": member.email if member else ""})
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"].lower()
        limited: HttpResponse | None = ratelimit.consume_or_429(
            request, action="sign_in_link", key=address
        )
        if limited:
            return limited
        if member:
            request.session[_AFTER] = get_next_redirect_url(request)
        request_sign_in_link(
            address=address, site=site_of(request), language=get_language() or "ko"
        )
        return render(request, "account/link_sent.html", {"address": address})
    status = 422 if form.errors else 200
    return render(
        request, "account/ask_for_link.html", {"form": form, "proves": member}, status=status
    )


@public
@get_or_post
def sign_in_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Come in. A printed link works when opened; a mailed one asks for a click first."""
    limited: HttpResponse | None = ratelimit.consume_or_429(request, action="login")
    if limited:
        return limited
    opened = request.method != "POST"
    member = None
    if request.method != "HEAD":
        member = use_sign_in_link(token=token, printed_only=opened)
    if member:
        return _come_in(request, member)
    if opened:
        return render(request, "account/use_link.html")
    return render(request, "account/link_dead.html", status=410)


def _come_in(request: HttpRequest, member: Member) -> HttpResponse:
    """Sign in through allauth, so that a second factor is still asked for."""
    record_authentication(request, member, method="link", reauthenticated=True)
    response: HttpResponse = perform_login(
        request, member, email_verification="none", redirect_url=request.session.pop(_AFTER, None)
    )
    return response
