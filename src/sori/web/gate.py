"""Nobody passes without being asked: a view that names no permission is refused.

Our own views name it with `staff.permissions.requires` or `public`. Views of other packages cannot,
so the table below names it for them; what is not in the table does not exist here.
"""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from sori.staff.permissions import Permission, allows

PUBLIC: Final = None
OTHERS: Final[dict[str, Permission | None]] = {
    "account_login": PUBLIC,
    "account_inactive": PUBLIC,
    "account_logout": Permission.SIGNED_IN,
    "account_reauthenticate": Permission.SIGNED_IN,
    "mfa_authenticate": PUBLIC,
    "mfa_login_webauthn": PUBLIC,
    "mfa_index": Permission.SIGNED_IN,
    "mfa_reauthenticate": Permission.SIGNED_IN,
    "mfa_reauthenticate_webauthn": Permission.SIGNED_IN,
    "mfa_activate_totp": Permission.SIGNED_IN,
    "mfa_deactivate_totp": Permission.SIGNED_IN,
    "mfa_view_recovery_codes": Permission.SIGNED_IN,
    "mfa_generate_recovery_codes": Permission.SIGNED_IN,
    "mfa_download_recovery_codes": Permission.SIGNED_IN,
    "mfa_list_webauthn": Permission.SIGNED_IN,
    "mfa_add_webauthn": Permission.SIGNED_IN,
    "mfa_remove_webauthn": Permission.SIGNED_IN,
    "mfa_edit_webauthn": Permission.SIGNED_IN,
    "openid_connect_login": PUBLIC,
    "openid_connect_callback": PUBLIC,
    "socialaccount_login_cancelled": PUBLIC,
    "socialaccount_login_error": PUBLIC,
}
"""Views of other packages we let in. Absent on purpose: sign-up (members are invited), changing
addresses and passwords (our own pages do it), connecting further accounts."""


def is_ours(view: Callable[..., Any]) -> bool:
    """Whether a view was written here."""
    return view.__module__.partition(".")[0] == "sori"


class Gate:
    """Middleware: ask every view for its permission before it runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do here; `process_view` is where the view is known."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., Any],
        arguments: tuple[Any, ...],  # noqa: ARG002 (Django's signature)
        named: dict[str, Any],  # noqa: ARG002
    ) -> HttpResponse | None:
        """None lets the view run."""
        permission = self._declared(request, view)
        if permission is PUBLIC or allows(request.user, permission):
            return None
        if request.user.is_authenticated:
            raise PermissionDenied
        return _to_sign_in(request)

    @staticmethod
    def _declared(request: HttpRequest, view: Callable[..., Any]) -> Permission | None:
        if hasattr(view, "permission"):
            declared: Permission | None = view.permission
            return declared
        match = request.resolver_match
        name = match.url_name if match else None
        if not is_ours(view):
            if name not in OTHERS:
                raise Http404
            return OTHERS[name]
        if settings.DEBUG:
            raise ImproperlyConfigured(
                f"{view.__module__}.{view.__qualname__} says nothing about who may see it:"
                " write @requires(Permission.X) or @public above it (sori.staff.permissions)"
            )
        raise PermissionDenied


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    sign_in = reverse(settings.LOGIN_URL)
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(sign_in)
    if request.method in {"GET", "HEAD"} and request.path != "/":
        return redirect_to_login(request.get_full_path(), sign_in)
    return HttpResponse(status=302, headers={"Location": sign_in})
