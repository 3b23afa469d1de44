"""What members do: moderate, answer, vote for a customer, hold boards."""

import pytest
from django.test import Client

from desk import member, opened, signed_in
from sori.change.ideas import moderating, services, taking_part
from sori.change.ideas.models import Board, Comment, Idea, State, Status, Vote
from sori.change.ideas.selectors import supporters
from sori.errors import Refused
from sori.journal.models import Event
from sori.lake.store import Lake
from sori.people import merging
from sori.people.models import Identity
from sori.staff.models import Role


@pytest.fixture
def waits(propose, board, agent) -> Idea:
    """An idea that waits for a look."""
    services.keep_board(member=agent, board=board, name=board.name, moderated=True)
    board.refresh_from_db()
    return propose("편의점에서도 유심을 팔아 주세요", board=board)


def text(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_it_shows_what_waits_and_lets_it_be_shown(waits, agent):
    browser = signed_in(agent)
    assert waits.title in text(browser, "/ideas/desk/?view=waiting")
    assert waits.title not in text(browser, "/ideas/desk/")
    back = "/ideas/desk/?view=waiting"
    answer = browser.post(f"/ideas/desk/{waits.pk}/show/", {"back": back})
    assert answer["Location"] == back

    waits.refresh_from_db()
    assert (waits.state, waits.support) == (State.OPEN, 1)
    assert waits.title in text(browser, "/ideas/desk/")
    assert Event.objects.filter(kind="idea.shown", member=agent).exists()


def test_it_leads_nowhere_else(waits, agent):
    browser = signed_in(agent)
    for back in ("https://evil.example/ideas/desk/", "//evil.example/", "/members/"):
        answer = browser.post(f"/ideas/desk/{waits.pk}/hide/", {"back": back})
        assert answer["Location"] == f"/ideas/desk/{waits.pk}/"


def test_somebody_who_does_not_moderate_sees_nothing_that_waits(waits, propose):
    browser = signed_in(member("민서", Role.VIEWER))
    assert browser.get(f"/ideas/desk/{waits.pk}/").status_code == 404
    assert waits.title not in text(browser, "/ideas/desk/?view=waiting")


def test_a_viewer_proposes_and_votes_on_internal_boards_alone(inside, board):
    viewer = member("민서", Role.VIEWER)
    browser = signed_in(viewer)
    form = {"title": "회의실 예약을 쉽게", "body": "", "key": "k"}
    browser.post("/ideas/desk/new/", form | {"board": board.pk})
    assert not Idea.objects.exists()
    browser.post("/ideas/desk/new/", form | {"board": inside.pk})
    idea = Idea.objects.get()
    assert (idea.member, idea.state, idea.support) == (viewer, State.OPEN, 1)
    other = member("예준", Role.CONTRIBUTOR)
    signed_in(other).post(f"/ideas/desk/{idea.pk}/vote/", {"want": "yes"})
    idea.refresh_from_db()
    assert idea.support == 2


def test_what_a_viewer_says_on_a_public_board_waits(propose, board, agent):
    services.keep_board(member=agent, board=board, name=board.name, moderated=True)
    idea = propose("앱을 빠르게", actor=taking_part.Actor(None, agent, "ko"))
    viewer = member("민서", Role.VIEWER)
    signed_in(viewer).post(f"/ideas/desk/{idea.pk}/comment/", {"body": "저도요"})
    signed_in(agent).post(f"/ideas/desk/{idea.pk}/comment/", {"body": "살펴볼게요"})
    states = dict(Comment.objects.values_list("member", "state"))
    assert states == {viewer.pk: State.WAITING, agent.pk: State.OPEN}


def test_it_says_what_becomes_of_an_idea_and_asks_for_a_reason(propose, agent):
    idea, browser = propose(), signed_in(agent)
    browser.post(f"/ideas/desk/{idea.pk}/answer/", {"status": "declined", "words": " "})
    idea.refresh_from_db()
    assert idea.status == Status.NEW
    browser.post(f"/ideas/desk/{idea.pk}/answer/", {"status": "declined", "words": "위험해서요"})
    idea.refresh_from_db()
    assert (idea.status, idea.answer) == (Status.DECLINED, "위험해서요")
    assert "위험해서요" in Client().get(f"/ideas/ko/{idea.pk}/").content.decode()


def test_it_merges_by_number_and_takes_apart(propose, agent):
    one, into, browser = propose("하나"), propose("둘"), signed_in(agent)
    browser.post(f"/ideas/desk/{one.pk}/merge/", {"into": f"#{into.pk}"})
    into.refresh_from_db()
    assert into.support == 2
    assert f"#{into.pk} 둘" in text(browser, f"/ideas/desk/{one.pk}/")
    browser.post(f"/ideas/desk/{one.pk}/part/")
    into.refresh_from_db()
    assert into.support == 1
    for number in ("", "0", "x", str(10**20)):
        assert browser.post(f"/ideas/desk/{one.pk}/merge/", {"into": number}).status_code == 302


def test_it_rewords_and_is_found_by_the_new_words(propose, board, agent):
    idea, browser = propose("요금제 앱"), signed_in(agent)
    browser.post(
        f"/ideas/desk/{idea.pk}/reword/",
        {"title": "어두운 화면", "body": "밤에 편하게", "board": board.pk},
    )
    assert "어두운 화면" in text(browser, "/ideas/desk/?q=화면")
    assert f"/ideas/desk/{idea.pk}/" not in text(browser, "/ideas/desk/?q=요금제")


def test_a_member_votes_for_a_customer_from_their_case(lake: Lake, propose, agent):
    idea, case = propose("배송이 언제 오는지 알려 주세요"), opened(lake).conversation.case
    browser = signed_in(agent)
    path = f"/ideas/beside/{case.pk}/"
    assert idea.title in text(browser, path)
    browser.post(f"{path}vote/", {"idea": idea.pk})
    browser.post(f"{path}vote/", {"idea": idea.pk})

    vote = Vote.objects.get(by=agent)
    assert (vote.person_id, vote.case, vote.member) == (case.person_id, case.pk, None)
    idea.refresh_from_db()
    assert idea.support == 2
    assert not idea.subscriptions.filter(person=case.person_id).exists()
    assert f"#{case.pk}" in text(browser, f"/ideas/desk/{idea.pk}/")
    assert browser.post(f"{path}vote/", {"idea": "x"}).status_code == 404


def test_a_new_idea_from_a_case_has_the_vote_of_its_customer(lake: Lake, board, agent):
    case, browser = opened(lake).conversation.case, signed_in(agent)
    assert str(case.pk) in text(browser, f"/ideas/desk/new/?case={case.pk}&title=배송")
    browser.post(
        "/ideas/desk/new/",
        {"title": "배송 위치 지도", "body": "", "key": "k", "board": board.pk, "case": case.pk},
    )
    idea = Idea.objects.get()
    assert set(idea.votes.values_list("member", "person")) == {
        (agent.pk, None), (None, case.person_id),
    }  # fmt: skip


def test_it_follows_its_initiative_and_moves_once(propose, agent):
    root, part, other = propose("하나"), propose("둘"), propose("셋")
    moderating.merge(idea=part, into=root, member=agent)
    for _time in range(2):
        services.follow([part.pk, root.pk, other.pk], "decided", "yes", "하기로 했습니다")
    for idea in (root, other):
        idea.refresh_from_db()
        assert (idea.status, idea.answer) == (Status.PLANNED, "하기로 했습니다")
        assert idea.news.count() == 1
    services.follow([root.pk], "heard", "", "")
    services.follow([root.pk], "shipped", "yes", "하기로 했습니다")
    services.follow([root.pk], "told", "yes", "하기로 했습니다")
    root.refresh_from_db()
    assert root.status == Status.SHIPPED
    assert list(root.news.order_by("pk").values_list("status", flat=True)) == ["planned", "shipped"]


def test_it_names_every_supporter_once(propose, visitor, agent, lake: Lake):
    root, part, elsewhere = propose("하나"), propose("둘"), propose("셋")
    case = opened(lake).conversation.case
    taking_part.vote(
        actor=taking_part.Actor(case.person, None, "ko"), idea=root, by=agent, case=case.pk
    )
    kim = visitor("가")
    taking_part.vote(actor=kim, idea=part)
    taking_part.vote(actor=taking_part.Actor(None, agent, "en"), idea=part)
    moderating.merge(idea=part, into=root, member=agent)
    merging.merge(person=kim.person.pk, into=root.person_id, member=agent)

    found = list(supporters([part.pk, root.pk]))
    people = {one.person: one for one in found}
    assert len(found) == 4
    assert people[None].mail == agent.email
    assert people[None].language == "en"
    assert people[case.person_id].mail == "kim@customer.example"
    assert people[root.person_id].idea == part.pk
    assert {one.idea for one in found} == {part.pk}
    assert [one.person for one in supporters([elsewhere.pk])] == [elsewhere.person_id]


def test_it_keeps_boards_and_says_what_is_wrong(agent):
    boss = member("도윤", Role.ADMIN)
    browser = signed_in(boss)
    form = {"name": "새 게시판", "audience": "public", "moderated": "on", "origins": "nonsense"}
    assert browser.post("/ideas/desk/boards/", form).status_code == 422
    form["origins"] = "https://www.sodam.example\nhttps://shop.sodam.example"
    browser.post("/ideas/desk/boards/", form)
    board = Board.objects.get(name="새 게시판")
    assert board.origins.split() == ["https://www.sodam.example", "https://shop.sodam.example"]
    assert browser.post("/ideas/desk/boards/", form).status_code == 422
    browser.post(f"/ideas/desk/boards/{board.pk}/", form | {"name": "바뀐", "audience": "internal"})
    board.refresh_from_db()
    assert (board.name, board.audience) == ("바뀐", "public")
    assert "&lt;iframe" in text(browser, f"/ideas/desk/boards/{board.pk}/")


def test_what_is_hidden_keeps_its_votes_for_later(propose, agent, visitor):
    idea = propose()
    taking_part.vote(actor=visitor("가"), idea=idea)
    moderating.hide(idea=idea, member=agent)
    with pytest.raises(Refused):
        taking_part.vote(actor=visitor("나"), idea=idea)
    moderating.show(idea=idea, member=agent)
    idea.refresh_from_db()
    assert idea.support == 2


def test_it_asks_no_more_often_for_more_ideas(propose, agent, django_assert_max_num_queries):
    browser = signed_in(agent)

    def asked() -> int:
        with django_assert_max_num_queries(60) as counted:
            text(browser, "/ideas/desk/")
        return len(counted)

    propose("앱 하나")
    asked()
    before = asked()
    for number in range(8):
        propose(f"앱 {number}")
    assert asked() == before
    assert Identity.objects.filter(channel="portal").count() == 9
