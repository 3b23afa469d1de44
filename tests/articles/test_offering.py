"""While a form is filled in, articles are offered; what became of it is counted honestly."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from sori.articles import figures
from sori.articles.models import FormVisit
from sori.articles.views import offering
from sori.listen.models import Source
from sori.listen.services import add_source


@pytest.fixture
def source() -> Source:
    return add_source(name="문의", channel="webform", settings={})


def ticket(browser: Client, source: Source) -> str:
    said = browser.get(f"/form/{source.slug}/").content.decode()
    found = re.search(r'name="ticket" value="([^"]+)"', said)
    assert found
    return found[1]


def offer(browser: Client, given: str, text: str = "배송 조회를 어떻게 하나요?") -> str:
    answer = browser.post("/help/offered/", {"text": text, "ticket": given})
    assert answer.status_code == 200
    return answer.content.decode()


def opened(browser: Client, given: str) -> None:
    link = re.search(r'href="(/help/[^"]+)"', offer(browser, given))
    assert link
    assert browser.get(link[1].replace("&amp;", "&")).status_code == 200


def test_it_offers_public_articles_about_what_is_written(published, source, visitor):
    published("배송 조회하기")
    published("배송 조회 내부 기준", visibility="internal")
    said = offer(visitor, ticket(visitor, source))

    assert "배송 조회하기" in said
    assert "내부 기준" not in said
    assert 'rel="noopener"' in said
    assert offer(visitor, "", "오늘 날씨가 좋네요").strip() == ""
    assert offer(visitor, "", "네").strip() == ""


def test_it_works_in_a_frame_on_somebody_elses_page(published):
    published("배송 조회하기")
    framed = Client(enforce_csrf_checks=True)

    assert "배송 조회하기" in offer(framed, "")


def test_it_counts_forms_that_were_not_sent_after_an_article_was_opened(
    published, source, visitor, lake
):
    published("배송 조회하기")
    start = timezone.now() - timedelta(days=3)
    with time_machine.travel(start, tick=False) as clock:
        sent, left = ticket(visitor, source), ticket(visitor, source)
        for given in (sent, left):
            opened(visitor, given)
            opened(visitor, given)
        clock.shift(10)
        answer = visitor.post(
            f"/form/{source.slug}/", {"ticket": sent, "text": "배송", "website": ""}
        )
        assert answer.status_code == 200
    fresh = ticket(visitor, source)
    opened(visitor, fresh)

    assert FormVisit.objects.count() == 3
    since = start - timedelta(days=1)
    assert figures.spared(since, timezone.now()) == {"opened": 2, "sent": 1, "unsent": 1}


def test_it_counts_a_form_that_was_sent_back_and_sent_again_as_sent(
    published, source, visitor, lake
):
    published("배송 조회하기")
    start = timezone.now() - timedelta(days=3)
    with time_machine.travel(start, tick=False) as clock:
        given = ticket(visitor, source)
        opened(visitor, given)
        refused = visitor.post(f"/form/{source.slug}/", {"ticket": given, "text": ""})
        again = re.search(r'name="ticket" value="([^"]+)"', refused.content.decode())
        assert again
        clock.shift(10)
        visitor.post(f"/form/{source.slug}/", {"ticket": again[1], "text": "배송", "website": ""})

    spared = figures.spared(start - timedelta(days=1), timezone.now())
    assert spared == {"opened": 1, "sent": 1, "unsent": 0}


@pytest.mark.parametrize("forged", ["x", "1:2:3", "WzEsICJhIl0:1:abc"])
def test_it_counts_nothing_for_an_origin_it_did_not_give(published, visitor, forged):
    published("배송 조회하기")
    assert visitor.get("/help/ko/배송-조회하기/", {"from": forged}).status_code == 200
    assert not FormVisit.objects.exists()


def test_it_grows_tired_of_an_address_that_asks_without_end(published, visitor, monkeypatch):
    monkeypatch.setattr(offering, "OFFERS_AN_HOUR", 2)
    published("배송 조회하기")
    said = [offer(visitor, "").strip() != "" for _ in range(3)]

    assert said == [True, True, False]
