"""Take a person out of what was told: that somebody was told stays; who, and why, goes."""

from collections.abc import Collection

from sori.change.loops.deciding import ERASED
from sori.change.loops.models import Heard, LoopNotice
from sori.database import write_atomic


def forget(people: Collection[int]) -> int:
    """Forget these people here too; returns how many notices stood for them.

    Whoever waited is not told any more.
    """
    with write_atomic():
        theirs = LoopNotice.objects.filter(identity__person__in=people)
        theirs |= LoopNotice.objects.filter(person__in=people)
        rows = list(theirs.select_for_update(of=("self",)).values_list("pk", "state"))
        waiting = [pk for pk, state in rows if state != LoopNotice.State.HANDED]
        every = LoopNotice.objects.filter(pk__in=[pk for pk, _state in rows])
        nobody = {"identity": None, "person": None, "answers": None, "mail": None, "mention": ""}
        every.update(**nobody)
        LoopNotice.objects.filter(pk__in=waiting).update(state=LoopNotice.State.LEFT, why=ERASED)
        Heard.objects.filter(identity__person__in=people).delete()
    return len(rows)
