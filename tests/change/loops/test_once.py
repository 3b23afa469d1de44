"""500 accounts on six channels, 40 of them somebody's second one: 460 notices, nobody twice."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import loops_of as loops
from desk import member
from sori.change.loops import handing
from sori.change.loops.models import Heard, LoopNotice
from sori.database import write_atomic
from sori.errors import Refused
from sori.people.merging import merge, part
from sori.people.models import Identity
from sori.people.selectors import standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def places(channels):
    return [loops.place(name) for name in loops.CHANNELS]


def accounts(*names):
    return {
        one.external_id: one.person_id for one in Identity.objects.filter(external_id__in=names)
    }


def test_500_accounts_of_460_people_hear_460_times(lake, places):
    names = [f"account{number}" for number in range(500)]
    rows = [loops.voice(places[n % 6], name) for n, name in enumerate(names)]
    made = loops.initiative(lake, *rows)
    person, anna = accounts(*names), member()
    for number in range(30):  # known to be one before
        merge(person=person[names[470 + number]], into=person[names[number]], member=anna)
    telling = loops.approved(lake, made)

    def meanwhile(turn):
        if turn != 2:
            return
        told = set(telling.notices.filter(state="handed").values_list("identity", flat=True))
        ids = dict(Identity.objects.values_list("external_id", "pk"))
        apart = [one for one in names[30:470] if ids[one] in told]
        waiting = [one for one in names[30:470] if ids[one] not in told]
        for first, second in zip(apart[:10], waiting[:10], strict=True):
            merge(person=person[second], into=person[first], member=anna)
        covered = [n for n in range(30) if {ids[names[n]], ids[names[470 + n]]} & told][:5]
        assert covered
        for number in covered:
            part(person=person[names[470 + number]], member=anna)
        for first, second in list(pairwise(apart[10:20]))[::2]:
            merge(person=person[second], into=person[first], member=anna)

    loops.tell_all(telling, between=meanwhile)

    received = loops.received()
    assert received.total() == 460
    assert set(received.values()) == {1}
    assert LoopNotice.objects.filter(state="handed").count() == 460
    assert LoopNotice.objects.filter(state="covered").count() == 40
    assert Heard.objects.count() == 500


DEEDS = st.lists(
    st.tuples(st.sampled_from(["merge", "part", "turn"]), st.integers(0, 5), st.integers(0, 5)),
    max_size=14,
)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(before=DEEDS, after=DEEDS)
def test_nobody_hears_it_twice_however_people_are_merged_and_taken_apart(
    lake, places, before, after
):
    place, names = places[0], [f"one{loops.fresh()}" for _ in range(6)]
    made = loops.initiative(lake, *[loops.voice(place, name) for name in names])
    made.evidence.exclude(key__in=_mentions(names)).delete()
    person, anna = accounts(*names), member()
    people = [person[name] for name in names]
    for deed in before:
        _do(deed, people, anna)
    telling = loops.approved(lake, made)
    hearing: list[set[int]] = []
    settled = _roots(people)
    for deed in after:
        if deed[0] == "turn":
            _turn(telling, hearing)
        else:
            _do(deed, people, anna)
    while telling.state == "running":
        _turn(telling, hearing)
        telling.refresh_from_db()

    heard = set().union(*hearing)
    assert sum(map(len, hearing)) == len(heard), "an account heard it twice"
    ours = set(Identity.objects.filter(person__in=people).values_list("pk", flat=True))
    assert set(telling.heard.values_list("identity", flat=True)) == ours
    if _roots(people) == settled and all(deed[0] == "turn" for deed in after):
        assert heard == ours, "somebody was passed over"
    assert len(hearing) >= len(_ever_one(people, [*before, *after]))
    assert len(hearing) == telling.notices.filter(state="handed").count()


def _turn(telling, hearing):
    """One turn; adds who heard it: all accounts of each person as they stand in that moment."""
    before = set(telling.notices.filter(state="handed").values_list("pk", flat=True))
    loops.time_passes()
    handing.hand_due()
    loops.Message.objects.filter(notice=True).update(state="sent")
    handed = telling.notices.filter(state="handed").exclude(pk__in=before)
    for one in handed.select_related("identity"):
        root = standing([one.identity.person_id])[one.identity.person_id]
        hearing.append({pk for pk, owner in _owners() if standing([owner])[owner] == root})


def _roots(people):
    return standing(people)


def _ever_one(people, deeds):
    """Groups of people, were every merge that was ever asked for still in place."""
    group = {one: one for one in range(len(people))}
    for verb, one, other in deeds:
        if verb == "merge":
            old, new = group[one], group[other]
            group = {key: new if value == old else value for key, value in group.items()}
    return set(group.values())


def _owners():
    return Identity.objects.values_list("pk", "person_id")


def _do(deed, people, anna):
    verb, one, other = deed
    try:
        with write_atomic():
            if verb == "merge":
                merge(person=people[one], into=people[other], member=anna)
            elif verb == "part":
                part(person=people[one], member=anna)
    except Refused:
        pass  # merged already, or by themselves


def _mentions(names):
    said = loops.Message.objects.filter(conversation__identity__external_id__in=names)
    return [one for one in said.values_list("mention", flat=True) if one]
