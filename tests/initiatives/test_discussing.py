"""A discussion in which colleagues are named and hear of it."""

import pytest

from desk import member, signed_in
from sori.change.initiatives import discussing, services
from sori.change.initiatives.models import Initiative
from sori.errors import Refused
from sori.journal.models import Event
from sori.notifications.models import Notification
from sori.notifications.reading import tell_due
from sori.staff.models import Role

pytestmark = pytest.mark.django_db


def test_it_tells_whoever_is_named_and_whoever_answers_for_it(begun, boss, agent):
    named = member("최지우", Role.VIEWER)
    row = begun()
    Initiative.objects.filter(pk=row.pk).update(owner=agent)
    row.refresh_from_db()
    tell_due()

    discussing.discuss(initiative=row, member=boss, body="@최지우 님은 어떻게 보세요?")

    while tell_due():
        pass
    told = set(Notification.objects.values_list("member", "occasion"))
    assert told == {(named.pk, "change_named"), (agent.pk, "change_moved")}
    assert "보세요" not in str(Event.objects.latest("pk").data)


def test_it_tells_whoever_proposed_it_what_was_decided(boss, agent):
    row = services.begin(member=agent, title="앱 로그인 유지")
    tell_due()

    services.decide(initiative=row, member=boss, decision="no", reason="법으로 정해져 있어요")

    while tell_due():
        pass
    told = list(Notification.objects.values_list("member", "occasion", "about"))
    assert told == [(agent.pk, "change_moved", f"initiative:{row.pk}")]
    page = signed_in(agent).get("/notifications/").content.decode()
    assert "정하윤 decided about an initiative of yours" in page
    assert row.title in page


def test_it_marks_the_names_in_the_words(begun, boss, agent):
    row = begun()
    discussing.discuss(initiative=row, member=boss, body="@이서연 님과 @아무개 님")

    (one,) = discussing.discussion(row)

    assert [piece.members for piece in one["pieces"] if piece.members] == [(agent.pk,)]
    assert "".join(piece.text for piece in one["pieces"]) == "@이서연 님과 @아무개 님"


@pytest.mark.parametrize("body", ["", "  \n", "가" * 4001])
def test_it_takes_no_empty_and_no_endless_words(begun, boss, body):
    with pytest.raises(Refused):
        discussing.discuss(initiative=begun(), member=boss, body=body)
