"""What is known of many mentions at once: a fixed number of questions however many there are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone

from sori.change import selectors as themes
from sori.change.ideas.models import Idea
from sori.change.initiatives.models import Evidence, Initiative
from sori.change.models import Correction, Ending, Theme
from sori.database import chunks
from sori.lake.store import Lake
from sori.lessons.selectors import corrected
from sori.people.tombstones import buried
from sori.respond import routing
from sori.respond.models import Bookmark, Clock, Decision, Message
from sori.respond.receiving import rules
from sori.respond.selectors import UNSETTLED
from sori.respond.voices import Voice
from sori.tracing.ending import Facts

_State = Message.State
ON_ITS_WAY: Final = frozenset(
    {_State.APPROVED, _State.QUEUED, _State.CLAIMED, _State.SENDING, _State.RETRY, _State.UNKNOWN}
)
"""States of an answer that somebody, or the outbox, still works on."""

ENDED: Final = frozenset({Initiative.Stage.TOLD, Initiative.Stage.CHECKED})

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Company:
    """What is the same for every mention, read once.

    Attributes:
        rules: the company's rules for routing.
        now: the time.
        arriving: tells the ids of mentions that the desk has not looked at yet.
        roots: where every merged theme went in the end.
        known: the themes that are here, by number.
        evidence: the initiatives that a piece of evidence speaks for, by (sort, key); themes stand
            under their root.
        told: the initiatives of which people were told what became of them.
    """

    rules: routing.Rules
    now: datetime
    arriving: "Arrivals"
    roots: Mapping[int, int] = field(default_factory=dict)
    known: frozenset[int] = frozenset()
    evidence: Mapping[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)
    told: frozenset[int] = frozenset()


class Arrivals:
    """Tells what the lake has and the desk has not looked at yet; the lake is read only where
    either has moved.

    To be asked after the mentions were read and before their cases are: whatever arrives meanwhile
    is then in one of the two.
    """

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._known: tuple[tuple[int, int], frozenset[str]] | None = None

    def __call__(self) -> frozenset[str]:
        """Their ids, now."""
        read = Bookmark.objects.filter(pk=1).values_list("version", flat=True).first()
        place = (-1 if read is None else read, self._lake.version())
        if self._known is None or self._known[0] != place:
            later = self._lake.since(place[0]) if place[0] < place[1] else iter(())
            ids = (one for _version, rows in later for one in rows.column("id").to_pylist())
            self._known = (place, frozenset(ids))
        return self._known[1]


@dataclass
class Held:
    """What holds one mention, as far as the database knows.

    Attributes:
        case: the case it is in, None for none.
        at: when it was said, by the desk.
        settled: whether that case is.
        withdrawn: whether it was deleted where it was said.
        idea: the number of the portal's idea it is, None for none.
        theme: the root of its theme, after what people corrected; None for none.
        signed: what somebody signed of it alone.
        initiatives: those it speaks for, by itself, its case, its theme or its idea.
    """

    case: int | None = None
    at: datetime | None = None
    settled: bool = False
    withdrawn: bool = False
    idea: int | None = None
    theme: int | None = None
    signed: str = ""
    initiatives: tuple[int, ...] = ()


@dataclass
class Desk:
    """What was done in one case: the moments of it, whether each promise still runs, and whether
    each decision not to answer still stands."""

    answered: list[datetime] = field(default_factory=list)
    leaving: list[datetime] = field(default_factory=list)
    promised: list[tuple[datetime, bool]] = field(default_factory=list)
    declined: list[tuple[datetime, bool]] = field(default_factory=list)


def company(lake: Lake) -> Company:
    """Read what is the same for every mention."""
    where = themes.roots()
    told = Initiative.objects.filter(stage__in=ENDED) | Initiative.objects.exclude(untold_by=None)
    return Company(
        rules=rules(),
        now=timezone.now(),
        arriving=Arrivals(lake),
        roots=where,
        known=frozenset(Theme.objects.values_list("pk", flat=True)),
        evidence=_evidence(where),
        told=frozenset(told.values_list("pk", flat=True)),
    )


def judged(rows: Sequence[dict[str, Any]]) -> None:
    """Let rows of the lake read what people said of their labels."""
    if rows:
        people = corrected(min(row["id"] for row in rows), max(row["id"] for row in rows))
        for row in rows:
            row.update(people.get(row["id"], {}))


def carries_idea(row: Row) -> bool:
    """Whether a mention carries an idea, be it beside something else."""
    return row["kind"] == "idea" or "idea" in (row["also"] or ())


def gather(rows: Sequence[Row], here: Company) -> dict[str, Facts]:
    """The facts of some mentions, by id; those that neither ask nor propose anything cost nothing.

    Args:
        rows: of the lake (`rows.sql`), with what people corrected.
        here: what is the same for all of them.
    """
    decided = {row["id"]: routing.decide(row, here.rules, here.now) for row in rows}
    wanted = [row for row in rows if decided[row["id"]].deserves or carries_idea(row)]
    arriving = here.arriving()
    held = holders(wanted, here)
    desks = desks_of({one.case for one in held.values() if one.case is not None})
    gone = _forgotten(wanted, decided, held)
    found = {row["id"]: Facts() for row in rows}
    for row in wanted:
        name = row["id"]
        known = _facts(row, decided[name], held[name], desks, here)
        found[name] = replace(known, arriving=name in arriving, forgotten=name in gone)
    return found


def holders(rows: Sequence[Row], here: Company) -> dict[str, Held]:
    """What holds each of these mentions."""
    found = {row["id"]: Held(theme=row["theme"]) for row in rows}
    _by_messages(found)
    for mention, pk in _some(Idea.objects.all(), found, "mention", "pk"):
        found[mention].idea = pk
    standing = Correction.objects.filter(undone_at=None)
    moves = list(_some(standing, found, "mention", "theme", "belongs"))
    for mention, theme, belongs in sorted(moves, key=lambda move: bool(move[2])):
        one = found[mention]
        if belongs:
            one.theme = theme
        elif here.roots.get(one.theme or 0, one.theme) == here.roots.get(theme, theme):
            one.theme = None
    for mention, verdict in _some(Ending.objects.all(), found, "mention", "verdict"):
        found[mention].signed = verdict
    for mention, one in found.items():
        root = here.roots.get(one.theme, one.theme) if one.theme else None
        one.theme = root if root in here.known else None
        one.initiatives = _spoken_for(mention, one, here)
    return found


def desks_of(cases: Iterable[int]) -> dict[int, Desk]:
    """What was done in each of these cases."""
    found: dict[int, Desk] = defaultdict(Desk)
    sent = Message.objects.filter(direction=Message.Direction.OUT, notice=False)
    columns = (
        "conversation__case",
        "state",
        "sent_at",
        "at",
        "answers__at",
        "promise",
        "promise__clock__outcome",
    )
    for case, state, sent_at, at, asked_at, promise, outcome in _some(
        sent, cases, *columns, by="conversation__case"
    ):
        moment = max(filter(None, (sent_at or at, asked_at)))
        if state in ON_ITS_WAY:
            found[case].leaving.append(moment)
        elif state == _State.SENT and promise is not None:
            found[case].promised.append((moment, outcome == Clock.Outcome.RUNNING))
        elif state == _State.SENT:
            found[case].answered.append(moment)
    for case, at, looked_at in _some(Decision.objects.all(), cases, "case", "at", "reviewed_at"):
        found[case].declined.append((at, looked_at is None))
    return dict(found)


def _by_messages(found: dict[str, Held]) -> None:
    columns = ("mention", "conversation__case", "conversation__case__status", "at", "withdrawn_at")
    received = Message.objects.filter(direction=Message.Direction.IN)
    for mention, case, status, at, withdrawn in _some(received, found, *columns):
        one = found[str(mention)]
        one.case, one.at, one.withdrawn = case, at, withdrawn is not None
        one.settled = status not in UNSETTLED


def _spoken_for(mention: str, one: Held, here: Company) -> tuple[int, ...]:
    keys = [(Evidence.Sort.MENTION, mention)]
    places = (
        (Evidence.Sort.CASE, one.case),
        (Evidence.Sort.THEME, one.theme),
        (Evidence.Sort.IDEA, one.idea),
    )
    keys += [(sort, str(key)) for sort, key in places if key is not None]
    return tuple(sorted({pk for key in keys for pk in here.evidence.get(key, ())}))


def _facts(
    row: Row,
    decision: routing.Decision,
    held: Held,
    desks: Mapping[int, Desk],
    here: Company,
) -> Facts:
    desk = desks.get(held.case or 0, Desk())
    since = held.at or decision.at
    promises = [running for at, running in desk.promised if at >= since]
    return Facts(
        deserves=decision.deserves,
        waits=decision.waits,
        idea=carries_idea(row),
        withdrawn=held.withdrawn,
        case=held.case is not None,
        unsettled=not held.settled or _any_since(desk.leaving, since),
        answered=_any_since(desk.answered, since),
        acknowledged=bool(promises),
        owed=any(promises),
        # whoever opened the case again looks at the decision anew, until it is settled
        declined=any(at >= since and (stands or held.settled) for at, stands in desk.declined),
        signed=held.signed,
        initiative=bool(held.initiatives),
        told=any(one in here.told for one in held.initiatives),
        portal=held.idea is not None,
        theme=held.theme is not None,
        age=max(here.now - row["heard_at"], timedelta()),
    )


def _any_since(moments: Iterable[datetime], since: datetime) -> bool:
    return any(at >= since for at in moments)


def _forgotten(
    rows: Sequence[Row], decided: Mapping[str, routing.Decision], held: Mapping[str, Held]
) -> frozenset[str]:
    """Those of authors who are being forgotten: the lake still has them for a moment."""
    loose = [row for row in rows if held[row["id"]].case is None]
    keys = {row["id"]: Voice(row, decided[row["id"]]).account.key for row in loose}
    gone = buried(keys.values())
    return frozenset(mention for mention, key in keys.items() if key in gone)


def _evidence(roots: Mapping[int, int]) -> dict[tuple[str, str], tuple[int, ...]]:
    found: dict[tuple[str, str], tuple[int, ...]] = defaultdict(tuple)
    for sort, key, initiative in Evidence.objects.values_list("sort", "key", "initiative"):
        if sort == Evidence.Sort.THEME:
            found[sort, str(roots.get(int(key), int(key)))] += (initiative,)
        else:
            found[sort, key] += (initiative,)
    return dict(found)


def _some(
    rows: QuerySet[Any], keys: Iterable[Any], *columns: str, by: str = ""
) -> Iterator[tuple[Any, ...]]:
    """Columns of the rows whose first column (or `by`) is one of these keys."""
    wanted = sorted(keys)
    name = f"{by or columns[0]}__in"
    for piece in chunks(wanted):
        yield from rows.filter(**{name: piece}).values_list(*columns)
