"""A customer and a company on a real Matrix server: asked, answered, edited, taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from peers import synapse_server
from peers.synapse_server import Account
from sori import amending, flow
from sori.channels.matrix.door import Matrix
from sori.listen.models import Source
from sori.listen.services import add_source
from sori.listen.vault import opened_settings
from sori.respond import answering
from sori.respond.destination import address
from sori.respond.models import Case, Message
from sori.respond.outbox import deliver_due
from sori.staff.models import Member

pytestmark = [
    pytest.mark.once,
    pytest.mark.peer,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not synapse_server.there(), reason="Synapse is not installed: .ci/run does"),
]


@pytest.fixture
def homeserver(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "synapse"
    folder.mkdir()
    with synapse_server.running(folder) as url:
        yield url


def listen(source: Source) -> None:
    flow.turn(source)
    amending.take_down_due()
    flow.receive()


def answer(message: Message, member: Member, words: str) -> Message:
    sent = answering.approve_reply(answers=message.pk, member=member, body=words)
    deliver_due()
    return Message.objects.get(pk=sent.pk)


def test_a_customer_asks_sees_the_answer_in_the_thread_edits_and_takes_back(
    home: Path, homeserver: str, make_member
):
    shop, customer = Account(homeserver, "shop"), Account(homeserver, "kim")
    created = shop.call("POST", "createRoom", {"preset": "public_chat", "name": "고객센터"})
    room = created["room_id"]
    customer.call("POST", f"join/{room}", {})
    source = add_source(
        name="매트릭스",
        channel="matrix",
        settings={"homeserver": homeserver, "access_token": shop.token, "allow_private": True},
    )
    listen(source)
    asked = customer.say(room, "결제가 두 번 됐어요. 환불해 주세요")
    extra = customer.say(room, "주문번호는 123이에요")

    listen(source)

    first, second = Message.objects.order_by("at", "pk")
    assert (first.external_id, second.external_id) == (asked, extra)
    assert first.conversation.case == second.conversation.case
    assert (first.conversation.identity.name, first.reply_mode) == ("kim", "public")

    sent = answer(first, make_member("agent"), "확인 후 환불해 드릴게요.")

    assert sent.state == "sent"
    seen = customer.call("GET", f"rooms/{room}/event/{sent.external_id}")
    assert seen["content"]["body"] == "확인 후 환불해 드릴게요."
    assert seen["content"]["m.relates_to"]["m.in_reply_to"]["event_id"] == asked
    found = Matrix().find(opened_settings(source), address(sent.destination or {}), str(sent.key))
    assert found is not None
    assert found.external_id == sent.external_id

    replaced = {"rel_type": "m.replace", "event_id": asked}
    new = {"msgtype": "m.text", "body": "결제가 세 번 됐어요"}
    customer.say(room, "* 결제가 세 번 됐어요", **{"m.new_content": new, "m.relates_to": replaced})
    customer.take_back(room, extra)

    listen(source)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.body, second.body) == ("결제가 세 번 됐어요", "")
    assert first.edited_at is not None
    assert second.withdrawn_at is not None
    assert Case.objects.count() == 1
