"""How like an answer is to those that went to others, and whether it names what was said."""

import pytest

from sori.respond.sameness import ALIKE, likeness

CANNED = "안녕하세요 고객님, 불편을 드려 죄송합니다. 담당 부서에 전달하여 빠르게 처리하겠습니다."
OWN = "하은 님, 배송이 어제 물류센터에서 멈춘 걸 봤고 오늘 오후 3시에 다시 출발합니다. 지켜볼게요."


def share(text: str, *others: str) -> float:
    return likeness(text, said="배송이 안 와요", others=others).share


def test_it_tells_a_canned_answer_however_it_is_spaced_and_numbered():
    assert share(CANNED, CANNED) == 1
    other = CANNED.replace(" ", "  ").replace(".", "!!").replace("고객님", "고객님 12")
    assert share(CANNED, OWN, other) == 1
    assert share(CANNED.replace("담당 부서", "물류팀"), CANNED) > ALIKE


def test_it_leaves_an_answer_of_ones_own_alone():
    assert share(OWN, CANNED) < ALIKE
    assert share(OWN) == 0


def test_a_short_answer_is_like_many_others_and_rightly_so():
    assert share("네, 맞습니다.", "네, 맞습니다.") == 0
    assert share("", "") == 0


@pytest.mark.parametrize(
    ("text", "said", "named"),
    [
        (OWN, "배송이 일주일째 안 와요", True),
        (CANNED, "배송이 일주일째 안 와요", False),
        (CANNED, "ㅠㅠ", True),
        ("We refund it today.", "Where is my REFUND?", True),
        ("We are sorry.", "Where is my refund?", False),
    ],
)
def test_it_looks_for_the_customers_own_words(text, said, named):
    assert likeness(text, said=said, others=()).point is named
