"""What somebody wrote, cut into pieces that a page can show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sori.respond.prose import Piece, file_name, host_of, pieces, prose


def test_it_finds_links_and_leaves_the_full_stop_out():
    found = pieces("여기(https://a.example/x?b=1). 끝")
    assert found == [
        Piece("words", "여기("),
        Piece("link", "https://a.example/x?b=1", "a.example"),
        Piece("words", "). 끝"),
    ]


def test_it_ends_a_link_where_korean_goes_on():
    assert pieces("https://a.example/x입니다")[0].text == "https://a.example/x"


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "https://good.example@evil.example/", "http://[::1", "ftp://a.b", "x"],
)
def test_it_trusts_no_other_address(address):
    assert host_of(address) == ""


def test_it_names_a_lookalike_host_as_the_network_spells_it():
    assert host_of("https://аpple.com/") == "xn--pple-43d.com"


def test_it_marks_what_was_blotted_out():
    found = pieces("제 번호는 ******-******* 입니다 **굵게**")
    assert [one.text for one in found if one.sort == "blot"] == ["******-*******"]


def test_it_folds_after_some_lines_and_loses_nothing():
    text = "\n".join(f"줄 {number}" for number in range(40))
    cut = prose(text)
    assert "".join(one.text for one in cut.head + cut.rest) == text
    assert 0 < len(cut.head[0].text.split("\n")) <= 10


def test_it_folds_what_was_only_quoted():
    cut = prose("감사합니다.\n\n> 지난 메일\n> 둘째 줄\n")
    assert (cut.head[0].text, cut.quoted) == ("감사합니다.", "> 지난 메일\n> 둘째 줄")
    assert prose("> 전부\n> 인용").quoted == ""


@given(st.text(alphabet=st.sampled_from("가a *•>\n.https://x.kr@\u202e"), max_size=3_000))
def test_it_shows_every_character_that_can_be_seen(text):
    cut = prose(text)
    shown = "".join(one.text for one in cut.head + cut.rest) + cut.quoted
    visible = text.replace("\u202e", "")
    assert "".join(shown.split()) == "".join(visible.split())


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.exe", "a.exe"),
        ("송장\u202egpj.exe", "송장gpj.exe"),
        ('a"b\r\nc.png', "a b c.png"),
        (None, ""),
        ("...", ""),
    ],
)
def test_it_makes_file_names_harmless(given_name, shown):
    assert file_name(given_name) == shown
