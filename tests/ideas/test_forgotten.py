"""Who is forgotten leaves nothing on the portal, and the counts follow."""

import pytest
from django.test import Client

from desk import member, signed_in
from sori.change.ideas import entering, forgetting, moderating, services, taking_part, telling
from sori.change.ideas.models import Comment, Entry, Gram, Idea, State, Status, Vote
from sori.lake.store import Lake
from sori.people.models import Identity, Person
from sori.portrait import erasing
from sori.staff.models import Role
from traces import rows_with, work
from wishers import came_in

WORDS = "보라빛고래가나타났다"


def erase(person: int) -> None:
    work(erasing.begin(person=person, member=member("도윤", Role.SUPERVISOR)))


@pytest.fixture
def hers(propose, visitor, lake: Lake) -> Idea:
    """An idea of hers that somebody else wants too, with a comment of hers."""
    her = visitor("고래사랑")
    idea = propose(f"{WORDS} 바람", f"{WORDS} 설명", actor=her)
    taking_part.comment(actor=her, idea=idea, body=f"{WORDS} 댓글")
    taking_part.vote(actor=visitor("남"), idea=idea)
    return idea


def test_her_words_go_and_the_votes_of_others_wait_for_a_member(hers, stranger, agent, board):
    other_idea_votes = Vote.objects.count()
    stranger.post("/ideas/ko/enter/", {"email": "고래사랑@customer.example"})
    erase(hers.person_id)

    assert rows_with(WORDS, "고래사랑") == []
    assert not Gram.objects.exists()
    assert not Entry.objects.exists()
    hers.refresh_from_db()
    assert (hers.title, hers.state, hers.person, bytes(hers.vector)) == (
        "",
        State.WAITING,
        None,
        b"",
    )
    assert Vote.objects.count() == other_idea_votes - 1
    browser = signed_in(agent)
    assert f"/ideas/desk/{hers.pk}/" in browser.get("/ideas/desk/?view=waiting").content.decode()
    browser.post(f"/ideas/desk/{hers.pk}/show/")
    hers.refresh_from_db()
    assert hers.state == State.WAITING
    moderating.reword(idea=hers, member=agent, title="우리 말로", body="", board=board)
    moderating.show(idea=hers, member=agent)
    hers.refresh_from_db()
    assert (hers.state, hers.support) == (State.OPEN, 1)


def test_an_idea_that_nobody_else_wants_is_gone_from_every_page(propose, visitor, lake, agent):
    idea = propose(WORDS, actor=visitor("고래사랑"))
    erase(idea.person_id)
    for path in ("/ideas/desk/", "/ideas/desk/?view=waiting", "/ideas/desk/?view=hidden"):
        assert f"/ideas/desk/{idea.pk}/" not in signed_in(agent).get(path).content.decode()


def test_a_part_without_words_goes_on_counting_and_cannot_stand_alone(hers, propose, agent):
    root = propose("뿌리")
    moderating.merge(idea=hers, into=root, member=agent)
    erase(hers.person_id)
    root.refresh_from_db()
    assert root.support == 2
    assert WORDS not in Client().get(f"/ideas/ko/{root.pk}/").content.decode()
    moderating.part(idea=hers, member=agent)
    root.refresh_from_db()
    hers.refresh_from_db()
    assert (root.support, hers.state) == (1, State.WAITING)


def test_the_answer_to_her_goes_too_and_no_letter_remains(hers, agent):
    services.answer(idea=hers, status=Status.REVIEW, words=f"{WORDS} 님께", member=agent)
    erase(hers.person_id)
    assert rows_with(WORDS) == []
    telling.tell_due()
    assert not Person.objects.filter(pk=hers.person_id).exists()


def test_she_does_not_come_back_by_her_cookie_or_a_link(hers, stranger, board):
    browser = came_in(stranger, "whale@customer.example", "고래")
    person = Identity.objects.get(external_id="whale@customer.example").person_id
    erasure = erasing.begin(person=person, member=member("도윤", Role.SUPERVISOR))
    assert "leave/" not in browser.get("/ideas/ko/").content.decode()
    work(erasure)
    other = came_in(Client(), "whale@customer.example", "고래")
    assert "leave/" not in other.get("/ideas/ko/").content.decode()
    assert not Identity.objects.filter(external_id="whale@customer.example").exists()
    assert entering.COOKIE not in other.cookies


def test_she_takes_along_what_she_wrote(hers):
    rows = list(forgetting.texts([hers.person_id]))
    assert [row["type"] for row in rows] == ["idea", "comment", "vote"]
    assert Comment.objects.count() == 1
