"""Handing a case over with one line of why: told in the timeline, gone with the case."""

import pytest
from django.utils import translation

from desk import HTMX, member, opened, signed_in
from sori.errors import Refused
from sori.journal.models import Event
from sori.respond import forgetting, services, threads
from sori.respond.models import Case, Note
from sori.staff.models import Department

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(lake) -> Case:
    return opened(lake).conversation.case


def told(case: Case) -> list[str]:
    entries = threads.thread(case.pk, member=0)["entries"]
    return [entry["words"] for entry in entries if entry["type"] == "event" and entry["words"]]


def test_it_says_why_beside_the_event_and_not_as_a_note_of_its_own(case):
    place = Department.objects.create(name="요금·정산")

    services.move_to_department(
        case=case.pk, member=member(), department=place, why="  이중 결제예요\n확인해 주세요 "
    )

    assert told(case) == ["이중 결제예요 확인해 주세요"]
    assert [e for e in threads.thread(case.pk, member=0)["entries"] if e["type"] == "note"] == []


def test_it_says_why_to_a_new_owner_on_the_page(case):
    minji, jun = member("민지"), member("준")

    page = signed_in(minji).post(
        f"/inbox/{case.pk}/owner/", {"owner": jun.pk, "why": "<b>휴가</b>라서요"}, headers=HTMX
    )

    assert "민지 gave it to 준 <q>&lt;b&gt;휴가&lt;/b&gt;라서요</q>" in page.content.decode()


def test_it_needs_no_reason(case):
    services.assign(case=case.pk, member=member(), owner=member())

    assert Note.objects.count() == 0
    assert "note" not in Event.objects.filter(kind="case.assigned").get().data


def test_it_keeps_the_words_out_of_the_journal(case):
    services.assign(case=case.pk, member=member(), owner=member(), why="이름은 김하은")

    assert "김하은" not in str(list(Event.objects.values_list("data", flat=True)))


def test_it_refuses_more_than_a_line(case):
    with translation.override("en"), pytest.raises(Refused, match="200"):
        services.assign(case=case.pk, member=member(), owner=member(), why="가" * 201)
    assert Case.objects.get().owner is None


def test_it_forgets_the_reason_with_the_person(case):
    services.assign(case=case.pk, member=member(), owner=member(), why="이름은 김하은")

    forgetting.forget([case.person_id])

    assert not Note.objects.exists()
