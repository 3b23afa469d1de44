"""A theme's weight: every word bounded, growing only with what speaks for it, and explained."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sori.change.weighing import DEFAULT, EFFORTS, WORDS, Facts, Weights, most, total, weigh

# a busy machine is no error
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
COUNTS = st.integers(0, 10**7)
POINTS = st.integers(0, 40)


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    """Figures as a run may count them."""
    voices = draw(COUNTS)
    judged = draw(st.integers(0, voices))
    last = draw(st.integers(0, voices))
    return Facts(
        voices=voices,
        people=draw(st.integers(0, voices)),
        last=last,
        before=voices - last,
        judged=judged,
        negative=draw(st.integers(0, judged)),
        urgent=draw(st.integers(0, voices)),
        reach=draw(COUNTS),
        worth=draw(COUNTS),
        effort=draw(st.sampled_from(EFFORTS)),
    )


WEIGHTS = st.builds(
    Weights,
    **dict.fromkeys(WORDS, POINTS),
    **{one.name: st.integers(1, 10**9) for one in fields(Weights) if one.name not in WORDS},
)


def points(known: Facts, word: str, weights: Weights = DEFAULT) -> float:
    return next(part.points for part in weigh(known, weights).parts if part.word == word)


@calm
@given(facts(), WEIGHTS)
def test_it_gives_no_word_more_than_the_company_does(known: Facts, weights: Weights):
    weight = weigh(known, weights)

    assert [part.word for part in weight.parts] == list(WORDS)
    for part in weight.parts:
        assert 0 <= part.share <= 1
        assert part.most == getattr(weights, part.word)
        assert abs(part.points) == pytest.approx(part.share * part.most)
        assert (part.points <= 0) == (part.word == "effort" or part.points == 0)
    assert weight.points == pytest.approx(sum(part.points for part in weight.parts))
    assert total(known, weights) == pytest.approx(weight.points)
    assert -weights.effort <= weight.points <= most(weights)


MORE: list[tuple[str, dict[str, int]]] = [
    ("volume", {"voices": 1}),
    ("people", {"people": 1}),
    ("growth", {"last": 1}),
    ("mood", {"judged": 1, "negative": 1}),
    ("urgency", {"urgent": 1}),
    ("reach", {"reach": 1}),
    ("value", {"worth": 1}),
]


@pytest.mark.parametrize(("word", "more"), MORE)
@calm
@given(known=facts(), weights=WEIGHTS, times=st.integers(1, 1000))
def test_it_weighs_more_when_more_speaks_for_it(
    word: str, more: dict[str, int], known: Facts, weights: Weights, times: int
):
    grown: Any = {name: getattr(known, name) + times * one for name, one in more.items()}
    after = known._replace(**grown)

    assert points(after, word, weights) >= points(known, word, weights) - 1e-9
    others = [part for part in weigh(known, weights).parts if part.word not in {word, "urgency"}]
    assert [part for part in weigh(after, weights).parts if part in others] == others


@calm
@given(facts(), st.integers(1, 1000))
def test_it_grows_less_when_there_was_more_before(known: Facts, times: int):
    assert points(known._replace(before=known.before + times), "growth") <= points(known, "growth")


@calm
@given(facts(), WEIGHTS)
def test_it_takes_more_away_the_more_work_it_would_be(known: Facts, weights: Weights):
    order = ("large", "medium", "small")
    taken = [points(known._replace(effort=effort), "effort", weights) for effort in order]

    assert taken == sorted(taken)
    assert points(known._replace(effort=""), "effort", weights) == 0


@calm
@given(facts(), WEIGHTS, st.sampled_from(WORDS))
def test_it_follows_the_points_that_are_given(known: Facts, weights: Weights, word: str):
    nothing, twice = (
        replace(weights, **{word: times * getattr(weights, word)}) for times in (0, 2)
    )

    assert points(known, word, nothing) == 0
    assert points(known, word, twice) == pytest.approx(2 * points(known, word, weights))


def test_it_gives_nothing_for_growth_that_chance_explains():
    assert points(Facts(last=3, before=1), "growth") == 0
    assert points(Facts(last=110, before=100), "growth") == 0
    assert 0 < points(Facts(last=40, before=10), "growth") < DEFAULT.growth
    assert points(Facts(last=200, before=10), "growth") == DEFAULT.growth


def test_it_believes_one_angry_voice_less_than_many():
    one, many = Facts(judged=1, negative=1), Facts(judged=100, negative=100)

    assert points(one, "mood") < points(many, "mood") / 4


def test_it_tells_the_strongest_reasons_first():
    weight = weigh(Facts(voices=500, people=2, worth=50_000_000), DEFAULT)

    assert [part.word for part in weight.reasons] == ["volume", "value", "people"]
    assert weigh(Facts(), DEFAULT).reasons == []
