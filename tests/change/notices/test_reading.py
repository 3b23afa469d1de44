"""What customers read, without a script and without signing in."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from sori.change.notices import selectors, services
from sori.change.notices.models import Notice
from sori.change.notices.wording import Wording, answer, meant, post
from sori.listen.services import add_source
from sori.staff.models import Member

Told = Callable[..., Notice]


WORDING = Wording("제목이에요", "무슨 일인지", "무엇을 하는지", "다음에 또")


def test_it_stands_at_the_head_of_the_help_centre_and_on_the_form(told: Told, visitor: Client):
    told()
    source = add_source(name="문의", channel="webform", settings={})

    for path in ("/help/ko/", "/help/ko/?q=배송", f"/form/{source.slug}/"):
        page = visitor.get(path).content.decode()
        assert page.count("로그인이 잘 안 되고 있어요") == 1, path
        assert "원인을 찾고 있어요." in page, path


def test_it_stands_only_where_it_was_put(told: Told, visitor: Client):
    told(places=["widget"])

    assert "로그인이" not in visitor.get("/help/ko/").content.decode()
    rows = visitor.get("/notices/now.json?place=widget").json()["notices"]
    assert [row["title"] for row in rows] == ["로그인이 잘 안 되고 있어요"]
    assert visitor.get("/notices/now.json?place=portal").json() == {"notices": []}


def test_it_is_told_in_english_where_there_are_english_words(told: Told, visitor: Client):
    told(title_en="Signing in is slow", what_en="Since this morning.")
    told(title="요금 화면이 바뀌어요", kind="change")

    page = visitor.get("/notices/now/en/").content.decode()
    assert "Signing in is slow" in page
    assert 'lang="ko"' in page
    assert page.index("Signing in is slow") < page.index("요금 화면이 바뀌어요")
    rows = visitor.get("/notices/now.json?lang=en").json()["notices"]
    assert [row["language"] for row in rows] == ["en", "ko"]


def test_it_is_kept_by_caches_for_half_a_minute(told: Told, visitor: Client):
    told()

    for path in ("/notices/now/ko/", "/notices/now.json"):
        assert visitor.get(path)["Cache-Control"] == "public, max-age=30"
    assert visitor.get("/notices/now/").url == "/notices/now/ko/"


def test_it_says_that_all_is_well_when_nothing_is_told(visitor: Client):
    assert "평소와 다른 일은 없어요" in visitor.get("/notices/now/ko/").content.decode()


def test_it_shows_what_was_said_since(told: Told, visitor: Client, supervisor: Member):
    notice = told()
    for words in ("먼저 한 말", "나중에 한 말"):
        services.go_on(
            notice=notice, member=supervisor, words=words, words_en="",
            next_word_at=timezone.now() + timedelta(hours=1),
        )  # fmt: skip

    page = visitor.get("/notices/now/ko/").content.decode()
    assert page.index("나중에 한 말") < page.index("먼저 한 말")
    assert "먼저 한 말" not in visitor.get("/help/ko/").content.decode()


def test_it_shows_words_as_words(told: Told, visitor: Client):
    told(title="<script>alert(1)</script>", what="a & b")

    for path in ("/help/ko/", "/notices/now/ko/"):
        assert "<script>alert" not in visitor.get(path).content.decode()


def test_it_asks_two_questions_however_many_notices(told: Told, django_assert_num_queries: object):
    for _ in range(4):
        told()
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(selectors.standing("help", "ko")) == 4


def test_it_says_as_much_as_fits_and_always_where_to_read_on():
    link = "https://sori.example/n"

    assert post(WORDING, link, longest=None).startswith("제목이에요\n\n무슨 일인지")
    for longest in range(len(link) + 2, 80):
        said = post(WORDING, link, longest=longest)
        assert len(said) <= longest
        assert said.endswith(link)
    assert post(WORDING, link, longest=5) == link
    assert "제목이에요" not in answer(WORDING, link)


def test_it_knows_who_asks_about_it_by_their_words():
    assert meant(["Log  in"], "I cannot LOG IN today")
    assert not meant(["", "  "], "무엇이든")
    assert not meant(["로그인"], "배송이 늦어요")
