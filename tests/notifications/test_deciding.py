"""Who is told of what: rules on plain data."""

from collections.abc import Mapping
from typing import Any

import pytest

from sori.notifications.deciding import (
    RULES,
    Facts,
    Happened,
    begins_to_follow,
    decide,
    ids,
    occasions_of,
)
from sori.notifications.occasions import OCCASIONS, SHARED, ways_of
from sori.staff.models import Role

EVERYTHING = ways_of(Role.ADMIN, {name: ["app"] for name in OCCASIONS})
DOER, OWNER, FOLLOWER, OTHER = 1, 2, 3, 4


def facts(**more: Any) -> Facts:
    known = {"owner": OWNER, "followers": frozenset({FOLLOWER})}
    ways = dict.fromkeys((DOER, OWNER, FOLLOWER, OTHER), EVERYTHING)
    return Facts(**{**known, "ways": ways, **more})


def told(kind: str, data: Mapping[str, Any] = {}, member: int | None = DOER, **more: Any):
    return [
        (one.member, one.occasion) for one in decide(Happened(kind, member, data), facts(**more))
    ]


MINE = {OWNER: "activity", FOLLOWER: "activity"}


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("case.assigned", {"owner": OTHER}, {**MINE, OTHER: "assigned"}),
        ("case.heard", {}, {OWNER: "heard", FOLLOWER: "heard"}),
        (
            "note.written",
            {"mentioned": [OTHER, OWNER]},
            {OWNER: "mentioned", FOLLOWER: "activity", OTHER: "mentioned"},
        ),
        ("clock.escalated", {"to": [OTHER]}, {OTHER: "clock_escalated"}),
        ("promise.broken", {}, {OWNER: "promise_broken", FOLLOWER: "promise_broken"}),
        ("task.asked", {"to": [OTHER], "department": 7}, {**MINE, OTHER: "task_asked"}),
        ("task.answered", {}, {OWNER: "task_answered", FOLLOWER: "activity"}),
        ("rule.told", {"to": [OTHER]}, {OTHER: "told"}),
        ("case.status_changed", {}, {}),
    ],
)
def test_it_tells_whom_it_concerns(kind: str, data: dict[str, Any], expected: dict[int, str]):
    assert dict(told(kind, data)) == expected


def test_it_asks_the_whole_department_when_nobody_is_named():
    assert (OTHER, "task_asked") in told(
        "task.asked", {"department": 7}, department=frozenset({OTHER})
    )


def test_it_never_tells_whoever_did_it():
    assert told("case.assigned", {"owner": DOER}, owner=DOER, followers=frozenset({DOER})) == []
    assert told("note.written", {"mentioned": [DOER]}, owner=None, followers=frozenset()) == []


def test_it_does_not_tell_the_author_that_their_answer_left():
    assert told("answer.sent", member=None, author=OWNER) == [(FOLLOWER, "activity")]
    assert (OWNER, "answer_failed") in told("answer.refused", member=None, author=OWNER)


def test_it_reports_back_what_somebody_asked_the_machine_to_do():
    assert told("person.erased") == [(DOER, "erasure")]


def test_it_tells_each_member_once_for_an_event():
    for kind in RULES:
        everybody = [DOER, OWNER, FOLLOWER, OTHER]
        data = {"to": everybody, "mentioned": everybody, "owner": OTHER}
        members = [
            member for member, _occasion in told(kind, data, department=frozenset(everybody))
        ]
        assert len(members) == len(set(members))


def test_it_tells_nobody_who_chose_no_way():
    deaf = {**EVERYTHING, "heard": frozenset[str]()}
    assert told("case.heard", ways={OWNER: deaf, FOLLOWER: EVERYTHING}) == [(FOLLOWER, "heard")]


@pytest.mark.parametrize("value", [None, "7", True, {"a": 1}, [None, "x", True]])
def test_it_reads_odd_data_as_nobody(value: object):
    assert ids(value) == frozenset()


def test_it_lets_people_follow_what_they_have_a_hand_in():
    note = Happened("note.written", DOER, {"mentioned": [OTHER]})
    assert begins_to_follow(note) == {DOER, OTHER}
    assert begins_to_follow(Happened("answer.approved", DOER, {})) == {DOER}
    assert begins_to_follow(Happened("case.heard", None, {})) == frozenset()


def test_it_knows_an_occasion_for_every_rule_and_a_rule_for_every_occasion():
    used = {occasion for kind in RULES for occasion in occasions_of(kind)}
    assert used == set(OCCASIONS)
    assert set(SHARED) <= used


@pytest.mark.parametrize("role", Role.values)
def test_it_offers_nobody_what_they_may_not_read(role: str):
    offered = ways_of(role, {})
    assert ("heard" in offered) == (role != Role.VIEWER)
    assert ("erasure" in offered) == (role in {Role.SUPERVISOR, Role.ADMIN})
    assert bool(offered["surge"]) == (role in {Role.SUPERVISOR, Role.ADMIN})
