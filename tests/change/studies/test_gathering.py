"""What a study adds up: people once a topic, sentences that stand for many, honest differences."""

from itertools import count
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sori.change.studies.comparing import differences, gaps, nobodys
from sori.change.studies.gathering import Gathering
from sori.change.studies.typical import Candidate, typical

numbers = count()


def row(text: str = "배송이 늦어요", kind: str | None = "complaint", **more: Any) -> dict[str, Any]:
    number = next(numbers)
    unit = {"kind": kind, "topic": "delivery", "begin": 0, "end": len(text)}
    usual = {
        "id": f"m{number}", "channel": "blog", "author_id": f"a{number}", "public": True,
        "text": text, "day": "2026-11-20", "kind": kind, "topics": ["delivery"], "units": [unit],
        "theme": None,
    }  # fmt: skip
    return usual | more


def found(*rows: dict[str, Any], answered: set[str] = frozenset()) -> dict[str, Any]:  # type: ignore[assignment]
    side = Gathering()
    side.add(rows)
    return side.found(answered)


def need(people: int, topic: str = "delivery", **more: Any) -> dict[str, Any]:
    usual = {
        "topic": topic, "people": people, "kinds": {"complaint": people}, "asking": people,
        "asked": people, "answered": people, "quotes": [],
    }  # fmt: skip
    return usual | more


def test_it_counts_each_person_once_a_topic():
    told = found(row(author_id="kim"), row(author_id="kim"), row(author_id="lee"))

    assert (told["voices"], told["people"]) == (3, 2)
    assert told["needs"][0]["people"] == 2
    assert told["needs"][0]["opinions"] == 3


def test_it_takes_whoever_has_no_name_for_somebody_new():
    assert found(row(author_id=None), row(author_id=None))["people"] == 2


def test_it_counts_every_opinion_of_a_voice():
    units = [
        {"kind": "praise", "topic": "food", "begin": 0, "end": 6},
        {"kind": "complaint", "topic": "price", "begin": 7, "end": 14},
    ]
    told = found(row("맛은 좋은데 가격이 비싸요", units=units))

    assert {one["topic"]: one["kinds"] for one in told["needs"]} == {
        "food": {"praise": 1},
        "price": {"complaint": 1},
    }


def test_it_keeps_no_words_only_where_they_stand():
    told = found(*(row(f"배송이 너무 늦어요 {at}") for at in range(9)), row("비밀", public=False))

    assert "배송이" not in str(told)
    quotes = told["needs"][0]["quotes"]
    assert 1 <= len(quotes) <= 6
    assert all(quote["public"] for quote in quotes)


def test_it_knows_what_was_answered():
    asked = [row(), row(), row(kind="praise")]
    side = Gathering()
    side.add(asked)

    assert side.asked() == {asked[0]["id"], asked[1]["id"]}
    told = side.found({asked[0]["id"], asked[2]["id"]})["needs"][0]
    assert (told["asked"], told["answered"]) == (2, 1)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["complaint", "praise", None]),
            st.sampled_from("ab"),
            st.sampled_from(["kim", "lee", None]),
        ),
        max_size=30,
    ),
    st.integers(0, 30),
)
def test_it_comes_to_the_same_in_any_pieces(said: list[Any], cut: int):
    rows = [
        row(kind=kind, author_id=who, units=[], topics=[topic], id=f"x{at}")
        for at, (kind, topic, who) in enumerate(said)
    ]
    whole, parts = Gathering(), Gathering()
    whole.add(rows)
    parts.add(rows[:cut])
    parts.add(rows[cut:])

    assert whole.found(set()) == parts.found(set())
    assert whole.found(set())["voices"] == len(rows)


def test_it_chooses_sentences_that_stand_for_many_and_are_not_alike():
    words = ["배송이 너무 늦어요"] * 5 + ["배송 기사님이 늦어요 정말"] * 4 + ["ㅋ", "달나라 여행"]
    chosen = typical(
        [Candidate(f"m{at}", 0, 9, "complaint", at, text) for at, text in enumerate(words)], 2
    )

    assert [one.words for one in chosen] == ["배송이 너무 늦어요", "배송 기사님이 늦어요 정말"]


def test_it_lets_nobody_speak_twice():
    one, two = (Candidate(name, 0, 4, "idea", 1, words) for name, words in
                (("a", "가격을 내려 주세요"), ("b", "화면을 크게 해 주세요")))  # fmt: skip

    assert len(typical([one, two], 3)) == 1


def test_it_finds_topics_that_are_asked_for_and_left_alone():
    needs = [
        need(20, "left", answered=2),
        need(20, "cared", kinds={"complaint": 16, "praise": 9}),
        need(4, "few", answered=0),
        need(30, "", answered=0),
    ]

    (gap,) = gaps(needs, answers=True)
    assert (gap.topic, gap.unloved) == ("left", True)
    assert gap.unanswered == 0.9
    assert [one.unanswered for one in gaps(needs, answers=False)] == [None]


def test_it_finds_themes_that_are_nobodys_task():
    assert nobodys([[1, 9], [2, 8], [3, 2]], {1}) == [(2, 8)]


def test_it_marks_no_difference_that_chance_explains():
    ours = {"people": 100, "needs": [need(30), need(10, "price")]}
    theirs = {"people": 100, "needs": [need(10), need(11, "price"), need(3, "rare")]}

    rows = {one.topic: one for one in differences(ours, theirs)}
    assert rows["delivery"].more == "ours"
    assert rows["price"].more == ""
    assert (rows["rare"].ours, rows["rare"].more) == (0, "")
    assert differences({"people": 0, "needs": []}, theirs)[0].more == ""
