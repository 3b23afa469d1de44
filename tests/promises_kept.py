"""Answers on their way, and what must be true of each whatever happened to its workers."""

from datetime import timedelta

from django.utils import timezone

from desk import letter, member, say
from sori.lake.store import Lake
from sori.listen.models import Source
from sori.respond import services
from sori.respond.models import Message

LONG_AGO = timedelta(days=1)


def approved(lake: Lake, oracle: Source, count: int) -> list[Message]:
    """So many approved answers to different people."""
    letters = [
        letter(
            oracle,
            author_id=f"c{n}@customer.example",
            reply_address=f'{{"to": "c{n}@customer.example"}}',
        )
        for n in range(count)
    ]
    say(lake, *letters)
    agent = member()
    received = Message.objects.filter(direction="in").exclude(answered_by__isnull=False)
    return [
        services.approve_reply(answers=asked.pk, member=agent, body=f"답 {asked.pk}")
        for asked in received.order_by("pk")
    ]


def leases_end() -> None:
    """Time passes: what a dead worker held is free, and everything that waits is due."""
    past = timezone.now() - LONG_AGO
    Message.objects.filter(lease_until__isnull=False).update(lease_until=past)
    Message.objects.filter(due_at__isnull=False).update(due_at=past)


def check(answer: Message, book: list[dict], *, reads_back: bool) -> str:
    """The promises; returns the state."""
    answer = Message.objects.get(pk=answer.pk)
    mine = [line for line in book if line["key"] == answer.key]
    assert len(mine) <= 1, "accepted twice"
    for line in mine:
        assert line["to"] == answer.destination["to"] == answer.answers.reply_address
        assert line["text"] == answer.body
    assert answer.state in ({"sent"} if mine and reads_back else {"sent", "unknown", "rejected"})
    assert mine or answer.state != "sent", "said to be sent, but was not"
    assert not mine or answer.state != "rejected", "said to have failed, but arrived"
    return answer.state
