"""How many questions a notice spared: as a range that holds, or as an honest "nobody can say"."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sori.change.notices.avoiding import HALF_LIFE, Course, Verdict, spared

FLAT = Course(
    before=[2, 2, 30, 28, 27],
    rhythm_before=[1.0] * 5,
    after=[20, 15, 10, 8, 6, 5],
    rhythm_after=[1.0] * 6,
    level=2.0,
    doubt=0.02,
    spread=0.05,
    hours=6.0,
)


def world(dice: np.random.Generator, share: float) -> tuple[Course, int]:
    """An outbreak that fades, and a notice that spares this share of the questions."""
    since, hours, level, spread = 6, 24, 2.0, 0.05
    clock = dice.integers(0, 24) + np.arange(-since, hours)
    rhythm = 1 + 0.6 * np.sin((clock - 9) / 24 * 2 * np.pi)
    half = HALF_LIFE * np.exp(dice.normal(0, 0.75))
    passed = np.arange(since + hours) + 0.5
    fading = 25 * 0.5 ** (np.maximum(passed - 2, 0) / half)
    outbreak = fading * rhythm ** dice.uniform(0, 1)
    asked = dice.poisson((level * rhythm + outbreak) * dice.gamma(10, 0.1, since + hours))
    heard = dice.binomial(asked[since:], 1 - share)
    course = Course(
        before=asked[:since].tolist(),
        rhythm_before=rhythm[:since].tolist(),
        after=heard.tolist(),
        rhythm_after=rhythm[since:].tolist(),
        level=level,
        doubt=0.02,
        spread=spread,
        hours=float(hours),
    )
    return course, int(asked[since:].sum() - heard.sum())


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7])
def test_it_holds_the_truth_about_nine_times_in_ten(share: float):
    dice = np.random.default_rng(11)
    worlds = [world(dice, share) for _ in range(150)]
    told = [(spared(course), true) for course, true in worlds]
    sayable = [(said, true) for said, true in told if said.verdict is Verdict.FOUND]

    held = sum(said.low <= true <= said.high for said, true in sayable) / len(sayable)

    assert len(sayable) > 110
    assert 0.8 <= held <= 0.99


def test_it_seldom_claims_that_a_useless_notice_spared_anything():
    dice = np.random.default_rng(3)
    told = [spared(world(dice, 0.0)[0]) for _ in range(100)]

    assert sum(said.surely for said in told) / len(told) < 0.1


def test_it_says_less_was_spared_the_more_was_asked():
    quiet, loud = spared(FLAT), spared(replace(FLAT, after=[30] * 6))

    assert quiet.verdict is loud.verdict is Verdict.FOUND
    assert quiet.middle > loud.middle
    assert quiet.expected == loud.expected


def test_it_says_when_it_is_too_early():
    assert spared(replace(FLAT, hours=1.5, after=[3, 1])).verdict is Verdict.EARLY


def test_it_cannot_say_when_nothing_was_growing_before():
    calm = spared(replace(FLAT, before=[2, 3, 1, 2, 2]))

    assert calm.verdict is Verdict.NO_COURSE
    assert calm.expected is None
    assert calm.usual == pytest.approx(12.0)


def test_it_cannot_say_where_few_were_to_be_expected():
    night = replace(FLAT, before=[0, 0, 2, 2, 2], level=0.05, rhythm_after=[0.2] * 6)

    assert spared(night).verdict is Verdict.FEW


def test_it_says_the_same_every_time():
    assert spared(FLAT) == spared(FLAT)


@settings(max_examples=40, deadline=None)
@given(
    before=st.lists(st.integers(0, 500), min_size=1, max_size=40),
    after=st.lists(st.integers(0, 500), min_size=1, max_size=90),
    level=st.floats(0.001, 50),
    doubt=st.floats(0, 2),
    spread=st.floats(0, 2),
)
def test_it_never_breaks_and_its_range_is_in_order(
    before: list[int], after: list[int], level: float, doubt: float, spread: float
):
    said = spared(
        Course(
            before, [1.0] * len(before), after, [1.0] * len(after), level, doubt, spread,
            float(len(after)),
        )
    )  # fmt: skip

    assert said.low <= said.middle <= said.high
    assert said.asked == sum(after[:72])
