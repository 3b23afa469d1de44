"""A case may be one team's: passed to it, listed by it, and no team's any more elsewhere."""

import pytest
from django.test import Client
from django.utils import translation

from desk import member, only_case, opened, signed_in
from sori.errors import Refused
from sori.journal.models import Event
from sori.respond import selectors, services
from sori.staff.models import Department, Member, Role, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    place = Department.objects.create(name="고객지원")
    return Team.objects.create(name="야간조", department=place)


def test_it_is_passed_to_a_team_and_with_it_to_its_department(lake, team):
    opened(lake)
    browser = signed_in()
    case = only_case().pk
    assert "Pass to 야간조" in browser.get(f"/inbox/{case}/").content.decode()

    browser.post(f"/inbox/{case}/department/", {"team": team.pk, "why": "밤에 다시 전화"})

    assert (only_case().team, only_case().department) == (team, team.department)
    told = Event.objects.get(kind="case.department_changed").data
    assert (told["team"], told["department"]) == (team.pk, team.department_id)
    assert "고객지원 · 야간조" in browser.get(f"/inbox/{case}/").content.decode()


def test_it_is_listed_by_team(lake, team):
    mine, other = opened(lake), opened(lake, author_id="lee@x.kr")
    case = mine.conversation.case_id
    agent = member()
    services.move_to_department(case=case, member=agent, department=team.department, team=team)

    rows = selectors.inbox(member=agent.pk, only={"team": team.pk}).rows
    assert [(row["id"], row["team_name"]) for row in rows] == [(case, "야간조")]
    assert other.conversation.case_id != case
    assert f"team={team.pk}" in signed_in().get("/inbox/filters/").content.decode()


def test_it_is_no_teams_any_more_in_another_department(lake, team):
    opened(lake)
    case, agent = only_case().pk, member()
    services.move_to_department(case=case, member=agent, department=team.department, team=team)
    services.move_to_department(case=case, member=agent, department=None)
    assert only_case().team is None


def test_a_team_of_another_department_is_refused(lake, team):
    opened(lake)
    other = Department.objects.create(name="요금")
    with translation.override("en"), pytest.raises(Refused, match="another department"):
        services.move_to_department(
            case=only_case().pk, member=member(), department=other, team=team
        )


@pytest.fixture
def boss() -> Client:
    return signed_in(member("관리자", Role.ADMIN))


def form(**said: str) -> dict[str, str]:
    given = {"name": "지민", "role": Role.AGENT, "department": "고객지원", "teams": ""}
    return given | said


def test_members_are_put_into_teams_which_are_founded_by_their_name(boss):
    who = member()
    boss.post(f"/members/{who.pk}/", form(teams="야간조, 주말조 , 야간조"))
    assert sorted(who.teams.values_list("name", flat=True)) == ["야간조", "주말조"]
    assert 'value="야간조, 주말조"' in boss.get(f"/members/{who.pk}/").content.decode()
    assert Event.objects.filter(kind="team.founded").count() == 2

    boss.post(f"/members/{who.pk}/", form(teams="주말조"))
    assert list(Member.objects.get(pk=who.pk).teams.values_list("name", flat=True)) == ["주말조"]
    assert Team.objects.count() == 2


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"department": "", "teams": "야간조"}, "belongs to a department"),
        ({"department": "요금", "teams": "야간조"}, "야간조 is a team of 고객지원"),
        ({"teams": "가" * 81}, "at most 80"),
    ],
)
def test_it_says_what_is_wrong_with_a_team(boss, team, said, words):
    who = member()
    answer = boss.post(f"/members/{who.pk}/", form(**said))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not who.teams.exists()
