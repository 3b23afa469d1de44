"""One hand is told from many voices: copied waves, sprees, mass star days; quiet days are none."""

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from sori.understand.campaigns import campaigns
from sori.understand.copies import Prints

START = datetime(2026, 9, 1, tzinfo=UTC)
EXAMPLES = Path(__file__).parents[2] / "training" / "examples"
REAL = [
    json.loads(line)["text"]
    for path in sorted(EXAMPLES.glob("ko_*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]
WAVE = "이 회사 제품 쓰고 온 가족이 아팠습니다. 다들 절대 사지 마세요. 널리 공유 부탁드립니다"


def post(text, author, at, **more):
    return {"text": text, "author_id": author, "published_at": at, "source": 1} | more


def quiet(seed: int, days: int = 40, each: int = 25, share: float = 0.4) -> list[dict]:
    """Days on which everybody speaks for themselves; some stars, and short texts by chance."""
    dice = random.Random(seed)
    rows = []
    for day in range(days):
        for number in range(round(each * dice.choice([0.7, 0.9, 1, 1.1, 1.3]))):
            at = START + timedelta(days=day, seconds=dice.randrange(86400))
            stars = 5.0 if dice.random() < share else dice.choice([1.0, 2.0, 3.0, 4.0])
            text = (
                dice.choice(["좋아요", "굿", "최고예요", "별로"]) if dice.random() < 0.1 else None
            )
            text = text or dice.choice(REAL) + f" {dice.choice(REAL)[:20]}"
            rows.append(post(text, f"{seed}-{day}-{number}", at, rating=stars))
    return rows


def table(rows: list[dict]) -> pa.Table:
    columns = {
        name: [row.get(name) for row in rows]
        for name in ("text", "author_id", "source", "thread_id", "rating")
    }
    times = pa.array([row["published_at"] for row in rows], pa.timestamp("us", "UTC"))
    ids = [str(number) for number in range(len(rows))]
    return pa.table({"id": ids, "published_at": times} | columns)


def found(rows: list[dict]):
    return campaigns(table(rows))


@pytest.mark.parametrize("seed", range(6))
def test_it_finds_nothing_on_quiet_days(seed):
    assert found(quiet(seed)) == []


def test_it_finds_a_wave_of_copies_with_small_changes():
    at = START + timedelta(days=20)
    changes = ["", "!!", " ㅠㅠ", " 제발요", "...", " #공유", "~", " 부탁"]
    wave = [
        post(WAVE + change, f"puppet{number}", at + timedelta(hours=3 * number))
        for number, change in enumerate(changes)
    ]

    (one,) = found(quiet(1) + wave)

    assert one.why == "copies"
    assert one.carriers == tuple(f"puppet{number}" for number in range(8))
    assert len(one.members) == 8
    assert (one.since, one.until) == (at, at + timedelta(hours=21))


def test_it_tells_two_waves_of_the_same_text_apart():
    waves = [
        post(WAVE, f"{week}-{number}", START + timedelta(days=7 * week, hours=number))
        for week in (1, 3)
        for number in range(5)
    ]

    assert [one.since.day for one in found(waves)] == [8, 22]


def test_it_leaves_three_people_alone_who_quote_the_same():
    quotes = [post(WAVE, f"reader{number}", START + timedelta(hours=number)) for number in range(3)]

    assert found(quiet(2) + quotes) == []


def test_it_finds_one_account_that_posts_the_same_everywhere():
    spree = [
        post("여기보다 좋은 곳이 있어요", "seller", START + timedelta(minutes=n), thread_id=f"t{n}")
        for n in range(5)
    ]

    (one,) = found(quiet(3) + spree)

    assert (one.why, one.carriers, one.places) == ("spree", ("seller",), 5)


def test_it_leaves_an_account_alone_that_repeats_itself_in_one_place():
    again = [
        post("답변 좀 주세요 제발요", "kim", START + timedelta(hours=n), thread_id="t")
        for n in range(5)
    ]

    assert found(again) == []


def test_it_takes_a_short_text_for_a_wave_only_in_a_burst():
    at = START + timedelta(days=10)
    burst = [post("점검 그만해라", f"b{n}", at + timedelta(minutes=n)) for n in range(15)]
    slow = [post("점검 그만해라", f"s{n}", at + timedelta(hours=3 * n)) for n in range(15)]

    assert [one.why for one in found(quiet(4) + burst)] == ["copies"]
    assert found(quiet(4) + slow) == []


@pytest.mark.parametrize("stars", [5, 1])
def test_it_finds_a_day_of_mass_stars(stars):
    day = START + timedelta(days=35)
    bought = [
        post(REAL[n] + " 추천", f"new{n}", day + timedelta(minutes=9 * n), rating=float(stars))
        for n in range(90)
    ]

    (one,) = found(quiet(5) + bought)

    assert (one.why, one.stars, one.since.date()) == ("stars", stars, day.date())
    assert len(one.members) >= 90 > 30 > one.expected


def test_it_takes_a_busy_day_for_a_busy_day():
    dice = random.Random(9)
    day = START + timedelta(days=35)
    busy = [
        post(
            dice.choice(REAL) + f" {n}",
            f"guest{n}",
            day + timedelta(minutes=5 * n),
            rating=5.0 if dice.random() < 0.4 else dice.choice([1.0, 2.0, 3.0, 4.0]),
        )
        for n in range(200)
    ]

    assert found(quiet(6) + busy) == []


def test_it_judges_every_source_by_its_own_habits():
    loved = [
        row | {"source": 2, "author_id": f"l{row['author_id']}"} for row in quiet(7, share=0.95)
    ]

    assert found(quiet(8, share=0.2) + loved) == []


def test_it_finds_in_a_source_of_filled_in_forms_only_what_is_far_denser():
    forms = [
        post(
            f"{REAL[kind]} 라고 신청서에 적어 두었습니다, 확인 부탁드립니다",
            f"f{kind}-{n}",
            START + timedelta(days=kind, hours=6 * n),
        )
        for kind in range(25)
        for n in range(6)
    ]
    wave = [
        post(WAVE, f"w{n}", START + timedelta(days=20, minutes=5 * n), source=1) for n in range(40)
    ]

    assert found(forms) == []
    (one,) = found(forms + wave)
    assert len(one.carriers) == 40


def test_it_finds_the_same_by_prints_that_were_taken_before():
    rows = table(quiet(1) + [post(WAVE, f"p{n}", START + timedelta(hours=n)) for n in range(6)])
    prints = Prints.of(rows.column("text").combine_chunks())
    kept = rows.drop_columns(["text"])
    kept = kept.append_column("fingerprint", pa.array(prints.fingerprints, pa.int64()))
    kept = kept.append_column("sketch", pa.array(prints.sketches.tolist(), pa.list_(pa.int32())))
    kept = kept.append_column("size", pa.array(prints.sizes))

    assert campaigns(kept) == campaigns(rows) != []


def test_it_works_without_authors_ratings_threads_or_rows():
    bare = [post(WAVE, None, START + timedelta(hours=n)) for n in range(6)]
    names = ["id", "text", "published_at"]

    (one,) = campaigns(table(bare).select(names))
    assert (one.why, one.carriers, len(one.members)) == ("copies", (), 6)
    assert campaigns(table(bare).select(names).slice(0, 0)) == []
    assert campaigns(table([post(WAVE, "a", None)])) == []
