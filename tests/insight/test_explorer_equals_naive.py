"""What the explorer counts in the lake is what one finds by looking at one voice after another."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer import NOW, moment, picked, remember, said
from sori import mention
from sori.insight.explore import panels, stream
from sori.insight.explore.look import Look
from sori.insight.explore.selection import UNKNOWN, Selection
from sori.insight.explore.volume import volume
from sori.lake.query import Reader
from sori.lake.store import Lake

ROWS = 400
WORDS = ("환불", "배송", "iPhone", "안 와요", "100%", "a.b*c", "\\d", "😀", "ＡＰＰ")
SEOUL = ZoneInfo("Asia/Seoul")

Rows = list[dict[str, Any]]


class Heard:
    """A lake and what is in it; no dataclass, whose rows would be printed with every failure."""

    def __init__(self, reader: Reader, rows: Rows) -> None:
        self.reader, self.rows = reader, rows


def some(dice: random.Random, values: Any, least: int = 0) -> Any:
    return dice.sample(values, dice.randint(least, min(2, len(values))))


def random_voice(dice: random.Random) -> dict[str, Any]:
    """A voice of the last 200 days with some marks, some of them unknown."""
    days = dice.choice([dice.uniform(0, 3), dice.uniform(0, 40), dice.uniform(0, 200)])
    text = " ".join(dice.sample([*WORDS, "iphone", "IPHONE", "그냥", "말"], dice.randint(1, 4)))
    row = said(
        text,
        days,
        source=dice.choice([1, 2, 3]),
        channel=dice.choice(["rss", "email", "files"]),
        author_id=dice.choice(["kim", "lee", "park", None]),
        author_name=dice.choice(["kim", "김하은", None]),
        title=dice.choice([None, "환불 문의", "Re: iPhone"]),
        followers=dice.choice([None, 0, 10, 999, 5000]),
        queries=some(dice, [1, 2, 3]),
        topics=dice.choice([None, some(dice, ["요금", "배송", "앱"])]),
        theme=dice.choice([None, 1, 2, 77]),
        lang=dice.choice(["ko", "en", None]),
        kind=dice.choice([*mention.KINDS, None]),
        kind_confidence=dice.choice([0.4, 0.6, 0.9, None]),
        sentiment=dice.choice([*mention.SENTIMENTS, None]),
        urgency=dice.choice([0, 1, 2, None]),
        **{name: dice.choice([True, False, None]) for name in ("answer", "abuse", "irony", "spam")},
    )
    if dice.random() < 0.1:
        row["published_at"] = None
    return row


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Heard:
    """A lake of some hundred voices, and the same as rows."""
    folder: Path = tmp_path_factory.mktemp("lake")
    lake, dice = Lake(str(folder)), random.Random(11)
    rows = remember(lake, (random_voice(dice) for _ in range(ROWS)))
    lake.compact((NOW - timedelta(days=1)).date())
    return Heard(Reader(lake), rows)


def tuples(*values: Any, most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(values), max_size=most, unique=True).map(tuple)


YES_NO = st.sampled_from([None, True, False])
TIMES = st.one_of(
    st.sampled_from([{"days": days} for days in (7, 30, 90, None)]),
    st.builds(
        lambda last, length: {
            "days": None,
            "since": NOW.date() - timedelta(days=last + length),
            "until": NOW.date() - timedelta(days=last),
        },
        st.integers(-1, 150),
        st.integers(0, 60),
    ),
    st.just({"days": None, "until": date(2026, 10, 1)}),
)
SELECTIONS = st.builds(
    lambda times, **fields: replace(Selection(**fields), **times),
    TIMES,
    rules=tuples(1, 2, 9),
    channels=tuples("rss", "email", "x"),
    sources=tuples(1, 3),
    kinds=tuples(*mention.KINDS, UNKNOWN, most=4),
    sentiments=tuples(*mention.SENTIMENTS, UNKNOWN),
    urgencies=tuples("0", "2", UNKNOWN),
    topics=tuples("요금", "앱", "없음"),
    themes=tuples(1, 77),
    languages=tuples("ko", "en", UNKNOWN),
    authors=tuples("kim", "김하은"),
    words=tuples(*WORDS),
    followers=st.sampled_from([None, 0, 10, 1000]),
    answer=YES_NO,
    abuse=YES_NO,
    irony=YES_NO,
    spam=YES_NO,
    doubt=st.sampled_from([None, 0.0, 0.6, 0.95]),
    order=st.sampled_from(["newest", "reach"]),
)
FEW = st.builds(
    lambda times, **fields: replace(Selection(**fields), **times),
    TIMES,
    kinds=tuples(*mention.KINDS, UNKNOWN),
    words=tuples(*WORDS, most=1),
    topics=tuples("요금", "앱"),
)
ANY = SELECTIONS | FEW
CHECKED = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def look(reader: Reader, selection: Selection) -> Look:
    return Look(reader, selection, NOW, SEOUL)


def naive(rows: Rows, seen: Look) -> Rows:
    return [row for row in rows if picked(row, seen.selection, seen.span)]


def naive_before(rows: Rows, seen: Look) -> Rows:
    """What the same filters pick in the time before."""
    if seen.past is None:
        return []
    begin, end = seen.past
    earlier = replace(seen.span, begin=begin, end=end)
    return [row for row in rows if picked(row, seen.selection, earlier)]


@CHECKED
@given(selection=ANY)
def test_it_lists_exactly_what_is_picked(heard: Heard, selection: Selection):
    seen, rows = look(heard.reader, selection), heard.rows
    listed: Rows = []
    place: stream.Place | None = None
    while True:
        page = stream.page(seen, place)
        listed += page.mentions
        if page.next is None:
            break
        place = stream.place_of(str(page.next))

    def rank(row: dict[str, Any]) -> tuple[Any, str]:
        reach = -1 if row["followers"] is None else row["followers"]
        return (reach if selection.order == "reach" else moment(row), row["id"])

    expected = sorted(naive(rows, seen), key=rank, reverse=True)
    assert [row["id"] for row in listed] == [row["id"] for row in expected]


@CHECKED
@given(selection=ANY)
def test_it_counts_every_voice_in_its_bar(heard: Heard, selection: Selection):
    seen, rows = look(heard.reader, selection), heard.rows
    counted = volume(seen)
    expected, before = naive(rows, seen), naive_before(rows, seen)

    assert counted.voices == len(expected)
    assert counted.before == (len(before) if seen.past else None)
    for bar in counted.bars:
        inside = [
            row for row in expected
            if bar.start <= moment(row).astimezone(SEOUL).replace(tzinfo=None) < bar.end
        ]  # fmt: skip
        assert bar.kinds == Counter(row["kind"] or UNKNOWN for row in inside)
    for one, following in zip(counted.bars, counted.bars[1:], strict=False):
        assert one.end == following.start


@CHECKED
@given(selection=ANY)
def test_it_counts_themes_topics_channels_rules_and_authors(heard: Heard, selection: Selection):
    seen, rows = look(heard.reader, selection), heard.rows
    now, before = naive(rows, seen), naive_before(rows, seen)

    for panel, values in (
        ("themes", lambda row: [row["theme"]] if row["theme"] is not None else []),
        ("topics", lambda row: row["topics"] or []),
        ("channels", lambda row: [row["channel"]]),
        ("rules", lambda row: row["queries"] or []),
    ):
        counted = Counter(value for row in now for value in values(row))
        then = Counter(value for row in before for value in values(row))
        found, sample = panels.top(seen, panel)
        assert sample.whole
        assert {row.value: row.now for row in found} == dict(counted)
        assert [row.now for row in found] == sorted(counted.values(), reverse=True)
        assert all(row.before == (then[row.value] if seen.past else None) for row in found)

    people = Counter((row["channel"], row["author_id"]) for row in now if row["author_id"])
    authors, _ = panels.authors(seen)
    assert {(one.channel, one.value): one.now for one in authors} == dict(people)


@CHECKED
@given(selection=ANY)
def test_it_takes_home_exactly_what_is_picked(heard: Heard, selection: Selection):
    from sori.insight.explore.export import exported

    seen, rows = look(heard.reader, selection), heard.rows
    ids = exported(seen, "salt").rows.column("id").to_pylist()

    expected = sorted(naive(rows, seen), key=lambda row: (moment(row), row["id"]), reverse=True)
    assert ids == [row["id"] for row in expected]
