"""What a search result of Naver says, and what it does not."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from sori.channels.naver.door import Naver
from sori.channels.naver.reading import plain

LONG = "이어폰을 석 달 써 보니 배터리가 반나절도 못 갑니다. " * 10
ALL = {"cafe": True, "kin": True, "news": True, "earlier": True}


@pytest.fixture
def one(naver_search, listener):
    """Brings the only voice there is."""

    def bring(**settings):
        chosen = Naver.Settings(**naver_search.settings(**ALL | settings))
        pages = list(Naver().fetch(chosen, None, listener))
        rows = [row for page in pages for row in page.mentions.to_pylist()]
        assert len(rows) == 1, pages
        return rows[0] | {"extra": json.loads(rows[0]["extra"])}

    return bring


def test_it_reads_a_blog_post(naver_search, one):
    naver_search.blog('이어폰 "배터리"가 <3 금방 닳아요', title="<b>이어폰</b> 후기 &amp; 비교")

    row = one()

    assert row["title"] == "이어폰 후기 & 비교"
    assert row["text"] == '이어폰 "배터리"가 <3 금방 닳아요'
    assert row["author_id"] == "blog.naver.com/kim"
    assert row["author_name"] == "김철수 블로그"
    assert row["url"].startswith("https://blog.naver.com/kim/223")
    assert row["reply_mode"] == "link"
    assert row["public"]
    assert not row["addressed"]
    assert row["followers"] is row["thread_id"] is row["parent_id"] is row["reply_until"] is None


def test_it_says_that_a_text_is_an_excerpt(naver_search, one):
    naver_search.blog(LONG)

    row = one()

    assert row["text"].endswith("...")
    assert row["extra"]["clipped"] is True


def test_a_day_that_is_over_is_its_last_second(naver_search, one):
    naver_search.blog("이어폰", day="20261122")

    row = one()

    assert row["published_at"] == datetime(2026, 11, 22, 14, 59, 59, tzinfo=UTC)
    assert row["id"].startswith("20261122")
    assert row["extra"]["day"] == "20261122"


@pytest.mark.parametrize("day", ["20261123", "20270101", "2026112", "19000101", "내일"])
def test_a_day_that_lasts_or_cannot_be_tells_no_time(naver_search, one, day):
    naver_search.blog("이어폰", day=day)

    assert one()["published_at"] is None


def test_cafes_and_questions_have_no_date_and_nobody_speaks_for_a_cafe(naver_search, one, listener):
    naver_search.cafe("이어폰 어때요")

    row = one()

    assert row["published_at"] is None
    assert row["heard_at"] == listener.now
    assert row["author_id"] is None
    assert row["author_name"] == "레몬테라스"
    assert row["extra"]["cafe_url"] == "https://cafe.naver.com/remonterrace"

    naver_search.posts.clear()
    naver_search.kin("이어폰 수리 되나요")
    row = one()
    assert row["published_at"] is row["author_id"] is row["author_name"] is None
    assert "docId=" in row["external_id"]
    assert "dirId=" in row["url"]


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("Mon, 23 Nov 2026 18:30:00 +0900", datetime(2026, 11, 23, 9, 30, tzinfo=UTC)),
        ("Mon, 23 Nov 2026 18:30:00", datetime(2026, 11, 23, 9, 30, tzinfo=UTC)),
        ("Mon, 30 Nov 2026 18:30:00 +0900", None),
        ("어제", None),
    ],
)
def test_news_tell_the_second(naver_search, one, date, moment):
    naver_search.news("이어폰 리콜", date=date)

    row = one()

    assert row["published_at"] == moment
    assert row["extra"]["original"].startswith("https://paper.example/")


def test_one_post_found_in_two_ways_is_one_mention(naver_search, one):
    naver_search.blog("이어폰 배터리", link="https://blog.naver.com/kim/9")
    naver_search.cafe("이어폰", link="http://m.blog.naver.com/PostView.nhn?blogId=kim&logNo=9")

    assert one(words=["이어폰", "배터리"])["external_id"] == "https://blog.naver.com/kim/9"


@pytest.mark.parametrize(
    "item",
    [
        7,
        None,
        ["link"],
        {"title": "x", "description": "y"},
        {"link": "javascript:alert(1)", "description": "y"},
        {"link": "https://blog.naver.com/kim/9", "description": "<b></b>"},
        {"link": 9, "title": [], "description": {}},
    ],
)
def test_poison_is_put_aside_once(naver_search, listener, item):
    naver_search.blog("이어폰 앞")
    naver_search.posts["blog"].insert(0, item)
    naver_search.blog("이어폰 뒤")
    chosen = Naver.Settings(**naver_search.settings())

    pages = list(Naver().fetch(chosen, None, listener))
    again = list(Naver().fetch(chosen, pages[-1].cursor, listener))

    assert [t for p in pages for t in p.mentions["text"].to_pylist()] == ["이어폰 앞", "이어폰 뒤"]
    (broken,) = [each for page in pages for each in page.broken]
    assert json.loads(broken.raw) == item
    assert broken.reason
    assert not [each for page in again for each in page.broken]
    assert Naver().reread(chosen, broken.raw, listener).broken


def test_it_reads_again_what_it_has_learned_to_read(listener, naver_search):
    post = naver_search.blog("이어폰")
    chosen = Naver.Settings(**naver_search.settings())

    page = Naver().reread(chosen, json.dumps(post).encode(), listener)

    assert page.mentions["text"].to_pylist() == ["이어폰"]
    assert page.cursor is None
    assert Naver().reread(chosen, b"{", listener).broken


def test_half_a_character_does_not_stop_the_others(naver_search, one):
    naver_search.blog("이어폰 \ud83d 고장", bloggername="\ude00")

    row = one()

    assert row["text"] == "이어폰 ? 고장"
    assert row["author_name"] == "?"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("<b>주식</b>형", "주식형"),
        ("a < b", "a < b"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("&#99999999999999999999;", "\ufffd"),
        ("<script>alert(1)</script>x", "alert(1)x"),
        ("<" * 50_000, "<" * 50_000),
    ],
)
def test_marks_leave_nothing_behind_and_entities_are_resolved_once(given, shown):
    assert plain(given) == shown


def test_settings_say_what_is_missing():
    right = {"client_id": "a", "client_secret": "b", "words": [" 이어폰 "]}
    assert [one.key for one in Naver.Settings(**right, cafe=False, kin=False).searches()] == [
        "blog 이어폰",
        "news 이어폰",
    ]
    for wrong in (
        {"words": []},
        {"words": [" "]},
        {"address": "http://openapi.naver.com"},
        {"blog": False, "cafe": False, "kin": False, "news": False},
        {"calls_per_day": 25_001},
    ):
        with pytest.raises(ValidationError):
            Naver.Settings(**right | wrong)


def test_the_secret_goes_nowhere_else(naver_search, listener):
    naver_search.refusal = (302, {"Location": "http://127.0.0.1:9/elsewhere"}, b"")
    chosen = Naver.Settings(**naver_search.settings())
    with pytest.raises(Exception, match="leads on") as caught:
        list(Naver().fetch(chosen, None, listener._replace(now=listener.now + timedelta(1))))
    assert "hush" not in str(caught.value)
    assert "hush" not in repr(chosen)
