"""Kill -9 while answers are sent: accepted at most once, none lost, none to another address."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.utils import timezone

import oracle as channel
from desk import letter, member, say, source
from dying import dying_at, ended, in_child
from sori.errors import SoriError
from sori.journal.models import Event
from sori.lake.store import Lake
from sori.listen.models import Source
from sori.respond import outbox, sending, services
from sori.respond.models import Clock, Message

pytestmark = pytest.mark.django_db(transaction=True)

ANSWERS = 40
KILLS = 60
MOMENTS = 200
"""More than there are in one send."""

LONG_AGO = timedelta(days=1)


@pytest.fixture
def oracle(monkeypatch, tmp_path: Path) -> Source:
    channel.install(monkeypatch)
    return source("oracle", settings={"book": str(tmp_path / "book"), "script": ["accept"]})


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


def send_and_die(number: int) -> None:
    with dying_at(number) as moment:
        channel.moment = moment
        outbox.deliver_due()


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


@pytest.mark.parametrize("reads_back", [True, False])
def test_it_dies_at_every_moment_of_one_send(lake, oracle, reads_back):
    oracle.settings |= {"reads_back": reads_back}
    oracle.save()
    answers = approved(lake, oracle, MOMENTS)
    Message.objects.update(due_at=None)
    book, states = oracle.settings["book"], Counter()
    for number, answer in enumerate(answers, 1):
        Message.objects.filter(pk=answer.pk).update(due_at=timezone.now() - LONG_AGO)

        survived = ended(in_child(partial(send_and_die, number)))
        while Message.objects.filter(due_at__isnull=False, direction="out").exists():
            leases_end()
            outbox.deliver_due()
        states[check(answer, channel.accepted(book), reads_back=reads_back)] += 1
        if survived:
            break

    print(f"moments={number} states={dict(states)}")  # noqa: T201
    assert survived
    assert number > 40
    assert states["sent"] > number // 2
    assert states["unknown"] > 0
    assert states["rejected"] == 0
    assert Event.objects.filter(kind="answer.unclear").count() >= states["unknown"]
    met = Clock.objects.filter(outcome="met").count()
    assert met == states["sent"]


def test_workers_die_at_random_while_the_channel_fails_in_every_way(lake, oracle, monkeypatch):
    dice = random.Random(20261123)
    words = ["accept"] * 4 + [
        "swallow",
        "drop",
        "miss",
        "miss",
        "refuse",
        "bug",
        "die",
        "die_before",
    ]
    oracle.settings |= {"script": dice.choices(words, k=10 * ANSWERS)}
    oracle.save()
    answers = approved(lake, oracle, ANSWERS)
    monkeypatch.setattr(outbox, "LEASE", timedelta(seconds=0.3))
    monkeypatch.setattr(sending, "_FIRST_WAIT", timedelta(seconds=0.01))
    monkeypatch.setattr(sending, "LOOKS", (timedelta(seconds=0.05),) * 3)

    def work() -> None:
        while True:
            with suppress(SoriError):
                if not outbox.deliver_due():
                    time.sleep(0.01)

    killed = 0
    crew = [in_child(work) for _ in range(2)]
    while killed < KILLS:
        time.sleep(dice.uniform(0, 0.08))
        victim = crew.pop(dice.randrange(len(crew)))
        os.kill(victim, signal.SIGKILL)
        os.waitpid(victim, 0)
        killed += 1
        crew.append(in_child(work))
    for victim in crew:
        os.kill(victim, signal.SIGKILL)
        os.waitpid(victim, 0)
    oracle.refresh_from_db()
    for _ in range(20):
        leases_end()
        # the last ones may still meet a channel that kills
        while not ended(in_child(lambda: suppress_all(outbox.deliver_due))):
            leases_end()

    book = channel.accepted(oracle.settings["book"])
    # one that was looked for while its worker only slept stays unclear, and that is the truth
    states = Counter(check(answer, book, reads_back=False) for answer in answers)

    told = f"answers={ANSWERS} kills={killed} accepted={len(book)} states={dict(states)}"
    print(told)  # noqa: T201
    assert len(book) == len({line["key"] for line in book})
    assert states["sent"] <= len(book) <= states["sent"] + states["unknown"]
    assert sum(states.values()) == ANSWERS


def suppress_all(work: Callable[[], int]) -> None:
    with suppress(SoriError):
        work()
