"""How Naver is looked through: page by page until nothing is new, within the calls of a day."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from peers.naver import refused
from sori.channels.naver.door import Naver
from sori.errors import ChannelError

NOON_IN_SEOUL = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
TO_MIDNIGHT = 12 * 3600


class Looker:
    """Looks again and again, as a worker would, and keeps the cursor as JSON."""

    def __init__(self, search, listener, **settings):
        self.search = search
        self.listener = listener._replace(now=NOON_IN_SEOUL)
        self.settings = search.settings(**settings)
        self.cursor = None

    def look(self) -> list[str]:
        chosen = Naver.Settings(**self.settings)
        texts = []
        for page in Naver().fetch(chosen, self.cursor, self.listener):
            self.cursor = json.loads(json.dumps(page.cursor))
            texts += page.mentions["text"].to_pylist()
        return texts

    def refused(self) -> ChannelError:
        with pytest.raises(ChannelError) as caught:
            self.look()
        return caught.value

    @property
    def starts(self) -> list[int]:
        starts = [int(told["start"]) for _, told in self.search.asked]
        self.search.asked.clear()
        return starts


@pytest.fixture
def looker(naver_search, listener):
    return lambda **settings: Looker(naver_search, listener, **settings)


def test_it_pages_until_nothing_is_new(naver_search, looker):
    for number in range(35):
        naver_search.blog(f"이어폰 {number}")
    place = looker()
    assert len(place.look()) == 35
    assert place.starts == [1, 11, 21, 31]

    assert place.look() == []
    assert place.starts == [1]

    for number in range(35, 47):
        naver_search.blog(f"이어폰 {number}")
    assert set(place.look()) == {f"이어폰 {number}" for number in range(35, 47)}
    assert place.starts == [1, 11, 21]


def test_it_asks_by_date_and_never_past_a_thousand(naver_search, looker):
    for number in range(1_150):
        naver_search.blog(f"이어폰 {number}")
    place = looker(display=100)

    assert len(place.look()) == 1_000

    assert {told["sort"] for _, told in naver_search.asked} == {"date"}
    assert max(place.starts) == 901
    assert len(json.dumps(place.cursor)) < 3_000


def test_a_post_that_was_deleted_does_not_make_old_ones_new(naver_search, looker):
    for number in range(40):
        naver_search.cafe(f"이어폰 {number}")
    place = looker(blog=False, cafe=True)
    place.look()

    del naver_search.posts["cafearticle"][3:9]

    assert place.look() == []


def test_what_a_place_without_dates_held_before_is_only_noted(naver_search, looker):
    naver_search.cafe("이어폰 옛글")
    naver_search.kin("이어폰 옛 질문")
    naver_search.blog("이어폰 블로그")
    place = looker(cafe=True, kin=True)
    assert place.look() == ["이어폰 블로그"]

    naver_search.cafe("이어폰 새 글")

    assert place.look() == ["이어폰 새 글"]


def test_a_new_word_notes_its_old_posts_too(naver_search, looker):
    naver_search.cafe("충전기 옛글")
    place = looker(blog=False, cafe=True)
    place.look()
    place.settings["words"] = ["이어폰", "충전기"]

    assert place.look() == []
    naver_search.cafe("충전기 새 글")
    assert place.look() == ["충전기 새 글"]

    place.settings["words"] = ["이어폰"]
    place.look()
    assert list(place.cursor["seen"]) == ["cafearticle 이어폰"]


def test_it_goes_on_in_the_middle_of_a_first_look(naver_search, looker, listener):
    for number in range(25):
        naver_search.cafe(f"이어폰 {number}")
    chosen = Naver.Settings(**naver_search.settings(blog=False, cafe=True))
    first = next(Naver().fetch(chosen, None, listener))

    rest = list(Naver().fetch(chosen, first.cursor, listener))

    assert [told["start"] for _, told in naver_search.asked] == ["1", "11", "21"]
    assert sum(page.mentions.num_rows for page in rest) == 0


def test_the_calls_of_a_day_are_never_passed(naver_search, looker):
    naver_search.blog("이어폰")
    place = looker(words=["이어폰", "충전기", "가방"], calls_per_day=7)
    place.look()
    place.look()
    error = place.refused()

    assert len(naver_search.asked) == 7
    assert not error.permanent
    assert error.retry_after == TO_MIDNIGHT
    assert "7" in str(error)
    place.refused()
    assert len(naver_search.asked) == 7

    place.listener = place.listener._replace(now=NOON_IN_SEOUL + timedelta(hours=12))
    naver_search.asked.clear()
    place.look()
    assert [told["query"] for _, told in naver_search.asked] == ["충전기", "가방"]


def test_calls_that_fail_are_counted_too(naver_search, looker):
    place = looker(calls_per_day=3)
    naver_search.refusal = (503, {"Retry-After": "7"}, b"busy")
    for _ in range(5):
        error = place.refused()

    assert len(naver_search.asked) == 3
    assert error.retry_after == TO_MIDNIGHT


def test_the_quota_of_naver_is_waited_for_until_midnight(naver_search, looker):
    naver_search.quota = 1
    place = looker(words=["이어폰", "충전기"])

    error = place.refused()

    assert not error.permanent
    assert error.retry_after == TO_MIDNIGHT
    assert "010" in str(error)


def test_being_too_fast_is_waited_for_a_minute(naver_search, looker):
    naver_search.refusal = refused(429, "012", "Rate limit exceeded (속도 제한을 초과했습니다.)")

    assert looker().refused().retry_after == 60


@pytest.mark.parametrize("seconds", [90, 0])
def test_it_waits_as_long_as_it_is_told(naver_search, looker, seconds):
    naver_search.refusal = refused(429, "010", "x", Retry_After=str(seconds))

    assert looker().refused().retry_after == seconds


def test_it_waits_until_the_moment_it_is_told(naver_search, looker):
    until = datetime.now(UTC) + timedelta(minutes=30)
    said = f"{until:%a, %d %b %Y %H:%M:%S} GMT"
    naver_search.refusal = refused(429, "010", "x", Retry_After=said)

    wait = looker().refused().retry_after

    assert wait is not None
    assert 1_700 < wait <= 1_800


@pytest.mark.parametrize(
    ("answer", "permanent", "said"),
    [
        (refused(401, "024", "Scope Status Invalid"), True, "024"),
        (refused(403, "", "https only"), True, "403"),
        (refused(400, "SE06", "Malformed encoding"), True, "SE06"),
        (refused(404, "SE05", "Invalid search api"), True, "SE05"),
        (
            (401, {}, b"<result><errorCode>024</errorCode></result>"),
            True,
            "024",
        ),
        ((401, {}, b"\xff" * 100), True, "401"),
        (refused(500, "SE99", "System error"), False, "500"),
        ((502, {}, b""), False, "502"),
        ((200, {}, b"<html>"), False, "JSON"),
        ((200, {}, b"[" * 100_000), False, "JSON"),
        ((200, {}, b'{"items": {}, "total": 1}'), False, "results"),
        ((200, {}, b'{"items": []}'), False, "results"),
        ((200, {}, b"[]"), False, "results"),
    ],
)
def test_a_refusal_says_what_to_do(naver_search, looker, answer, permanent, said):
    naver_search.refusal = answer

    error = looker().refused()

    assert error.permanent is permanent
    assert said in str(error)
    assert "hush" not in str(error)
    assert error.retry_after is None


def test_it_rests_between_questions(naver_search, looker, monkeypatch):
    naps: list[float] = []
    monkeypatch.setattr("sori.channels.naver.door.time.sleep", naps.append)

    looker(words=["이어폰", "충전기", "가방"], pause=0.5).look()

    assert naps == [0, 0.5, 0.5]


def test_words_are_sent_as_they_are(naver_search, looker):
    looker(words=["이어폰 -광고 & #5 100%"]).look()

    assert naver_search.asked[0][1]["query"] == "이어폰 -광고 & #5 100%"
