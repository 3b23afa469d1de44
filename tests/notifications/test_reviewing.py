"""A decision not to answer whose day has come is announced once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from sori.journal.models import Event
from sori.notifications.models import Notification
from sori.notifications.reading import tell_due
from sori.notifications.reviewing import announce_reviews
from sori.notifications.services import tidy
from sori.respond import services
from sori.respond.models import Case, Decision
from sori.staff.models import Member

pytestmark = pytest.mark.django_db


def test_it_announces_a_review_once(case: Case, colleague: Callable[..., Member]):
    agent = colleague()
    today = timezone.localdate()
    services.decide_no_answer(
        case=case.pk, member=agent, reason="elsewhere", review_on=today + timedelta(days=1)
    )
    assert announce_reviews() == 0

    Decision.objects.update(review_on=today)
    assert announce_reviews() == 1
    assert announce_reviews() == 0
    tell_due()
    assert Notification.objects.get(member=agent).occasion == "review"
    assert Event.objects.filter(kind="case.review_due").count() == 1


def test_it_is_silent_about_what_was_looked_at(case: Case, colleague: Callable[..., Member]):
    agent = colleague()
    services.decide_no_answer(case=case.pk, member=agent, reason="elsewhere",
                              review_on=timezone.localdate())  # fmt: skip
    services.reopen(case=case.pk, member=agent)
    assert announce_reviews() == 0


def test_it_tidies_away_what_was_read_long_ago(case: Case, colleague: Callable[..., Member]):
    agent = colleague()
    for _ in range(2):
        services.assign(case=case.pk, member=colleague("김팀장"), owner=None)
        services.assign(case=case.pk, member=colleague("김팀장"), owner=agent)
    tell_due()
    first, second = Notification.objects.filter(occasion="assigned").order_by("pk")
    Notification.objects.filter(pk=first.pk).update(read_at=timezone.now() - timedelta(days=91))
    assert tidy() == 1
    assert list(Notification.objects.filter(occasion="assigned")) == [second]
