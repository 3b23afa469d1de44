"""How a visitor comes in: by a link in a mail, without an account and without a password.

What they wanted to do when they were asked who they are comes along with the link, and is done
when they open it. The cookie that is set then says which account they proved; nothing else is
remembered of anybody who reads.
"""

import hashlib
import logging
import secrets
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from sori.change.ideas.hearing import CHANNEL
from sori.change.ideas.models import Entry
from sori.change.ideas.taking_part import Actor
from sori.database import write_atomic
from sori.errors import Refused
from sori.people import tombstones
from sori.people.models import Identity
from sori.people.services import Account, clean_name, identify
from sori.staff.models import Member

LASTS: Final = timedelta(hours=1)
COOKIE: Final = "sori_ideas"
COOKIE_LASTS: Final = timedelta(days=30)
LINKS: Final = 3
"""So many links go to one address within LASTS."""

LONGEST_NAME: Final = 40
_SALT: Final = "sori.ideas.visitor"

_log = logging.getLogger(__name__)
# a slow mail server delays mails, never pages
_post = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ideas-mail")


def ask(*, mail: str, language: str, wish: dict[str, Any], site: str) -> None:
    """Mail a link by which this address comes in and has its wish; returns at once.

    An address that was sent several already gets no more for a while, and the page says the same.

    Args:
        mail: a checked address in its normal form.
        language: of the portal.
        wish: what is to be done when the link is opened; see `wishes`.
        site: where this site is, "https://sori.example.com".
    """
    now = timezone.now()
    if Entry.objects.filter(mail=mail, made_at__gt=now - LASTS).count() >= LINKS:
        return
    token = secrets.token_urlsafe(32)
    with write_atomic():
        Entry.objects.create(
            mail=mail, digest=_digest(token), language=language, wish=wish,
            made_at=now, expires_at=now + LASTS,
        )  # fmt: skip
    path = reverse("ideas:come_in", kwargs={"language": language, "token": token})
    with translation.override(language):
        letter = EmailMessage(
            _("Your link to the ideas portal"),
            _(
                "Hello,\n\nthis link lets you in, once, within an hour:\n\n%(link)s\n\n"
                "If you did not ask for it, you can ignore this mail.\n"
            )
            % {"link": site + path},
            None,
            [mail],
            headers={"Auto-Submitted": "auto-generated"},
        )
    _post.submit(letter.send).add_done_callback(_complain)


def opened(token: str) -> Entry | None:
    """What a link is for; None when it is unknown, used or over."""
    waiting = Entry.objects.filter(used_at=None, expires_at__gt=timezone.now())
    return waiting.filter(digest=_digest(token)).first()


def name_of(mail: str) -> str:
    """What somebody called themselves when they were here before; empty if they were not."""
    accounts = Identity.objects.filter(channel=CHANNEL, external_id=mail)
    return accounts.values_list("name", flat=True).first() or ""


def come_in(*, token: str, name: str) -> tuple[Identity, Entry] | None:
    """Use a link up; the account it proves, and the entry with its wish; None as for `opened`.

    Args:
        token: of the link.
        name: what others are to call them.

    Raises:
        Refused: they had asked to be forgotten.
    """
    with write_atomic():
        entry = opened(token)
        now = timezone.now()
        if entry is None or not Entry.objects.filter(pk=entry.pk, used_at=None).update(used_at=now):
            return None
        if tombstones.buried([(CHANNEL, entry.mail)]):
            raise Refused(_("You had asked us to forget you, so this address is not used here."))
        shown = clean_name(name)[:LONGEST_NAME]
        found = identify([Account(CHANNEL, entry.mail, shown, now)])[CHANNEL, entry.mail]
        Identity.objects.filter(pk=found.pk, verified=False).update(verified=True)
        # a wish is done by whoever asked; the row keeps no words of theirs
        wish, entry.wish = entry.wish, {}
        entry.save(update_fields=["wish"])
        entry.wish = wish
    return found, entry


def remember(response: HttpResponse, identity: Identity) -> None:
    """Let the browser come in by itself from now on."""
    response.set_signed_cookie(
        COOKIE, str(identity.pk), salt=_SALT, max_age=COOKIE_LASTS, path="/ideas/",
        httponly=True, secure=settings.HTTPS, samesite="Lax",
    )  # fmt: skip


def forget(response: HttpResponse) -> None:
    """Let the browser be a stranger's again."""
    response.delete_cookie(COOKIE, path="/ideas/", samesite="Lax")


def acting(request: HttpRequest, language: str) -> Actor | None:
    """Who is asking: a member who is signed in, a visitor who came in, or nobody known."""
    if isinstance(request.user, Member):
        return Actor(None, request.user, language)
    value = request.get_signed_cookie(COOKIE, "", salt=_SALT, max_age=COOKIE_LASTS) or ""
    if not value.isdecimal():
        return None
    accounts = Identity.objects.filter(channel=CHANNEL, verified=True, pk=int(value))
    identity = accounts.select_related("person").first()
    if identity is None or tombstones.buried([(CHANNEL, identity.external_id)]):
        return None
    return Actor(identity.person, None, language)


def forget_old() -> int:
    """Delete links that are over, with what was written to go with them."""
    with write_atomic():
        gone, _each = Entry.objects.filter(expires_at__lt=timezone.now()).delete()
    return gone


def _digest(token: str) -> str:
    # the purpose is part of the hash: no other token of ours could ever be used here
    return hashlib.blake2b(token.encode(), digest_size=32, person=b"ideas-entry").hexdigest()


def _complain(future: "Future[int]") -> None:
    error = future.exception()
    if error:
        _log.error("a link to the ideas portal could not be sent", exc_info=error)
