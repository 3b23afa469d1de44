"""What listening still holds of somebody: deliveries that wait, broken ones, saved selections."""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any, Final
from urllib.parse import parse_qsl

from sori.database import write_atomic
from sori.errors import ConfigurationError
from sori.listen.ledger import quarantined_by
from sori.listen.models import Intake, Quarantine, Ringing, View
from sori.listen.vault import unseal

AUTHOR: Final = "author"
"""What a selection calls an account."""

_SHORTEST: Final = 4


def views_of(names: Collection[str]) -> list[int]:
    """The saved views that pick somebody by one of their accounts or names."""
    wanted = {name.casefold() for name in names}
    held = View.objects.filter(query__contains=f"{AUTHOR}=").values_list("pk", "query")
    return [
        view
        for view, query in held
        if any(name == AUTHOR and value.casefold() in wanted for name, value in parse_qsl(query))
    ]


def forget(accounts: Collection[str], names: Collection[str]) -> Counter[str]:
    """Delete what is somebody's, and tell how much of what.

    A delivery that waits goes when one of its values is an account of theirs; what could not be
    read goes when an account stands anywhere in it. An account shorter than four letters is not
    looked for in there: it would be found everywhere.

    Args:
        accounts: what their accounts are called.
        names: what they call themselves.
    """
    ours = {one.casefold() for one in accounts if len(one) >= _SHORTEST}
    gone = Counter(views=_delete_views([*accounts, *names]))
    waiting = Intake.objects.filter(run=None).values_list("pk", "body").iterator()
    deliveries = [pk for pk, body in waiting if ours.intersection(_values(body))]
    broken = [
        item.pk
        for item in Quarantine.objects.only("source", "raw").iterator()
        if any(one in _read(item) for one in ours)
    ]
    with write_atomic():
        Intake.objects.filter(pk__in=deliveries).delete()
        Ringing.objects.filter(number__in=ours).delete()
        Quarantine.objects.filter(pk__in=broken).delete()
    return gone + Counter(deliveries=len(deliveries), quarantined=len(broken))


def _delete_views(names: Collection[str]) -> int:
    with write_atomic():
        views = views_of(names)
        View.objects.filter(pk__in=views).delete()
        return len(views)


def _values(body: Any) -> Iterator[str]:
    if isinstance(body, dict):
        for value in body.values():
            yield from _values(value)
    elif isinstance(body, list):
        for value in body:
            yield from _values(value)
    elif isinstance(body, str):
        yield body.strip().casefold()


def _read(item: Quarantine) -> str:
    """What could not be read, as far as it is text."""
    try:
        raw = unseal(bytes(item.raw), about=quarantined_by(item.source_id))
    except ConfigurationError:
        return ""  # its key is gone, so it says nothing to anybody any more
    return raw.decode("utf-8", "replace").casefold()
