"""A customer on Mastodon whose stream is open: heard, answered, edited, taken back at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from peers import mastodon_server
from peers.mastodon_server import MastodonServer, settings_of
from sori import amending, flow
from sori.channels.mastodon import ear, live
from sori.listen import memory
from sori.listen.models import Source
from sori.listen.services import add_source
from sori.listen.waiting import Watch
from sori.respond import answering
from sori.respond.models import Message
from sori.respond.outbox import deliver_due
from waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server() -> Iterator[MastodonServer]:
    with mastodon_server.running() as place:
        yield place
        live.shelf.clear()


class Desk:
    """A source, and somebody who waits at its stream."""

    def __init__(self, server: MastodonServer) -> None:
        self.source = add_source(name="마스토돈", channel="mastodon", settings=settings_of(server))
        self.watch = Watch()

    def look(self) -> None:
        flow.turn(Source.objects.get(pk=self.source.pk))
        amending.take_down_due()
        flow.receive()
        self.source.refresh_from_db()
        assert not self.source.error

    def called(self) -> None:
        """Wait until the source is due because the server told something, not by the clock."""

        def is_due() -> bool:
            self.watch.look_round()
            return Source.objects.filter(pk=self.source.pk, due_at__lte=timezone.now()).exists()

        wait_until(is_due)

    def rests(self) -> bool:
        return not any(each.is_alive() for each in self.watch._waiting.values())


@pytest.fixture
def desk(home: Path, server: MastodonServer, monkeypatch) -> Iterator[Desk]:
    monkeypatch.setattr(ear, "SECONDS_A_CALL", 0.0)
    desk = Desk(server)
    desk.look()
    desk.called()  # once, for nobody knows what happened before
    desk.look()
    yield desk
    server.cut = 0
    wait_until(desk.rests)


def heard() -> list[str]:
    return memory.reader().table("SELECT text FROM mentions ORDER BY text")["text"].to_pylist()


def test_it_is_heard_answered_edited_and_taken_back_at_once(
    desk: Desk, server: MastodonServer, make_member
):
    asked = server.say("@shop 결제가 두 번 됐어요")
    desk.called()
    desk.look()
    message = Message.objects.get()
    assert (message.external_id, heard()) == (asked["uri"], ["@shop 결제가 두 번 됐어요"])

    answering.approve_reply(
        answers=message.pk, member=make_member("agent"), body="확인 후 환불해 드릴게요."
    )
    deliver_due()
    deliver_due()
    ours = [each for each in server.statuses if each["account"] is server.us]
    assert [(each["in_reply_to_id"], each["source"]) for each in ours] == [
        (asked["id"], "@kim 확인 후 환불해 드릴게요.")
    ]

    server.reword(asked, "@shop 결제가 세 번 됐어요")
    desk.called()
    desk.look()
    message.refresh_from_db()
    assert message.body == "@shop 결제가 세 번 됐어요"
    assert message.edited_at is not None
    assert heard() == ["@shop 결제가 세 번 됐어요"]

    server.unsay(asked)
    desk.called()
    desk.look()
    message.refresh_from_db()
    assert (message.body, heard()) == ("", [])
    assert message.withdrawn_at is not None


def test_what_was_said_while_the_stream_was_away_is_heard_once(desk: Desk, server: MastodonServer):
    live.shelf.clear()
    server.refuses = (503, {})
    server.say("@shop 하나")
    desk.look()
    assert heard() == ["@shop 하나"]

    server.refuses = None
    server.say("@shop 둘")
    desk.called()
    desk.look()
    desk.look()
    assert heard() == ["@shop 둘", "@shop 하나"]
