"""Rules that undo each other come to an end: runs are bounded, and each is once."""

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk import member, opened
from sori.automation.deciding import TRIGGERS
from sori.automation.models import Follower, Rule, RuleRun
from sori.automation.running import DAILY, Runner
from sori.errors import Refused
from sori.journal import selectors as journal
from sori.journal.models import Event
from sori.respond import services as desk
from sori.respond import tagging
from sori.respond.models import Case, Clock
from sori.staff.models import Department

pytestmark = pytest.mark.django_db
numbers = itertools.count(1)

triggers = st.sampled_from([one for one in TRIGGERS if one != "idle"])
deeds = st.sampled_from(
    ["on a", "off a", "on b", "off b", "open", "pending", "on_hold", "resolved", "here", "there"]
)
rules = st.lists(
    st.tuples(triggers, st.lists(deeds, min_size=1, max_size=3), st.booleans()), max_size=6
)
steps = st.lists(
    st.sampled_from(["on a", "off a", "open", "on_hold", "here", "there", "resolve", "reopen"]),
    max_size=6,
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rules=rules, steps=steps)
def test_any_rules_and_any_deeds_come_to_rest(lake, author, rules, steps):
    Rule.objects.all().delete()
    Follower.objects.all().delete()
    now = timezone.now()
    ago = now - timedelta(minutes=1)
    Follower.objects.create(pk=1, position=journal.last(), looked_at=now, due_at=ago)
    opened(lake, author_id=f"circle{next(numbers)}@x.kr")
    case, who = Case.objects.latest("pk"), member()
    Clock.objects.filter(case=case).update(outcome="met", stopped_at=now)
    words = _words(author)
    for place, (trigger, does, stop) in enumerate(rules):
        Rule.objects.create(
            name=f"circle {next(numbers)}",
            position=place,
            active=True,
            trigger=trigger,
            since=now - timedelta(hours=1),
            member=author,
            updated_at=now,
            stop=stop,
            actions=[words[one] for one in does],
        )
    before = journal.last()
    for step in steps:
        _do(step, case.pk, who, words)
    runner = Runner()

    looks = 0
    while runner.run_due():
        looks += 1
        assert looks < 50, "the rules never rest"

    heard = Event.objects.filter(id__gt=before - 20, about=f"case:{case.pk}")
    by_people = [one for one in heard if "rule" not in one.data]
    assert RuleRun.objects.count() <= len(rules) * len(by_people)
    done = RuleRun.objects.filter(case=case, outcome="done")
    for rule in Rule.objects.all():
        assert done.filter(rule=rule).count() <= DAILY
    events = Event.objects.filter(pk__in=done.values_list("event", flat=True))
    assert not any("rule" in one.data for one in events)


def _words(author) -> dict[str, list[str]]:
    tags = {name: str(tagging.make(name=name, member=author).pk) for name in "ab"}
    places = {
        name: str(Department.objects.get_or_create(name=name)[0].pk) for name in ("here", "there")
    }
    return {
        "on a": ["add_tag", tags["a"], ""],
        "off a": ["remove_tag", tags["a"], ""],
        "on b": ["add_tag", tags["b"], ""],
        "off b": ["remove_tag", tags["b"], ""],
        **{name: ["status", name, ""] for name in ("open", "pending", "on_hold", "resolved")},
        **{name: ["department", place, ""] for name, place in places.items()},
    }


def _do(step: str, case: int, who, words) -> None:
    try:
        if step == "resolve":
            desk.resolve(case=case, member=who)
        elif step == "reopen":
            desk.reopen(case=case, member=who)
        elif step.startswith("on a"):
            tagging.put_on(case=case, tag=tagging.make(name="a", member=who), member=who)
        elif step == "off a":
            tagging.take_off(case=case, tag=tagging.make(name="a", member=who), member=who)
        elif step in {"here", "there"}:
            place = Department.objects.get(name=step)
            desk.move_to_department(case=case, member=who, department=place)
        else:
            desk.set_status(case=case, member=who, status=step)
    except Refused:
        return
