"""Orders and contracts come in from a file and are found by verified marks only."""

from datetime import date
from decimal import Decimal

import pytest

from desk import member
from sori.errors import Refused
from sori.journal.models import Event
from sori.people import profile, purchases, suggesting
from sori.people.models import Identity, Person, Purchase
from sori.people.services import Account, identify

pytestmark = pytest.mark.django_db
FILE = """주문번호,이메일,휴대폰,고객번호,상품명,금액,주문일
A-1,Kim@Example.com,,,의자,"12,000원",2026-11-01
A-2,,010-1234-5678,,책상,90000,2026.11.02
A-3,,,C-77,램프,,
,kim@example.com,,,번호 없음,1,
A-4,,,,누구 것도 아님,1,
A-5,kim@example.com,,,금액 이상,열두냥,
"""


def loaded(text: str = FILE, encoding: str = "utf-8") -> purchases.Loaded:
    return purchases.load(content=text.encode(encoding), member=member())


def kim(now) -> Person:
    account = Account("email", "kim@example.com", "김하은", now)
    return identify([account])[account.key].person


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_it_takes_in_what_it_can_read_and_says_the_rest(encoding):
    came = loaded(encoding=encoding)

    assert (came.rows, came.kept) == (6, 3)
    assert [row for row, _ in came.faults] == [4, 5, 6]
    first = Purchase.objects.get(number="A-1")
    assert (first.mail, first.amount, first.day) == (
        "kim@example.com",
        Decimal(12000),
        date(2026, 11, 1),
    )
    assert Event.objects.get(kind="purchases.loaded").data == {"rows": 6, "kept": 3, "faults": 3}


def test_a_number_that_is_known_is_written_again():
    loaded()
    loaded("number,mail,amount\nA-1,kim@example.com,5\n")

    assert Purchase.objects.count() == 3
    assert Purchase.objects.get(number="A-1").amount == 5


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "\n\n"])
def test_it_refuses_a_file_without_numbers(text):
    with pytest.raises(Refused):
        loaded(text)


def test_it_refuses_a_file_that_is_too_large(monkeypatch):
    monkeypatch.setattr(purchases, "LARGEST", 10)
    with pytest.raises(Refused):
        loaded()


def test_it_finds_them_by_verified_marks_only():
    from django.utils import timezone

    loaded()
    person = kim(timezone.now())
    who = member()
    assert purchases.purchases(suggesting.marks([person.pk])) == []

    identity = Identity.objects.get()
    profile.verify(identity=identity.pk, verified=True, member=who)
    profile.add_identifier(person=person.pk, member=who, sort="number", value=" c-77 ")

    found = purchases.purchases(suggesting.marks([person.pk]))
    assert {one["number"] for one in found} == {"A-1", "A-3"}


def test_it_recognises_two_people_by_one_order():
    from django.utils import timezone

    purchases.load(content=b"number,mail,customer\nA-9,kim@example.com,C-1\n", member=member())
    person = kim(timezone.now())
    other = Person.objects.create(name="하은")
    who = member()
    profile.verify(identity=Identity.objects.get().pk, verified=True, member=who)
    profile.add_identifier(person=other.pk, member=who, sort="number", value="C-1")

    found = suggesting.suggestions([person.pk])

    assert [one.person for one in found] == [other.pk]
    assert [(one.sort, one.values) for one in found[0].why.evidence] == [("order", ("A-9",))]
    assert [one.sort for one in found[0].why.against] == ["name"]
