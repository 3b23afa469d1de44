"""Tell the browser what our pages may do: next to nothing but what we serve ourselves."""

import secrets
from collections.abc import Callable, Sequence
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

PERMISSIONS_POLICY: Final = (
    "camera=(), geolocation=(), microphone=(), payment=(), usb=(),"
    " publickey-credentials-get=(self), publickey-credentials-create=(self)"
)


def content_security_policy(*, form_targets: Sequence[str] = ()) -> str:
    """The policy of every page; `{nonce}` and `{frame}` are filled in per response.

    Args:
        form_targets: other origins a form of ours may lead to, such as a sign-in provider;
            Chromium checks the redirect after a form too.
    """
    return "; ".join(
        [
            "default-src 'self'",
            "script-src 'self'{nonce}",
            "style-src 'self'",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            " ".join(["form-action 'self'", *form_targets]),
            "frame-ancestors {frame}",
        ]
    )


def headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: security headers, and `request.nonce` for the rare inline script.

    A view wrapped in Django's `xframe_options_exempt` (the public form) may be framed anywhere.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        used: list[str] = []

        def nonce() -> str:
            used.append(secrets.token_urlsafe(16))
            return used[0]

        request.nonce = SimpleLazyObject(nonce)  # type: ignore[attr-defined]
        response = get_response(request)
        frameable = getattr(response, "xframe_options_exempt", False)
        response.headers.setdefault(
            "Content-Security-Policy",
            settings.CONTENT_SECURITY_POLICY.format(
                nonce=f" 'nonce-{used[0]}'" if used else "",
                frame="*" if frameable else "'none'",
            ),
        )
        if not frameable:
            response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        # Pages show what customers said; a shared computer must not find them by "back".
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return respond
