"""A reader and a company on a real WordPress: comment, answer below it, edit, deletion."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from peers import wordpress_server
from peers.wordpress_server import Site
from sori import amending, flow
from sori.listen.models import Recheck, Source
from sori.listen.services import add_source
from sori.respond import answering
from sori.respond.models import Message
from sori.respond.outbox import deliver_due

pytestmark = [
    pytest.mark.once,
    pytest.mark.peer,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not wordpress_server.there(), reason="WordPress is not installed: .ci/run does"
    ),
]


@pytest.fixture
def site() -> Iterator[Site]:
    with wordpress_server.running() as place:
        yield place


@pytest.fixture
def source(home: Path, site: Site) -> Source:
    account = {"user": site.user, "application_password": site.password, "allow_private": True}
    return add_source(name="블로그", channel="wordpress", settings={"site": site.url} | account)


def listen(source: Source) -> None:
    flow.turn(source)
    amending.take_down_due()
    flow.receive()


def test_a_reader_comments_and_sees_the_answer_below(site: Site, source: Source, make_member):
    listen(source)
    asked = site.write("포장이 찢어져서 왔어요. 교환해 주세요", "haeun")
    site.write("저도 같은 일이 있었어요", "minjun")

    listen(source)

    message = Message.objects.get(body__startswith="포장이")
    account = message.conversation.identity
    assert (account.name, account.external_id) == ("haeun", "haeun@x.test")
    assert message.reply_mode == "public"
    approved = answering.approve_reply(
        answers=message.pk, member=make_member("agent"), body="바로 <새 상품>을 보내 드릴게요"
    )
    deliver_due()

    answer = Message.objects.get(pk=approved.pk)
    assert answer.state == "sent"
    (below,) = site.call("GET", "comments", params={"parent": asked})
    assert "바로 &lt;새 상품&gt;을 보내 드릴게요" in below["content"]["rendered"]
    listen(source)
    assert Message.objects.filter(direction="in").count() == 3  # one stands on every new site


@pytest.mark.slow
def test_what_is_edited_or_thrown_away_there_is_so_here(site: Site, source: Source):
    first = site.write("색이 달라요. 환불해 주세요", "haeun")
    second = site.write("사이즈가 안 맞아요. 교환해 주세요", "minjun")
    listen(source)
    site.call("POST", f"comments/{first}", json={"content": "색도 크기도 달라요. 환불해 주세요"})
    site.call("DELETE", f"comments/{second}")

    Recheck.objects.update(due_at=None)
    while amending.recheck_due():
        pass
    amending.take_down_due()

    bodies = dict(Message.objects.values_list("external_id", "body"))
    assert bodies[f"{site.url}#comment-{first}"] == "색도 크기도 달라요. 환불해 주세요"
    assert bodies[f"{site.url}#comment-{second}"] == ""
