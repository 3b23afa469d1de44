"""The orphan check over a whole lake."""

from datetime import timedelta
from typing import Any

import pytest

from desk import batch, letter, now, post, source
from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.respond.receiving import receive
from sori.tracing.checking import check

pytestmark = pytest.mark.django_db

MANY = 10_000


def crowd(place: Any, count: int) -> list[dict[str, Any]]:
    """Letters, angry posts, quiet posts, ideas and rubbish of many people, in two weeks."""
    rows = []
    for number in range(count):
        at = now() - timedelta(minutes=number % 9_000)
        said: dict[str, Any] = {"published_at": at, "heard_at": at + timedelta(seconds=30)}
        who = f"c{number % 4_000}"
        if number % 5 == 0:
            rows.append(letter(place, f"배송 {number}", author_id=f"{who}@x.kr", **said))
        elif number % 5 == 1:
            rows.append(
                post(place, "또 끊겨요", author_id=who, urgency=2, kind="complaint", **said)
            )
        elif number % 5 == 2:
            rows.append(post(place, "밤에도 열어 주세요", author_id=who, kind="idea", **said))
        else:
            rows.append(
                post(place, "잘 쓰고 있어요", author_id=who, kind="praise", answer=False, **said)
            )
    return rows


def fill(lake: Lake, count: int = MANY) -> Any:
    place = source()
    lake.append(batch(*crowd(place, count)), source=place.pk, sequence=1)
    receive(lake)
    return place


def test_it_finds_no_orphan_among_ten_thousand_and_every_one_that_is_made(lake: Lake) -> None:
    import time

    t = time.process_time()
    fill(lake)
    print("fill", time.process_time() - t)
    t = time.process_time()
    found = check(lake, Reader(lake))
    print("check", time.process_time() - t, found.states)
    assert (found.mentions, found.orphans) == (MANY, 0)
