"""What passes by in the stream of Bluesky: ours is heard once, at once; nothing else is kept."""

import json
import threading
import time
from collections.abc import Iterator

import pytest

from brought import texts
from peers import stream_server
from peers.bluesky_server import HANDLE, ref
from peers.stream_server import KINDS, StreamServer, settings_of
from sori.channels.bluesky import ear as ears
from sori.channels.bluesky import live
from sori.channels.bluesky.door import Bluesky
from sori.errors import ChannelError, ConfigurationError

pytestmark = pytest.mark.skipif(
    not stream_server.there(), reason="NO STREAM: pip install websockets libipld"
)
CHANNEL = Bluesky()
US = f"@{HANDLE}"


@pytest.fixture(params=KINDS)
def server(request) -> Iterator[StreamServer]:
    with stream_server.running(request.param) as place:
        yield place
        live.shelf.clear()


def chosen(server, **more):
    return CHANNEL.Settings(**settings_of(server, **more))


def pages(server, here, cursor=None, **more):
    return list(CHANNEL.fetch(chosen(server, **more), cursor, here))


def look(server, here, cursor):
    """One look that may fail: its pages, and why it failed."""
    found = []
    try:
        for page in CHANNEL.fetch(chosen(server), cursor, here):
            found.append(page)
    except ChannelError as error:
        return found, error
    return found, None


def begun(server, here, **more):
    """The cursor of somebody who listens already."""
    return pages(server, here, **more)[-1].cursor


def test_it_hears_who_names_us_answers_us_and_quotes_us(server, here):
    cursor = begun(server, here)
    ours = server.say("가게 소식", "shop")
    server.noise(20)
    said = server.say(f"{US} 배송이 너무 늦어요")
    answer = server.say("고맙습니다", "lee.bsky.test", below=ours)
    server.say("친절하네요", "park.bsky.test", quotes=ours)
    found = [row for p in pages(server, here, cursor) for row in p.mentions.to_pylist()]

    assert [row["text"] for row in found] == [
        f"{US} 배송이 너무 늦어요",
        "고맙습니다",
        "친절하네요",
    ]
    first, second, _ = found
    assert first["external_id"] == said["uri"]
    assert (first["author_id"], first["author_name"]) == (said["author"]["did"], "kim 님")
    assert all(row["addressed"] for row in found)
    assert (second["parent_id"], second["thread_id"]) == (ours["uri"], ours["uri"])
    assert json.loads(second["reply_address"])["root"]["uri"] == ours["uri"]
    if server.kind == "jetstream":
        assert json.loads(first["reply_address"])["parent"] == ref(said)
    assert answer["uri"] == second["external_id"]


def test_our_own_searches_decide_and_nothing_else_is_kept(server, here):
    more = {"words": ['텀블러 "뚜껑이 깨"', "#우리가게", "sori -광고"], "notifications": False}
    cursor = begun(server, here, **more)
    server.noise(50)
    server.say("새 텀블러 뚜껑이 깨졌어요")
    server.say("텀블러 샀다")
    server.say("오늘 산 것", record={"tags": ["우리가게"]})
    server.say("SORI 좋네")
    server.say("sori 광고")
    server.say(f"{US} 안녕하세요")
    found = pages(server, here, cursor, **more)

    assert texts(found) == ["새 텀블러 뚜껑이 깨졌어요", "오늘 산 것", "SORI 좋네"]
    kept = json.dumps([page.cursor for page in found], ensure_ascii=False)
    assert "아무 말" not in kept
    assert not any(page.broken or page.gone for page in found)


def test_it_goes_on_where_it_was(server, here):
    cursor = begun(server, here)
    for number in range(5):
        server.say(f"{US} {number}")
    first = pages(server, here, cursor)
    live.shelf.clear()  # another process goes on
    again = pages(server, here, cursor)
    assert texts(first) == texts(again) == [f"{US} {number}" for number in range(5)]

    server.say(f"{US} 다음")
    assert texts(pages(server, here, first[-1].cursor)) == [f"{US} 다음"]
    live.shelf.clear()
    assert texts(pages(server, here, again[-1].cursor)) == [f"{US} 다음"]


def test_what_was_said_while_nobody_listened_is_heard(server, here):
    cursor = begun(server, here)
    live.shelf.clear()
    server.noise(30)
    server.say(f"{US} 밤사이")
    assert texts(pages(server, here, cursor)) == [f"{US} 밤사이"]


def test_one_connection_serves_look_after_look(server, here):
    cursor = begun(server, here)
    for number in range(3):
        server.say(f"{US} {number}")
        found = pages(server, here, cursor)
        cursor = found[-1].cursor
        assert texts(found) == [f"{US} {number}"]
    assert len(server.asked) == 1


def test_who_waits_is_told_at_once_and_nothing_is_read_twice(server, here):
    cursor = begun(server, here)
    settings = chosen(server)
    assert not CHANNEL.wait(settings, cursor, 0.6)

    told: list[float] = []
    thread = threading.Thread(
        target=lambda: CHANNEL.wait(settings, cursor, 10) and told.append(time.monotonic())
    )
    thread.start()
    time.sleep(0.3)
    server.noise(10)
    start = time.monotonic()
    server.say(f"{US} 지금")
    thread.join(10)

    assert told[0] - start < 2
    assert texts(pages(server, here, cursor)) == [f"{US} 지금"]
    assert len(server.asked) == 1


def test_who_waits_makes_way_for_a_look(server, here):
    cursor = begun(server, here)
    waiting = threading.Thread(target=CHANNEL.wait, args=(chosen(server), cursor, 20))
    waiting.start()
    time.sleep(0.3)
    server.noise(3)
    start = time.monotonic()
    found = pages(server, here, cursor)
    assert time.monotonic() - start < 4
    waiting.join(5)
    assert found[-1].cursor != cursor
    assert len(server.asked) == 1


def test_what_is_deleted_is_gone_and_what_was_not_heard_is_not_told(server, here):
    cursor = begun(server, here)
    said = server.say(f"{US} 지울 글")
    other = server.say("남의 글", "lee.bsky.test")
    found = pages(server, here, cursor)
    server.write(said, "delete")
    server.write(other, "delete")
    gone = pages(server, here, found[-1].cursor)

    assert [name for page in gone for name in page.gone] == [said["uri"]]
    assert texts(gone) == []


def test_what_is_written_and_deleted_between_two_looks_is_never_brought(server, here):
    cursor = begun(server, here)
    said = server.say(f"{US} 잘못 쓴 글")
    server.write(said, "delete")
    found = pages(server, here, cursor)
    assert texts(found) == []


def test_other_words_take_the_place_of_the_first(server, here):
    cursor = begun(server, here)
    said = server.say(f"{US} 처음 말")
    found = pages(server, here, cursor)
    said["record"] = said["record"] | {"text": "이제 다른 말"}
    server.write(said, "update")
    other = server.say("남의 글", "lee.bsky.test")
    server.write(other, "update")
    changed = pages(server, here, found[-1].cursor)

    (edited,) = [page.edited for page in changed if page.edited is not None]
    assert edited["text"].to_pylist() == ["이제 다른 말"]
    assert edited["external_id"].to_pylist() == [said["uri"]]
    assert texts(changed) == []


def test_other_words_between_two_looks_are_the_only_ones_brought(server, here):
    cursor = begun(server, here)
    said = server.say(f"{US} 처음 말")
    said["record"] = said["record"] | {"text": f"{US} 고친 말"}
    server.write(said, "update")
    found = pages(server, here, cursor)
    assert texts(found) == [f"{US} 고친 말"]
    assert all(page.edited is None for page in found)


def test_a_server_that_began_anew_is_said_so_and_heard_again(server, here):
    cursor = begun(server, here)
    server.noise(5)
    cursor = pages(server, here, cursor)[-1].cursor
    live.shelf.clear()
    server.begin_anew()
    if server.kind == "jetstream":  # its clock went back an hour
        cursor["stream"]["after"] += 3_600_000_000
    later = threading.Timer(0.2, server.noise, (1,))
    later.start()
    seen, error = look(server, here, cursor)
    later.join()
    assert "began anew" in str(error)
    assert not error.permanent
    assert seen[-1].cursor["stream"]["after"] is None

    cursor = pages(server, here, seen[-1].cursor)[-1].cursor
    server.say(f"{US} 다시 들려요")
    assert texts(pages(server, here, cursor)) == [f"{US} 다시 들려요"]


def test_a_gap_is_told_once_and_what_is_left_is_heard(server, here):
    cursor = begun(server, here)
    server.noise(3)
    cursor = pages(server, here, cursor)[-1].cursor
    live.shelf.clear()
    if server.kind == "jetstream":
        cursor["stream"]["after"] -= 2 * 86_400_000_000
    server.noise(5)
    server.floor = server.last
    server.say(f"{US} 남은 글")
    seen, error = look(server, here, cursor)
    assert "does not reach back" in str(error)
    rest = pages(server, here, seen[-1].cursor)
    assert texts([*seen, *rest]) == [f"{US} 남은 글"]


def test_a_line_that_breaks_off_loses_nothing(server, here):
    cursor = begun(server, here)
    live.shelf.clear()
    for number in range(6):
        server.say(f"{US} {number}")
    server.cut = 2
    heard: list[str] = []
    for _ in range(6):
        found, error = look(server, here, cursor)
        heard += texts(found)
        cursor = found[-1].cursor if found else cursor
        if error:
            assert not error.permanent
            server.cut += 2  # Jetstream repeats what lies five seconds back
    assert heard == [f"{US} {number}" for number in range(6)]


def test_poison_is_put_aside_and_the_next_voice_is_heard(server, here):
    cursor = begun(server, here)
    server.say(f"{US} 앞")
    server.next()
    server.send(b'{"poison": ' if server.kind == "jetstream" else b"\xff\x00poison")
    server.say(f"{US} 뒤")
    found = pages(server, here, cursor)
    assert texts(found) == [f"{US} 앞", f"{US} 뒤"]
    (broken,) = [each for page in found for each in page.broken]
    assert broken.reason
    again = CHANNEL.reread(chosen(server), broken.raw, here)
    assert len(again.broken) == 1


def test_a_message_put_aside_can_be_read_again(server, here):
    raw = server.message(server.network.say(f"{US} 다시 읽기"), "create")
    page = CHANNEL.reread(chosen(server), raw, here)
    assert texts([page]) == [f"{US} 다시 읽기"]


def test_a_flood_of_poison_is_an_error_and_does_not_fill_the_quarantine(server, here):
    cursor = begun(server, here)
    for _ in range(100):
        server.next()
        server.send(b"[]" if server.kind == "jetstream" else b"\x80")
    first = next(iter(CHANNEL.fetch(chosen(server), cursor, here)))
    assert len(first.broken) == ears.MOST_BROKEN


def test_a_record_that_is_not_what_it_is_called_is_put_aside(here):
    with stream_server.running("firehose") as server:
        cursor = begun(server, here)
        server.write(server.network.say(f"{US} 가짜"), lie=b"something else")
        server.say(f"{US} 진짜")
        found = pages(server, here, cursor)
    assert texts(found) == [f"{US} 진짜"]
    (broken,) = [each for page in found for each in page.broken]
    assert "name is not made of what it says" in broken.reason


def test_a_message_that_is_too_long_is_left_out_and_the_next_is_heard(server, here, monkeypatch):
    dialect = ears.DIALECTS[server.kind]._replace(longest=20_000)
    monkeypatch.setattr(ears, "DIALECTS", {server.kind: dialect})
    cursor = begun(server, here)
    server.say(f"{US} 앞")
    server.say(f"{US} " + "긴" * 20_000)
    server.say(f"{US} 뒤")
    heard: list[str] = []
    failed = 0
    for _ in range(3):
        found, error = look(server, here, cursor)
        heard += texts(found)
        cursor = found[-1].cursor if found else cursor
        if error:
            assert "too long" in str(error)
            failed += 1
            if server.kind == "jetstream":  # which leaves it out itself, for it is asked to
                server.events = [each for each in server.events if len(each[1]) < 20_000]
    assert heard == [f"{US} 앞", f"{US} 뒤"]
    assert failed == 1


def test_silence_of_the_whole_network_is_alarming(server, here, monkeypatch):
    monkeypatch.setattr(ears, "FIRST_SIGN", 0.5)
    cursor = begun(server, here)
    live.shelf.clear()
    server.mute = True
    cursor["stream"]["at"] = "2026-11-01T00:00:00Z"
    with pytest.raises(ChannelError, match="10 minutes"):
        pages(server, here, cursor)
    assert pages(server, here, cursor, quiet_minutes=0) == []


def test_a_server_that_refuses_says_why(server, here):
    server.fault = "ConsumerTooSlow"
    if server.kind == "jetstream":
        pytest.skip("it has no such words")
    with pytest.raises(ChannelError, match="ConsumerTooSlow because") as caught:
        pages(server, here)
    assert not caught.value.permanent


def test_whoever_looks_away_holds_back_the_stream_and_not_our_memory(server, here):
    cursor = begun(server, here)
    for number in range(3):
        server.say(f"{US} {number} " + "가" * 200)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ears, "MOST_POSTS", 1)
        found = pages(server, here, cursor)
    assert [page.mentions.num_rows for page in found if page.mentions.num_rows] == [1, 1, 1]


def test_what_was_asked_before_the_stream_was_chosen_is_asked_once_more(server, here):
    without = {"stream": "", "stream_address": ""}
    server.network.say(f"{US} 전부터")
    cursor = pages(server, here, **without)[-1].cursor
    server.network.say(f"{US} 바꾸는 사이")
    found = pages(server, here, cursor)
    assert texts(found) == [f"{US} 바꾸는 사이"]
    server.say(f"{US} 흐름에서")
    assert texts(pages(server, here, found[-1].cursor)) == [f"{US} 흐름에서"]


def test_without_a_stream_there_is_nothing_to_wait_for(server):
    settings = chosen(server, stream="", stream_address="")
    start = time.monotonic()
    assert CHANNEL.wait(settings, None, 20) is None
    assert time.monotonic() - start < 1


def test_it_says_which_library_is_missing(server, here, monkeypatch):
    monkeypatch.setattr(live, "LIBRARIES", ("libipld_that_nobody_has",))
    with pytest.raises(ConfigurationError, match=r"pip install 'sori-voc\[bluesky\]'"):
        pages(server, here)
    raw = server.message(server.network.say(f"{US} 다시 읽기"), "create")
    if server.kind == "firehose":
        with pytest.raises(ConfigurationError):
            CHANNEL.reread(chosen(server), raw, here)


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": ["from:kim.bsky.test"]},
        {"words": ["-광고"]},
        {"stream_address": "https://bsky.network"},
        {"stream_address": "wss://me:pw@bsky.network"},
        {"stream_address": "wss://bsky.network/path"},
        {"stream": "polling"},
    ],
)
def test_settings_that_cannot_work_are_refused(server, wrong):
    with pytest.raises(ValueError):
        chosen(server, **wrong)
