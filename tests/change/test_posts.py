"""Posts fit into what each network takes, counted as it counts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sori.change.stories.posting import NETWORKS, drafts, on_bluesky, on_mastodon, on_x, signs

LINK = "https://help.example.kr/changes/ko/%EB%B0%B0%EC%86%A1/"
SAID = st.text(
    st.one_of(
        st.sampled_from("가나다 abc .,👍🏽👨‍👩‍👧🇰🇷é\u0301한\u200d"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=600,
)


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("hello", 5),
        ("안녕", 4),
        ("👍🏽", 2),
        ("👨‍👩‍👧", 2),
        ("🇰🇷", 2),
        ("1️⃣", 2),
        ("cafe\u0301", 4),
        (LINK, 23),
        (f"보기 {LINK}", 28),
    ],
)
def test_it_weighs_as_x_does(text: str, weight: int):
    assert on_x(text) == weight


def test_it_counts_signs_as_people_see_them():
    assert list(signs("e\u0301👨‍👩‍👧🇰🇷🇯🇵각")) == ["é", "👨‍👩‍👧", "🇰🇷", "🇯🇵", "각"]
    assert on_bluesky(f"가 {LINK}") == 2 + len(LINK)
    assert on_mastodon(f"가 {LINK}") == 25


def test_it_takes_as_many_lines_as_fit():
    lines = ["제목", "나" * 120, "다" * 60]
    x, bluesky, mastodon = drafts(lines, LINK)

    assert x.text == f"제목\n\n{LINK}" or lines[1] in x.text
    assert lines[2] not in x.text
    assert lines[2] in mastodon.text
    assert bluesky.text.endswith(LINK)


def test_it_cuts_a_long_title_at_a_word():
    (x, *_) = drafts(["배송이 빨라졌어요 " * 30], LINK)

    assert x.text.endswith(f"빨라졌어요…\n\n{LINK}")
    assert x.size <= 280


@settings(max_examples=120, deadline=None)
@given(st.lists(SAID, max_size=3))
def test_it_never_makes_a_post_too_long(lines: list[str]):
    for one in drafts(lines, LINK):
        assert one.size == one.network.count(one.text) <= one.network.most
        assert one.text.endswith(LINK)
    assert len(NETWORKS) == 3
