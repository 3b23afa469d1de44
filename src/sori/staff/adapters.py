"""Bend django-allauth to our house: members are invited, links are ours, secrets are encrypted."""

import base64
import hashlib
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from sori.database import write_atomic
from sori.staff.models import Member, Role
from sori.staff.signals import name_of, tell


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """No: an administrator invites."""
        return False

    def is_reauthentication_required(self, *, app: str, **more: object) -> bool:
        """Not from somebody who has just come by a link of ours.

        allauth believes that only of members who have a password or a second factor besides, and
        whoever has neither could then never set one.
        """
        required: bool = super().is_reauthentication_required(app=app, **more)
        return required and not _came_by_link(context.request)

    def get_reauthentication_methods(self, user: Member) -> list[dict[str, Any]]:
        """How a member proves who they are; who has nothing else asks for a link, as they came."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        link = {"id": "link", "description": _("Sign in by mail"), "url": reverse("ask_for_link")}
        return methods or [link]


def _came_by_link(request: HttpRequest) -> bool:
    lately = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    return any(one["method"] == "link" and one["at"] > lately for one in records)


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Signing in with the company's accounts; `sub` is the key, never the address."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Decide about somebody whose `sub` we have not met.

        A member of the same address is linked only when both sides have proved the address: the
        provider says so, and the member has opened a link we mailed there. Else whoever got
        themselves invited under a foreign address would be waiting in its owner's account.
        """
        if sociallogin.is_existing:
            return
        proved = {
            address.email.lower() for address in sociallogin.email_addresses if address.verified
        }
        claimed = {address.email.lower() for address in sociallogin.email_addresses}
        member = Member.objects.filter(email__in=claimed).first()
        if member is None and proved:
            return
        if member and member.email in proved and member.email_proved_at and member.is_active:
            with write_atomic():
                sociallogin.connect(request, member)
                tell("member.account_linked", name_of(member), member=member)
            return
        messages.error(
            request,
            _("This account cannot be linked yet. Sign in by mail once, or ask an administrator."),
        )
        raise ImmediateHttpResponse(redirect("account_login"))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002
        """Yes: the company's provider vouches for them."""
        return True

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> Member:
        """A new member, who may look until an administrator gives them more."""
        member: Member = super().populate_user(request, sociallogin, data)
        given = [data.get("last_name") or "", data.get("first_name") or ""]
        member.name = (data.get("name") or " ".join(given).strip() or member.email)[:80]
        member.email = member.email.lower()
        member.role = Role.VIEWER
        return member

    def save_user(
        self, request: HttpRequest, sociallogin: SocialLogin, form: object = None
    ) -> Member:
        """Keep the new member, and tell."""
        with write_atomic():
            member: Member = super().save_user(request, sociallogin, form)
            tell("member.added", name_of(member), member=member, role=member.role)
        return member


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors, with their secrets encrypted by the key that is not in the database."""

    def encrypt(self, text: str) -> str:
        """For the database."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """From the database."""
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> Fernet:
    # The vault's key serves several purposes; each derives its own.
    seed = hashlib.blake2b(settings.VAULT_KEY.encode(), person=b"second-factor", digest_size=32)
    return Fernet(base64.urlsafe_b64encode(seed.digest()))
