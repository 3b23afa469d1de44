"""Themes from run to run: numbers stay, people's names win, splits and mergers are told."""

import numpy as np

from sori.understand.lineage import match_previous, rename
from sori.understand.themes import Change, Theme, Themes


def run(*groups: str, centres: list[list[float]] | None = None) -> Themes:
    """A run whose themes have these letters as keys of members; centres far from one another."""
    made = tuple(
        Theme(
            id=at + 1,
            name=f"found {group}",
            phrases=(),
            central="",
            voices=len(group),
            people=len(group),
            members=frozenset(group),
        )
        for at, group in enumerate(groups)
    )
    lying = np.eye(len(groups), 8) if centres is None else np.array(centres)
    lying = lying.astype(np.float32).reshape(len(groups), 8 if centres is None else -1)
    return Themes("fast", made, lying, np.zeros(0, np.int64), len(made) + 1)


def far(*groups: str) -> Themes:
    """A later run whose centres are near none of the earlier ones."""
    return run(*groups, centres=np.eye(8)[::-1][: len(groups)].tolist())


def numbers(themes: Themes) -> dict[str, int]:
    return {"".join(sorted(theme.members)): theme.id for theme in themes.themes}


def test_it_keeps_the_number_of_a_theme_that_is_found_again():
    before = run("abcd", "efg")

    after = match_previous(before, far("efgh", "abc"))

    assert numbers(after) == {"efgh": 2, "abc": 1}
    assert after.changes == ()


def test_it_gives_a_new_theme_a_number_nobody_had():
    before = run("abcd", "efg")
    later = match_previous(before, far("abcd", "xyz"))
    again = match_previous(later, run("abcd", "uvw"))

    assert numbers(later) == {"abcd": 1, "xyz": 3}
    assert later.changes == (Change("new", (), (3,)), Change("gone", (2,), ()))
    assert numbers(again) == {"abcd": 1, "uvw": 4}


def test_it_lets_the_name_win_that_people_gave():
    before = rename(run("abcd", "efg"), 1, "로그인 장애")

    after = match_previous(match_previous(before, far("abce", "xyz")), far("abcf", "xyz"))

    (first, _) = after.themes
    assert (first.id, first.name, first.named) == (1, "로그인 장애", True)


def test_it_takes_the_new_name_where_nobody_gave_one():
    after = match_previous(run("abcd"), far("abce"))

    assert after.themes[0].name == "found abce"


def test_it_tells_of_a_split_and_the_larger_part_keeps_the_number():
    after = match_previous(run("abcdefg"), far("abcd", "efg"))

    assert numbers(after) == {"abcd": 1, "efg": 2}
    assert Change("split", (1,), (1, 2)) in after.changes


def test_it_tells_of_a_merger_and_the_larger_one_lives_on():
    after = match_previous(run("abcd", "efg"), far("abcdefg"))

    assert numbers(after) == {"abcdefg": 1}
    assert Change("merged", (1, 2), (1,)) in after.changes


def test_it_knows_a_theme_by_its_centre_when_no_text_is_left():
    before = run("abcd", "efg", centres=[[1, 0], [0, 1]])

    after = match_previous(before, run("xyz", "uvw", centres=[[0.1, 0.99], [-1, 0]]))

    assert numbers(after) == {"xyz": 2, "uvw": 3}


def test_it_gives_one_number_to_one_theme_only():
    before = run("ab", centres=[[1, 0]])

    after = match_previous(before, run("xy", "zw", centres=[[1, 0], [0.99, 0.1]]))

    assert sorted(numbers(after).values()) == [1, 2]


def test_it_starts_from_nothing():
    after = match_previous(run(), run("ab", "cd"))

    assert numbers(after) == {"ab": 1, "cd": 2}
    assert {change.what for change in after.changes} == {"new"}
