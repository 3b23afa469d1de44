"""What is written on a WordPress site: each once, whatever the clock does; answered below it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from peers import wordpress_api
from peers.wordpress_api import ME, WordpressApi, settings_of
from sori.channels.contract import Address
from sori.channels.wordpress.door import Wordpress
from sori.errors import ChannelError, ReplyError, ReplyNotAccepted, ReplyRejected

WORDPRESS = Wordpress()


@pytest.fixture
def site() -> Iterator[WordpressApi]:
    with wordpress_api.running() as place:
        yield place


def pages(site, here, cursor=None, **more):
    return list(WORDPRESS.fetch(WORDPRESS.Settings(**settings_of(site, **more)), cursor, here))


def rows(found):
    return [row for page in found for row in page.mentions.to_pylist()]


def reply(site, comment, text="확인해 볼게요.", **more):
    to = Address("public", {"post": 1, "comment": comment["id"]}, "x")
    settings = WORDPRESS.Settings(**settings_of(site, **more))
    return WORDPRESS.reply(settings, to, text, "key")


def test_it_hears_a_comment(site, here):
    said = site.comment("포장이 찢어져 왔어요 & <실망>", parent=5, author_email="Kim@Example.com")
    (row,) = rows(pages(site, here))

    assert row["text"] == "포장이 찢어져 왔어요 & <실망>"
    assert row["external_id"] == f"{site.url}#comment-{said['id']}"
    assert row["parent_id"] == f"{site.url}#comment-5"
    assert row["thread_id"] == f"{site.url}#post-1"
    assert (row["author_id"], row["author_name"]) == ("kim@example.com", "김하은")
    assert row["published_at"] == site.now
    assert (row["addressed"], row["public"], row["reply_mode"]) == (True, True, "public")


def test_whoever_may_not_moderate_is_told_no_address(site, here):
    site.moderates = False
    site.comment("안녕하세요", author_email="kim@example.com")

    assert rows(pages(site, here))[0]["author_id"] is None


def test_guests_with_the_same_name_are_nobody_in_particular(site, here):
    site.comment("하나")
    site.comment("둘", author=12)

    assert [row["author_id"] for row in rows(pages(site, here))] == [None, f"{site.url}#user-12"]


def test_our_own_comments_and_pings_are_no_voices(site, here):
    site.comment("답글", author=ME)
    site.comment("핑", type="pingback")

    assert rows(pages(site, here)) == []


def test_it_hears_posts_where_that_is_wanted(site, here):
    site.post("새 이어폰 후기", "배터리가 아쉬워요")
    (row,) = rows(pages(site, here, comments=False, posts=True))

    assert (row["title"], row["text"]) == ("새 이어폰 후기", "배터리가 아쉬워요")
    assert row["addressed"] is False


def test_nothing_written_in_the_same_second_is_missed_or_heard_twice(site, here):
    site.comment("가")
    (page,) = pages(site, here)
    site.comment("나")
    (after,) = pages(site, here, page.cursor)
    site.comment("다")

    again = pages(site, here, after.cursor)

    assert [row["text"] for row in rows([after])] == ["나"]
    assert [row["text"] for row in rows(again)] == ["다"]
    assert pages(site, here, again[-1].cursor) == []


def test_a_clock_set_back_an_hour_hides_nothing(site, here):
    site.comment("여름의 마지막")
    (page,) = pages(site, here)
    site.now += timedelta(minutes=10)
    site.comment("겨울의 처음", date=(site.now + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M:%S"))

    assert [row["text"] for row in rows(pages(site, here, page.cursor))] == ["겨울의 처음"]


def test_it_pages_through_more_than_one_answer_holds(site, here):
    site.comment("처음")
    (page,) = pages(site, here)
    for number in range(230):
        site.now += timedelta(seconds=1)
        site.comment(f"글 {number}")

    found = pages(site, here, page.cursor)

    assert [row["text"] for row in rows(found)] == [f"글 {number}" for number in range(230)]
    assert len(found) == 3


def test_a_site_can_be_heard_without_a_password_and_answered_only_by_opening_it(site, here):
    site.comment("안녕하세요")
    account = {"user": "", "application_password": ""}
    (row,) = rows(pages(site, here, **account))

    assert (row["reply_mode"], row["reply_address"]) == ("link", None)
    with pytest.raises(ReplyRejected):
        reply(site, site.comments[0], **account)


def test_it_answers_below_the_comment_as_it_was_written(site):
    asked = site.comment("언제 오나요?")
    sent = reply(site, asked, "내일 <오전> 가요 & 감사합니다")

    ours = site.comments[-1]
    assert sent.external_id == f"{site.url}#comment-{ours['id']}"
    assert ours["parent"] == asked["id"]
    assert ours["content"]["rendered"] == "<p>내일 &lt;오전&gt; 가요 &amp; 감사합니다</p>\n"


def test_after_silence_it_knows_its_answer_by_its_words(site):
    asked = site.comment("언제 오나요?")
    site.after = "silent"
    with pytest.raises(ReplyError):
        reply(site, asked, "내일 <오전> 가요")
    site.after = ""
    with pytest.raises(ReplyError) as caught:
        reply(site, asked, "내일 <오전> 가요")
    settings = WORDPRESS.Settings(**settings_of(site))
    to = Address("public", {"post": 1, "comment": asked["id"]}, "x")
    since = datetime.now(UTC) - timedelta(seconds=5)

    found = WORDPRESS.recognise(settings, to, "내일 <오전> 가요", since)

    assert type(caught.value) is ReplyError  # a duplicate may be our own first attempt
    assert found is not None
    assert found.external_id == f"{site.url}#comment-{site.comments[-1]['id']}"
    assert WORDPRESS.recognise(settings, to, "다른 말", since) is None


@pytest.mark.parametrize(
    ("status", "body", "kind", "wait"),
    [
        (429, {"code": "comment_flood"}, ReplyNotAccepted, 15),
        (400, {"code": "comment_flood"}, ReplyNotAccepted, 15),
        (403, {"code": "rest_comment_closed"}, ReplyRejected, None),
        (500, {}, ReplyError, None),
    ],
)
def test_it_says_what_a_refusal_means(site, status, body, kind, wait):
    asked = site.comment("언제 오나요?")
    site.refusal = (status, {}, body)

    with pytest.raises(ReplyError) as caught:
        reply(site, asked)

    assert type(caught.value) is kind
    assert getattr(caught.value, "retry_after", None) == wait


@pytest.mark.parametrize(("status", "permanent"), [(401, True), (404, True), (503, False)])
def test_a_failed_look_says_whether_to_try_again(site, here, status, permanent):
    site.refusal = (status, {"Retry-After": "9"}, {"code": "x", "message": "no"})

    with pytest.raises(ChannelError) as caught:
        pages(site, here)

    assert (caught.value.permanent, caught.value.retry_after) == (permanent, 9)


def test_what_is_no_comment_is_put_aside(site, here):
    site.comment("앞")
    site.comments.append({"id": 999, "date": site.comments[0]["date"], "content": None})
    site.comment("뒤")

    (page,) = pages(site, here)

    assert page.mentions["text"].to_pylist() == ["앞", "뒤"]
    assert [each.external_id for each in page.broken] == [f"{site.url}#comment-999"]
    assert json.loads(page.broken[0].raw)["item"]["id"] == 999


@pytest.mark.parametrize(
    "wrong",
    [
        {"site": "http://x.test"},
        {"site": "https://u:p@x.test"},
        {"comments": False},
        {"user": "a:b"},
    ],
)
def test_it_asks_for_settings_that_will_do(wrong):
    with pytest.raises(ValidationError):
        WORDPRESS.Settings(**({"site": "https://x.test/blog"} | wrong))
