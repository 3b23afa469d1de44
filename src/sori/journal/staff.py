"""Write down what members do: staff stands below the journal and only sends signals."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from sori.database import write_atomic
from sori.journal.services import record
from sori.staff.models import Member
from sori.staff.signals import happened


def listen() -> None:
    """Connect; called once at start."""
    happened.connect(_happened, dispatch_uid="journal")
    user_logged_in.connect(_signed_in, dispatch_uid="journal")
    user_logged_out.connect(_signed_out, dispatch_uid="journal")
    user_login_failed.connect(_failed, dispatch_uid="journal")
    authenticator_added.connect(_factor_added, dispatch_uid="journal")
    authenticator_removed.connect(_factor_removed, dispatch_uid="journal")


def _happened(
    *, kind: str, about: str, member: Member | None, data: dict[str, Any], **_: Any
) -> None:
    record(kind, about, member=member, **data)


def _signed_in(*, request: HttpRequest, user: Member, **_: Any) -> None:
    with write_atomic():
        record("member.signed_in", f"member:{user.pk}", member=user, ip=_address(request))


def _signed_out(*, user: Member | None, **_: Any) -> None:
    if user:
        with write_atomic():
            record("member.signed_out", f"member:{user.pk}", member=user)


def _failed(*, credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    # The address that was tried is no member's perhaps: it is not written down, only whose it is.
    tried = str(credentials.get("email") or credentials.get("username") or "").lower()
    member = Member.objects.filter(email=tried).only("pk").first()
    with write_atomic():
        record(
            "member.sign_in_failed",
            f"member:{member.pk}" if member else "member:unknown",
            ip=_address(request),
        )


def _factor_added(*, user: Member, authenticator: Authenticator, **_: Any) -> None:
    with write_atomic():
        about = f"member:{user.pk}"
        record("member.factor_added", about, member=user, factor=authenticator.type)


def _factor_removed(*, user: Member, authenticator: Authenticator, **_: Any) -> None:
    with write_atomic():
        about = f"member:{user.pk}"
        record("member.factor_removed", about, member=user, factor=authenticator.type)


def _address(request: HttpRequest | None) -> str:
    return request.META.get("REMOTE_ADDR", "") if request else ""
