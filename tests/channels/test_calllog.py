"""Notes of calls and visits: one mention each, its time, its thread, and what came of it."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from sori.channels.calllog import Calllog, CalllogSettings
from sori.channels.contract import Delivery, Listener

AT = datetime(2026, 11, 23, 11, tzinfo=UTC)
LISTENER = Listener(4, AT + timedelta(seconds=3))
BODY = {
    "text": "환불이 안 됐대요",
    "author": "01012345678",
    "name": "김하은",
    "phone": "01012345678",
}


def read(**body: object):  # type: ignore[no-untyped-def]
    deliveries = [Delivery("k1", BODY | body, AT)]
    page = Calllog().read(CalllogSettings(), deliveries, LISTENER)
    return page.mentions.to_pylist(), page.broken


def test_it_is_said_to_us_in_private_and_answered_elsewhere():
    [row], broken = read(answered="내일 전화드리기로", member=7, seconds=180)

    assert not broken
    assert (row["external_id"], row["thread_id"]) == ("4:k1", "4:k1")
    assert (row["addressed"], row["public"], row["reply_mode"]) == (True, False, "none")
    assert (row["author_id"], row["author_name"]) == ("01012345678", "김하은")
    extra = json.loads(row["extra"])
    assert extra == {"phone": "01012345678", "way": "phone", "direction": "in", "seconds": 180,
                     "answered": "내일 전화드리기로", "member": 7}  # fmt: skip


def test_it_was_said_when_it_was_said():
    [row], _ = read(at="2026-11-23T10:40:00+09:00")

    assert row["published_at"] == datetime(2026, 11, 23, 1, 40, tzinfo=UTC)


@pytest.mark.parametrize("at", [None, "2026-11-23T12:00:00+00:00"])
def test_it_was_said_when_it_came_where_the_time_is_missing_or_still_to_come(at: str | None):
    [row], _ = read(at=at)

    assert row["published_at"] == AT


def test_notes_of_one_call_are_one_thread():
    [first], _ = read(call="c-9")

    assert (first["external_id"], first["thread_id"]) == ("4:k1", "4:call:c-9")


def test_a_caller_who_hides_their_number_is_nobody():
    [row], _ = read(author="", name="")

    assert row["author_id"] is None


@pytest.mark.parametrize("body", [{"text": " "}, {"at": "yesterday"}, {"seconds": -1}])
def test_what_cannot_be_read_is_broken(body: dict[str, object]):
    rows, [broken] = read(**body)

    assert rows == []
    assert broken.reason
    assert broken.external_id == "4:k1"


def test_extensions_are_pairs():
    settings = CalllogSettings(extensions=["101 = Kim@Example.com"])

    assert settings.by_extension == {"101": "kim@example.com"}
    with pytest.raises(ValueError, match="101="):
        CalllogSettings(extensions=["101"])
