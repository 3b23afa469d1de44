"""Whoever comes to do harm gets nowhere: markup, hidden letters, forged wishes, floods, traps."""

import pytest
from django.core import mail, signing
from django.test import Client

from desk import signed_in
from sori.change.ideas import cleaning, entering, taking_part, wishes
from sori.change.ideas.models import Comment, Entry, Idea, Vote
from sori.change.ideas.views import doing, entrance
from wishers import came_in, opened_link, wish_in

VECTORS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
    "<svg/onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "%(query)s %s {0}",
)


@pytest.mark.parametrize("vector", VECTORS)
def test_it_shows_markup_as_words(propose, board, visitor, agent, stranger, vector):
    idea = propose(vector, f"{vector}\n{vector}")
    taking_part.comment(actor=visitor("가"), idea=idea, body=vector)
    came_in(stranger, name=vector[:40])
    stranger.post(f"/ideas/ko/{idea.pk}/comment/", {"body": "x"})
    pages = [
        stranger.get("/ideas/ko/"),
        stranger.get("/ideas/ko/", {"q": vector}),
        stranger.get(f"/ideas/ko/{idea.pk}/"),
        stranger.get("/ideas/ko/new/", {"title": vector}),
        stranger.post("/ideas/ko/alike/", {"title": vector}),
        stranger.post("/ideas/ko/new/", {"title": vector, "key": "k", "board": board.pk}),
        stranger.get("/ideas/ko/embed/"),
        stranger.get("/ideas/ko/feed/"),
        signed_in(agent).get("/ideas/desk/"),
        signed_in(agent).get(f"/ideas/desk/{idea.pk}/"),
    ]
    for answer in pages:
        said = answer.content.decode()
        for tag in ("<script>alert", "<img src=x", "<svg/onload"):
            assert tag not in said, (answer.request["PATH_INFO"], tag)
        assert answer.status_code == 200


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("앱\u202eㅎㅎ\u200b\x00을 \x07고쳐", "앱ㅎㅎ을 고쳐"),
        ("제 번호는 010-1234-5678", "제 번호는 ***-****-****"),
        ("가족 👨\u200d👩\u200d👧", "가족 👨\u200d👩\u200d👧"),
        ("\ud800 반쪽", "반쪽"),
    ],
)
def test_it_keeps_no_hidden_letters_and_no_numbers(typed, kept):
    assert cleaning.one_line(typed, 100) == kept


def test_it_keeps_lines_and_no_walls_of_them():
    assert cleaning.paragraphs("하나  \r\n\r\n\r\n\r\n\r\n둘\n", 100) == "하나\n\n둘"
    assert len(cleaning.paragraphs("가" * 9_000, 4_000)) == 4_000


def test_a_title_of_nothing_is_none(board, stranger):
    came_in(stranger)
    for title in ("", "   ", "\u200b\u202e", "\x00"):
        form = {"title": title, "board": board.pk, "key": "k"}
        assert stranger.post("/ideas/ko/new/", form).status_code == 422, repr(title)
    assert not Idea.objects.exists()


def test_it_does_no_forged_wish(propose, stranger):
    idea = propose()
    wish = {"deed": "vote", "idea": idea.pk}
    for forged in ("x", signing.dumps(wish), signing.dumps(wish, salt="sori.listen.form"), "a" * 9):
        Entry.objects.all().delete()
        stranger.post("/ideas/ko/enter/", {"email": "kim@customer.example", "wish": forged})
        assert Entry.objects.get().wish == {}
    assert wishes.unsealed(wishes.sealed(wish)) == wish


def test_a_link_works_once_and_not_for_ever(board, stranger):
    stranger.post("/ideas/ko/enter/", {"email": "kim@customer.example"})
    opened_link(stranger)
    other = Client()
    assert opened_link(other).get("/ideas/ko/").status_code == 200
    assert "leave/" not in other.get("/ideas/ko/").content.decode()
    assert "leave/" in stranger.get("/ideas/ko/").content.decode()
    Entry.objects.update(used_at=None, expires_at="2020-01-01T00:00Z")
    assert "leave/" not in opened_link(other).get("/ideas/ko/").content.decode()
    assert entering.forget_old() == 1


def test_opening_a_link_alone_does_nothing(propose, stranger):
    idea = propose()
    asked = stranger.post(f"/ideas/ko/{idea.pk}/vote/", {"want": "yes"})
    form = {"email": "kim@customer.example", "wish": wish_in(asked)}
    stranger.post("/ideas/ko/enter/", form)
    entering._post.submit(int).result(timeout=10)
    link = mail.outbox[-1].body.split("testserver")[1].split()[0]
    assert stranger.get(link).status_code == 200
    assert Vote.objects.count() == 1
    assert Entry.objects.get().used_at is None
    token = link.split("/")[-2]
    assert not Entry.objects.filter(digest=token).exists()


def test_it_mails_one_address_three_links_an_hour(board):
    for number in range(5):
        browser = Client(REMOTE_ADDR=f"203.0.113.{number}")
        answer = browser.post("/ideas/ko/enter/", {"email": "kim@customer.example"})
        assert answer.status_code == 200
    entering._post.submit(int).result(timeout=10)
    assert len(mail.outbox) == entering.LINKS


def test_it_holds_back_floods(propose, board, stranger, monkeypatch):
    idea = propose()
    monkeypatch.setattr(entrance, "LINKS_AN_HOUR", 2)
    monkeypatch.setattr(doing, "DEEDS_AN_HOUR", 2)
    monkeypatch.setattr(doing, "COMMENTS_AN_HOUR", 2)
    monkeypatch.setattr(doing, "IDEAS_AN_HOUR", 2)

    def codes(path: str, **form: object) -> list[int]:
        return [stranger.post(path, form).status_code for _time in range(3)]

    assert codes("/ideas/ko/enter/", email="kim@customer.example") == [200, 200, 429]
    assert codes(f"/ideas/ko/{idea.pk}/vote/") == [200, 200, 429]
    assert codes(f"/ideas/ko/{idea.pk}/comment/", body="x") == [200, 200, 429]
    form = {"title": "청구서", "board": board.pk, "key": "k", "sure": "1"}
    assert codes("/ideas/ko/new/", **form) == [200, 200, 429]


def test_a_machine_that_fills_in_everything_reaches_nobody(propose, board, stranger):
    idea = propose()
    stranger.post("/ideas/ko/enter/", {"email": "kim@customer.example", "website": "x"})
    assert not Entry.objects.exists()
    came_in(stranger)
    stranger.post(f"/ideas/ko/{idea.pk}/comment/", {"body": "사세요", "website": "x"})
    form = {"title": "사세요", "board": board.pk, "key": "k", "sure": "1", "website": "x"}
    stranger.post("/ideas/ko/new/", form)
    assert not Comment.objects.exists()
    assert Idea.objects.count() == 1


@pytest.mark.parametrize(
    "address", ["", "x", "a@b", "a@b.example\nBcc: c@d.example", "a@b.example, c@d.example"]
)
def test_it_mails_to_one_plain_address_alone(board, stranger, address):
    stranger.post("/ideas/ko/enter/", {"email": address})
    assert Entry.objects.filter(mail__contains=",").count() == 0
    assert len(mail.outbox) == 0 or address == "a@b"


def test_it_takes_no_forged_form(propose):
    strict = Client(enforce_csrf_checks=True)
    idea = propose()
    for path in (f"/ideas/ko/{idea.pk}/vote/", "/ideas/ko/enter/", "/ideas/ko/new/"):
        assert strict.post(path, {"email": "a@b.example"}).status_code == 403


def test_a_made_up_cookie_is_nobodys(board, visitor, stranger):
    visitor("가")
    stranger.cookies[entering.COOKIE] = "1:forged"
    assert "leave/" not in stranger.get("/ideas/ko/").content.decode()


def test_the_visitors_cookie_is_for_the_portal_alone(board, stranger):
    came_in(stranger)
    cookie = stranger.cookies[entering.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/ideas/", True, "Lax")
    assert stranger.get("/ideas/desk/").status_code == 302


def test_numbers_beyond_all_measure_are_not_there(board, stranger, agent):
    for path in ("/ideas/ko/999999999999999999/", "/ideas/ko/?page=99999999999999999999"):
        assert stranger.get(path).status_code in {200, 404}
    assert signed_in(agent).get(f"/ideas/desk/{2**63}/").status_code == 404
