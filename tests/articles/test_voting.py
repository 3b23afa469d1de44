"""Whether it helped: one vote a browser, without knowing whose, and not without end."""

import pytest
from django.test import Client

from sori.articles.models import Vote
from sori.articles.views import centre

PATH = "/help/ko/배송-조회하기/"


@pytest.fixture(autouse=True)
def _article(published):
    published("배송 조회하기")


def vote(browser: Client, helpful: str, **fields: str):
    return browser.post(f"{PATH}helpful/", {"helpful": helpful} | fields)


def test_it_takes_one_vote_a_browser_and_lets_it_change_its_mind(visitor):
    answer = vote(visitor, "yes")
    assert answer["Location"].endswith("?voted=yes#helpful")
    vote(visitor, "no")
    vote(Client(), "yes")

    assert sorted(Vote.objects.values_list("helpful", flat=True)) == [False, True]


def test_it_remembers_a_browser_by_a_random_number_alone(visitor):
    answer = vote(visitor, "yes")
    cookie = answer.cookies[centre.COOKIE]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/help/"
    assert Vote.objects.get().voter not in cookie.value


def test_it_takes_a_forged_cookie_for_none(visitor):
    visitor.cookies[centre.COOKIE] = "somebody:else"
    vote(visitor, "yes")
    visitor.cookies[centre.COOKIE] = "somebody:else"
    vote(visitor, "yes")

    assert Vote.objects.count() == 2


def test_it_asks_what_was_missing_and_keeps_it_without_personal_data(visitor):
    vote(visitor, "no")
    page = visitor.get(f"{PATH}?voted=no").content.decode()
    assert '<textarea id="words"' in page
    vote(visitor, "no", words="전화 010-1234-5678 로 알려 주세요 <script>")

    said = Vote.objects.get().words
    assert "1234" not in said
    assert "알려 주세요" in said


def test_it_shows_thanks_when_the_browser_comes_back(visitor):
    vote(visitor, "yes")
    assert 'name="helpful" value="yes"' not in visitor.get(PATH).content.decode()
    assert 'name="helpful" value="yes"' in Client().get(PATH).content.decode()


def test_it_grows_tired_of_an_address_that_votes_too_often(visitor, monkeypatch):
    monkeypatch.setattr(centre, "VOTES_AN_HOUR", 3)
    answers = [vote(Client(), "yes").status_code for _ in range(5)]

    assert answers == [302, 302, 302, 429, 429]
    assert Vote.objects.count() == 3


def test_it_takes_no_vote_without_the_page(published):
    strict = Client(enforce_csrf_checks=True)

    assert vote(strict, "yes").status_code == 403
    assert vote(Client(), "maybe").status_code == 302
    assert not Vote.objects.exists()
