"""A merge is a pointer: taken back, everything is as if it had never been."""

import threading

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from desk import batch, letter, member, source
from sori.errors import Refused
from sori.journal.models import Event
from sori.people import merging, selectors
from sori.people.models import Apart, Person
from sori.people.recognising import Reason, Recognition
from sori.respond import opening, receiving, routing, threads
from sori.respond.models import Case, Conversation, Message
from sori.respond.voices import Voice

pytestmark = pytest.mark.django_db
PEOPLE = 5


def somebody(count: int) -> list[Person]:
    return [Person.objects.create(name=f"고객 {number}") for number in range(count)]


def test_it_shows_two_as_one_and_writes_down_why():
    one, other = somebody(2)
    why = Recognition((Reason("mail", ("kim@example.com",), verified=True),), ())

    merging.merge(person=one.pk, into=other.pk, member=member(), why=why)

    assert selectors.together(one.pk) == selectors.together(other.pk) == [one.pk, other.pk]
    event = Event.objects.get(kind="person.merged")
    assert event.data == {"into": other.pk, "evidence": ["mail"], "against": []}


def test_it_refuses_what_makes_no_sense():
    one, other, third = somebody(3)
    who = member()
    merging.merge(person=one.pk, into=other.pk, member=who)

    for person, into in ((one, third), (other, one), (third, one), (third, third)):
        with pytest.raises(Refused):
            merging.merge(person=person.pk, into=into.pk, member=who)
    with pytest.raises(Refused):
        merging.merge(person=third.pk, into=999_999, member=who)
    with pytest.raises(Refused):
        merging.part(person=third.pk, member=who)


def test_it_remembers_that_two_are_two():
    one, other = somebody(2)
    for _ in range(2):
        merging.tell_apart(person=other.pk, other=one.pk, member=member())

    assert Apart.objects.count() == 1
    assert selectors.told_apart([one.pk]) == {other.pk}


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_crosswise_at_once_make_no_circle():
    one, other = somebody(2)
    who, start, refused = member(), threading.Barrier(2), []

    def merge(person: int, into: int) -> None:
        start.wait()
        try:
            merging.merge(person=person, into=into, member=who)
        except Refused:
            refused.append(person)
        finally:
            connection.close()

    both = [
        threading.Thread(target=merge, args=pair)
        for pair in ((one.pk, other.pk), (other.pk, one.pk))
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()

    assert len(refused) == 1
    assert Person.objects.exclude(merged_into=None).count() == 1


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("merge"), st.integers(0, PEOPLE - 1), st.integers(0, PEOPLE - 1)),
        st.tuples(st.just("part"), st.integers(0, PEOPLE - 1), st.just(0)),
        st.tuples(st.just("speak"), st.integers(0, PEOPLE - 1), st.integers(0, 2)),
    ),
    max_size=24,
)


class TestMergesAreUndoneExactly(TestCase):
    """Random merges, merges taken back, and messages in between."""

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def test_it_moves_nothing_and_forgets_nothing(self, steps) -> None:
        place, who = source("letters"), member()
        for number in range(PEOPLE):
            _speak(place, number, 0)
        people = _people()
        pointers: dict[int, int] = {}
        for sort, one, other in steps:
            if sort == "speak":
                _speak(place, one, other)
                continue
            allowed = (
                one != other and one not in pointers and other not in pointers
                if sort == "merge"
                else one in pointers
            )
            try:
                if sort == "merge":
                    merging.merge(person=people[one], into=people[other], member=who)
                else:
                    merging.part(person=people[one], member=who)
            except Refused:
                assert not allowed
                continue
            assert allowed
            if sort == "merge":
                pointers[one] = other
            else:
                del pointers[one]
            self._as_one(people, pointers)
        merged = _desk()
        for one in list(pointers):
            merging.part(person=people[one], member=who)
        assert _desk() == merged
        assert set(Person.objects.values_list("merged_into", flat=True)) == {None}
        spoken = [(one, other) for sort, one, other in steps if sort == "speak"]
        assert _desk() == _never_merged(place, spoken)

    def _as_one(self, people: list[int], pointers: dict[int, int]) -> None:
        roots = {}
        for one in range(PEOPLE):
            root = one
            while root in pointers:
                root = pointers[root]
            roots[one] = root
        for one in range(PEOPLE):
            group = sorted(people[each] for each in range(PEOPLE) if roots[each] == roots[one])
            assert selectors.together(people[one]) == group
            case = Case.objects.filter(person=people[one]).first()
            assert case is not None
            shown = threads.customer(case.pk)
            assert shown is not None
            assert shown["id"] == people[roots[one]]
            assert shown["case_count"] == Case.objects.filter(person__in=group).count()


def _speak(place, who: int, thread: int) -> None:
    row = letter(place, thread_id=f"<{who}-{thread}@x>", author_id=f"c{who}@example.com")
    rows = batch(row).select(receiving.COLUMNS).to_pylist()
    rules = routing.Rules()
    opening.write([Voice(one, routing.decide(one, rules, one["heard_at"])) for one in rows])


def _people() -> list[int]:
    order = Person.objects.order_by("identities__external_id")
    return list(order.values_list("pk", flat=True))


def _desk() -> set[tuple[object, ...]]:
    """Who has which case, conversation and messages, by what customers and channels call them."""
    found: set[tuple[object, ...]] = set()
    for one in Conversation.objects.select_related("identity", "case__person"):
        owner = one.case.person.identities.get().external_id
        said = Message.objects.filter(conversation=one).count()
        found.add((one.thread, one.identity.external_id, owner, one.case.subject, said))
    return found


def _never_merged(place, spoken: list[tuple[int, int]]) -> set[tuple[object, ...]]:
    """The same desk, counted by hand: one case for every thread somebody spoke in."""
    said = [(number, 0) for number in range(PEOPLE)] + spoken
    return {
        (f"<{who}-{thread}@x>", f"c{who}@example.com", f"c{who}@example.com", "배송 문의",
         said.count((who, thread)))
        for who, thread in said
    }  # fmt: skip
