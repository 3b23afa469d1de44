"""A case can be put off: it leaves the lists, and comes back by itself, or when they write."""

from datetime import timedelta

import pytest
from django.utils import timezone

from desk import letter, member, opened, say, source
from sori.errors import Refused
from sori.journal.models import Event
from sori.respond import selectors, services, snoozing
from sori.respond.models import Case, Clock
from sori.staff.models import Role

pytestmark = pytest.mark.django_db


def in_list(tab="open"):
    return [row["id"] for row in selectors.inbox(member=member().pk, tab=tab).rows]


@pytest.fixture
def case(lake):
    """A case that nobody waits for any more."""
    asked = opened(lake)
    Clock.objects.update(outcome=Clock.Outcome.MET, stopped_at=timezone.now())
    return Case.objects.get(pk=asked.conversation.case_id)


def later(**span):
    return timezone.now() + timedelta(**span)


def test_it_leaves_the_lists_and_stands_among_the_snoozed(case):
    until = later(hours=2)

    snoozing.snooze(case=case.pk, member=member(), until=until)

    assert in_list("open") == in_list("unassigned") == []
    assert in_list("snoozed") == [case.pk]
    counts = selectors.counts(member().pk)
    assert (counts["open"], counts["unassigned"], counts["snoozed"]) == (0, 0, 1)
    assert selectors.case_row(case.pk, member=member().pk)["snoozed_until"] == until
    assert Event.objects.get(kind="case.snoozed").data == {"until": until.isoformat()}


def test_it_comes_back_on_top_when_its_time_has_come(case, lake):
    snoozing.snooze(case=case.pk, member=member(), until=later(hours=2))
    say(lake, letter(source()))
    assert snoozing.wake_due() == 0

    Case.objects.filter(pk=case.pk).update(snoozed_until=later(seconds=-1))
    assert snoozing.wake_due() == 1

    assert in_list()[0] == case.pk
    assert snoozing.wake_due() == 0
    assert Event.objects.get(kind="case.woken").member is None


def test_it_comes_back_when_the_customer_writes(lake):
    place = source()
    say(lake, letter(place, external_id="first"))
    case = Case.objects.get()
    Clock.objects.update(outcome=Clock.Outcome.MET, stopped_at=timezone.now())
    snoozing.snooze(case=case.pk, member=member(), until=later(days=3))

    say(
        lake,
        letter(place, "아직도 안 왔어요. 언제 오나요?", external_id="second", thread_id="first"),
    )

    case = Case.objects.filter(pk=case.pk).first()
    assert case.snoozed_until is None
    assert case.pk in in_list()


def test_it_comes_back_by_hand_and_goes_when_it_is_settled(case):
    snoozing.snooze(case=case.pk, member=member(), until=later(days=1))
    snoozing.wake(case=case.pk, member=member())
    assert in_list() == [case.pk]

    snoozing.snooze(case=case.pk, member=member(), until=later(days=1))
    services.resolve(case=case.pk, member=member())

    assert in_list("snoozed") == []
    assert in_list("resolved") == [case.pk]


def test_nobody_hides_a_customer_who_waits(lake):
    asked = opened(lake)
    clock = Clock.objects.get()

    with pytest.raises(Refused):
        snoozing.snooze(
            case=asked.conversation.case_id,
            member=member(),
            until=clock.due_at + timedelta(minutes=1),
        )
    snoozing.snooze(
        case=asked.conversation.case_id, member=member(), until=clock.due_at - timedelta(minutes=1)
    )


@pytest.mark.parametrize("span", [{"minutes": -1}, {"days": 400}])
def test_it_refuses_times_that_make_no_sense(case, span):
    with pytest.raises(Refused):
        snoozing.snooze(case=case.pk, member=member(), until=later(**span))


def test_it_refuses_what_is_settled(case):
    services.resolve(case=case.pk, member=member())

    with pytest.raises(Refused):
        snoozing.snooze(case=case.pk, member=member(), until=later(hours=1))


def test_it_is_one_form_away(client, case):
    client.force_login(member())
    address = f"/inbox/{case.pk}/"
    page = client.get(address, headers={"Accept-Language": "en"}).content.decode()
    assert 'data-key="KeyH"' in page

    client.post(address + "snooze/", {"at": later(hours=1).isoformat()})
    assert Case.objects.get().snoozed_until
    client.post(address + "wake/")
    assert Case.objects.get().snoozed_until is None
    client.post(address + "snooze/", {"at": "", "on": "2999"}, headers={"HX-Request": "true"})
    assert Case.objects.get().snoozed_until is None


def test_somebody_who_only_reads_cannot(client, case):
    client.force_login(member(role=Role.AUDITOR))
    response = client.post(f"/inbox/{case.pk}/snooze/", {"at": later(hours=1).isoformat()})
    assert response.status_code == 403
