"""Whoever is forgotten is forgotten here too: no row holds a word of theirs, and none survives."""

from collections.abc import Callable

import pytest
from django.db import connection

from desk import letter, say
from sori.lake.store import Lake
from sori.notifications.models import Choice, Follow, Line, Notification, Outlet
from sori.notifications.reading import tell_due
from sori.notifications.services import choose, follow
from sori.respond import forgetting, services
from sori.respond.models import Case
from sori.staff.models import Member

pytestmark = pytest.mark.django_db
Make = Callable[..., Member]
TABLES = [one._meta.db_table for one in (Follow, Notification, Line, Outlet, Choice)]


def everything() -> str:
    """All that the tables of this room hold."""
    with connection.cursor() as cursor:
        found = []
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table}")
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found)


def test_it_holds_no_word_of_a_customer_and_goes_with_the_case(
    case: Case, colleague: Make, lake: Lake
):
    owner, follower = colleague(), colleague("박민수")
    choose(member=owner, ways={"heard": ["app", "mail"]})
    services.take(case=case.pk, member=owner)
    follow(case=case.pk, member=follower)
    conversation = case.conversations.get()
    say(lake, letter(conversation.source, "주소는 은하로 7입니다", thread_id=conversation.thread))
    tell_due()
    assert Notification.objects.filter(case=case).count() == 3
    assert Line.objects.exists()
    held = everything()
    for word in ("은하로", "김하은", "kim@customer.example", case.subject):
        assert word not in held

    forgetting.forget([case.person_id])
    assert not Case.objects.exists()
    assert not Notification.objects.exists()
    assert not Line.objects.exists()
    assert not Follow.objects.exists()


def test_it_goes_on_when_a_case_was_forgotten_before_it_was_told(case: Case, colleague: Make):
    agent = colleague()
    services.assign(case=case.pk, member=colleague("김팀장"), owner=agent)
    services.write_note(case=case.pk, member=colleague("박민수"), body="메모")
    forgetting.forget([case.person_id])
    assert tell_due() > 0
    assert not Notification.objects.exists()
