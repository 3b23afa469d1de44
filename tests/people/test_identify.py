"""One identity per account, however many deliveries arrive at once."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from sori.people import selectors
from sori.people.models import Identity, Person
from sori.people.services import Account, clean_name, identify, nobody

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def account(number: int = 1, name: str = "김하은") -> Account:
    return Account("email", f"c{number}@customer.example", name, NOW)


def test_it_introduces_everybody_once():
    first = identify([account(1), account(2), account(1)])
    again = identify([account(2), account(3)])

    assert Identity.objects.count() == Person.objects.count() == 3
    key = account(2).key
    assert first[key] == again[key]


@pytest.mark.django_db(transaction=True)
def test_two_hundred_deliveries_at_once_make_one_person_each():
    start, found, failed = threading.Barrier(20), [], []

    def deliver(order: int) -> None:
        start.wait()
        try:
            for _ in range(10):
                some = [account(number) for number in range(6)]
                people = identify(some if order % 2 else reversed(some))
                found.append({key: identity.person_id for key, identity in people.items()})
        except Exception as error:
            failed.append(error)
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=deliver, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert len(found) == 200
    assert all(one == found[0] for one in found)
    assert Identity.objects.count() == Person.objects.count() == 6


def test_it_learns_a_name_later_and_follows_a_new_one():
    bare = Account("chat", "@minji", "", NOW)
    identify([bare])
    assert Person.objects.get().name == "@minji"

    identify([bare._replace(name="박민지")])
    identify([bare])

    assert Identity.objects.get().name == "박민지"
    assert Person.objects.get().name == "박민지"

    identify([bare._replace(name="민지")])
    assert Identity.objects.get().name == "민지"
    assert Person.objects.get().name == "박민지"


def test_it_has_no_name_for_nobody():
    identify([Account("webform", nobody("x" * 999), "", NOW)])

    assert Person.objects.get().name == ""
    assert len(Identity.objects.get().external_id) == 255


def test_it_remembers_when_somebody_was_first_seen():
    identify([account()._replace(seen_at=NOW), account()._replace(seen_at=NOW - timedelta(days=1))])

    assert Identity.objects.get().first_seen_at == NOW - timedelta(days=1)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  김 \n하은\t", "김 하은"),
        ("김\u202e은하", "김은하"),
        ("\u200b\u200b", ""),
        ("a\0b", "ab"),
        ("\u1100\u1161", "가"),
        (None, ""),
        ("가" * 200, "가" * 160),
    ],
)
def test_it_cleans_names(raw, clean):
    assert clean_name(raw) == clean


@given(st.text())
def test_a_clean_name_stays_clean(raw):
    name = clean_name(raw)

    assert clean_name(name) == name
    assert len(name) <= 160
    assert "\n" not in name


def test_it_finds_everybody_who_is_the_same_person():
    first, second, third, stranger = (Person.objects.create(name=name) for name in "가나다라")
    second.merged_into = first
    second.save()
    third.merged_into = second
    third.save()

    assert selectors.standing_for(third.pk) == first.pk
    for one in (first, second, third):
        assert selectors.together(one.pk) == [first.pk, second.pk, third.pk]
    assert selectors.together(stranger.pk) == [stranger.pk]


def test_it_ends_when_merges_run_in_a_circle():
    first, second = Person.objects.create(), Person.objects.create()
    Person.objects.filter(pk=first.pk).update(merged_into=second)
    Person.objects.filter(pk=second.pk).update(merged_into=first)

    assert selectors.together(first.pk)
