"""The public help centre answers fast, in the reader's language, and says nothing internal."""

import re

import pytest
from django.test import Client

from desk import member, signed_in
from sori.articles import services
from sori.articles.models import Article, Unfound, Visits
from sori.listen.services import add_source, pause

PATHS = (
    "/help/ko/",
    "/help/en/",
    "/help/ko/?q=보상",
    "/help/en/?q=보상",
    "/sitemap.xml",
    "/help/ko/배송-조회하기/",
)


def page(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_it_leads_to_the_language_of_the_reader(visitor):
    assert visitor.get("/help/")["Location"] == "/help/ko/"
    english = Client(headers={"accept-language": "en-US,en"})
    assert english.get("/help/")["Location"] == "/help/en/"


def test_it_speaks_the_language_of_the_address_whatever_the_browser_speaks(visitor):
    answer = visitor.get("/help/en/")

    assert '<html lang="en">' in answer.content.decode()
    assert answer["Content-Language"] == "en"


@pytest.mark.parametrize("how", ["internal", "draft", "withdrawn", "archived"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_it_leaks_nothing_that_is_not_public(published, supervisor, visitor, how, language):
    published("배송 조회하기", "보상은 배송 조회하기 글을 보세요")
    title = "보상 기준 배송 조회하기"
    hidden = published(
        title, "보상 비밀 배송", language=language, visibility="internal"
    ) if how == "internal" else published(title, "보상 비밀 배송", language=language)  # fmt: skip
    if how == "draft":
        hidden = services.begin(
            member=supervisor, language="ko", title="초안 보상", body="비밀", visibility="public",
            category=None,
        )  # fmt: skip
        Article.objects.exclude(pk=hidden.pk).filter(texts__title=title).delete()
    if how == "withdrawn":
        services.withdraw(article=hidden, member=supervisor)
    if how == "archived":
        services.archive(article=hidden, member=supervisor)
    slug = hidden.texts.get().slug

    for path in PATHS:
        said = page(visitor, path)
        assert "비밀" not in said, path
        assert title not in said, path
        assert slug not in said, path
    assert visitor.get(f"/help/{hidden.pk}/").status_code == 404
    for code in ("ko", "en"):
        assert visitor.get(f"/help/{code}/{slug}/").status_code == 404
        vote = visitor.post(f"/help/{code}/{slug}/helpful/", {"helpful": "yes"})
        assert vote.status_code == 404
    offered = visitor.post("/help/offered/", {"text": "보상 기준이 궁금해요 비밀 배송"})
    assert title not in offered.content.decode()


def test_it_leads_from_the_short_address_in_answers_to_the_language_of_the_reader(
    published, supervisor, visitor
):
    article = published("배송 조회하기")
    services.write(
        article=article, member=supervisor, language="en", title="Track a parcel", body="x", base=0
    )
    english = Client(headers={"accept-language": "en"})

    assert "/help/ko/" in visitor.get(f"/help/{article.pk}/")["Location"]
    assert english.get(f"/help/{article.pk}/")["Location"] == "/help/en/track-a-parcel/"


def test_it_shows_the_other_language_and_says_so(published, visitor):
    published("배송 조회하기")
    said = page(visitor, "/help/en/배송-조회하기/")

    assert "not there in English yet" in said
    assert '<article lang="ko">' in said
    assert re.search(r'rel="canonical" href="http://testserver/help/ko/', said)


def test_it_leads_from_the_address_of_one_language_to_that_of_the_other(
    published, supervisor, visitor
):
    article = published("배송 조회하기")
    services.write(
        article=article, member=supervisor, language="en", title="Track a parcel", body="x", base=0
    )

    assert visitor.get("/help/en/배송-조회하기/")["Location"] == "/help/en/track-a-parcel/"
    said = page(visitor, "/help/ko/배송-조회하기/")
    assert 'hreflang="en" href="http://testserver/help/en/track-a-parcel/"' in said


def test_it_finds_marks_and_keeps_what_was_not_found(published, visitor):
    published("배송 조회하기")
    assert "<mark>배송</mark>" in page(visitor, "/help/ko/?q=배송")

    said = page(visitor, "/help/ko/?q=명의 변경 010-1234-5678")
    assert "맞는 도움말이 없어요" in said or "Nothing was found" in said
    page(visitor, "/help/ko/?q=명의  변경 010-9876-5432")
    assert [(one.words, one.count) for one in Unfound.objects.all()] == [
        ("명의 변경 ***-****-****", 2)
    ]


def test_it_offers_the_contact_form_if_there_is_one(visitor):
    assert "/form/" not in page(visitor, "/help/ko/?q=없는말")
    source = add_source(name="문의", channel="webform", settings={})
    assert f"/form/{source.slug}/" in page(visitor, "/help/ko/?q=없는말")
    pause(source=source, member=member())
    assert "/form/" not in page(visitor, "/help/ko/?q=없는말")


def test_it_counts_visits_of_readers_and_not_of_members(published, visitor):
    published("배송 조회하기")
    for _ in range(3):
        page(visitor, "/help/ko/배송-조회하기/")
    visitor.head("/help/ko/배송-조회하기/")
    page(signed_in(), "/help/ko/배송-조회하기/")

    assert Visits.objects.get().count == 3


@pytest.mark.parametrize("path", ["/help/ko/", "/help/ko/?q=배송", "/help/ko/배송-1/"])
def test_it_asks_the_same_few_questions_however_much_is_written(
    published, visitor, path, django_assert_max_num_queries
):
    for number in range(15):
        published(f"배송 {number}", "배송 " * 20)
    with django_assert_max_num_queries(24):
        page(visitor, path)


def test_it_lets_pages_be_kept_for_a_minute(published, visitor):
    published("배송 조회하기")

    assert visitor.get("/help/ko/")["Cache-Control"] == "public, max-age=60"
    assert visitor.get("/help/ko/배송-조회하기/")["Cache-Control"] == "private, max-age=60"
    assert "no-store" in visitor.get("/help/ko/?q=배송")["Cache-Control"]


def test_it_tells_search_engines_where_to_look_and_where_not(published, visitor):
    published("배송 조회하기")
    robots = page(visitor, "/robots.txt")

    assert "Disallow: /\n" in robots
    assert "Sitemap: http://testserver/sitemap.xml" in robots
    sitemap = visitor.get("/sitemap.xml")
    assert sitemap["Content-Type"] == "application/xml"
    assert "/help/ko/%EB%B0%B0%EC%86%A1" in sitemap.content.decode()


EVIL = '"><img src=x onerror=alert(1)><script>alert(2)</script>'


def test_it_shows_hostile_words_as_words(published, visitor):
    published(EVIL, EVIL + " 배송")
    search = visitor.get("/help/ko/", {"q": f"배송 {EVIL}"})
    answers = [search, visitor.get("/help/ko/"), visitor.get("/sitemap.xml")]
    slug = Article.objects.get().texts.get().slug
    answers.append(visitor.get(f"/help/ko/{slug}/", {"voted": EVIL, "from": EVIL}))

    for answer in answers:
        said = answer.content.decode()
        assert "<img" not in said
        assert "<script>" not in said
        assert "script-src 'self'" in answer["Content-Security-Policy"]
        assert "unsafe" not in answer["Content-Security-Policy"]
