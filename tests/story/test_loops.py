"""Robots that answer everything meet us for 10,000 hours, and nothing goes round in circles.

A customer behind each robot writes once a month and is answered by a person; the robot answers
whatever reaches its address, in the ways robots do it. Rules are on that do all that rules can.
What leaves the house must be what a person approved and nothing else.
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from django.core import mail as posted
from django.utils import timezone

from desk import member, now, say
from oracle import accepted, install
from peers.mails import mail
from sori.automation.models import Follower, Rule
from sori.automation.running import Runner
from sori.channels.contract import Listener
from sori.channels.mail.reading import Letter, Mailbox, read
from sori.channels.mail.threads import Signer
from sori.journal import selectors as journal
from sori.lake.store import Lake
from sori.listen.models import Source
from sori.notifications.posting import post_due
from sori.notifications.reading import tell_due
from sori.respond import outbox, services
from sori.respond.models import Conversation, Message, SavedReply
from sori.staff.models import Role
from sori.teamwork.posting import ask_due

pytestmark = [pytest.mark.once, pytest.mark.django_db]

MONTH: Final = 720
HOURS: Final = 14 * MONTH  # more than 10,000
OURS: Final = "help@shop.test"
MAILBOX: Final = Mailbox("box", OURS, Signer("secret"), "", answers=True)

Robot = Callable[[str, str, int], bytes]
"""Answers a mail of ours to this address, with this Message-ID, as the so-many-th time."""


def _robot(**headers: str) -> Robot:
    def answer(address: str, message_id: str, number: int) -> bytes:
        known = {name: value.format(n=number, id=message_id) for name, value in headers.items()}
        named = {"From": address, "Subject": "Re: 배송", "Message_ID": f"<r{number}@robot.test>"}
        return mail(f"자리를 비웠습니다 {number}", **{**named, **known})

    return answer


ROBOTS: Final[dict[str, Robot]] = {
    "as RFC 3834 asks": _robot(Auto_Submitted="auto-replied", In_Reply_To="{id}"),
    "Exchange": _robot(X_Auto_Response_Suppress="All", Subject="자동 회신: 배송"),
    "Korean subject alone": _robot(Subject="[부재중] 휴가입니다"),
    "no headers": _robot(In_Reply_To="{id}"),
    "no headers, no thread": _robot(),
    "another subject each time": _robot(Subject="접수번호 {n}"),
    "another address each time": _robot(From="ticket+{n}@robot.test"),
    "an hour later": _robot(In_Reply_To="{id}", Date="Sun, 22 Nov 2026 21:51:00 +0900"),
    "null sender": _robot(Return_Path="<>"),
    "from our own address": _robot(From=OURS),
    "our other mailbox": _robot(From="sales@shop.test", In_Reply_To="{id}"),
    "a mailing list": _robot(List_Id="<all.robot.test>", Precedence="bulk"),
}


@pytest.fixture
def place(lake: Lake, monkeypatch, tmp_path) -> Source:
    install(monkeypatch)
    book = str(tmp_path / "book")
    return Source.objects.create(name="b", slug="b", channel="oracle", settings={"book": book})


@pytest.fixture
def rules() -> Runner:
    """Rules that do, on every opening and every message, all that rules can do with a letter."""
    chief, at = member("팀장", Role.SUPERVISOR), timezone.now() - timedelta(days=1)
    reply = SavedReply.objects.create(
        title="접수", body="접수했습니다", member=chief, updated_at=at
    )
    did = [["draft", str(reply.pk), ""], ["tell_member", str(chief.pk), "봐 주세요"]]
    did += [["note", "", "{customer}"], ["status", "pending", ""]]
    for position, trigger in enumerate(("opened", "heard")):
        Rule.objects.create(
            name=trigger,
            position=position,
            active=True,
            trigger=trigger,
            since=at,
            member=chief,
            updated_at=at,
            actions=did,
            conditions=[],
        )
    Follower.objects.create(pk=1, position=journal.last(), looked_at=at, due_at=at)
    return Runner()


class World:
    """Us, and the robots around us."""

    def __init__(self, lake: Lake, place: Source, rules: Runner) -> None:
        self.lake, self.place, self.rules = lake, place, rules
        self.agent = member("상담원")
        self.approved: set[str] = set()
        self.heard, self.answered = 0, 0

    def arrive(self, raws: list[bytes], at: datetime) -> None:
        rows: list[dict[str, Any]] = []
        for raw in raws:
            self.heard += 1
            # the line of the server that took it in: no two deliveries are alike
            whole = f"Received: {self.heard}\r\n".encode() + raw
            letter = Letter(whole, at, "INBOX", 1, self.heard, len(whole))
            row = read(letter, MAILBOX, Listener(self.place.pk, at)).row
            if row is not None:
                rows.append(row)
        if rows:
            say(self.lake, *rows)

    def work(self) -> None:
        """Everything our machines do by themselves."""
        while self.rules.run_due():
            pass
        tell_due()
        post_due()
        ask_due()
        outbox.deliver_due()

    def answer(self, robots: Iterator[str] | list[str]) -> None:
        """A person answers the newest letter of each of these addresses."""
        for address in robots:
            asked = Message.objects.filter(
                direction="in", conversation__identity__external_id=address
            ).latest("pk")
            token = f"{self.answered:016d}"
            self.answered += 1
            made = services.approve_reply(
                answers=asked.pk, member=self.agent, body=f"답변 {self.answered}", token=token
            )
            self.approved.add(str(made.key))

    def left(self) -> list[dict[str, Any]]:
        return list(accepted(self.place.settings["book"]))


@pytest.mark.parametrize("hours", [2 * MONTH, pytest.param(HOURS, marks=pytest.mark.slow)])
def test_nothing_goes_round_in_circles(lake, place, rules, hours: int):
    world = World(lake, place, rules)
    addresses = {f"robot{number}@x{number}.test": one for number, one in enumerate(ROBOTS.values())}
    start, seen = now() - timedelta(hours=hours), 0
    months = hours // MONTH
    for month in range(months):
        at = start + timedelta(hours=month * MONTH)
        letters = [
            mail(f"{month}번째 문의예요", From=one, Message_ID=f"<{month}.{one}>")
            for one in addresses
        ]
        world.arrive(letters, at)
        world.work()
        world.answer(list(addresses))
        for hour in range(1, 6):  # a circle would turn here, once an hour
            world.work()
            fresh, seen = world.left()[seen:], len(world.left())
            robots = [(addresses.get(one["to"]["to"]), one) for one in fresh]
            back = [
                robot(one["to"]["to"], f"<{one['key']}@oracle>", world.heard + number)
                for number, (robot, one) in enumerate(robots)
                if robot
            ]
            if not back:
                break
            world.arrive(back, at + timedelta(hours=hour))
        assert hour <= 2, "the robots still had something to answer"

    left = world.left()
    assert {one["key"] for one in left} == world.approved
    assert len(left) == len(addresses) * months
    assert world.heard == 2 * len(left)  # each was answered by its robot, once
    assert not Conversation.objects.filter(identity__external_id=OURS).exists()
    assert Message.objects.filter(state="draft", member=None).exists()  # the rules were at work
    members = {one for each in posted.outbox for one in each.to}
    assert members <= {world.agent.email, Rule.objects.first().member.email}


def test_our_own_mails_are_no_voices(listener_at):
    """What Sori writes to members comes to a mailbox that it reads: it is known as a machine's."""
    for headers in (
        {"Auto_Submitted": "auto-generated", "From": "sori@shop.test"},
        {"List_Unsubscribe": "<https://sori.test/x>", "From": "sori@shop.test"},
    ):
        raw = mail("지민 님이 #3을 맡겼어요", **headers)
        row = read(Letter(raw, None, "INBOX", 1, 1, len(raw)), MAILBOX, listener_at).row
        assert json.loads(row["extra"])["automatic"] is True


@pytest.fixture
def listener_at() -> Listener:
    return Listener(1, now())
