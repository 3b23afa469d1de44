"""What is said on Mastodon: each voice once, with its thread, its visibility and its reach."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from pydantic import ValidationError

from peers import mastodon_server
from peers.mastodon_server import MastodonServer, settings_of
from sori.channels.mastodon.api import patience
from sori.channels.mastodon.door import SIZE, Mastodon
from sori.errors import ChannelError

MASTODON = Mastodon()


@pytest.fixture
def server() -> Iterator[MastodonServer]:
    with mastodon_server.running() as place:
        yield place


def pages(server, here, cursor=None, **more):
    settings = MASTODON.Settings(**settings_of(server, **more))
    return list(MASTODON.fetch(settings, cursor, here))


def rows(server, here, cursor=None, **more):
    found = pages(server, here, cursor, **more)
    return [row for page in found for row in page.mentions.to_pylist()]


def test_it_hears_who_names_us(server, here):
    said = server.say("@shop 배송이 너무 늦어요\n언제 오나요?", spoiler_text="불만", language="ko")
    (row,) = rows(server, here)

    assert row["external_id"] == row["thread_id"] == said["uri"]
    assert row["text"].startswith("@shop 배송이 너무 늦어요")
    assert (row["title"], row["url"]) == ("불만", said["url"])
    assert (row["author_name"], row["followers"]) == ("kim 님", 120)
    assert row["addressed"]
    assert row["public"]
    assert row["reply_mode"] == "public"
    assert row["published_at"] == datetime.fromisoformat(said["created_at"])
    assert json.loads(row["extra"])["language"] == "ko"


@pytest.mark.parametrize(
    ("visibility", "public"),
    [("public", True), ("unlisted", True), ("private", False), ("direct", False)],
)
def test_it_knows_who_can_read_it(server, here, visibility, public):
    server.say("@shop 안녕하세요", visibility=visibility)
    (row,) = rows(server, here)

    assert row["public"] is public
    assert row["reply_mode"] == ("public" if public else "private")
    assert json.loads(row["reply_address"])["visibility"] == visibility


def test_it_follows_a_thread_to_its_beginning(server, here):
    first = server.say("가게가 어디예요?", "lee")
    ours = server.say("@lee 부산입니다", "shop", in_reply_to_id=first["id"])
    server.say("@shop 고맙습니다", "lee", in_reply_to_id=ours["id"])
    (row,) = rows(server, here)

    assert (row["thread_id"], row["parent_id"]) == (first["uri"], ours["uri"])


def test_our_own_posts_and_boosts_are_no_voices(server, here):
    server.say("#우리가게 소식", "shop")
    server.say("", reblog={"id": "1"}, tags=[{"name": "우리가게"}])
    server.say("#우리가게 좋아요", "lee")

    heard = rows(server, here, mentions=False, hashtags=["#우리가게"])

    assert [row["text"] for row in heard] == ["#우리가게 좋아요"]
    assert not heard[0]["addressed"]
    assert ("GET", "timelines/tag/%EC%9A%B0%EB%A6%AC%EA%B0%80%EA%B2%8C") in server.asked


def test_what_is_heard_by_two_ways_has_one_name(server, here):
    server.say("@shop #우리가게 안녕")
    first, second = rows(server, here, hashtags=["우리가게"], local=True)[:2]
    assert first == second


def test_it_goes_on_page_by_page_where_it_was(server, here):
    server.say("@shop 처음")
    cursor = pages(server, here)[-1].cursor
    for number in range(SIZE + 5):
        server.say(f"@shop {number}")

    found = pages(server, here, cursor)

    assert [page.mentions.num_rows for page in found] == [SIZE, 5]
    texts = [text for page in found for text in page.mentions["text"].to_pylist()]
    assert texts == [f"@shop {number}" for number in range(SIZE + 5)]
    assert pages(server, here, found[-1].cursor) == []


def test_a_server_that_ignores_where_we_are_does_not_hold_us(server, here):
    server.say("@shop 하나")
    cursor = pages(server, here)[-1].cursor
    server.listed = lambda *_: server.notifications

    assert pages(server, here, cursor) == []


def test_it_tells_what_was_shown_in_words(server, here):
    server.say(
        "@shop 이거 왜 이래요",
        media_attachments=[
            {"type": "image", "description": "깨진 상자", "url": "https://x.test/1"}
        ],
        poll={"options": [{"title": "환불"}, {"title": "교환"}]},
    )
    (row,) = rows(server, here)
    assert row["text"] == "@shop 이거 왜 이래요\n- 환불\n- 교환\n[image] 깨진 상자"


@pytest.mark.parametrize("said", ["", "gestern", "2999-01-01T00:00:00Z"])
def test_a_date_that_cannot_be_true_is_none(server, here, said):
    server.say("@shop 안녕", created_at=said)
    assert rows(server, here)[0]["published_at"] is None


def test_it_asks_no_sooner_than_it_may(server, here):
    reset = datetime.now(UTC) + timedelta(seconds=90)
    server.refusal = (429, {"X-RateLimit-Reset": reset.isoformat().replace("+00:00", "Z")})

    with pytest.raises(ChannelError) as caught:
        pages(server, here)

    assert not caught.value.permanent
    assert 80 < (caught.value.retry_after or 0) <= 90
    assert len(server.asked) == 1


def test_it_understands_every_form_of_patience():
    now = datetime(2026, 11, 28, 8, tzinfo=UTC)
    later = now + timedelta(seconds=30)

    assert patience({"retry-after": "30"}, now) == 30
    assert patience({"retry-after": format_datetime(later, usegmt=True)}, now) == 30
    assert patience({"x-ratelimit-reset": "2026-11-28T08:00:30.000Z"}, now) == 30
    assert patience({"x-ratelimit-reset": "soon"}, now) is None
    assert patience({}, now) is None


@pytest.mark.parametrize(("status", "permanent"), [(401, True), (403, True), (503, False)])
def test_it_says_whether_asking_again_helps(server, here, status, permanent):
    server.refusal = (status, {})
    with pytest.raises(ChannelError, match=str(status)) as caught:
        pages(server, here)
    assert caught.value.permanent is permanent


def test_it_goes_nowhere_inside_unless_told(server, here):
    with pytest.raises(ValidationError, match="https"):
        MASTODON.Settings(**settings_of(server, allow_private=False))
    inside = server.url.replace("http:", "https:")
    with pytest.raises(ChannelError, match="public internet") as caught:
        pages(server, here, allow_private=False, instance=inside)
    assert caught.value.permanent
    assert server.asked == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"instance": "ftp://x.test"},
        {"instance": "https://me:pw@x.test"},
        {"hashtags": ["두 낱말"]},
        {"mentions": False},
    ],
)
def test_settings_that_cannot_work_are_refused(server, wrong):
    with pytest.raises(ValidationError):
        MASTODON.Settings(**settings_of(server) | wrong)
