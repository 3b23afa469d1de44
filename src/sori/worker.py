"""The loop that works off what is due: polls, what the lake has learned, answers, upkeep.

Every kind of work has its own thread and its own rhythm, so that a slow mailbox delays no answer.
What is to be done stands in the database (`database.claim`), so any number of workers may run, and
one that dies loses nothing.
"""

import random
import signal
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType
from typing import Final

import structlog
from django.db import close_old_connections
from django.db.utils import OperationalError

from sori import amending, flow
from sori.articles.hearing import forget_old
from sori.automation.running import Runner
from sori.change.ideas import entering as ideas_entering
from sori.change.ideas import telling as ideas_telling
from sori.change.initiatives import reminding as initiatives
from sori.change.loops.handing import hand_due
from sori.change.notices.outgoing import post_due as post_notices
from sori.change.notices.reminding import remind_due as remind_of_notices
from sori.change.studies.running import study_due
from sori.errors import SoriError
from sori.lessons.training import train_due
from sori.listen.waiting import Watch
from sori.notifications.posting import post_due
from sori.notifications.reading import tell_due
from sori.notifications.reviewing import announce_reviews
from sori.notifications.services import tidy
from sori.portrait.erasing import erase_due
from sori.respond.outbox import deliver_due
from sori.respond.prioritising import weigh_due
from sori.respond.reminding import remind_due
from sori.respond.snoozing import wake_due
from sori.staff.services import forget_old_links
from sori.teamwork.lateness import warn_due
from sori.teamwork.posting import ask_due
from sori.webchat.services import tidy as tidy_chats

log = structlog.get_logger(__name__)

LISTENERS: Final = 3
SENDERS: Final = 2
PAUSE: Final = 0.5
AFTER_ERROR: Final = 5.0


@dataclass(frozen=True)
class Duty:
    """One kind of work.

    Attributes:
        name: what it is called in the log.
        do: works off some of what is due and tells how much it did; 0 means that nothing is due.
        pause: seconds to wait when nothing is due.
        threads: how many do it side by side.
    """

    name: str
    do: Callable[[], int]
    pause: float = PAUSE
    threads: int = 1


class Worker:
    """Runs duties until it is told to stop."""

    def __init__(self, duties: Sequence[Duty]) -> None:
        self._duties = duties
        self._stopping = threading.Event()

    def run(self) -> None:
        """Work until SIGTERM or SIGINT, then finish what is in hand."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        threads = [
            threading.Thread(target=self._work, args=(duty,), name=duty.name, daemon=True)
            for duty in self._duties
            for _ in range(duty.threads)
        ]
        for thread in threads:
            thread.start()
        self._stopping.wait()
        for thread in threads:
            thread.join(timeout=10)

    def stop(self) -> None:
        """Ask it to end."""
        self._stopping.set()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self.stop()

    def _work(self, duty: Duty) -> None:
        while not self._stopping.is_set():
            self._stopping.wait(self._once(duty))

    def _once(self, duty: Duty) -> float:
        """Do it once; returns how long to wait before the next time."""
        try:
            done = duty.do()
        except (SoriError, OperationalError, OSError) as error:
            # a disk or a database that comes back must find us still here
            log.warning("duty_failed", duty=duty.name, error=str(error))
            return AFTER_ERROR * random.uniform(0.5, 1.5)  # noqa: S311 (spreading, not hiding)
        finally:
            with suppress(OperationalError):
                close_old_connections()
        return 0.0 if done else duty.pause


def duties() -> list[Duty]:
    """Everything a worker does."""
    return [
        Duty("listen", flow.turn_due, threads=LISTENERS),
        Duty("wait", Watch().look_round, pause=2.0),
        Duty("receive", flow.receive),
        Duty("take down", amending.take_down_due),
        Duty("look again at posts", amending.recheck_due, pause=30.0),
        Duty("learn", train_due, pause=3.0),
        Duty("forget", erase_due, pause=2.0),
        Duty("answer", lambda: deliver_due(limit=4), threads=SENDERS),
        Duty("close loops", hand_due, pause=1.0),
        Duty("wake", wake_due, pause=5.0),
        Duty("put in order", weigh_due, pause=2.0),
        Duty("remind", remind_due, pause=5.0),
        Duty("tell", tell_due),
        Duty("look again", announce_reviews, pause=60.0),
        Duty("post notices", post_notices, pause=2.0),
        Duty("look at notices again", remind_of_notices, pause=60.0),
        Duty("post", post_due, pause=2.0),
        Duty("rules", Runner().run_due),
        Duty("warn of late tasks", warn_due, pause=10.0),
        Duty("ask by mail", ask_due, pause=2.0),
        Duty("weigh", flow.weigh, pause=10.0),
        Duty("gather studies", study_due, pause=2.0),
        Duty("watch surges", flow.watch, pause=5.0),
        Duty("find campaigns", flow.find_campaigns, pause=30.0),
        Duty("remind of initiatives", initiatives.remind_due, pause=10.0),
        Duty("count for initiatives", flow.count_for_initiatives, pause=5.0),
        Duty("check outcomes", flow.check_outcomes, pause=30.0),
        Duty("tell of ideas", ideas_telling.tell_due, pause=3.0),
        Duty("upkeep", flow.keep_up, pause=600.0),
        Duty("tidy notifications", tidy, pause=3600.0),
        Duty("tidy chats", tidy_chats, pause=3600.0),
        Duty("forget searches", forget_old, pause=3600.0),
        Duty("links", forget_old_links, pause=3600.0),
        Duty("links to ideas", ideas_entering.forget_old, pause=600.0),
    ]
