"""Sign what becomes of a single mention that nothing took up, and take that back."""

from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from sori.change.models import Ending
from sori.database import write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.mention import is_id
from sori.staff.models import Member

LONGEST: Final = 400


def sign(*, mention: str, member: Member, verdict: str, why: str) -> Ending:
    """End a mention by hand; whoever signs later signs anew.

    Args:
        mention: its id.
        member: who signs.
        verdict: one of `Ending.Verdict`.
        why: in one line or a few, for colleagues to read.

    Raises:
        Refused: without a verdict or a reason, or with one longer than 400 characters.
    """
    words = why.strip().replace("\0", "")
    if verdict not in Ending.Verdict.values or not is_id(mention):
        raise Refused(_("Say what becomes of it."))
    if not words or len(words) > LONGEST:
        raise Refused(_("Say why, in at most 400 characters."))
    with write_atomic():
        row, _new = Ending.objects.update_or_create(
            mention=mention,
            defaults={"verdict": verdict, "why": words, "member": member, "at": timezone.now()},
        )
        record("mention.ended", f"mention:{mention}", member=member, verdict=verdict)
        return row


def take_back(*, mention: str, member: Member) -> bool:
    """Let a mention that was ended by hand wait again; returns whether it had been."""
    with write_atomic():
        gone, _each = Ending.objects.filter(mention=mention).delete()
        if gone:
            record("mention.taken_up", f"mention:{mention}", member=member)
        return bool(gone)
