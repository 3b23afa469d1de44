"""Mail whoever follows an idea what became of it: at most once a step, tried again where it surely
failed.

A letter is the row that is due. It is written down as being sent before it is, so that a worker
that dies in between leaves it unclear, and nobody is told twice.
"""

from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

import structlog
from django.core import signing
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from sori.change.ideas import families
from sori.change.ideas.hearing import CHANNEL
from sori.change.ideas.models import SHOWN, Audience, Idea, Letter, Subscription
from sori.database import claim, hold
from sori.errors import ReplyError, ReplyNotAccepted, ReplyRejected, Stale
from sori.mailing import send, site
from sori.people.models import Identity

LEASE: Final = timedelta(minutes=3)
FIRST_PAUSE: Final = timedelta(minutes=1)
MOST_FAILURES: Final = 10
"""With the pauses between them, about nine hours of a mail server that does not answer."""

LASTS: Final = timedelta(days=365)
_SALT: Final = "sori.ideas.stop"
_STATE = Letter.State

log = structlog.get_logger(__name__)


def tell_due(limit: int = 10) -> int:
    """Send letters that are due; returns how many were looked at, 0 when none was due."""
    open_ = Letter.objects.filter(state__in=[_STATE.WAITING, _STATE.SENDING])
    letters = claim(open_, lease=LEASE, limit=limit)
    for letter in letters:
        try:
            _post(letter)
        except (Stale, Letter.DoesNotExist):
            log.info("letter_lost_to_another", letter=letter.pk)
    return len(letters)


def stop_token(subscription: int) -> str:
    """A key with which whoever reads a letter stops it, and nothing else, for a year."""
    return signing.TimestampSigner(salt=_SALT).sign(str(subscription))


def stopped_by(token: str) -> Subscription | None:
    """The subscription a key is for; None when it was made up, altered or is too old."""
    try:
        number = int(signing.TimestampSigner(salt=_SALT).unsign(token, max_age=LASTS))
    except (signing.BadSignature, ValueError):
        return None
    return Subscription.objects.select_related("idea").filter(pk=number).first()


def stop(subscription: Subscription) -> None:
    """Tell this subscriber no more of this idea."""
    Subscription.objects.filter(pk=subscription.pk, stopped_at=None).update(
        stopped_at=timezone.now()
    )


def address_of(subscription: Subscription) -> str:
    """Where a subscriber reads mail that they proved to be theirs; empty if nowhere."""
    member = subscription.member
    if member is not None:
        return member.email if member.is_active and member.email_proved_at else ""
    accounts = Identity.objects.filter(
        channel=CHANNEL, verified=True, person=subscription.person_id
    )
    return accounts.order_by("pk").values_list("external_id", flat=True).first() or ""


def _post(claimed: Letter) -> None:
    if claimed.state == _STATE.SENDING:
        # whoever was sending it has died: nobody knows how far they came
        hold(claimed, state=_STATE.UNCLEAR, due_at=None, lease_until=None)
        return
    hold(claimed, state=_STATE.SENDING)
    rows = Letter.objects.select_related("news__idea", "subscription__idea__board")
    letter = rows.select_related("subscription__member").get(pk=claimed.pk)
    try:
        went = _carry(letter)
    except ReplyRejected as error:
        log.warning("idea_letter_refused", letter=claimed.pk, error=str(error))
        hold(claimed, state=_STATE.FAILED, due_at=None, lease_until=None)
    except ReplyNotAccepted as error:
        _later(claimed, error)
    except ReplyError as error:
        log.warning("idea_letter_unclear", letter=claimed.pk, error=str(error))
        hold(claimed, state=_STATE.UNCLEAR, due_at=None, lease_until=None)
    else:
        state = _STATE.SENT if went else _STATE.DROPPED
        hold(claimed, state=state, due_at=None, lease_until=None)


def _later(letter: Letter, error: ReplyNotAccepted) -> None:
    failures = letter.failures + 1
    log.warning("idea_letter_failed", letter=letter.pk, failures=failures, error=str(error))
    over = failures >= MOST_FAILURES
    due = None if over else timezone.now() + FIRST_PAUSE * 2 ** (failures - 1)
    state = _STATE.FAILED if over else _STATE.WAITING
    hold(letter, state=state, failures=failures, due_at=due, lease_until=None)


def _carry(letter: Letter) -> bool:
    """Send it; False when it is not wanted any more or may not be read any more."""
    subscription = letter.subscription
    root = families.roots([letter.news.idea_id])[letter.news.idea_id]
    shown = Idea.objects.filter(SHOWN, pk=root)
    if subscription.person_id is not None:
        shown = shown.filter(board__audience=Audience.PUBLIC)
    to = address_of(subscription)
    if subscription.stopped_at is not None or not to or not shown.exists():
        return False
    with translation.override(subscription.language):
        send(_mail(letter, to))
    return True


def _mail(letter: Letter, to: str) -> EmailMessage:
    news, subscription = letter.news, letter.subscription
    stop_path = reverse("ideas:stop", kwargs={"token": stop_token(subscription.pk)})
    status = news.get_status_display()
    lines = [_("What became of an idea that you follow:"), "", news.idea.title, f"→ {status}"]
    if subscription.idea_id != news.idea_id:
        lines[3:3] = [_("(yours, “%(title)s”, is part of it)") % {"title": subscription.idea.title}]
    if news.words:
        lines += ["", news.words]
    lines += ["", site() + _path(letter), "", "--", _("Hear no more of this idea: %(link)s")
              % {"link": site() + stop_path}]  # fmt: skip
    return EmailMessage(
        f"{status}: {news.idea.title}",
        "\n".join(lines) + "\n",
        None,
        [to],
        headers={
            "Message-ID": f"<sori-idea-{letter.pk}@{urlsplit(site()).hostname}>",
            # one click in the mail program ends it (RFC 8058), and no robot answers (RFC 3834)
            "List-Unsubscribe": f"<{site() + stop_path}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )


def _path(letter: Letter) -> str:
    idea, subscription = letter.news.idea_id, letter.subscription
    if subscription.person_id is None:
        return reverse("ideas:one", kwargs={"idea": idea})
    return reverse("ideas:idea", kwargs={"language": subscription.language, "idea": idea})
