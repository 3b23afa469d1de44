"""Names behind an "@": spaces, Korean particles, the longest first, and what is no name at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sori.respond.mentioning import mentioned, pieces

PEOPLE = [
    (1, "김민수"),
    (2, "김민"),
    (3, "Ann"),
    (4, "Ann Lee"),
    (5, "박 도윤"),
    (6, "김민수"),
    (7, "Jürgen"),
]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("@김민수님께 확인 부탁드려요", [1, 6]),
        ("확인 부탁해요 @김민수", [1, 6]),
        ("@김민 대리", [2]),
        ("@김민이가 압니다", [2]),
        ("@김민팀장님께서는 아세요", [2]),
        ("@김민철님", []),
        ("@ann, please look", [3]),
        ("@Ann Lee please", [4]),
        ("@Ann님이 알아요", [3]),
        ("@Annabelle", []),
        ("@박 도윤님", [5]),
        ("@jürgen?", [7]),
        ("(@김민)", [2]),
        ("고객에게@김민", [2]),
        ("kim@Ann.example", []),
        ("a.@Ann", []),
        ("@@Ann", []),
        ("@", []),
        ("", []),
        ("@Ann @김민 @Ann", [2, 3]),
    ],
)
def test_it_finds_whom_a_note_names(text: str, meant: list[int]):
    assert mentioned(text, PEOPLE) == meant


@given(st.text(alphabet="@김민수님 Annle\n.", max_size=40))
def test_its_pieces_put_together_are_the_text(text: str):
    assert "".join(piece.text for piece in pieces(text, PEOPLE)) == text


def test_it_names_nobody_by_an_empty_name():
    assert mentioned("@ 누구", [(1, ""), (2, " ")]) == []
