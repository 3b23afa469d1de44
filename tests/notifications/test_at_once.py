"""Many workers at the same moment: everybody is told once, and mailed once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from peers.mail_door import MailDoor
from sori.journal.models import Event
from sori.notifications.models import Line, Notification, Outlet
from sori.notifications.posting import post_due
from sori.notifications.reading import tell_due
from sori.respond import services
from sori.respond.models import Case
from sori.staff.models import Member
from together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_tells_and_mails_once_however_many_workers_there_are(
    case: Case, colleague: Callable[..., Member], post: MailDoor
):
    agents = [colleague(f"동료{number}") for number in range(3)]
    boss = colleague("김팀장")
    for agent in agents:
        services.assign(case=case.pk, member=boss, owner=agent)
    at_once(4, tell_due)
    told = Notification.objects.filter(occasion="assigned")
    assert sorted(told.values_list("member", flat=True)) == [agent.pk for agent in agents]
    arrived = Event.objects.filter(kind="notifications.arrived")
    assert arrived.count() == len(set(arrived.values_list("about", flat=True)))

    past = timezone.now() - timedelta(seconds=2)
    Line.objects.update(due_at=past)
    Outlet.objects.update(due_at=past)
    at_once(4, post_due)
    assert sorted(mail["To"] for mail in post.mails) == sorted(one.email for one in agents)
    assert set(Line.objects.values_list("state", flat=True)) == {"sent"}
