"""Ask a colleague by mail: somebody who works here and has no licence to the inbox.

Only whoever belongs to the company can be asked, for what is asked is about a customer. The key of
a question is 160 random bits; it stands in the Message-ID, signed by the mailbox's own secret, and
here only as a digest once the mail is out.
"""

import secrets
from datetime import datetime
from hashlib import sha256
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from sori.channels.mail.addresses import checked, normal
from sori.channels.mail.threads import ASKED
from sori.database import write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.listen.models import Source
from sori.respond.models import Case
from sori.respond.selectors import SETTLED
from sori.respond.summing import heard
from sori.staff.colleagues import is_colleague, marks
from sori.staff.models import Member
from sori.teamwork.models import Question

LONGEST: Final = 4_000
EXCERPT: Final = 1_500


def ask_by_mail(
    *, case: int, member: Member, address: str, words: str, excerpt: bool = False
) -> Question:
    """Ask a colleague something about a case; a worker sends it at once.

    Args:
        case: the case's id.
        member: who asks.
        address: of somebody at the company.
        words: the question.
        excerpt: whether the newest words of the customer go with it.

    Raises:
        Refused: without words, for an address outside the company, for a settled case, and where
            no mailbox can send it.
    """
    text = words.strip().replace("\0", "")
    if not text or len(text) > LONGEST:
        raise Refused(_("Write between 1 and 4,000 characters."))
    try:
        whom = checked(address)
    except ValueError:
        raise Refused(_("This is not one mail address.")) from None
    if not is_colleague(whom, marks()):
        raise Refused(_("Only colleagues can be asked: nobody here has an address like that."))
    now, key = timezone.now(), f"{ASKED}{secrets.token_hex(20)}"
    with write_atomic():
        row = Case.objects.select_for_update().get(pk=case)
        if row.status in SETTLED:
            raise Refused(_("It is settled already."))
        question = Question.objects.create(
            case=row,
            source=_mailbox(row),
            asked_by=member,
            address=normal(whom),
            subject=_("Question about case #%(case)s") % {"case": row.pk},
            words=text,
            body=_body(row, member, text, excerpt=excerpt),
            key=key,
            digest=digest_of(key),
            asked_at=now,
            due_at=now,
        )
        _touch(row, now)
        record("question.asked", f"case:{case}", member=member, question=question.pk)
        return question


def digest_of(key: str) -> str:
    """What is kept of a key; looking it up tells nothing about how nearly right a guess was."""
    return sha256(key.encode()).hexdigest()


def _mailbox(case: Case) -> Source:
    """The mailbox that asks: the one the customer wrote to, else the first that can send."""
    boxes = Source.objects.filter(channel="email").order_by("pk")
    can_send = [box for box in boxes if box.settings.get("smtp_host")]
    theirs = set(case.conversations.values_list("source", flat=True))
    chosen = next((box for box in can_send if box.pk in theirs), None)
    if chosen is None and not can_send:
        raise Refused(_("No mailbox can send this: connect one under “Sources”."))
    return chosen or can_send[0]


def _body(case: Case, member: Member, words: str, *, excerpt: bool) -> str:
    parts = [words, f"{member.name}", _("Just answer this mail; the answer reaches the case.")]
    if excerpt and (said := _newest(case)):
        parts += [_("What the customer wrote:"), said]
    return "\n\n".join(parts)


def _newest(case: Case) -> str:
    newest = heard(case).order_by("-at", "-pk").values_list("body", flat=True).first()
    return (newest or "").strip()[:EXCERPT]


def _touch(case: Case, now: datetime) -> None:
    case.updated_at = max(case.updated_at, now)
    case.save(update_fields=["updated_at"])
