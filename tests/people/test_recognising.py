"""What speaks for two people being one, and what against it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sori.people.recognising import Mark, normal, recognise

MAIL = Mark("mail", "kim@example.com", verified=True)
NAMES = (["김하은"], ["김하은"])


@pytest.mark.parametrize(
    ("sort", "typed", "clean"),
    [
        ("mail", " Kim@Example.COM ", "kim@example.com"),
        ("mail", "kim", ""),
        ("mail", "", ""),
        ("mail", "@kim", ""),
        ("phone", "010-1234-5678", "01012345678"),
        ("phone", "+82 10 1234 5678", "01012345678"),
        ("phone", "+82 (0)10-1234-5678", "01012345678"),
        ("phone", "０１０－１２３４－５６７８", "01012345678"),
        ("phone", "12", ""),
        ("number", " a-102\0 ", "A-102"),
        ("handle", "@Minji", "minji"),
        ("handle", "@me", ""),
    ],
)
def test_it_writes_a_mark_in_one_way(sort, typed, clean):
    assert normal(sort, typed) == clean


@given(
    st.sampled_from(["mail", "phone", "number", "handle"]),
    st.text("aZ0 9@+-.(김하은ＡＺ０－＠ \0\t"),
)
def test_what_is_written_in_one_way_stays_so(sort, typed):
    once = normal(sort, typed)

    assert once == "" or normal(sort, once) == once


def test_it_finds_strong_evidence_in_what_both_have_verified():
    found = recognise([MAIL], [MAIL], NAMES)

    assert found.strong
    assert found.against == ()


def test_a_claim_is_no_proof():
    claimed = MAIL._replace(verified=False)

    found = recognise([MAIL], [claimed], NAMES)

    assert [one.sort for one in found.evidence] == ["mail"]
    assert not found.strong


def test_two_verified_ids_of_one_sort_stand_against_it():
    mine = [MAIL, Mark("number", "A-1", verified=True)]
    theirs = [MAIL, Mark("number", "A-2", verified=True)]

    found = recognise(mine, theirs, NAMES)

    assert found.strong
    assert [(one.sort, one.values) for one in found.against] == [("number", ("A-1", "A-2"))]


def test_different_names_stand_against_it_and_the_same_name_proves_nothing():
    different = recognise([MAIL], [MAIL], (["김하은"], ["박도윤"]))
    same = recognise([], [], NAMES)

    assert [one.sort for one in different.against] == ["name"]
    assert same == ((), ())


def test_a_handle_comes_after_what_was_made_sure_of():
    handle = Mark("handle", "minji", verified=False)

    found = recognise([handle, MAIL], [handle, MAIL], NAMES)

    assert [one.sort for one in found.evidence] == ["mail", "handle"]
