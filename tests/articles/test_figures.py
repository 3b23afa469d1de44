"""How the help centre fares, from what readers did."""

from datetime import timedelta

import pytest
from django.utils import timezone

from desk import signed_in
from sori.articles import figures, hearing
from sori.articles.models import Unfound, Visits
from together import at_once


def test_it_counts_visits_of_every_day(published):
    article = published()
    today = timezone.localdate()
    for _ in range(3):
        hearing.opened(article.pk)
    hearing.opened(article.pk, day=today - timedelta(days=1))
    days = figures.visits_by_day(today)

    assert len(days) == figures.DAYS
    assert [day["visits"] for day in days[-3:]] == [0, 1, 3]


@pytest.mark.django_db(transaction=True)
def test_it_loses_no_visit_of_many_at_the_same_moment(published):
    article = published()
    at_once(6, lambda: hearing.opened(article.pk))

    assert Visits.objects.get().count == 6


def test_it_counts_votes_and_lists_what_was_missing(published):
    article = published("배송 조회하기")
    for number, helpful in enumerate([True, True, False]):
        hearing.vote(
            article=article.pk, language="ko", token=f"t{number}", helpful=helpful,
            words="" if helpful else "그림이 없어요",
        )  # fmt: skip
    page = signed_in().get("/articles/figures/").content.decode()

    assert figures.votes(timezone.now() - timedelta(days=1)) == {"yes": 2, "no": 1}
    assert "67%" in page
    assert "그림이 없어요" in page


def test_it_forgets_words_that_led_nowhere_after_ninety_days():
    hearing.looked_in_vain("esim", "ko")
    hearing.looked_in_vain("명의 변경", "ko")
    Unfound.objects.filter(words="esim").update(
        last_at=timezone.now() - hearing.KEPT - timedelta(days=1)
    )

    assert hearing.forget_old() == 1
    assert list(Unfound.objects.values_list("words", flat=True)) == ["명의 변경"]


def test_it_has_something_to_say_when_nothing_happened(db):
    page = signed_in().get("/articles/figures/").content.decode()

    assert "Nobody has read an article yet" in page
    assert "Every search found something" in page
