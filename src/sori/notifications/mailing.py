"""Bring out what waits for one member as one mail, by the site's own mail server."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext

from sori.mailing import send, site
from sori.notifications.composing import Item, in_words_of, items
from sori.notifications.models import Line, Outlet
from sori.notifications.tokens import make_token
from sori.staff.models import Member


def carry(outlet: Outlet, lines: Sequence[Line]) -> bool:
    """Mail these lines to the member, in their language; False when none may be read by them.

    Raises:
        ReplyRejected: the mail server refuses and always will.
        ReplyNotAccepted: the mail provably did not go out.
        ReplyError: nobody knows whether it did.
    """
    member = outlet.member
    assert member is not None
    if not (member.is_active and member.email_proved_at):
        return False
    with in_words_of(member):
        told = items(outlet, lines)
        if not told:
            return False
        # the same number at every try: a mail that came after all is known as the same one
        first, last = lines[0].event_id, lines[-1].event_id
        send(_mail(member, told, name=f"sori-{outlet.pk}-{first}-{last}"))
    return True


def _mail(member: Member, told: Sequence[Item], *, name: str) -> EmailMultiAlternatives:
    stop = site() + reverse("notifications:mail", kwargs={"token": make_token(member.pk)})
    context = {
        "member": member,
        "items": told,
        "stop": stop,
        "choices": site() + reverse("notifications:choices"),
    }
    if len(told) == 1:
        subject = told[0].text
    else:
        many = ngettext("%(num)d notification", "%(num)d notifications", len(told))
        subject = f"{told[0].text} · {many % {'num': len(told)}}"
    mail = EmailMultiAlternatives(
        subject,
        render_to_string("notifications/mail.txt", context),
        None,
        [member.email],
        headers=_headers(stop, name),
    )
    mail.attach_alternative(render_to_string("notifications/mail.html", context), "text/html")
    return mail


def _headers(stop: str, name: str) -> dict[str, str]:
    """One click in the mail program ends it (RFC 8058), and no robot answers (RFC 3834)."""
    return {
        "Message-ID": f"<{name}@{urlsplit(site()).hostname}>",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
