"""Asking a feed again: what is new comes once, and nothing is missed."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from sori.channels.rss import Rss
from sori.errors import ChannelError

RSS = Rss()


def feed(*posts: tuple[str, str], number_at: int = 1) -> bytes:
    items = "".join(
        f"<item><title>{title}</title><link>/p/{title}</link><description>{text}</description>"
        f"<guid>{title}</guid></item>"
        for title, text in posts
    )
    return f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()


def look(web, cursor=None, *, listener):
    settings = RSS.Settings(url=web.url + "/feed", allow_private=True)
    pages = list(RSS.fetch(settings, cursor, listener))
    rows = [row for page in pages for row in page.mentions.to_pylist()]
    return [row["title"] for row in rows], pages[-1].cursor if pages else cursor


def test_it_brings_only_what_is_new_oldest_first(web, listener):
    web.answers["/feed"] = (200, {}, feed(("나", "2"), ("가", "1")))
    first, cursor = look(web, listener=listener)
    web.answers["/feed"] = (200, {}, feed(("다", "3"), ("나", "2"), ("가", "1")))
    second, cursor = look(web, cursor, listener=listener)
    third, _ = look(web, cursor, listener=listener)

    assert (first, second, third) == (["가", "나"], ["다"], [])


def test_it_tells_an_edited_post_from_a_new_one(web, listener):
    web.answers["/feed"] = (200, {}, feed(("가", "1"), ("나", "2")))
    _, cursor = look(web, listener=listener)
    web.answers["/feed"] = (200, {}, feed(("다", "3"), ("가", "1"), ("나", "고침")))

    settings = RSS.Settings(url=web.url + "/feed", allow_private=True)
    (page,) = RSS.fetch(settings, cursor, listener)

    assert page.mentions["title"].to_pylist() == ["다"]
    assert page.edited is not None
    assert page.edited["title"].to_pylist() == ["나"]
    assert "고침" in page.edited["text"].to_pylist()[0]


def test_it_asks_with_what_the_server_gave(web, listener):
    old = format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=True)
    now = format_datetime(datetime.now(UTC), usegmt=True)
    headers = {"ETag": '"v1"', "Last-Modified": old, "Date": now}
    web.answers["/feed"] = lambda asked: (
        (304, {}, b"") if asked.get("if-none-match") == '"v1"' else (200, headers, feed(("가", "")))
    )
    _, cursor = look(web, listener=listener)

    assert look(web, cursor, listener=listener) == ([], cursor)
    assert web.asked[-1][1]["if-modified-since"] == old


@pytest.mark.parametrize("age", [0, 1])
def test_it_does_not_trust_validators_of_the_last_two_seconds(web, listener, age):
    """A post made in the second of our look would stay hidden behind "not modified"."""
    moment = datetime.now(UTC)
    written = format_datetime(moment - timedelta(seconds=age), usegmt=True)
    headers = {
        "ETag": '"v1"',
        "Last-Modified": written,
        "Date": format_datetime(moment, usegmt=True),
    }
    posts = [("가", "")]

    def answer(asked):
        if asked.get("if-none-match") or asked.get("if-modified-since"):
            return 304, {}, b""
        return 200, headers, feed(*posts)

    web.answers["/feed"] = answer
    _, cursor = look(web, listener=listener)
    posts.insert(0, ("나", "같은 초에"))

    assert look(web, cursor, listener=listener)[0] == ["나"]


def test_it_says_that_a_feed_is_gone(web, listener):
    web.answers["/feed"] = (410, {}, b"")

    with pytest.raises(ChannelError) as caught:
        look(web, listener=listener)

    assert caught.value.permanent


def test_it_does_not_take_a_web_page_for_an_empty_feed(web, listener):
    web.answers["/feed"] = (200, {"Content-Type": "text/html"}, b"<html><p>maintenance</p></html>")

    with pytest.raises(ChannelError, match="is no feed") as caught:
        look(web, listener=listener)

    assert not caught.value.permanent


def test_it_takes_an_empty_feed_for_what_it_is(web, listener):
    web.answers["/feed"] = (200, {}, feed())

    assert look(web, listener=listener)[0] == []
