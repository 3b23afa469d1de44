"""Acknowledge: tell somebody that we are looking into it and by when they will hear.

A person sends it; the words are ours alone, with nothing in them that the sender wrote, so that
nobody can use us to speak to others.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from sori.database import write_atomic
from sori.errors import Refused
from sori.respond import sla
from sori.respond.answering import approve_reply
from sori.respond.clock_models import Promise
from sori.respond.clocks import Choice
from sori.respond.models import Case, Message
from sori.respond.sending import UNDECIDED
from sori.staff.models import Member

AHEAD: Final = (timedelta(hours=2), timedelta(hours=4), timedelta(hours=8))
"""The promises that are offered, in working time."""

LONGEST: Final = timedelta(days=30)
_MATTER: Final = ("person_id", "department_id", "kind", "urgency", "channel")
_STEP: Final = 1800


def acknowledge(*, answers: int, member: Member, due_at: datetime, token: str) -> Promise:
    """Send "we are looking into it, you will hear by then" through the outbox, and promise it.

    Args:
        answers: id of the received message that is acknowledged.
        member: who promises.
        due_at: by when the person will hear.
        token: what the page that was clicked carries: the same click makes one promise.

    Raises:
        Refused: for a time that has passed or is more than 30 days off, where an answer is promised
            already, and where `approve_reply` refuses.
    """
    now = timezone.now()
    if not now < due_at <= now + LONGEST:
        raise Refused(_("Promise a time within the next 30 days."))
    with write_atomic():
        asked = Message.objects.get(pk=answers)
        text = words(member, due_at, language_of(asked.body))
        message = approve_reply(
            answers=answers, member=member, body=text, token=token, promised=due_at
        )
        if made := Promise.objects.filter(message=message).first():
            return made
        case = asked.conversation.case_id
        if open_promise(case, now):
            raise Refused(_("An answer is promised already. Keep that promise first."))
        return Promise.objects.create(
            case_id=case, member=member, message=message, text=text, due_at=due_at
        )


def open_promise(case: int, now: datetime) -> Promise | None:
    """A promise whose time has not come yet, or whose acknowledgement is still on its way."""
    promises = Promise.objects.filter(case=case, due_at__gt=now)
    running = promises.filter(clock__outcome="running")
    return (running | promises.filter(clock=None, message__state__in=UNDECIDED)).first()


def offered(case: Mapping[str, Any], member: Member, asked: int) -> list[dict[str, Any]]:
    """The promises a member may make with one key.

    Args:
        case: a row of `selectors`.
        member: who promises.
        asked: id of the message that is acknowledged.

    Returns:
        For each: `due_at`, `value` (for the form) and `text`, what the person will read.
    """
    matter = Case(**{name: case[name] for name in _MATTER})
    language = language_of(Message.objects.only("body").get(pk=asked).body)
    moments = times(timezone.now(), Choice([matter]).policy(matter).calendar)
    return [
        {
            "due_at": at,
            "value": at.strftime("%Y-%m-%dT%H:%M:%S%z"),
            "text": words(member, at, language),
        }
        for at in moments
    ]


def times(now: datetime, calendar: sla.Calendar) -> list[datetime]:
    """Moments that can be promised, in working time ahead, on full and half hours."""
    moments = (calendar.after(now, span) for span in AHEAD)
    return sorted({_rounded(at) for at in moments})


def words(member: Member, due_at: datetime, language: str) -> str:
    """What an acknowledgement says, in the language of whoever is told."""
    local = timezone.localtime(due_at)
    with translation.override(language):
        day = {
            "time": formats.date_format(local, "TIME_FORMAT"),
            "day": formats.date_format(local, "MONTH_DAY_FORMAT"),
        }
        today = local.date() == timezone.localdate()
        time = (_("%(time)s today") if today else _("%(time)s on %(day)s")) % day
        return _(
            "Hello, this is %(name)s. I have read what you wrote and am looking into it."
            " You will hear from me by %(time)s."
        ) % {"name": member.name or _("the customer team"), "time": time}


def language_of(text: str) -> str:
    """Korean where there is a Korean syllable, else English."""
    return "ko" if any("가" <= char <= "힣" for char in text) else "en"


def _rounded(at: datetime) -> datetime:
    """The next full or half hour."""
    seconds = -(-int(at.timestamp()) // _STEP) * _STEP
    return datetime.fromtimestamp(seconds, timezone.get_current_timezone())
