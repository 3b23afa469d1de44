"""CPU time of the inbox at 60,000 messages: `python benchmarks/inbox.py [--conversations N]`.

Makes a home of its own, fills it (20 messages a conversation), and asks for the list, a thread, a
search and a reply through Django's test client, as a signed-in member. "Empty" is a view that
needs a signed-in member and says "ok": what every page costs before it does anything. The median
of CPU times is printed, so a busy machine disturbs little.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta

ROUNDS = 40
TURNS = 20
BATCH = 2_000
PARTS = (
    "배송이 아직 안 왔어요", "환불은 언제 되나요", "앱이 자꾸 꺼져요", "요금이 두 번 나갔어요",
    "상담원 연결이 안 돼요", "친절하게 알려 주셔서 고맙습니다", "다크 모드가 있으면 좋겠어요",
    "기사님이 오늘 오신다고 했는데요", "인증번호가 안 와요", "데이터가 느려요",
)  # fmt: skip
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


def fill(conversations: int) -> None:
    """People, cases, conversations, messages, clocks, notes, and the search over them."""
    from django.utils import timezone

    from sori.database import write_atomic
    from sori.listen.models import Source
    from sori.people.models import Identity, Person
    from sori.respond import search, sla
    from sori.respond.models import Case, Clock, Conversation, Message, Note
    from sori.staff.models import Department, Member

    dice, now = random.Random(1), timezone.now()
    source = Source.objects.create(name="메일", slug="mail", channel="email")
    departments = [Department.objects.create(name=name) for name in ("고객지원", "요금", "앱")]
    members = [
        Member.objects.create_user(f"m{n}@sori.example", name=f"구성원 {n}", role="agent")
        for n in range(20)
    ]

    def said() -> str:
        return ". ".join(dice.choices(PARTS, k=dice.randint(1, 3)))

    with write_atomic():
        people = Person.objects.bulk_create(
            [Person(name=f"고객 {n}") for n in range(conversations)], BATCH
        )
        identities = Identity.objects.bulk_create(
            [
                Identity(
                    person=person,
                    channel="email",
                    external_id=f"c{n}@customer.example",
                    name=person.name,
                    first_seen_at=now,
                )
                for n, person in enumerate(people)
            ],
            BATCH,
        )
        cases = Case.objects.bulk_create(
            [
                Case(
                    person=person,
                    subject=dice.choice(PARTS),
                    excerpt=said()[:200],
                    channel="email",
                    status=dice.choice(("new", "open", "pending", "resolved", "resolved")),
                    owner=dice.choice([None, *members]),
                    department=dice.choice(departments),
                    kind=dice.choice(KINDS),
                    opened_at=now - timedelta(minutes=n + 60),
                    updated_at=now - timedelta(minutes=n),
                )
                for n, person in enumerate(people)
            ],
            BATCH,
        )
        threads = Conversation.objects.bulk_create(
            [
                Conversation(
                    source=source,
                    thread=f"t{n}",
                    identity=identity,
                    case=case,
                    channel="email",
                    subject=case.subject,
                    opened_at=case.opened_at,
                )
                for n, (identity, case) in enumerate(zip(identities, cases, strict=True))
            ],
            BATCH,
        )
        messages = Message.objects.bulk_create(
            [
                Message(
                    conversation=thread,
                    direction="in" if turn % 2 == 0 else "out",
                    state="received" if turn % 2 == 0 else "sent",
                    member=None if turn % 2 == 0 else dice.choice(members),
                    body=said(),
                    at=thread.opened_at + timedelta(minutes=turn),
                    reply_mode="private",
                    reply_address={"to": thread.identity.external_id},
                )
                for thread in threads
                for turn in range(TURNS)
            ],
            BATCH,
        )
        spans = [sla.start(case.opened_at) for case in cases]
        Clock.objects.bulk_create(
            [
                Clock(case=case, **span._asdict(), outcome=dice.choice(("met", "running")))
                for case, span in zip(cases, spans, strict=True)
            ],
            BATCH,
        )
        Note.objects.bulk_create(
            [Note(case=case, member=members[0], body=said(), at=now) for case in cases], BATCH
        )
        search.remember(search.Text(one.conversation_id, one.pk, one.body) for one in messages)
    for number, case in enumerate(cases):
        case.newest_message = messages[number * TURNS + TURNS - 2].pk
    Case.objects.bulk_update(cases, ["newest_message"], batch_size=BATCH)


def cost(ask: Callable[[], object]) -> float:
    """CPU milliseconds of one call, the median of many."""
    for _ in range(3):
        ask()
    spent = []
    for _ in range(ROUNDS):
        began = time.process_time()
        ask()
        spent.append(time.process_time() - began)
    return round(statistics.median(spent) * 1000, 2)


def measure(conversations: int) -> dict[str, float | int | str]:
    """Ask for every page and weigh it."""
    from django.conf import settings
    from django.test import Client
    from django.test.utils import override_settings

    from sori.respond.models import Case, Message
    from sori.staff.models import Member

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(
        Member.objects.get(email="m0@sori.example"),
        backend=settings.AUTHENTICATION_BACKENDS[0],
    )
    cases = iter(list(Case.objects.order_by("-updated_at").values_list("pk", flat=True)))
    newest = dict(Message.objects.filter(direction="in").values_list("conversation__case", "pk"))

    def get(address: str) -> bytes:
        response = client.get(address)
        assert response.status_code == 200, (address, response.status_code)
        return response.content

    def reply() -> None:
        case = next(cases)
        said = {"answers": newest[case], "body": "확인해서 바로 알려 드리겠습니다."}
        response = client.post(f"/inbox/{case}/reply/", said | {"token": f"token-{case:012}"})
        assert response.status_code in {200, 204, 302, 303}, response.status_code

    with override_settings(ROOT_URLCONF="__main__"):
        empty = cost(lambda: get("/empty/"))
        inbox = cost(lambda: get("/inbox/?tab=open"))
        last = next(cases)
        figures: dict[str, float | int | str] = {
            "benchmark": "inbox",
            "conversations": conversations,
            "messages": conversations * TURNS,
            "empty_cpu_ms": empty,
            "list_cpu_ms": inbox,
            "thread_cpu_ms": cost(lambda: get(f"/inbox/{last}/?tab=open")),
            "search_cpu_ms": cost(lambda: get("/inbox/?q=인증번호")),
            "reply_cpu_ms": cost(reply),
            "list_bytes": len(get("/inbox/?tab=open")),
            "list_to_empty_ratio": round(inbox / empty, 2),
        }
        sent = Message.objects.filter(state="queued").count()
        assert sent == ROUNDS + 3, f"{sent} answers were approved"
    return figures


def main() -> None:
    """Make the data, measure, print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=3_000)
    conversations = parser.parse_args().conversations
    home = tempfile.mkdtemp(prefix="sori-bench-")
    try:
        start(home)
        fill(conversations)
        print(json.dumps(measure(conversations)))
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
    def empty(request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok")

    return [*urlpatterns, path("empty/", empty)]


if __name__ == "__main__":
    main()
