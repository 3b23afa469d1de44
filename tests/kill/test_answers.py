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

import pytest
from django.utils import timezone

import oracle as channel
from dying import dying_at, ended, in_child
from promises_kept import LONG_AGO, approved, check, leases_end
from sori.errors import SoriError
from sori.journal.models import Event
from sori.respond import outbox, sending
from sori.respond.models import Clock, Message

pytestmark = pytest.mark.django_db(transaction=True)

ANSWERS = int(os.environ.get("SORI_ANSWERS", "40"))
KILLS = ANSWERS * 3 // 2
MOMENTS = 200
"""More than there are in one send."""


def send_and_die(number: int) -> None:
    with dying_at(number) as moment:
        channel.moment = moment
        outbox.deliver_due()


@pytest.mark.parametrize("reads_back", [True, pytest.param(False, marks=pytest.mark.slow)])
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
    oracle.settings |= {"seed": "any"}
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
    for _ in range(20 + ANSWERS):
        if not Message.objects.filter(due_at__isnull=False, direction="out").exists():
            break
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
