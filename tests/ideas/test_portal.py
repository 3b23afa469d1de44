"""The public portal: read, search, want, follow, say something, without an account."""

import pytest
from django.core import mail
from django.test import Client

from desk import signed_in
from sori.change.ideas import moderating, services, taking_part
from sori.change.ideas.models import Audience, Comment, Idea, State, Status, Subscription, Vote
from sori.people.models import Identity
from sori.people.selectors import together
from wishers import came_in, opened_link, wish_in


def page(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def idea_form(board, **more):
    return {
        "title": "청구서를 메신저로 받고 싶어요",
        "body": "",
        "board": board.pk,
        "key": "k1",
    } | more


def test_it_is_not_there_without_a_public_board(inside, stranger):
    assert stranger.get("/ideas/ko/").status_code == 404
    assert stranger.post("/ideas/ko/alike/", {"title": "무엇이든"}).status_code == 404


def test_it_leads_to_the_language_of_the_reader(board, stranger):
    assert stranger.get("/ideas/")["Location"] == "/ideas/ko/"
    english = Client(headers={"accept-language": "en-US,en"})
    assert english.get("/ideas/")["Location"] == "/ideas/en/"
    assert '<html lang="en">' in page(stranger, "/ideas/en/")


def test_it_sorts_by_votes_by_heat_and_by_age(propose, visitor, stranger):
    old, newest = propose("오래된 바람"), propose("새로운 바람")
    taking_part.vote(actor=visitor("가"), idea=old)

    def order(sort: str) -> list[int]:
        said = page(stranger, f"/ideas/ko/?sort={sort}")
        return sorted([old.pk, newest.pk], key=lambda pk: said.index(f'href="/ideas/ko/{pk}/"'))

    assert order("votes") == [old.pk, newest.pk]
    assert order("trending") == [old.pk, newest.pk]
    assert order("new") == [newest.pk, old.pk]
    assert order("nonsense") == order("votes")


def test_it_narrows_by_status_and_board(board, propose, agent, stranger):
    other = services.keep_board(member=None, name="매장", moderated=False)
    planned, elsewhere = propose("앱을 더 빠르게"), propose("매장에 의자를", board=other)
    services.answer(idea=planned, status=Status.PLANNED, words="", member=agent)

    assert "매장에 의자를" not in page(stranger, "/ideas/ko/?status=planned")
    assert "앱을 더 빠르게" not in page(stranger, f"/ideas/ko/?board={other.pk}")
    assert elsewhere.title in page(stranger, f"/ideas/ko/?board={other.pk}")
    assert stranger.get("/ideas/ko/?board=99").status_code == 404


def test_it_finds_two_syllables_inside_a_word_and_words_of_merged_ideas(propose, agent, stranger):
    root, part = propose("어두운 화면 모드"), propose("다크모드지원 부탁해요")
    propose("매장을 더 오래 열어 주세요")
    moderating.merge(idea=part, into=root, member=agent)

    said = page(stranger, "/ideas/ko/?q=모드")
    assert root.title in said
    assert "매장을 더" not in said
    assert root.title in page(stranger, "/ideas/ko/?q=다크")


def test_it_shows_nothing_that_is_not_for_everybody(board, inside, propose, agent, stranger):
    waits = services.keep_board(member=None, name="확인", moderated=True)
    secret = propose("비밀 계획", board=inside, actor=taking_part.Actor(None, agent, "ko"))
    unseen = propose("비밀 바람", board=waits)
    hidden = propose("비밀 욕설")
    moderating.hide(idea=hidden, member=agent)

    for path in ("/ideas/ko/", "/ideas/ko/?q=비밀", "/ideas/ko/feed/", "/ideas/ko/embed/"):
        said = page(stranger, path)
        assert not [one for one in (secret, unseen, hidden) if one.title in said], path
    offered = stranger.post("/ideas/ko/alike/", {"title": "비밀 계획과 바람"})
    assert "idea-alike" not in offered.content.decode()
    came_in(stranger)
    for idea in (secret, unseen, hidden):
        assert stranger.get(f"/ideas/ko/{idea.pk}/").status_code == 404
        for deed in ("vote", "follow", "comment"):
            answer = stranger.post(f"/ideas/ko/{idea.pk}/{deed}/", {"body": "?"})
            assert answer.status_code == 409, (idea, deed)
    assert not Vote.objects.filter(person__identities__external_id="kim@customer.example").exists()


def test_it_keeps_an_idea_until_its_writer_has_proved_an_address(board, stranger):
    asked = stranger.post("/ideas/ko/new/", idea_form(board))
    assert not Idea.objects.exists()
    wish = wish_in(asked)
    stranger.post("/ideas/ko/enter/", {"email": "Kim@Customer.example", "wish": wish})
    assert not Idea.objects.exists()
    opened_link(stranger, "하늘")

    idea = Idea.objects.get()
    account = Identity.objects.get(channel="portal")
    assert (account.external_id, account.name, account.verified) == (
        "kim@customer.example", "하늘", True,
    )  # fmt: skip
    assert (idea.person_id, idea.state, idea.support) == (account.person_id, State.OPEN, 1)
    assert "하늘" in page(stranger, f"/ideas/ko/{idea.pk}/")
    assert "customer.example" not in page(Client(), f"/ideas/ko/{idea.pk}/")


def test_a_second_click_is_the_same_idea_and_another_visitor_has_another(board, stranger):
    came_in(stranger)
    for _click in range(2):
        stranger.post("/ideas/ko/new/", idea_form(board))
    assert Idea.objects.count() == 1
    other = came_in(Client(), "lee@customer.example")
    other.post("/ideas/ko/new/", idea_form(board, sure="1"))
    assert Idea.objects.count() == 2


def test_it_asks_once_whether_it_is_one_of_these(board, propose, stranger):
    known = propose("앱으로 요금제 변경이 되면 좋겠습니다")
    came_in(stranger)
    form = idea_form(board, title="요금제를 앱에서 바로 바꾸고 싶어요")

    step = stranger.post("/ideas/ko/new/", form).content.decode()
    assert f'action="/ideas/ko/{known.pk}/vote/"' in step
    assert Idea.objects.count() == 1
    stranger.post("/ideas/ko/new/", form | {"sure": "1"})
    assert Idea.objects.count() == 2


def test_it_offers_while_one_is_writing_and_nothing_where_nothing_is_alike(propose, stranger):
    known = propose("앱으로 요금제 변경이 되면 좋겠습니다")
    said = stranger.post("/ideas/ko/alike/", {"title": "요금제를 앱에서 바로 바꾸고 싶어요"})
    assert f'formaction="/ideas/ko/{known.pk}/vote/"' in said.content.decode()
    for title in ("", "앱", "유심을 편의점에서 팔아 주세요"):
        answer = stranger.post("/ideas/ko/alike/", {"title": title}).content.decode()
        assert "idea-alike" not in answer, title


def test_it_offers_the_idea_that_a_merged_one_is_part_of(propose, agent, stranger):
    root, part = propose("밤에도 상담을 열어 주세요"), propose("앱으로 요금제 변경")
    moderating.merge(idea=part, into=root, member=agent)
    said = stranger.post("/ideas/ko/alike/", {"title": "요금제 변경을 앱에서"}).content.decode()
    assert f"/ideas/ko/{root.pk}/vote/" in said
    assert f"/ideas/ko/{part.pk}/" not in said


def test_a_vote_of_a_stranger_is_given_when_they_open_the_link(propose, stranger):
    idea = propose()
    asked = stranger.post(f"/ideas/ko/{idea.pk}/vote/", {"want": "yes"})
    stranger.post(
        "/ideas/ko/enter/",
        {"email": "kim@customer.example", "wish": wish_in(asked)},
    )
    opened_link(stranger)

    idea.refresh_from_db()
    assert idea.support == 2
    assert 'aria-pressed="true"' in page(stranger, f"/ideas/ko/{idea.pk}/")
    stranger.post(f"/ideas/ko/{idea.pk}/vote/", {"want": "no"})
    idea.refresh_from_db()
    assert idea.support == 1
    assert Subscription.objects.filter(stopped_at=None).count() == 1


def test_a_vote_counts_once_whatever_part_of_the_idea_it_is_given_to(propose, visitor, agent):
    root, part = propose("하나"), propose("둘")
    actor = visitor("가")
    assert taking_part.vote(actor=actor, idea=root)
    moderating.merge(idea=part, into=root, member=agent)
    assert not taking_part.vote(actor=actor, idea=part)
    root.refresh_from_db()
    assert root.support == 3


def test_two_accounts_of_one_person_count_once(propose, visitor, agent):
    from sori.people import merging

    idea, first, second = propose(), visitor("가"), visitor("나")
    for actor in (first, second):
        taking_part.vote(actor=actor, idea=idea)
    merging.merge(person=second.person.pk, into=first.person.pk, member=agent)
    idea.refresh_from_db()
    assert idea.support == 2
    assert len(together(first.person.pk)) == 2
    merging.part(person=second.person.pk, member=agent)
    idea.refresh_from_db()
    assert idea.support == 3


def test_a_comment_waits_on_a_moderated_board(board, propose, stranger, agent):
    idea = propose()
    services.keep_board(member=agent, board=board, name=board.name, moderated=True)
    came_in(stranger)
    stranger.post(f"/ideas/ko/{idea.pk}/comment/", {"body": "저도 그래요"})

    assert "저도 그래요" not in page(stranger, f"/ideas/ko/{idea.pk}/")
    moderating.show_comment(comment=Comment.objects.get(), member=agent)
    assert "저도 그래요" in page(stranger, f"/ideas/ko/{idea.pk}/")


def test_a_merged_idea_leads_to_the_one_it_is_part_of(propose, agent, stranger):
    root, part = propose("하나"), propose("둘")
    moderating.merge(idea=part, into=root, member=agent)
    assert stranger.get(f"/ideas/en/{part.pk}/")["Location"] == f"/ideas/en/{root.pk}/"
    assert "둘" in page(stranger, f"/ideas/ko/{root.pk}/")


def test_a_member_takes_part_with_their_own_sign_in(propose, agent):
    idea, browser = propose(), signed_in(agent)
    browser.post(f"/ideas/ko/{idea.pk}/vote/", {"want": "yes"})
    assert Vote.objects.get(member=agent).idea == idea


def test_it_is_shown_in_frames_of_the_named_sites_alone(board, propose, stranger, agent):
    propose()
    closed = stranger.get("/ideas/ko/embed/")
    assert "frame-ancestors 'none'" in closed["Content-Security-Policy"]
    assert closed["X-Frame-Options"] == "DENY"
    services.keep_board(
        member=agent, board=board, name=board.name, origins=["https://www.sodam.example/"]
    )
    opened = stranger.get("/ideas/ko/embed/")
    assert "frame-ancestors https://www.sodam.example" in opened["Content-Security-Policy"]
    assert "X-Frame-Options" not in opened
    assert "sori_csrf" not in opened.cookies
    assert stranger.get("/ideas/ko/")["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "origin",
    ["*", "https:", "javascript:alert(1)", "https://a b", "'self'", "https://a.b; img-src"],
)
def test_it_refuses_what_is_no_site(board, agent, origin):
    from sori.errors import Refused

    with pytest.raises(Refused):
        services.keep_board(member=agent, board=board, name=board.name, origins=[origin])


def test_its_feed_names_the_newest_ideas(propose, stranger, settings):
    idea = propose("새 요금제", "설명 & <더>")
    answer = stranger.get("/ideas/ko/feed/")
    said = answer.content.decode()
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert f"http://testserver/ideas/ko/{idea.pk}/" in said
    assert "설명 &amp; &lt;더&gt;" in said


def test_it_speaks_to_no_database_more_often_for_more_ideas(
    propose, stranger, django_assert_max_num_queries
):
    def asked(path: str) -> int:
        with django_assert_max_num_queries(60) as counted:
            page(stranger, path)
        return len(counted)

    propose("앱 하나")
    paths = ("/ideas/ko/", "/ideas/ko/?q=앱", "/ideas/ko/feed/")
    before = {path: asked(path) for path in paths}
    for number in range(8):
        taking_part.comment(
            actor=taking_part.Actor(propose(f"앱 {number}").person, None, "ko"),
            idea=Idea.objects.latest("pk"), body="저도요",
        )  # fmt: skip
    assert {path: asked(path) for path in paths} == before
    assert max(before.values()) <= 16


def test_it_signs_a_visitor_out(board, stranger):
    came_in(stranger)
    assert "로그아웃" in page(stranger, "/ideas/ko/") or "Sign out" in page(stranger, "/ideas/ko/")
    stranger.post("/ideas/ko/leave/")
    said = page(stranger, "/ideas/ko/")
    assert "/ideas/ko/leave/" not in said
    assert len(mail.outbox) == 1


def test_an_internal_board_has_no_source_and_a_public_one_has_one(inside, stranger):
    from sori.listen.models import Source

    assert not Source.objects.filter(channel="portal").exists()
    services.keep_board(member=None, name="공개", audience=Audience.PUBLIC)
    services.keep_board(member=None, name="또 공개", audience=Audience.PUBLIC)
    assert Source.objects.filter(channel="portal").count() == 1
