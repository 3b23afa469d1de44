"""What goes with a case when it is settled: rooms above withdraw it, and it is said before."""

from collections.abc import Collection

from django.utils.translation import ngettext

from sori.respond.models import Case
from sori.respond.signals import settled, settling
from sori.staff.models import Member


def question(cases: Collection[int]) -> str:
    """What to ask somebody who is about to settle these cases; "" where nothing goes with them."""
    answers = settling.send(sender=Case, cases=cases)
    places: list[str] = [place for _listener, found in answers for place in found or ()]
    if not places:
        return ""
    words = ngettext(
        "A request to another department still waits (%(places)s). Resolving withdraws it.",
        "%(num)d requests to other departments still wait (%(places)s). Resolving withdraws them.",
        len(places),
    )
    return words % {"num": len(places), "places": ", ".join(sorted(set(places)))}


def tell_settled(case: Case, member: Member | None) -> None:
    """Let the rooms above withdraw what nobody needs any more; in the caller's transaction."""
    settled.send(sender=Case, case=case.pk, member=member)
