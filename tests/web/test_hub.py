"""The hub: bytes made once, slow listeners dropped, and everything in order."""

import json
from typing import Any

import pytest

from sori.staff.permissions import PERMISSIONS, Permission
from sori.web.hub import ROOM, Hub, Listener
from sori.web.topics import AUDIENCE, COARSE, permission_of, read_topics, topics_of


def event(number: int, kind: str, about: str) -> dict[str, Any]:
    return {"id": number, "kind": kind, "about": about}


def taken(listener: Listener) -> list[bytes]:
    return [listener.waiting.get_nowait() for _ in range(listener.waiting.qsize())]


def test_it_shares_one_bytes_object_among_all_listeners() -> None:
    hub, listeners = Hub(), [Listener(frozenset({"inbox"})) for _ in range(3)]
    for listener in listeners:
        hub.join(listener)
    hub.tell([event(1, "case.opened", "case:1")])
    first, second, third = (taken(listener)[0] for listener in listeners)
    assert first is second is third
    assert first.startswith(b"id: 1\ndata: {")


def test_it_drops_who_is_too_slow_and_nobody_else() -> None:
    hub, slow, fast = Hub(), Listener(frozenset({"inbox"})), Listener(frozenset({"inbox"}))
    hub.join(slow)
    hub.join(fast)
    for number in range(ROOM):
        hub.tell([event(number, "case.opened", "case:1")])
    taken(fast)
    hub.tell([event(ROOM, "case.opened", "case:1")])
    assert slow.dropped
    assert not fast.dropped
    assert len(taken(fast)) == 1
    hub.tell([event(ROOM + 1, "case.opened", "case:1")])
    assert slow.waiting.qsize() == ROOM


def test_it_forgets_topics_nobody_listens_to() -> None:
    hub, listener = Hub(), Listener(frozenset({"case:1", "inbox"}))
    hub.join(listener)
    hub.leave(listener)
    hub.leave(listener)
    hub.tell([event(1, "case.opened", "case:1")])
    assert taken(listener) == []
    assert hub._by_topic == {}


def test_it_names_only_the_topic_that_was_asked_for() -> None:
    hub, listener = Hub(), Listener(frozenset({"overview"}))
    hub.join(listener)
    hub.tell([event(1, "case.opened", "case:1")])
    (said,) = taken(listener)
    assert json.loads(said.split(b"data: ")[1]) == {
        "id": 1,
        "kind": "case.opened",
        "topics": ["overview"],
    }


def test_it_has_an_audience_for_every_topic_there_can_be() -> None:
    nouns = set(COARSE) | {topic for topics in COARSE.values() for topic in topics}
    assert nouns <= set(AUDIENCE)
    assert permission_of("outgoing:1") is None


def test_it_lets_nobody_hear_a_list_who_may_not_hear_its_subjects() -> None:
    for noun, lists in COARSE.items():
        for name in lists:
            may_hear_list = {role for role, may in PERMISSIONS.items() if AUDIENCE[name] in may}
            may_hear_one = {role for role, may in PERMISSIONS.items() if AUDIENCE[noun] in may}
            assert may_hear_list <= may_hear_one


def test_it_tells_figures_to_the_overview() -> None:
    assert topics_of("case.opened", "case:3") == ("case:3", "inbox", "overview")
    assert topics_of("note.written", "case:3") == ("case:3", "inbox")
    assert permission_of("overview") == Permission.READ_OVERVIEW


@pytest.mark.parametrize("text", ["", "Inbox", "case:1;inbox", "case:-1", "case:1,,", "x" * 40])
def test_it_reads_no_odd_topics(text: str) -> None:
    with pytest.raises(ValueError, match="topics look like"):
        read_topics(text)
