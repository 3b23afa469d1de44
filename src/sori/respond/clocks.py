"""The clocks of cases: set by policy, resting while we wait for the customer, ended.

Every function is called inside the transaction that does the thing, with the case locked. A clock
and its reminder move together: whoever stops or rests one silences the other.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from django.db.models import Q
from django.utils import timezone

from sori.database import chunks
from sori.journal.services import record
from sori.people.selectors import values
from sori.respond import sla
from sori.respond.clock_models import Reminder
from sori.respond.models import Case, Clock
from sori.respond.policies import hours, policies

RESPONSE: Final = (Clock.Kind.FIRST_RESPONSE, Clock.Kind.NEXT_RESPONSE)
"""Clocks that only an answer, an acknowledgement or a signed decision ends."""

OWED: Final = (*RESPONSE, Clock.Kind.PROMISE)
"""While one of these runs, a person waits for words of ours."""

RUNNING: Final = Q(outcome=Clock.Outcome.RUNNING)

_BATCH: Final = 200


class Waiting(NamedTuple):
    """Somebody who begins to wait.

    Attributes:
        case: their case; saved.
        since: since when.
        addressed: whether they spoke to us.
        anew: whether the matter itself is new or was settled before.
    """

    case: Case
    since: datetime
    addressed: bool
    anew: bool


class Choice:
    """Which policy holds for each of some cases; a fixed number of questions.

    Args:
        cases: those that will be asked about.
    """

    def __init__(self, cases: Iterable[Case]) -> None:
        self._policies = policies()
        # most companies have no policy that asks for it
        asks = any(one.value is not None for one in self._policies)
        self._values = values(one.person_id for one in cases) if asks else {}

    def policy(self, case: Case, *, addressed: bool = True) -> sla.Policy:
        """The policy for a voice of this case that was said to us, or was not."""
        matter = sla.Matter(
            case.department_id,
            case.kind,
            case.urgency,
            case.channel,
            addressed,
            self._values.get(case.person_id),
        )
        return sla.choose(self._policies, matter)


def begin(waiting: Iterable[Waiting]) -> None:
    """Set the clocks of everybody who waits and has none running yet."""
    everybody = {one.case.pk: one for one in waiting}
    if not everybody:
        return
    there, choose = _there(everybody), Choice([one.case for one in everybody.values()])
    clocks = []
    for case, one in everybody.items():
        clocks += _clocks(one, there.get(case, {}), choose)
    _create(clocks)


def begin_promise(case: Case, *, at: datetime, due_at: datetime) -> Clock:
    """Set the clock of a promise; what it counts is the wall's time, as it was told.

    An earlier promise that is still open has been broken.
    """
    stop(case.pk, at, kinds=(Clock.Kind.PROMISE,), outcome=Clock.Outcome.MISSED)
    span = sla.start(at, sla.Target(due_at - at, due_at - at))
    policy = Choice([case]).policy(case)
    clock = Clock(case=case, kind=Clock.Kind.PROMISE, policy_id=policy.key, **span._asdict())
    _create([clock])
    return clock


def begin_resolution(case: Case, *, at: datetime) -> None:
    """Set the clock for settling a matter that was taken up again, if a policy has one."""
    policy = Choice([case]).policy(case)
    running = case.clocks.filter(RUNNING, kind=Clock.Kind.RESOLUTION).exists()
    if policy.resolution and not running:
        _create([_clock(case, Clock.Kind.RESOLUTION, at, policy.resolution, policy)])


def stop(
    case: int,
    at: datetime,
    *,
    kinds: Iterable[str],
    outcome: str | None = None,
) -> None:
    """End the running clocks of these kinds.

    Args:
        case: the case's id.
        at: when they stopped; a clock that began later keeps running.
        kinds: of `Clock.Kind`.
        outcome: how they ended; None: what they waited for happened, so time decides.
    """
    wanted = Clock.objects.filter(RUNNING, case=case, kind__in=kinds, started_at__lte=at)
    ended = list(wanted.select_related("policy__calendar", "calendar").order_by("pk"))
    if ended:
        _weigh_again([case])
    for clock in ended:
        if clock.paused_at is not None:
            _resume(clock, at)
        clock.stopped_at = at
        clock.outcome = outcome or sla.outcome(span(clock), at)
        clock.worked_seconds = _worked(clock, at)
        clock.save()
        _silence(clock)
        record(
            "clock.stopped",
            f"case:{case}",
            clock=clock.pk,
            clock_kind=clock.kind,
            outcome=clock.outcome,
            seconds=int((at - clock.started_at).total_seconds()),
        )
        if clock.kind == Clock.Kind.PROMISE:
            kept = clock.outcome == Clock.Outcome.MET
            record("promise.kept" if kept else "promise.broken", f"case:{case}", clock=clock.pk)


def rest(case: int, at: datetime) -> None:
    """Let the clocks of a case rest: it is the customer's turn. Promises and silence go on."""
    _weigh_again([case])
    for clock in Clock.objects.filter(RUNNING, case=case, paused_at=None, silence=False):
        if clock.kind == Clock.Kind.PROMISE:
            continue
        clock.paused_at = max(at, clock.started_at)
        clock.save(update_fields=["paused_at"])
        _silence(clock)


def go_on(spoken: Mapping[int, datetime]) -> None:
    """Let the clocks of cases go on, since these moments, with the time they had left."""
    for some in chunks(sorted(spoken)):
        _weigh_again(some)
        rested = Clock.objects.filter(RUNNING, case__in=some, paused_at__isnull=False)
        for clock in rested.select_related("calendar"):
            _resume(clock, spoken[clock.case_id])
            clock.save()
            remind(clock)


def remind(clock: Clock) -> None:
    """Let a clock that goes on be spoken of again: what has not been told yet."""
    silent = Reminder.objects.filter(clock=clock, due_at=None)
    silent.filter(stage=Reminder.Stage.WARN).update(due_at=clock.soon_at)
    silent.filter(stage=Reminder.Stage.ESCALATE).update(due_at=clock.due_at)


def owed(case: int) -> bool:
    """Whether a person waits for words of ours."""
    return Clock.objects.filter(RUNNING, case=case, kind__in=OWED).exists()


def span(clock: Clock) -> sla.Span:
    """A clock as plain data."""
    return sla.Span(clock.started_at, clock.soon_at, clock.due_at, clock.limit_at)


def _there(cases: Iterable[int]) -> dict[int, dict[str, bool]]:
    """The kinds of clocks each case has had, and whether one is running."""
    found: dict[int, dict[str, bool]] = {}
    for some in chunks(sorted(cases)):
        clocks = Clock.objects.filter(case__in=some)
        for case, kind, outcome in clocks.values_list("case", "kind", "outcome"):
            kinds = found.setdefault(case, {})
            kinds[kind] = kinds.get(kind, False) or outcome == Clock.Outcome.RUNNING
    return found


def _clocks(one: Waiting, there: Mapping[str, bool], choose: Choice) -> list[Clock]:
    policy = choose.policy(one.case, addressed=one.addressed)
    clocks = []
    if not any(there.get(kind) for kind in RESPONSE):
        later = Clock.Kind.FIRST_RESPONSE in there
        kind = Clock.Kind.NEXT_RESPONSE if later else Clock.Kind.FIRST_RESPONSE
        target = policy.following if later else policy.first
        clocks.append(_clock(one.case, kind, one.since, target, policy, silence=not one.addressed))
    if policy.resolution and one.anew and not there.get(Clock.Kind.RESOLUTION):
        clocks.append(_clock(one.case, Clock.Kind.RESOLUTION, one.since, policy.resolution, policy))
    return clocks


def _clock(
    case: Case,
    kind: str,
    since: datetime,
    target: sla.Target,
    policy: sla.Policy,
    *,
    silence: bool = False,
) -> Clock:
    calendar = sla.WALL if silence else policy.calendar
    return Clock(
        case=case,
        kind=kind,
        policy_id=policy.key,
        calendar_id=None if silence else policy.calendar_key,
        silence=silence,
        **sla.start(since, target, calendar)._asdict(),
    )


def _create(clocks: list[Clock]) -> None:
    for some in chunks(sorted({clock.case_id for clock in clocks})):
        _weigh_again(some)
    Clock.objects.bulk_create(clocks, batch_size=_BATCH)
    reminders = [Reminder(clock=clock, due_at=clock.soon_at) for clock in clocks]
    Reminder.objects.bulk_create(reminders, batch_size=_BATCH)


def _resume(clock: Clock, at: datetime) -> None:
    assert clock.paused_at is not None
    later = sla.resumed(
        span(clock), clock.paused_at, max(at, clock.paused_at), hours(clock.calendar)
    )
    clock.soon_at, clock.due_at, clock.limit_at = later.soon_at, later.due_at, later.limit_at
    clock.paused_at = None


def _weigh_again(cases: Iterable[int]) -> None:
    """How long somebody waits, and for what was promised, speaks for their case."""
    Case.objects.filter(pk__in=cases).update(weigh_at=timezone.now())


def _worked(clock: Clock, at: datetime) -> int:
    """How many seconds of a clock that stops lay in our working hours."""
    ours = hours(clock.policy.calendar if clock.policy else None)
    return int(max(ours.between(clock.started_at, at).total_seconds(), 0))


def _silence(clock: Clock) -> None:
    Reminder.objects.filter(clock=clock).update(due_at=None)
