"""What is said on X: who names us, what our queries find, live and looking back, each once."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from brought import texts
from peers import x_server
from peers.x_server import US, XServer, settings_of
from sori.channels.contract import Listener
from sori.channels.x.door import X
from sori.channels.x.looking import FIRST, SIZE
from sori.channels.x.settings import LONGEST_SEARCH, XSettings
from sori.errors import ChannelError

CHANNEL = X()


@pytest.fixture
def server() -> Iterator[XServer]:
    with x_server.running() as place:
        yield place


def pages(server, here, cursor=None, **more):
    return list(CHANNEL.fetch(CHANNEL.Settings(**settings_of(server, **more)), cursor, here))


def rows(server, here, cursor=None, **more):
    found = pages(server, here, cursor, **more)
    return [row for page in found for row in page.mentions.to_pylist()]


def searched(**more):
    return {"mentions": False, "queries": ["텀블러 lang:ko"]} | more


def test_it_hears_who_names_us(server, here):
    said = server.say("@shop 배송이 너무 늦어요 A&B <3")
    (row,) = rows(server, here)

    assert row["external_id"] == row["thread_id"] == said["id"]
    assert row["text"] == "@shop 배송이 너무 늦어요 A&B <3"
    assert (row["author_name"], row["followers"]) == ("kim 님", 120)
    assert row["url"] == f"https://x.com/kim/status/{said['id']}"
    assert row["addressed"]
    assert row["public"]
    assert row["reply_mode"] == "public"
    assert json.loads(row["reply_address"]) == {"shown": "@kim", "post": said["id"]}
    assert row["published_at"] == datetime.fromisoformat(said["created_at"])


def test_it_follows_a_thread(server, here):
    first = server.say("가게가 어디예요?", "lee")
    ours = server.say("@lee 부산입니다", "shop", below=first)
    server.say("@shop 고맙습니다", "lee", below=ours)
    (row,) = rows(server, here)

    assert (row["thread_id"], row["parent_id"]) == (first["id"], ours["id"])


def test_an_edited_post_keeps_its_name_and_is_answered_as_it_is_now(server, here):
    before = server.say("@shop 안 와요")
    now = server.say("@shop 아직 안 와요", edit_history_tweet_ids=[before["id"], "x"])
    first, second = rows(server, here)

    assert first["external_id"] == second["external_id"] == before["id"]
    assert json.loads(second["reply_address"])["post"] == now["id"]
    assert json.loads(second["extra"])["edited"] == now["id"]


def test_our_own_posts_and_reposts_are_no_voices(server, here):
    server.say("@shop 소식입니다", "shop")
    server.say("RT @shop 소식", referenced_tweets=[{"type": "retweeted", "id": "5"}])
    server.say("@shop 좋아요", "lee")

    assert [row["text"] for row in rows(server, here)] == ["@shop 좋아요"]


def test_links_lead_where_they_lead_and_long_posts_are_whole(server, here):
    link = {"url": "https://t.co/a", "expanded_url": "https://shop.example/텀블러"}
    server.say("@shop https://t.co/a", entities={"urls": [link], "mentions": [{"id": US}]})
    server.say("@shop 길어", note_tweet={"text": "@shop 길어요 &amp; 길어요"})

    assert [row["text"] for row in rows(server, here)] == [
        "@shop https://shop.example/텀블러",
        "@shop 길어요 & 길어요",
    ]


def test_it_brings_only_the_top_at_first_and_then_everything(server, here):
    for number in range(FIRST + 5, 0, -1):
        before = datetime.now(UTC) - timedelta(minutes=2 * number)
        server.say(f"@shop {number * 2}분 전", at=before)
    first = pages(server, here)
    assert len(texts(first)) == FIRST

    for number in range(SIZE + 30):
        server.say(f"@shop {number}")
    more = pages(server, here, first[-1].cursor)

    assert [page.mentions.num_rows for page in more if page.mentions.num_rows] == [SIZE, 30]
    assert sorted(texts(more)) == sorted(f"@shop {number}" for number in range(SIZE + 30))
    assert texts(pages(server, here, more[-1].cursor)) == []


def test_it_goes_on_in_the_middle_of_a_list(server, here):
    cursor = pages(server, here)[-1].cursor
    for number in range(2 * SIZE + 30):
        server.say(f"@shop {number}")
    settings = CHANNEL.Settings(**settings_of(server))
    heard = []
    for page in CHANNEL.fetch(settings, cursor, here):
        cursor = page.cursor
        if page.mentions.num_rows:
            heard += page.mentions["text"].to_pylist()
            break  # a power cut
    server.say("@shop 그사이")

    heard += texts(pages(server, here, cursor))
    cursor = pages(server, here, cursor)[-1].cursor
    heard += texts(pages(server, here, cursor))

    wanted = [*(f"@shop {number}" for number in range(2 * SIZE + 30)), "@shop 그사이"]
    assert sorted(heard) == sorted(wanted)


def test_what_comes_a_little_late_is_heard_all_the_same(server, here):
    server.say("@shop 먼저")
    cursor = pages(server, here)[-1].cursor
    server.say("@shop 늦게 보인 글", at=datetime.now(UTC) - timedelta(seconds=30))

    assert texts(pages(server, here, cursor)) == ["@shop 늦게 보인 글"]


def test_it_finds_what_we_look_for(server, here):
    server.say("텀블러 뚜껑이 깨졌어요", "lee")
    server.say("아무 말")
    (row,) = rows(server, here, **searched())

    assert row["text"] == "텀블러 뚜껑이 깨졌어요"
    assert not row["addressed"]
    assert row["reply_mode"] == "link"
    assert server.asked[-1][2]["query"] == "((텀블러 lang:ko) -is:retweet)"


def test_only_who_named_or_quoted_us_is_answered_from_here(server, here):
    quoted = {"referenced_tweets": [{"type": "quoted", "id": "5"}]}
    for name, mode in {"shop": "public", "shopper": "link"}.items():
        to = {"url": "https://t.co/q", "expanded_url": f"https://twitter.com/{name}/status/5"}
        server.say("텀블러 이거", entities={"urls": [to]}, **quoted)
        assert rows(server, here, **searched())[-1]["reply_mode"] == mode
    server.say("@shop 텀블러")
    without = dict.fromkeys(x_server.KEYS, "")
    assert rows(server, here, **searched())[-1]["reply_mode"] == "public"
    assert rows(server, here, **searched(), **without)[-1]["reply_mode"] == "link"


def test_it_looks_back_as_far_as_the_search_allows(server, here):
    server.say("텀블러 옛날", at=datetime.now(UTC) - timedelta(days=8))
    cursor = pages(server, here, **searched())[-1].cursor
    server.say("텀블러 지금")
    assert texts(pages(server, here, cursor, **searched())) == ["텀블러 지금"]


def test_it_hears_live_what_its_rules_find(server, here):
    server.rules.append({"id": "9", "value": "남의 규칙", "tag": "theirs"})
    server.rules.append({"id": "8", "value": "(지난 말) -is:retweet", "tag": "sori-7"})

    def talk():
        while not server.streams:
            time.sleep(0.01)
        server.say("남의 규칙", "lee")
        server.say("텀블러가 새요", "lee")

    talker = threading.Thread(target=talk)
    talker.start()
    found = pages(server, here, **searched(live_seconds=6))
    talker.join()

    assert texts(found) == ["텀블러가 새요"]
    assert [each["tag"] for each in server.rules] == ["theirs", "sori-7"]
    assert server.rules[1]["value"] == "(텀블러 lang:ko) -is:retweet"
    asked = len(server.asked)
    again = pages(server, here, found[-1].cursor, **searched(live_seconds=3))
    assert texts(again) == []
    assert [path for _, path, _ in server.asked[asked:]] == [
        "tweets/search/recent",
        "tweets/search/stream",
    ]


def test_a_stream_that_breaks_off_loses_nothing(server, here):
    def talk():
        while not server.streams:
            time.sleep(0.01)
        server.say("텀블러 하나", "lee")
        server.say("텀블러 둘", "lee")

    cursor = pages(server, here, **searched())[-1].cursor
    server.faults = ["", "", "", "end"]
    talker = threading.Thread(target=talk)
    talker.start()
    heard = []
    found = CHANNEL.fetch(
        CHANNEL.Settings(**settings_of(server, **searched(live_seconds=2))), cursor, here
    )
    for page in found:
        heard, cursor = heard + texts([page]), page.cursor
    talker.join()
    heard += texts(pages(server, here, cursor, **searched()))

    assert sorted(heard) == ["텀블러 둘", "텀블러 하나"]


def test_a_rule_that_x_does_not_take_is_told(server, here):
    with pytest.raises(ChannelError, match="UnprocessableEntity") as caught:
        pages(server, here, **searched(queries=["BAD"], live_seconds=1))
    assert caught.value.permanent


def test_rules_go_with_their_queries(server, here):
    cursor = pages(server, here, **searched(live_seconds=1))[-1].cursor
    assert len(server.rules) == 1
    pages(server, here, cursor, queries=[])
    assert server.rules == []


@pytest.mark.parametrize(
    ("status", "permanent", "wait"),
    [("401", True, None), ("403", True, None), ("503", False, None), ("402", False, 3600.0)],
)
def test_it_says_whether_asking_again_helps(server, here, status, permanent, wait):
    server.faults = [status]
    with pytest.raises(ChannelError, match=status) as caught:
        pages(server, here)
    assert caught.value.permanent is permanent
    assert caught.value.retry_after == wait


def test_it_asks_no_sooner_than_it_may(server, here):
    server.faults = ["429"]
    server.headers = {"x-rate-limit-reset": str(int(time.time()) + 90)}
    with pytest.raises(ChannelError) as caught:
        pages(server, here)
    assert not caught.value.permanent
    assert 80 < (caught.value.retry_after or 0) <= 90


def test_many_queries_are_few_questions():
    queries = [f"낱말{number}" for number in range(100)]
    settings = XSettings(
        username="shop", user_id=US, bearer_token="x", queries=[*queries, "길" * 600]
    )
    searches = list(settings.searches())

    assert len(settings.rules()) == 101
    assert max(map(len, searches)) <= LONGEST_SEARCH
    assert len(searches) < 10
    assert all(any(f"({query})" in each for each in searches) for query in queries)


@pytest.mark.parametrize(
    "wrong",
    [
        {"username": "@두 낱말"},
        {"user_id": "shop"},
        {"mentions": False},
        {"queries": ["길" * 1020]},
        {"api_key_secret": ""},
        {"per_day": float("inf")},
        {"address": "ftp://x.test"},
        {"allow_private": False},
    ],
)
def test_settings_that_cannot_work_are_refused(server, wrong):
    with pytest.raises(ValidationError):
        CHANNEL.Settings(**settings_of(server) | wrong)


def test_once_a_day_it_asks_which_of_the_newest_are_gone(server, here):
    server.say("@shop 하나")
    goes = server.say("@shop 둘")
    cursor = pages(server, here)[-1].cursor
    server.posts.remove(goes)

    same_day = pages(server, here, cursor)
    tomorrow = Listener(7, here.now + timedelta(days=1))
    later = pages(server, tomorrow, same_day[-1].cursor)

    assert [name for page in same_day for name in page.gone] == []
    assert [name for page in later for name in page.gone] == [goes["id"]]
    assert texts(later) == []
