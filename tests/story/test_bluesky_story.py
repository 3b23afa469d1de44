"""A customer and a company on a real Bluesky server: named, heard, answered, taken back."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from peers import pds_server, stream_server
from peers.pds_server import Account, Pds
from sori import amending, flow
from sori.channels.bluesky import live
from sori.channels.bluesky.door import Bluesky
from sori.channels.contract import Listener, Post
from sori.listen import memory
from sori.listen.models import Source
from sori.listen.services import add_source
from sori.listen.vault import opened_settings
from sori.respond import answering
from sori.respond.destination import address
from sori.respond.models import Message
from sori.respond.outbox import deliver_due

pytestmark = [pytest.mark.once, pytest.mark.peer, pytest.mark.django_db(transaction=True)]
INSTALLED = pds_server.there() and stream_server.there()


@pytest.fixture(scope="module")
def pds(tmp_path_factory) -> Iterator[Pds]:
    if not INSTALLED:
        pytest.skip("NO BLUESKY SERVER: install it with tests/peers/install_pds.sh .pds")
    with pds_server.running(tmp_path_factory.mktemp("pds")) as server:
        yield server


@pytest.fixture(autouse=True)
def hung_up() -> Iterator[None]:
    yield
    live.shelf.clear()


def listening(pds: Pds, shop: Account, **more) -> Source:
    source = add_source(
        name="블루스카이",
        channel="bluesky",
        settings={
            "account": shop.handle,
            "app_password": shop.password,
            "service": pds.url,
            "stream": "firehose",
            "stream_address": pds.stream,
            "quiet_minutes": 0,
            "allow_private": True,
        }
        | more,
    )
    listen(source)
    return source


def listen(source: Source) -> None:
    source.refresh_from_db()
    flow.turn(source)
    amending.take_down_due()
    flow.receive()
    source.refresh_from_db()
    assert not source.error


def listen_until(source: Source, told: Callable[[], bool]) -> None:
    """The server takes a moment to tell of what was written."""
    for _ in range(20):
        listen(source)
        if told():
            return
    raise AssertionError(heard())


def heard() -> list[str]:
    return memory.reader().table("SELECT text FROM mentions ORDER BY text")["text"].to_pylist()


def test_a_customer_names_us_is_answered_in_the_thread_and_takes_it_back(
    home: Path, pds: Pds, make_member
):
    shop, kim = Account(pds.url, "shop1.test"), Account(pds.url, "kim1.test")
    source = listening(pds, shop)
    kim.say("아무 상관 없는 글")
    asked = kim.say("@shop1.test 결제가 두 번 됐어요. 환불해 주세요")
    listen_until(source, Message.objects.exists)

    message = Message.objects.get()
    assert message.external_id == asked["uri"]
    assert message.body == "@shop1.test 결제가 두 번 됐어요. 환불해 주세요"
    assert message.conversation.identity.external_id == kim.did
    assert message.conversation.identity.name == "kim1.test"
    assert heard() == [message.body]

    sent = answering.approve_reply(
        answers=message.pk, member=make_member("agent"), body="@kim1.test 확인 후 환불해 드릴게요."
    )
    deliver_due()
    deliver_due()
    sent = Message.objects.get(pk=sent.pk)
    assert sent.state == "sent"

    (answer,) = kim.answers_to(asked, by=shop.did)
    assert answer["uri"] == sent.external_id
    assert answer["value"]["text"] == "@kim1.test 확인 후 환불해 드릴게요."
    assert answer["value"]["reply"]["root"] == {"uri": asked["uri"], "cid": asked["cid"]}
    assert answer["value"]["facets"][0]["features"][0]["did"] == kim.did
    found = Bluesky().find(opened_settings(source), address(sent.destination or {}), str(sent.key))
    assert found is not None
    assert found.external_id == sent.external_id

    thanks = kim.say(
        "고맙습니다",
        reply={
            "root": {"uri": asked["uri"], "cid": asked["cid"]},
            "parent": {"uri": answer["uri"], "cid": answer["cid"]},
        },
    )
    listen_until(source, Message.objects.filter(external_id=thanks["uri"]).exists)
    last = Message.objects.get(external_id=thanks["uri"])
    assert last.conversation == message.conversation

    kim.reword(thanks, "고맙습니다! 잘 받았어요")
    kim.take_back(asked)
    listen_until(source, Message.objects.filter(withdrawn_at__isnull=False).exists)

    message.refresh_from_db()
    last.refresh_from_db()
    assert (message.body, last.body) == ("", "고맙습니다! 잘 받았어요")
    assert message.withdrawn_at is not None
    assert last.edited_at is not None
    assert heard() == ["고맙습니다! 잘 받았어요"]


def test_only_what_our_searches_find_is_kept(home: Path, pds: Pds):
    shop, lee = Account(pds.url, "shop2.test"), Account(pds.url, "lee2.test")
    source = listening(pds, shop, words=["텀블러", '"배송이 늦"'], notifications=False)
    for number in range(50):
        lee.say(f"점심 {number}")
    lee.say("새 텀블러 샀다")
    lee.say("배송이 너무 늦네")
    lee.say("여기 배송이 늦네")
    lee.say("@shop2.test 안녕하세요")
    listen_until(source, lambda: heard() == ["새 텀블러 샀다", "여기 배송이 늦네"])
    listen(source)
    assert heard() == ["새 텀블러 샀다", "여기 배송이 늦네"]


def test_who_waits_hears_it_within_a_second_or_two(home: Path, pds: Pds):
    shop, kim = Account(pds.url, "shop3.test"), Account(pds.url, "kim3.test")
    source = listening(pds, shop)
    told: list[float] = []

    def wait() -> None:
        if Bluesky().wait(opened_settings(source), source.cursor, 20):
            told.append(time.monotonic())

    waiting = threading.Thread(target=wait)
    waiting.start()
    time.sleep(1)
    start = time.monotonic()
    kim.say("@shop3.test 지금 문 열었나요")
    waiting.join(20)
    assert told[0] - start < 5
    listen_until(source, lambda: heard() == ["@shop3.test 지금 문 열었나요"])


def test_what_was_said_while_either_was_away_is_heard_once(home: Path, pds: Pds):
    shop, kim = Account(pds.url, "shop4.test"), Account(pds.url, "kim4.test")
    source = listening(pds, shop)
    kim.say("@shop4.test 하나")
    listen_until(source, lambda: len(heard()) == 1)
    live.shelf.clear()
    kim.say("@shop4.test 둘")
    kim.say("@shop4.test 셋")
    listen_until(source, lambda: len(heard()) == 3)
    listen(source)
    assert heard() == ["@shop4.test 둘", "@shop4.test 셋", "@shop4.test 하나"]
    live.shelf.clear()
    source.refresh_from_db()
    kept = source.cursor["stream"]
    source.cursor = source.cursor | {"stream": kept | {"after": kept["after"] + 1_000_000}}
    source.save()

    flow.turn(source)  # the server knows fewer than we do: it was set up anew

    source.refresh_from_db()
    assert "began anew" in source.error
    assert source.cursor["stream"]["after"] is None
    Source.objects.filter(pk=source.pk).update(lease_until=None)
    flow.turn(Source.objects.get(pk=source.pk))
    kim.say("@shop4.test 넷")
    listen_until(source, lambda: len(heard()) == 4)
    assert heard() == ["@shop4.test 넷", "@shop4.test 둘", "@shop4.test 셋", "@shop4.test 하나"]


def test_what_nobody_told_us_of_is_found_by_asking_for_the_records(home: Path, pds: Pds):
    shop, kim = Account(pds.url, "shop5.test"), Account(pds.url, "kim5.test")
    source = listening(pds, shop)
    kept, taken = kim.say("@shop5.test 하나"), kim.say("@shop5.test 둘")
    kim.take_back(taken)
    elsewhere = f"at://did:plc:{'a' * 24}/app.bsky.feed.post/3k"
    posts = [Post(name, {}) for name in (kept["uri"], taken["uri"], elsewhere)]

    page = Bluesky().recheck(opened_settings(source), posts, Listener(source.pk, timezone.now()))

    assert list(page.gone) == [taken["uri"]]
