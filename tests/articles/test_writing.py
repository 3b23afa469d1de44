"""Words are kept, compared and brought back; nobody overwrites anybody."""

import pytest
from django.utils import translation

from desk import signed_in
from sori.articles import index, services
from sori.articles.models import Article, ArticleText, Category, Revision
from sori.errors import Refused
from sori.journal.models import Event
from together import at_once


def write(article: Article, who, title: str, base: int, body: str = "본문") -> bool:
    return services.write(
        article=article, member=who, language="ko", title=title, body=body, base=base
    )


def test_it_gives_every_text_an_address_of_its_own(published):
    for _ in range(3):
        published("배송 조회!")
    published("!!!")
    slugs = set(ArticleText.objects.values_list("slug", flat=True))

    assert slugs == {"배송-조회", "배송-조회-2", "배송-조회-3", "article"}


@pytest.mark.django_db(transaction=True)
def test_it_gives_addresses_once_when_many_write_at_the_same_moment(supervisor):
    def begin() -> None:
        services.begin(
            member=supervisor, language="ko", title="배송", body="본문", visibility="public",
            category=None,
        )  # fmt: skip

    at_once(4, begin)

    assert len(set(ArticleText.objects.values_list("slug", flat=True))) == 4


def test_it_keeps_the_address_once_it_was_out(published, supervisor):
    article = published("배송 조회")
    write(article, supervisor, "배송 위치 보기", base=1)

    text = ArticleText.objects.get()
    assert (text.title, text.slug) == ("배송 위치 보기", "배송-조회")


def test_it_lets_the_address_follow_the_title_before_that(agent):
    article = services.begin(
        member=agent, language="ko", title="임시", body="x", visibility="public", category=None
    )
    write(article, agent, "반품하기", base=1)

    assert ArticleText.objects.get().slug == "반품하기"


def test_it_refuses_to_overwrite_what_somebody_else_wrote_meanwhile(published, supervisor):
    article = published()
    write(article, supervisor, "먼저", base=1)

    with pytest.raises(Refused):
        write(article, supervisor, "나중", base=1)
    assert ArticleText.objects.get().title == "먼저"


def test_it_lets_the_words_of_an_agent_wait_until_they_are_published(published, supervisor, agent):
    article = published("배송 조회하기")

    assert write(article, agent, "새 제목", base=1) is False
    assert ArticleText.objects.get().title == "배송 조회하기"
    services.publish(article=article, member=supervisor)
    assert ArticleText.objects.get().title == "새 제목"


def test_it_shows_no_words_of_a_new_language_before_they_are_published(published, agent, visitor):
    article = published("배송 조회하기")
    services.write(
        article=article, member=agent, language="en", title="Track it", body="secret", base=0
    )

    assert index.public("Track") == []
    assert visitor.get("/help/en/track-it/").status_code == 404


def test_it_brings_earlier_words_back_as_new_ones(published, supervisor):
    article = published("하나")
    write(article, supervisor, "둘", base=1)
    services.restore(revision=Revision.objects.get(number=1), member=supervisor)

    text = ArticleText.objects.get()
    assert (text.title, text.shown) == ("하나", 3)
    assert [one.title for one in Revision.objects.order_by("number")] == ["하나", "둘", "하나"]


def test_it_does_not_let_an_agent_change_what_is_published(published, agent):
    article = published("하나")
    write(article, agent, "둘", base=1)

    with pytest.raises(Refused):
        services.restore(revision=Revision.objects.get(number=2), member=agent)
    with pytest.raises(Refused):
        services.place(article=article, member=agent, visibility="internal", category=None)


def test_it_writes_down_what_happened(published, supervisor):
    article = published()
    services.withdraw(article=article, member=supervisor)
    services.archive(article=article, member=supervisor)
    services.archive(article=article, member=supervisor)

    kinds = list(Event.objects.filter(about=f"article:{article.pk}").values_list("kind", flat=True))
    assert kinds == [
        "article.written",
        "article.published",
        "article.withdrawn",
        "article.archived",
    ]


def test_it_orders_shelves_and_keeps_articles_of_one_that_is_gone(supervisor, published):
    one = services.keep_category(member=supervisor, name="요금")
    two = services.keep_category(member=supervisor, name="통화")
    with translation.override("en"), pytest.raises(Refused, match="another category"):
        services.keep_category(member=supervisor, name="요금")
    services.raise_category(category=two, member=supervisor)
    article = published(category=one.pk)
    services.delete_category(category=one, member=supervisor)

    assert list(Category.objects.order_by("position").values_list("name", flat=True)) == ["통화"]
    article.refresh_from_db()
    assert article.category_id is None


def test_it_is_written_through_the_pages(supervisor):
    browser = signed_in(supervisor)
    fields = {"title": "배송 조회", "body": "앱을 여세요", "visibility": "public", "base": "0"}
    made = browser.post("/articles/new/", fields)
    article = Article.objects.get()

    assert made["Location"] == f"/articles/{article.pk}/"
    changed = fields | {"body": "앱을 다시 여세요", "base": "1"}
    assert browser.post(f"/articles/{article.pk}/ko/write/", changed).status_code == 302
    stale = browser.post(f"/articles/{article.pk}/ko/write/", changed)
    assert stale.status_code == 422
    assert "Somebody else changed this" in stale.content.decode()
    history = browser.get(f"/articles/{article.pk}/ko/history/").content.decode()
    assert "<ins>앱을 다시 여세요</ins>" in history
    assert "<del>앱을 여세요</del>" in history
    for path in ("/articles/", f"/articles/{article.pk}/", "/articles/categories/"):
        assert browser.get(path).status_code == 200
    preview = browser.post("/articles/preview/", {"body": "## 제목\n<script>"}).content.decode()
    assert '<h2 id="h-제목">제목</h2>' in preview
    assert "<script>" not in preview


def test_it_looks_at_the_list_with_the_same_few_questions(
    published, supervisor, django_assert_max_num_queries
):
    for number in range(12):
        published(f"글 {number}")
    browser = signed_in(supervisor)
    with django_assert_max_num_queries(16):
        page = browser.get("/articles/?q=글&state=published&readers=public").content.decode()
    assert "글 3" in page
