"""CPU time of the inbox: `python benchmarks/inbox.py [--conversations 3000] [--turns 20]`.

Makes a home of its own, fills it (20 messages in each of 3,000 conversations, unless told
otherwise), and asks for the list, a thread, a search and a reply through Django's test client, as a
signed-in member. "Empty" is a view that needs a signed-in member and says "ok": what every page
costs before it does anything. The median of CPU times is printed, so a busy machine disturbs
little, and the 95th percentile of what the clock on the wall says for the list.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

ROUNDS = 40
WARM_UP = 3
BATCH = 2_000
PARTS = (
    "배송이 아직 안 왔어요", "환불은 언제 되나요", "앱이 자꾸 꺼져요", "요금이 두 번 나갔어요",
    "상담원 연결이 안 돼요", "친절하게 알려 주셔서 고맙습니다", "다크 모드가 있으면 좋겠어요",
    "기사님이 오늘 오신다고 했는데요", "인증번호가 안 와요", "데이터가 느려요",
)  # fmt: skip
DICE = random.Random(1)
KINDS = ("complaint", "question", "idea", "praise", "other")


def start(home: str) -> None:
    """Django on an empty SQLite database in this folder."""
    os.environ["SORI_HOME"] = home
    os.environ.pop("DATABASE_URL", None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sori.web.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def fill(conversations: int, turns: int) -> None:
    """People, cases, conversations, messages, clocks, notes, and the search over them."""
    from sori.database import write_atomic
    from sori.respond import search
    from sori.respond.models import Case, Message

    with write_atomic():
        members = make_members()
        cases = make_cases(conversations, members)
        messages = Message.objects.bulk_create(make_messages(cases, members, turns), BATCH)
        make_clocks_and_notes(cases, members)
        search.remember(search.Text(one.conversation_id, one.pk, one.body) for one in messages)
        for number, case in enumerate(cases):
            case.newest_message = messages[number * turns + (turns - 1) // 2 * 2].pk
        Case.objects.bulk_update(cases, ["newest_message"], batch_size=BATCH)


def said() -> str:
    """A few sentences a customer of a telecom might say."""
    return ". ".join(DICE.choices(PARTS, k=DICE.randint(1, 3)))


def make_members() -> list[Any]:
    """Twenty people who answer."""
    from sori.staff.models import Member

    return [
        Member.objects.create_user(f"m{n}@sori.example", name=f"구성원 {n}", role="agent")
        for n in range(20)
    ]


def make_cases(count: int, members: list[Any]) -> list[Any]:
    """So many people with a case each, one a minute."""
    from sori.people.models import Person
    from sori.respond.models import Case
    from sori.staff.models import Department

    now = datetime.now(UTC)
    departments = [Department.objects.create(name=name) for name in ("고객지원", "요금", "앱")]
    people = Person.objects.bulk_create([Person(name=f"고객 {n}") for n in range(count)], BATCH)
    cases = [
        Case(
            person=person,
            subject=DICE.choice(PARTS),
            excerpt=said()[:200],
            channel="email",
            status=DICE.choice(("new", "open", "pending", "resolved", "resolved")),
            owner=DICE.choice([None, *members]),
            department=DICE.choice(departments),
            kind=DICE.choice(KINDS),
            opened_at=now - timedelta(minutes=n + 60),
            updated_at=now - timedelta(minutes=n),
        )
        for n, person in enumerate(people)
    ]
    return Case.objects.bulk_create(cases, BATCH)


def make_conversations(cases: list[Any]) -> list[Any]:
    """One conversation in each case, by mail."""
    from sori.listen.models import Source
    from sori.people.models import Identity
    from sori.respond.models import Conversation

    source = Source.objects.create(name="메일", slug="mail", channel="email")
    accounts = Identity.objects.bulk_create(
        [
            Identity(
                person=case.person,
                name=case.person.name,
                channel="email",
                external_id=f"c{n}@customer.example",
                first_seen_at=case.opened_at,
            )
            for n, case in enumerate(cases)
        ],
        BATCH,
    )
    talks = [
        Conversation(
            source=source,
            thread=f"t{n}",
            channel="email",
            subject=case.subject,
            identity=accounts[n],
            case=case,
            opened_at=case.opened_at,
        )
        for n, case in enumerate(cases)
    ]
    return Conversation.objects.bulk_create(talks, BATCH)


def make_messages(cases: list[Any], members: list[Any], turns: int) -> Iterator[Any]:
    """So many turns in the conversation of each case."""
    from sori.respond.models import Message

    for talk in make_conversations(cases):
        case, address = talk.case, talk.identity.external_id
        for turn in range(turns):
            asked = turn % 2 == 0
            yield Message(
                conversation=talk,
                direction="in" if asked else "out",
                state="received" if asked else "sent",
                member=None if asked else DICE.choice(members),
                body=said(),
                at=case.opened_at + timedelta(minutes=turn),
                reply_mode="private",
                reply_address={"to": address},
            )


def make_clocks_and_notes(cases: list[Any], members: list[Any]) -> None:
    """A clock and a note in every case."""
    from sori.respond import sla
    from sori.respond.models import Clock, Note

    clocks = [
        Clock(
            case=case,
            **sla.start(case.opened_at)._asdict(),
            outcome=DICE.choice(("met", "running")),
        )
        for case in cases
    ]
    Clock.objects.bulk_create(clocks, BATCH)
    notes = [Note(case=case, member=members[0], body=said(), at=case.opened_at) for case in cases]
    Note.objects.bulk_create(notes, BATCH)


def cost(ask: Callable[[], object]) -> float:
    """CPU milliseconds of one call, the median of many."""
    return round(statistics.median(spent(ask, time.process_time)) * 1000, 2)


def spent(ask: Callable[[], object], clock: Callable[[], float]) -> list[float]:
    """Seconds of each of many calls, by a clock."""
    for _ in range(WARM_UP):
        ask()
    took = []
    for _ in range(ROUNDS):
        began = clock()
        ask()
        took.append(clock() - began)
    return took


class Visitor:
    """A signed-in member with a browser."""

    def __init__(self) -> None:
        from django.conf import settings
        from django.test import Client

        from sori.respond.models import Case, Message
        from sori.staff.models import Member

        settings.ALLOWED_HOSTS = ["testserver"]
        settings.ROOT_URLCONF = "__main__"
        self.client = Client()
        self.client.force_login(
            Member.objects.get(email="m0@sori.example"),
            backend=settings.AUTHENTICATION_BACKENDS[0],
        )
        self.cases = list(Case.objects.order_by("-updated_at").values_list("pk", flat=True))
        heard = Message.objects.filter(direction="in").order_by("pk")
        self.newest = dict(heard.values_list("conversation__case", "pk"))

    def get(self, address: str) -> bytes:
        """Read a page."""
        response = self.client.get(address)
        assert response.status_code == 200, (address, response.status_code)
        return bytes(response.content)

    def reply(self) -> None:
        """Answer the next case."""
        case = self.cases.pop()
        words = {"answers": self.newest[case], "body": "확인해서 바로 알려 드리겠습니다."}
        response = self.client.post(f"/inbox/{case}/reply/", words | {"token": f"token-{case:012}"})
        assert response.status_code in {200, 204, 302, 303}, response.status_code


def measure(conversations: int, turns: int) -> dict[str, float | int | str]:
    """Ask for every page and weigh it."""
    from sori.respond.models import Message

    visitor = Visitor()
    empty = cost(lambda: visitor.get("/empty/"))
    inbox = cost(lambda: visitor.get("/inbox/?tab=open"))
    waited = spent(lambda: visitor.get("/inbox/?tab=open"), time.perf_counter)
    figures: dict[str, float | int | str] = {
        "benchmark": "inbox",
        "conversations": conversations,
        "messages": conversations * turns,
        "empty_cpu_ms": empty,
        "list_cpu_ms": inbox,
        "list_p95_ms": round(statistics.quantiles(waited, n=20)[-1] * 1000, 1),
        "thread_cpu_ms": cost(lambda: visitor.get(f"/inbox/{visitor.cases[0]}/?tab=open")),
        "search_cpu_ms": cost(lambda: visitor.get("/inbox/?q=인증번호")),
        "reply_cpu_ms": cost(visitor.reply),
        "list_bytes": len(visitor.get("/inbox/?tab=open")),
        "list_to_empty_ratio": round(inbox / empty, 2),
    }
    approved = Message.objects.filter(state="queued").count()
    assert approved == ROUNDS + WARM_UP, f"{approved} answers were approved"
    return figures


def main() -> None:
    """Make the data, measure, print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=3_000)
    parser.add_argument("--turns", type=int, default=20)
    asked = parser.parse_args()
    home = tempfile.mkdtemp(prefix="sori-bench-")
    try:
        start(home)
        fill(asked.conversations, asked.turns)
        print(json.dumps(measure(asked.conversations, asked.turns)))
    finally:
        shutil.rmtree(home, ignore_errors=True)


def __getattr__(name: str) -> object:
    """This module is the site's list of addresses, with one more: a page that does nothing."""
    if name != "urlpatterns":
        raise AttributeError(name)
    from django.http import HttpRequest, HttpResponse
    from django.urls import path

    from sori.staff.permissions import Permission, requires
    from sori.web.urls import urlpatterns

    @requires(Permission.SIGNED_IN)
    def empty(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
        return HttpResponse("ok")

    return [*urlpatterns, path("empty/", empty)]


if __name__ == "__main__":
    main()
