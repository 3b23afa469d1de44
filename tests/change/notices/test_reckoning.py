"""What was asked around a notice is counted from the lake, and told on its page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from crowd import say, voice
from desk import signed_in
from sori.change.models import Surge
from sori.change.notices import reckoning
from sori.change.notices.avoiding import Verdict
from sori.change.notices.models import Notice
from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.staff.models import Member

Told = Callable[..., Notice]
HOUR = timedelta(hours=1)


def asked(hours_ago: float, count: int, **row: object) -> list[dict[str, Any]]:
    """So many people ask within the same hour."""
    at = timezone.now() - hours_ago * HOUR
    usual: dict[str, Any] = {"queries": [7], "kind": "question", "published_at": at}
    return [voice(f"로그인 {number}", **(usual | row)) for number in range(count)]


def outbreak(lake: Lake, after: list[int]) -> None:
    """A quiet month, then an outbreak six hours ago that a notice meets after three hours."""
    rows = [row for day in range(2, 30) for row in asked(day * 24 + day % 24, 1)]
    counts = ((5.5, 30), (4.5, 28), (3.5, 26), *zip((2.5, 1.5, 0.5), after, strict=True))
    say(lake, *rows, *(row for hours, count in counts for row in asked(hours, count)))


def shown(notice: Notice, hours_ago: float) -> Notice:
    Notice.objects.filter(pk=notice.pk).update(shown_from=timezone.now() - hours_ago * HOUR)
    return Notice.objects.select_related("surge").get(pk=notice.pk)


def test_it_tells_how_many_questions_a_notice_spared(lake: Lake, told: Told, surge: Surge):
    outbreak(lake, [3, 1, 0])
    notice = shown(told(sort="query", key="7", surge=surge), 3)

    found = reckoning.reckon(Reader(lake), notice, timezone.now())

    assert found
    assert found.spared.verdict is Verdict.FOUND
    assert found.spared.surely
    assert found.spared.asked == 4
    assert sum(found.before[-3:]) == 84
    assert 20 < found.spared.middle < 84


def test_it_does_not_praise_a_notice_that_changed_nothing(lake: Lake, told: Told, surge: Surge):
    outbreak(lake, [25, 22, 20])
    notice = shown(told(sort="query", key="7", surge=surge), 3)

    found = reckoning.reckon(Reader(lake), notice, timezone.now())

    assert found
    assert not found.spared.surely


def test_it_counts_no_praise_no_others_and_nobody_twice(lake: Lake, told: Told, surge: Surge):
    notice = shown(told(sort="query", key="7", surge=surge), 3)
    rows = asked(1, 2) + asked(1, 3, kind="praise") + asked(1, 4, queries=[8])
    at = timezone.now() - HOUR
    same: dict[str, Any] = {
        "author_id": "kim",
        "queries": [7],
        "kind": "complaint",
        "published_at": at,
    }
    say(lake, *rows, voice("또 안 돼요", **same), voice("또 안 돼요", **same))

    found = reckoning.reckon(Reader(lake), notice, timezone.now())

    assert found
    assert found.spared.asked == 3


def test_it_stops_counting_when_the_notice_ends(lake: Lake, told: Told, surge: Surge):
    notice = shown(told(sort="query", key="7", surge=surge), 5)
    say(lake, *asked(4, 2), *asked(1, 2))
    notice.ended_at = timezone.now() - 3.1 * HOUR

    found = reckoning.reckon(Reader(lake), notice, timezone.now())

    assert found
    assert (found.spared.asked, len(found.after)) == (2, 2)


def test_it_says_so_on_the_page(lake: Lake, told: Told, surge: Surge, agent: Member):
    outbreak(lake, [3, 1, 0])
    notice = shown(told(sort="query", key="7", surge=surge), 3)
    nothing = told()
    browser = signed_in(agent)

    page = browser.get(f"/notices/{notice.pk}/spared/").content.decode()
    assert "questions spared, more or less" in page
    assert "<polyline" in page
    page = browser.get(f"/notices/{nothing.pk}/spared/").content.decode()
    assert "nobody can say" in page
