"""Live news: who hears what, how soon, and when a connection ends."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
from pytest_django import Settings

from sori.database import write_atomic
from sori.journal.selectors import last
from sori.journal.services import record
from sori.staff import services
from sori.staff.models import Member, Role

Browse = Callable[[Member | None], httpx.Client]
Make = Callable[..., Member]


class Ear:
    """Listens in a thread of its own."""

    def __init__(self, client: httpx.Client, address: str, **headers: str) -> None:
        self.heard: list[dict[str, object]] = []
        self.status = 0
        self.open = threading.Event()
        self.over = threading.Event()
        self._thread = threading.Thread(
            target=self._listen, args=(client, address, headers), daemon=True
        )
        self._thread.start()
        assert self.open.wait(10)

    def _listen(self, client: httpx.Client, address: str, headers: dict[str, str]) -> None:
        try:
            with client.stream("GET", address, headers=headers) as response:
                self.status = response.status_code
                for line in response.iter_lines():
                    if line.startswith("retry:"):
                        self.open.set()
                    if line.startswith("data:"):
                        self.heard.append(json.loads(line[5:]))
        except httpx.HTTPError:
            pass
        finally:
            self.open.set()
            self.over.set()

    def wait_for(self, count: int) -> list[dict[str, object]]:
        until = time.monotonic() + 10
        while len(self.heard) < count and time.monotonic() < until:
            time.sleep(0.05)
        return self.heard


def happen(kind: str, about: str) -> int:
    with write_atomic():
        return record(kind, about).pk


@contextmanager
def listening(client: httpx.Client, topics: str, **headers: str) -> Iterator[Ear]:
    ear = Ear(client, f"/live?topics={topics}", **headers)
    try:
        yield ear
    finally:
        client.close()


def test_it_tells_each_topic_what_belongs_to_it(make_member: Make, browse: Browse) -> None:
    agent = make_member(Role.AGENT)
    with listening(browse(agent), "case:7,inbox") as ear:
        assert ear.status == 200
        happen("case.opened", "case:8")
        happen("source.heard", "source:1")
        number = happen("case.resolved", "case:7")
        heard = ear.wait_for(3)
    assert [(news["kind"], news["topics"]) for news in heard] == [
        ("case.opened", ["inbox"]),
        ("case.resolved", ["case:7"]),
        ("case.resolved", ["inbox"]),
    ]
    assert heard[-1]["id"] == number


def test_it_lets_members_listen_to_their_own_notifications_alone(
    make_member: Make, browse: Browse
) -> None:
    agent, other = make_member(Role.AGENT), make_member(Role.ADMIN)
    topic = f"notifications:{agent.pk}"
    assert browse(other).get("/live", params={"topics": topic}).status_code == 403
    with listening(browse(agent), topic) as ear:
        assert ear.status == 200
        happen("notifications.arrived", f"notifications:{other.pk}")
        happen("notifications.arrived", topic)
        heard = ear.wait_for(1)
    assert [news["topics"] for news in heard] == [[topic]]


def test_it_sends_numbers_and_kinds_alone(make_member: Make, browse: Browse) -> None:
    with listening(browse(make_member(Role.VIEWER)), "overview") as ear:
        with write_atomic():
            record("case.opened", "case:8", words="배터리가 이상해요")
        heard = ear.wait_for(1)
    assert set(heard[0]) == {"id", "kind", "topics"}
    assert "case:8" not in json.dumps(heard)


def test_it_goes_on_where_a_lost_connection_stopped(make_member: Make, browse: Browse) -> None:
    client = browse(make_member(Role.AGENT))
    known = happen("case.opened", "case:1")
    happen("case.resolved", "case:1")
    newest = happen("source.heard", "source:1")
    with listening(client, "inbox,case:1", **{"Last-Event-ID": str(known)}) as ear:
        heard = ear.wait_for(1)
    assert heard[0] == {"id": newest, "kind": None, "topics": ["case:1", "inbox"]}


def test_it_says_nothing_to_who_missed_nothing(make_member: Make, browse: Browse) -> None:
    client = browse(make_member(Role.AGENT))
    happen("case.opened", "case:1")
    with listening(client, f"inbox&after={last()}") as ear:
        number = happen("case.opened", "case:2")
        while number not in {news["id"] for news in ear.heard}:
            assert not ear.over.wait(0.1)
    # news without a kind stand for what was missed
    assert all(news["kind"] or news["id"] == number for news in ear.heard)


@pytest.mark.parametrize(
    ("role", "topics", "status"),
    [
        (None, "inbox", 401),
        (Role.VIEWER, "inbox", 403),
        (Role.VIEWER, "overview,case:1", 403),
        (Role.AGENT, "members", 403),
        (Role.ADMIN, "secrets", 403),
        (Role.ADMIN, "notifications:987654321", 403),
        (Role.ADMIN, "notifications", 403),
        (Role.ADMIN, "case:", 400),
        (Role.ADMIN, "", 400),
        (Role.ADMIN, ",".join(f"case:{number}" for number in range(60)), 400),
    ],
)
def test_it_refuses_whom_the_page_would_refuse(
    role: str | None, topics: str, status: int, make_member: Make, browse: Browse
) -> None:
    member = make_member(role) if role else None
    assert browse(member).get("/live", params={"topics": topics}).status_code == status


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Host", "evil.example"),
    ],
)
def test_it_refuses_pages_of_other_sites(
    name: str, value: str, make_member: Make, browse: Browse
) -> None:
    client = browse(make_member(Role.ADMIN))
    session = f"sori_session={client.cookies['sori_session']}"
    response = client.get("/live?topics=inbox", headers={name: value, "Cookie": session})
    assert response.status_code == 403


def test_it_refuses_a_session_that_was_made_up(browse: Browse) -> None:
    client = browse(None)
    client.cookies.set("sori_session", "a" * 32)
    assert client.get("/live?topics=inbox").status_code == 401


def test_it_refuses_to_be_written_to(make_member: Make, browse: Browse) -> None:
    assert browse(make_member(Role.ADMIN)).post("/live?topics=inbox").status_code == 405


@pytest.mark.parametrize("end", ["signed out", "deactivated", "new password", "lesser role"])
def test_it_hangs_up_when_the_right_to_listen_ends(
    end: str, make_member: Make, browse: Browse, settings: Settings
) -> None:
    settings.LIVE_RECHECK = 1
    boss, member = make_member(Role.ADMIN), make_member(Role.AGENT)
    client = browse(member)
    with listening(client, "inbox") as ear:
        assert ear.status == 200
        assert not ear.over.wait(1.5)
        if end == "signed out":
            from django.contrib.sessions.models import Session

            Session.objects.all().delete()
        elif end == "deactivated":
            services.deactivate(subject=member, member=boss)
        elif end == "new password":
            services.change_password(member=member, password="another one entirely")
        else:
            services.change(
                subject=member, name=member.name, role=Role.VIEWER, department="", member=boss
            )
        assert ear.over.wait(5)
