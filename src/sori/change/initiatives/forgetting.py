"""What initiatives hold of people who are forgotten: their sentences, their cases, and quotes."""

from collections.abc import Collection
from typing import TypeVar

from django.db.models import Q

from sori.change.initiatives import tallying
from sori.change.initiatives.models import Evidence, Initiative
from sori.database import chunks, write_atomic

Key = TypeVar("Key", str, int)


def forget(*, mentions: Collection[str], cases: Collection[int]) -> int:
    """Forget mentions and cases here too; what they spoke for is counted again.

    Args:
        mentions: their ids.
        cases: those that are deleted with somebody, or of which nobody can tell whose words they
            hold.

    Returns:
        How many pieces of evidence went.
    """
    gone = 0
    for some in chunks(sorted(set(mentions))):
        sentence = Q(sort=Evidence.Sort.MENTION, key__in=some)
        gone += _forget(sentence, Q(quoted__in=some))
    for those in chunks(sorted(set(cases))):
        gone += _forget(Q(sort=Evidence.Sort.CASE, key__in=[str(one) for one in those]), Q(pk=None))
    return gone


def _forget(whole: Q, quoting: Q) -> int:
    with write_atomic():
        touched = set(Evidence.objects.filter(whole).values_list("initiative", flat=True))
        gone, _each = Evidence.objects.filter(whole).delete()
        Evidence.objects.filter(quoting).update(quote="", quoted="")
        for initiative in Initiative.objects.filter(pk__in=touched).order_by("pk"):
            tallying.again(initiative)
    return gone
