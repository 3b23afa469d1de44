"""Run the rules on what happens: read the journal on, and act on each event at most once.

One worker at a time reads (`Follower`); whatever it does to a case for one event, and the rows that
say so, are one transaction, so a worker that dies half way leaves nothing half done and the event
is read again. What a rule brought about carries its number and is never heard by any rule, so no
chain of rules can go round in circles; and no rule acts on one case more than DAILY times a day.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils import timezone

from sori.automation import quiet
from sori.automation.actions import Doing, carry_out
from sori.automation.deciding import IDLE, Facts, Rule, judge
from sori.automation.facts import Question, facts
from sori.automation.models import Follower, RuleRun
from sori.automation.models import Rule as StoredRule
from sori.automation.selectors import active_rules
from sori.database import claim, hold, write_atomic
from sori.errors import Refused
from sori.journal import selectors as journal
from sori.journal.services import because, record
from sori.respond.models import Case
from sori.respond.reminding import supervisors
from sori.respond.selectors import UNSETTLED

LEASE: Final = timedelta(minutes=1)
DAILY: Final = 10
"""How often one rule acts on one case within a day."""
TROUBLE: Final = 5
"""After so many failures in a row a rule switches itself off."""
LOOK: Final = timedelta(seconds=30)
"""How often silences are looked for."""

Heard = tuple[Mapping[str, Any], datetime, list[Rule]]
"""An event, the moment it counts, and the rules that wait for it, in order."""


class Runner:
    """Runs the rules for one worker; remembers how it reads the journal."""

    def __init__(self) -> None:
        self._tail: journal.Tail | None = None

    def run_due(self) -> int:
        """Act on what happened since the last look.

        Returns:
            How many events were read; 0 means that there was nothing to do.

        Raises:
            Stale: when another worker took over meanwhile.
        """
        now = timezone.now()
        place = Follower.objects.first() or _begin(now)
        look = now - place.looked_at >= LOOK
        if journal.last() <= place.position and not look:
            return 0
        claimed = claim(Follower.objects.all(), lease=LEASE)
        if not claimed:
            return 0
        (row,) = claimed
        rules = active_rules()
        events = self._read(row)
        heard: list[Heard] = [(one, one["at"], _waiting(one, rules)) for one in events]
        if look:
            heard += _silences(rules, row.looked_at, now)
        _act(heard)
        position = self._tail.last if self._tail else row.position
        looked = now if look else row.looked_at
        hold(row, position=position, looked_at=looked, lease_until=None)
        return len(events)

    def _read(self, row: Follower) -> list[dict[str, Any]]:
        # another worker may have read on meanwhile
        if self._tail is None or self._tail.last != row.position:
            self._tail = journal.Tail(row.position)
        return self._tail.read()


def _begin(now: datetime) -> Follower:
    """Begin with what happens from now on."""
    first = {"position": journal.last(), "looked_at": now, "due_at": now - LEASE}
    return Follower.objects.get_or_create(pk=1, defaults=first)[0]


def _waiting(event: Mapping[str, Any], rules: Sequence[Rule]) -> list[Rule]:
    if quiet.caused(event) or quiet.case_of(event) is None:
        return []
    return [rule for rule in rules if rule.hears(event["kind"], event["at"])]


def _silences(rules: Sequence[Rule], since: datetime, until: datetime) -> list[Heard]:
    waiting = [rule for rule in rules if rule.trigger == IDLE]
    found: list[Heard] = []
    for hours in sorted({rule.hours for rule in waiting}):
        alike = [rule for rule in waiting if rule.hours == hours]
        for event in quiet.fallen_quiet(hours, since, until):
            at = event["at"] + timedelta(hours=hours)
            found.append((event, at, [one for one in alike if one.since and at >= one.since]))
    return found


def _act(heard: Sequence[Heard]) -> None:
    """Look at all cases at once; where a rule seems to fit, look again with the case locked."""
    wanted = [one for one in heard if one[2]]
    questions = [_question(number, *one[:2]) for number, one in enumerate(wanted)]
    known = facts(questions, [rule for one in wanted for rule in one[2]])
    touched: set[int] = set()
    for number, (event, at, rules) in enumerate(wanted):
        seen = known.get(number)
        if seen is None:
            continue
        # an earlier event of this look may have changed it
        if seen.case in touched or any(_may(rule, seen) for rule in rules):
            touched.add(seen.case)
            _act_on(seen.case, event, at, rules)


def _question(key: int, event: Mapping[str, Any], at: datetime) -> Question:
    case = quiet.case_of(event)
    assert case is not None
    return Question(key, case, at, quiet.message_of(event))


def _may(rule: Rule, seen: Facts) -> bool:
    """Whether a rule fits; one that cannot be asked does, to fail where it is written down."""
    if rule.trigger == IDLE and (seen.status not in UNSETTLED or seen.snoozed):
        return False
    try:
        return judge(rule, seen).fits
    except ValueError:
        return True


def _act_on(case: int, event: Mapping[str, Any], at: datetime, rules: Sequence[Rule]) -> None:
    with write_atomic():
        if not Case.objects.select_for_update().filter(pk=case).exists():
            return  # erased since
        for rule in rules:
            seen = facts([_question(0, event, at)], [rule])[0]
            if _may(rule, seen) and _run(rule, seen, event["id"]) and rule.stop:
                return


def _run(rule: Rule, seen: Facts, event: int) -> bool:
    """Let a rule act on an event once; returns whether it did, now or before."""
    row = StoredRule.objects.select_for_update().filter(pk=rule.key, active=True).first()
    if row is None:
        return False  # switched off or thrown away since
    now, case = timezone.now(), seen.case
    run, new = RuleRun.objects.get_or_create(
        rule=row, event=event, defaults={"case_id": case, "at": now}
    )
    if not new:
        return run.outcome == RuleRun.Outcome.DONE
    today = RuleRun.objects.filter(rule=row, case=case, at__gt=now - timedelta(days=1))
    if today.count() > DAILY:
        run.outcome = RuleRun.Outcome.LIMIT
        run.save(update_fields=["outcome"])
        return False
    try:
        with transaction.atomic(), because(rule=row.pk, rule_name=row.name):
            judge(rule, seen)  # one that cannot be asked fails here
            carry_out(rule.actions, Doing(case, None, row.name))
            run.did = [list(one) for one in rule.actions]
            sorts = [one.sort for one in rule.actions]
            record("rule.ran", f"case:{case}", event=event, actions=sorts)
    except (Refused, ObjectDoesNotExist, ValueError) as error:
        _fail(row, run, str(error))
        return False
    run.save(update_fields=["did"])
    if row.failures or row.trouble:
        StoredRule.objects.filter(pk=row.pk).update(failures=0, trouble="")
    return True


def _fail(row: StoredRule, run: RuleRun, why: str) -> None:
    """Write down why a rule could not act; one that cannot again and again is switched off."""
    run.outcome, run.why = RuleRun.Outcome.FAILED, why
    run.save(update_fields=["outcome", "why"])
    row.failures, row.trouble = row.failures + 1, why
    with because(rule=row.pk, rule_name=row.name):
        record("rule.failed", f"case:{run.case_id}", event=run.event, why=why)
        if row.failures >= TROUBLE:
            row.active, row.since = False, None
            to = sorted({row.member_id, *supervisors(None)})
            record("rule.gave_up", f"rule:{row.pk}", name=row.name, why=why, to=to)
    row.save(update_fields=["failures", "trouble", "active", "since"])
