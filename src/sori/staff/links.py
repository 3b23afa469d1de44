"""Sign-in links: make one, use it once, send it by mail without telling who is a member."""

import hashlib
import logging
import secrets
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Final

from django.core.mail import EmailMessage
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from sori.database import write_atomic
from sori.staff.models import Member, SignInLink
from sori.staff.signals import name_of, tell

MAILED: Final = timedelta(minutes=15)
INVITED: Final = timedelta(days=3)
PRINTED: Final = timedelta(hours=24)

_log = logging.getLogger(__name__)
# One thread: a slow mail server delays mails, never pages, and a page takes as long for an unknown
# address as for a member's.
_post = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sign-in-mail")


def make_sign_in_link(member: Member, *, lasts: timedelta = MAILED, printed: bool = False) -> str:
    """A new link for this member, as a path; it can be read here and never again.

    Args:
        member: who it signs in.
        lasts: for how long.
        printed: it is shown to somebody we trust, not mailed: opening it is enough.
    """
    token = secrets.token_urlsafe(32)
    with write_atomic():
        SignInLink.objects.create(
            member=member,
            digest=_digest(token),
            printed=printed,
            expires_at=timezone.now() + lasts,
        )
        tell("member.link_made", name_of(member), printed=printed)
    return reverse("sign_in_by_link", kwargs={"token": token})


def use_sign_in_link(*, token: str, printed_only: bool = False) -> Member | None:
    """Use a link up; the member it belongs to, or None when it is unknown, used or over.

    The database finds the hash of a 256-bit token, so how long that takes says nothing about any
    token; used and expired ones are told apart by nobody but us.
    """
    now = timezone.now()
    open_links = SignInLink.objects.filter(
        digest=_digest(token), used_at=None, expires_at__gt=now, member__is_active=True
    )
    if printed_only:
        open_links = open_links.filter(printed=True)
    with write_atomic():
        link = open_links.select_related("member").first()
        if link is None or not SignInLink.objects.filter(pk=link.pk, used_at=None).update(
            used_at=now
        ):
            return None
        if not link.printed:
            Member.objects.filter(pk=link.member_id, email_proved_at=None).update(
                email_proved_at=now
            )
        tell("member.link_used", name_of(link.member), member=link.member)
    return link.member


def request_sign_in_link(*, address: str, site: str, language: str) -> None:
    """Mail a link to this address if a member has it; returns at once either way.

    Args:
        address: what somebody typed.
        site: where this site is, "https://sori.example.com".
        language: which to write in, unless the member has chosen one.
    """
    future = _post.submit(_send_to_address, address, site, language)
    future.add_done_callback(_complain)


def send_sign_in_link(*, member: Member, site: str, lasts: timedelta = MAILED) -> None:
    """Mail a link to this member, now.

    Raises:
        OSError: when the mail server cannot be reached or refuses (`smtplib.SMTPException`).
    """
    path = make_sign_in_link(member, lasts=lasts)
    hours = int(lasts.total_seconds() // 3600)
    words = {
        "name": member.name,
        "link": f"{site}{path}",
        "until": _("%d hours") % hours
        if hours
        else _("%d minutes") % (lasts.total_seconds() // 60),
    }
    text = _(
        "Hello %(name)s,\n\nthis link signs you in to Sori, once, within %(until)s:\n\n%(link)s\n\n"
        "If you did not ask for it, you can ignore this mail.\n"
    )
    mail = EmailMessage(
        _("Your link to sign in to Sori"),
        text % words,
        to=[member.email],
        headers={"Auto-Submitted": "auto-generated"},  # no robot answers it (RFC 3834)
    )
    mail.send()


def welcome_path() -> str:
    """The path that makes the first member; dead as soon as there is one."""
    return reverse("welcome", kwargs={"token": welcome_token()})


def welcome_token() -> str:
    """What the operator reads at the very first start, and nobody else.

    It is derived from the site's secret key: a restart does not change what was printed, several
    processes agree on it, and nothing has to be kept.
    """
    return salted_hmac("sori.first-run", "administrator", algorithm="sha256").hexdigest()


def _send_to_address(address: str, site: str, language: str) -> None:
    try:
        member = Member.objects.filter(email=address.strip().lower(), is_active=True).first()
        if member:
            with translation.override(member.language or language):
                send_sign_in_link(member=member, site=site)
    finally:
        connection.close()  # hours may pass before the next letter


def _complain(future: "Future[None]") -> None:
    error = future.exception()
    if error:
        _log.error("sign-in mail could not be sent", exc_info=error)


def _digest(token: str) -> str:
    # The purpose is part of the hash: no other token of ours could ever be used here.
    return hashlib.blake2b(token.encode(), digest_size=32, person=b"sign-in-link").hexdigest()
