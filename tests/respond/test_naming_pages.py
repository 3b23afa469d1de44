"""Colleagues named in notes: told in the event, shown in the note, offered to whoever writes."""

import pytest

from desk import member, opened, signed_in
from sori.journal.models import Event
from sori.respond import services
from sori.staff.models import Role

pytestmark = pytest.mark.django_db


def test_it_tells_the_journal_whom_a_note_names(lake):
    case = opened(lake).conversation.case
    minsu, gone = member("김민수"), member("박서준")
    gone.is_active = False
    gone.save()
    member("뷰어", Role.VIEWER)

    services.write_note(case=case.pk, member=member(), body="@김민수님 @박서준님 @뷰어님 봐 주세요")

    assert Event.objects.get(kind="note.written").data["mentioned"] == [minsu.pk]


def test_it_shows_the_names_and_escapes_the_rest(lake):
    case = opened(lake).conversation.case
    minsu = member("김민수")
    services.write_note(case=case.pk, member=member("지민"), body="<i>급해요</i> @김민수님")

    page = signed_in(minsu).get(f"/inbox/{case.pk}/").content.decode()

    assert '&lt;i&gt;급해요&lt;/i&gt; <b class="named me">@김민수</b>님' in page


def test_it_offers_those_who_may_read_the_inbox():
    agent = member("김민수")
    member("뷰어", Role.VIEWER)

    offered = signed_in(agent).get("/colleagues/").json()["colleagues"]

    assert offered == [{"name": "김민수", "place": ""}]
