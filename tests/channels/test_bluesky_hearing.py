"""What is said on Bluesky: each voice once, with its thread, its links and whom it speaks to."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from brought import texts
from peers import bluesky_server
from peers.bluesky_server import HANDLE, BlueskyServer, settings_of
from sori.channels.bluesky.door import FIRST, SIZE, Bluesky
from sori.errors import ChannelError

CHANNEL = Bluesky()
US = f"@{HANDLE}"


@pytest.fixture
def server() -> Iterator[BlueskyServer]:
    with bluesky_server.running() as place:
        yield place


def pages(server, here, cursor=None, **more):
    return list(CHANNEL.fetch(CHANNEL.Settings(**settings_of(server, **more)), cursor, here))


def rows(server, here, cursor=None, **more):
    found = pages(server, here, cursor, **more)
    return [row for page in found for row in page.mentions.to_pylist()]


def test_it_hears_who_names_us(server, here):
    said = server.say(f"{US} 배송이 너무 늦어요")
    (row,) = rows(server, here)

    assert row["external_id"] == row["thread_id"] == said["uri"]
    assert row["text"] == f"{US} 배송이 너무 늦어요"
    assert (row["author_id"], row["author_name"]) == (said["author"]["did"], "kim 님")
    assert row["url"].startswith(f"https://bsky.app/profile/{said['author']['did']}/post/3k")
    assert row["addressed"]
    assert row["public"]
    assert row["reply_mode"] == "public"
    assert row["published_at"] == datetime.fromisoformat(said["record"]["createdAt"])
    this = bluesky_server.ref(said)
    assert json.loads(row["reply_address"]) == {
        "shown": "@kim.bsky.test",
        "root": this,
        "parent": this,
    }


def test_it_hears_who_answers_or_quotes_us(server, here):
    first = server.say("가게가 어디예요?", "lee.bsky.test")
    ours = server.say("부산입니다", "shop", below=first)
    answer = server.say("고맙습니다", "lee.bsky.test", below=ours)
    quote = server.say("친절하네요", "park.bsky.test", quotes=ours)
    one, two = rows(server, here)

    assert (one["external_id"], one["parent_id"], one["thread_id"]) == (
        answer["uri"],
        ours["uri"],
        first["uri"],
    )
    assert json.loads(one["reply_address"])["root"] == bluesky_server.ref(first)
    assert two["external_id"] == quote["uri"]
    assert json.loads(two["extra"])["quotes"] == ours["uri"]
    assert one["addressed"]
    assert two["addressed"]


def test_it_finds_our_words(server, here):
    server.say("텀블러 샀다", "lee.bsky.test")
    server.say(f"{US} 텀블러 뚜껑", "kim.bsky.test")
    server.say("텀블러 소식", "shop")
    server.say("텀블러에는 답하지 마세요", viewer={"replyDisabled": True})
    found = rows(server, here, words=["텀블러"], notifications=False)

    assert [(row["text"].split()[-1], row["addressed"], row["reply_mode"]) for row in found] == [
        ("샀다", False, "public"),
        ("뚜껑", True, "public"),
        ("마세요", False, "link"),
    ]


def test_what_is_heard_by_two_ways_comes_once(server, here):
    server.say(f"{US} 텀블러 안녕")
    found = pages(server, here, words=["텀블러"])
    assert len(texts(found)) == 1


def test_links_lead_where_they_lead_though_korean_stands_before_them(server, here):
    text = "여기 봐 주세요 shop.example/텀… 깨졌어요"
    begin = len("여기 봐 주세요 ".encode())
    end = begin + len("shop.example/텀…".encode())
    to = {"$type": "app.bsky.richtext.facet#link", "uri": "https://shop.example/텀블러"}
    wrong = {"index": {"byteStart": 3, "byteEnd": 9999}, "features": [to]}
    facets = [wrong, {"index": {"byteStart": begin, "byteEnd": end}, "features": [to]}]
    picture = {
        "images": [{"alt": "깨진 컵"}],
        "external": {"uri": "https://a.example", "title": "가게"},
    }
    post = server.say(text, record={"facets": facets, "embed": picture})
    server.tell(post)
    (row,) = rows(server, here)
    assert row["text"] == (
        "여기 봐 주세요 https://shop.example/텀블러 깨졌어요\n"
        "[image] 깨진 컵\n[link] 가게 https://a.example"
    )


def test_likes_of_a_server_that_tells_everything_are_no_voices(server, here):
    like = {"uri": "at://x/app.bsky.feed.like/1", "reason": "like", "indexedAt": "2026-11-28"}
    server.listed = lambda *asked: {asked[2]: [like]}
    (page,) = pages(server, here)
    assert page.mentions.num_rows == 0
    assert page.broken == []


def test_it_brings_only_the_top_at_first_and_then_everything(server, here):
    for number in range(FIRST + 5, 0, -1):
        server.say(f"{US} {number}", at=datetime.now(UTC) - timedelta(hours=number))
    first = pages(server, here)
    assert len(texts(first)) == FIRST

    now = datetime.now(UTC)
    for number in range(2 * SIZE + 3):
        server.say(f"{US} 새 {number}", at=now + timedelta(milliseconds=number))
    more = pages(server, here, first[-1].cursor)

    assert texts(more) == [f"{US} 새 {number}" for number in range(2 * SIZE + 3)]
    assert pages(server, here, more[-1].cursor) == []


def test_it_goes_on_in_the_middle(server, here):
    cursor = pages(server, here)[-1].cursor
    now = datetime.now(UTC)
    for number in range(2 * SIZE):
        server.say(f"{US} {number}", at=now + timedelta(milliseconds=number))
    settings = CHANNEL.Settings(**settings_of(server))
    first = next(CHANNEL.fetch(settings, cursor, here))
    server.say(f"{US} 그사이", at=now + timedelta(seconds=1))

    rest = pages(server, here, first.cursor)

    assert texts([first, *rest]) == [*(f"{US} {n}" for n in range(2 * SIZE)), f"{US} 그사이"]


def test_what_comes_to_light_late_is_heard_all_the_same(server, here):
    server.say(f"{US} 먼저")
    cursor = pages(server, here)[-1].cursor
    server.say(f"{US} 늦게", at=datetime.now(UTC) - timedelta(minutes=5))
    assert texts(pages(server, here, cursor)) == [f"{US} 늦게"]


def test_a_server_that_leads_in_a_circle_does_not_hold_us(server, here):
    cursor = pages(server, here)[-1].cursor
    post = server.say(f"{US} 하나")
    server.listed = lambda *asked: {asked[2]: [post], "cursor": "again"}
    assert texts(pages(server, here, cursor)) == [f"{US} 하나"]


def test_it_signs_in_once_and_renews_what_runs_out(server, here):
    server.say(f"{US} 하나")
    cursor = pages(server, here)[-1].cursor
    pages(server, here, cursor)
    assert server.sign_ins == 1

    server.expire()
    server.say(f"{US} 둘")
    assert texts(pages(server, here, cursor)) == [f"{US} 둘"]
    assert server.sign_ins == 1
    assert ("POST", "refreshSession") in server.asked

    server.expire()
    server.refresh.clear()
    assert texts(pages(server, here, cursor)) == [f"{US} 둘"]
    assert server.sign_ins == 2


def test_a_renewal_that_is_empty_is_not_believed(server, here):
    cursor = pages(server, here)[-1].cursor
    server.expire()
    server.empty_renewals = True
    server.say(f"{US} 하나")
    assert texts(pages(server, here, cursor)) == [f"{US} 하나"]
    assert server.sign_ins == 2


def test_no_token_is_in_the_cursor(server, here):
    server.say(f"{US} 하나")
    cursor = json.dumps(pages(server, here)[-1].cursor)
    assert not any(token in cursor for token in server.access | server.refresh)


@pytest.mark.parametrize(("status", "permanent"), [("400", True), ("403", True), ("502", False)])
def test_it_says_whether_asking_again_helps(server, here, status, permanent):
    server.faults = [status]
    with pytest.raises(ChannelError, match=f"refused with {status}") as caught:
        pages(server, here)
    assert caught.value.permanent is permanent


@pytest.mark.parametrize("fault", ["cut", "silent", "junk"])
def test_an_answer_that_is_none_is_asked_for_again(server, here, fault):
    server.say(f"{US} 하나")
    server.faults = [fault]
    with pytest.raises(ChannelError) as caught:
        pages(server, here)
    assert not caught.value.permanent
    assert texts(pages(server, here)) == [f"{US} 하나"]


def test_a_wrong_password_is_for_good(server, here):
    with pytest.raises(ChannelError, match="Invalid identifier or password") as caught:
        pages(server, here, app_password="wrong")
    assert caught.value.permanent


@pytest.mark.parametrize("name", ["Retry-After", "RateLimit-Reset"])
def test_it_asks_no_sooner_than_it_may(server, here, name):
    server.faults = ["429"]
    server.headers = {name: "90" if name == "Retry-After" else str(int(time.time()) + 90)}
    with pytest.raises(ChannelError) as caught:
        pages(server, here)
    assert not caught.value.permanent
    assert 80 < (caught.value.retry_after or 0) <= 90


@pytest.mark.parametrize(
    "wrong",
    [
        {"account": "shop"},
        {"account": "두 낱말.bsky.social"},
        {"notifications": False},
        {"words": ["길" * 201]},
        {"service": "https://me:pw@x.test"},
        {"allow_private": False},
    ],
)
def test_settings_that_cannot_work_are_refused(server, wrong):
    with pytest.raises(ValidationError):
        CHANNEL.Settings(**settings_of(server) | wrong)
