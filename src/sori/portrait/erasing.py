"""Forget a person everywhere: due work that goes on where it was broken off.

The order is what makes it exact. Tombstones come first, in one transaction with the bookmark of
receiving, so nothing new of theirs is taken up from then on. What is found of them is written down
before anything is deleted. Then everything goes, store by store, each as often as it takes.
Whatever was under way when the tombstones came (a visit that had read a page before, a weighing of
themes) may still bring something; so the last round begins only after all of that has ended.
"""

from collections import Counter
from datetime import timedelta
from typing import Any, Final

import pyarrow as pa
import structlog
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from sori import database
from sori.change import forgetting as themes
from sori.change.ideas import forgetting as ideas
from sori.change.initiatives import forgetting as initiatives
from sori.change.loops import forgetting as loops
from sori.change.models import Round
from sori.change.stories import forgetting as stories
from sori.change.studies import forgetting as studies
from sori.database import Leased, write_atomic
from sori.errors import Refused, SoriError, Stale
from sori.journal.services import record
from sori.lessons import services as lessons
from sori.listen import forgetting as listening
from sori.listen import memory, polling
from sori.listen.ledger import Ledger
from sori.listen.models import Source
from sori.people import purchases, selectors, suggesting, tombstones
from sori.people.models import Erasure, Identity, Person
from sori.portrait.said import Whose, whose
from sori.portrait.selectors import leaving
from sori.respond import forgetting as desk
from sori.respond.receiving import bookmark
from sori.staff.models import Member
from sori.teamwork import forgetting as teamwork
from sori.webchat import forgetting as webchat

LEASE: Final = timedelta(minutes=15)
AGAIN: Final = timedelta(seconds=5)
STEPS: Final = 6
"""How many steps a page shows; the last is the end."""

_KINDS: Final[dict[str, type[Leased]]] = {"source": Source, "round": Round}

log = structlog.get_logger(__name__)


def begin(*, person: int, member: Member) -> Erasure:
    """Bury somebody's accounts and have everything of theirs deleted.

    Args:
        person: one of those who are one person; all of them are forgotten.
        member: who asks for it.

    Raises:
        Refused: they are being forgotten already.
    """
    everybody = selectors.together(person)
    with write_atomic():
        # whoever receives now has committed before, whoever comes after sees the tombstones
        bookmark()
        list(Person.objects.select_for_update().filter(pk__in=everybody).order_by("pk"))
        if leaving(everybody):
            raise Refused(_("They are being forgotten already."))
        accounts = Identity.objects.filter(person__in=everybody)
        tombstones.bury(accounts.values_list("channel", "external_id"))
        erasure = Erasure.objects.create(
            people=everybody,
            member=member,
            asked_at=timezone.now(),
            due_at=timezone.now(),
            visits=_under_way(),
        )
        record("person.erasing", f"person:{person}", member=member, erasure=erasure.pk)
    return erasure


def erase_due() -> int:
    """Go on with the erasure that is longest due; returns how many there were: 1 or 0.

    Raises:
        SoriError: something could not be deleted; it is tried again soon.
    """
    rows = database.claim(Erasure.objects.filter(finished_at=None), lease=LEASE)
    for erasure in rows:
        try:
            _go_on(erasure)
        except Stale:
            log.info("erasure_lost_to_another", erasure=erasure.pk)
        except SoriError:
            database.release(erasure, due_at=timezone.now() + 6 * AGAIN)
            raise
    return len(rows)


def _go_on(erasure: Erasure) -> None:
    last = not _still_under_way(erasure)
    about = teamwork.mentions_of(erasure.people)
    theirs = whose(erasure.people, more=[*erasure.mentions, *about])
    found = theirs.asked(memory.reader(), "names")
    _remember(erasure, theirs, found)
    if desk.on_its_way(erasure.people):
        database.release(erasure, due_at=timezone.now() + AGAIN)
        return
    # by their cases, so before the desk forgets those
    backing = initiatives.forget(mentions=erasure.mentions, cases=desk.cases_of(erasure.people))
    asked = teamwork.forget(erasure.people) + webchat.forget(erasure.people)
    asked += Counter(evidence=backing) + ideas.forget(erasure.people)
    loops.forget(erasure.people)
    _count(erasure, 1, asked + desk.forget(erasure.people))
    accounts = theirs.accounts
    names = Identity.objects.filter(person__in=erasure.people).values_list("name", flat=True)
    known = listening.forget([name for _channel, name in accounts], [one for one in names if one])
    examples = lessons.forget(mentions=erasure.mentions, authors=accounts)
    _count(erasure, 2, known + Counter(examples=examples))
    quoted = Counter(
        themes=themes.forget(erasure.mentions),
        stories=stories.forget(erasure.mentions),
        studies=studies.forget(erasure.mentions),
    )
    _count(erasure, 3, quoted)
    if found.num_rows:
        gone = memory.lake().forget(ids=found.column("id").to_pylist(), authors=accounts)
        _count(erasure, 4, Counter(mentions=gone))
    _count(erasure, 5, Counter(files=memory.delete_files(erasure.files)))
    if last:
        _finish(erasure)
    else:
        database.release(erasure, due_at=timezone.now() + AGAIN)


def _remember(erasure: Erasure, theirs: Whose, found: pa.Table) -> None:
    """Write down what the lake and the desk know to be theirs, before any of it is gone."""
    files = {digest for some in found.column("files").to_pylist() for digest in some or ()}
    database.hold(
        erasure,
        mentions=sorted({*theirs.known, *found.column("id").to_pylist()}),
        files=sorted({*erasure.files, *files, *desk.files_of(erasure.people)}),
    )


def _count(erasure: Erasure, step: int, gone: Counter[str]) -> None:
    counts = dict(Counter(erasure.counts) + gone)
    database.hold(erasure, step=step, counts=counts, lease_until=timezone.now() + LEASE)


def _finish(erasure: Erasure) -> None:
    desk.tidy_search()
    bought = purchases.of(suggesting.marks(erasure.people))
    with write_atomic():
        orders, _each = bought.delete()
        identities, _each = Identity.objects.filter(person__in=erasure.people).delete()
        Person.objects.filter(pk__in=erasure.people).delete()
        gone = Counter(erasure.counts) + Counter(accounts=identities, orders=orders)
        database.hold(erasure, counts=dict(gone), mentions=[], files=[])
    if not _overwritten():
        database.release(erasure, due_at=timezone.now() + AGAIN)
        return
    with write_atomic():
        ended = {"step": STEPS, "finished_at": timezone.now(), "due_at": None, "lease_until": None}
        database.hold(erasure, **ended)
        about, counts = f"person:{erasure.people[0]}", erasure.counts
        record("person.erased", about, member=erasure.member, erasure=erasure.pk, **counts)


def _overwritten() -> bool:
    """Empty SQLite's log; False while somebody reads what only stands there.

    The file itself is overwritten as rows are deleted (`secure_delete`). Within a transaction of
    the caller's nothing can be emptied; it is theirs to end.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return True
    with connection.cursor() as cursor:
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return not busy


def _under_way() -> dict[str, int]:
    """What is being done now and may have read something of theirs already, by its fence."""
    return {
        f"{kind}:{row.pk}": row.fence
        for kind, model in _KINDS.items()
        for row in model._default_manager.exclude(lease_until=None)
    }


def _still_under_way(erasure: Erasure) -> bool:
    """Whether anything that was under way when the tombstones came has not ended yet."""
    return any(_lasts(name, fence) for name, fence in erasure.visits.items())


def _lasts(name: str, fence: int) -> bool:
    kind, _, number = name.partition(":")
    model: Any = _KINDS[kind]
    rows = model.objects.filter(pk=int(number), fence=fence).exclude(lease_until=None)
    # whoever died is succeeded, so that they cannot wake up and go on
    if kind == "source" and rows.filter(lease_until__lte=Now()).exists():
        _succeed(Source.objects.get(pk=int(number)))
    elif rows.filter(lease_until__lte=Now()).update(fence=F("fence") + 1, lease_until=None):
        return False
    return bool(rows.exists())


def _succeed(source: Source) -> None:
    """Take over from a worker that died, and settle what it had begun to write."""
    taken = polling.seize(source)
    Ledger(taken, memory.lake()).recover()
    database.release(taken, due_at=timezone.now())
