"""A company's own words are learned from corrections, and people always have the last word."""

from dataclasses import replace

from sori.understand.topiclearning import Correction, learn
from sori.understand.topictree import Tree

TREE = Tree.parse(
    """
[app]
ko = "앱"
[app.ads]
ko = "광고"
phrases = ["광고"]
[network]
ko = "통신"
[network.box]
ko = "공유기"
phrases = ["공유기"]
"""
)
BOX = [
    "별빛박스가 자꾸 꺼져요",
    "별빛박스를 새로 받았어요",
    "어제부터 별빛박스 불이 빨개요",
    "별빛박스는 어디에 두나요",
]
REST = [
    "배송이 자꾸 늦어요",
    "어제부터 기다려요",
    "새로 나온 거 좋아요",
    "불이 꺼졌어요",
    "어디에 있나요",
]


def corrections(texts=BOX, topic="network.box"):
    others = [Correction(text, ("app.ads",)) for text in ("광고 싫어요", "광고 좀 빼 주세요")]
    return [Correction(text, (topic,)) for text in texts] + others


def learned(tree):
    return {topic.slug: topic.learned for topic in tree.topics if topic.learned}


def test_it_learns_what_is_typical_for_the_mentions_that_were_missed():
    assert learned(learn(TREE, corrections(), REST)) == {"network.box": ("별빛박스",)}


def test_it_changes_nothing_that_people_wrote():
    after = learn(TREE, corrections(), REST)

    assert Tree(tuple(replace(topic, learned=()) for topic in after.topics)) == TREE


def test_it_learns_the_same_again_from_the_same_corrections():
    once = learn(TREE, corrections(), REST)

    assert learn(once, corrections(), REST) == once
    assert learned(learn(once, [], REST)) == {}


def test_it_never_learns_what_stands_under_not_or_belongs_to_another_topic():
    box = next(topic for topic in TREE.topics if topic.slug == "network.box")
    unwanted = replace(box, unless=("별빛박스",))
    others = replace(TREE.topics[1], phrases=("광고", "별빛박스"))

    for changed in (unwanted, others):
        edited = [changed if topic.slug == changed.slug else topic for topic in TREE.topics]
        assert learned(learn(Tree(tuple(edited)), corrections(), REST)) == {}


def test_it_learns_nothing_from_one_or_two_or_from_copies():
    assert learned(learn(TREE, corrections(BOX[:2]), REST)) == {}
    assert learned(learn(TREE, corrections(BOX[:1] * 9), REST)) == {}


def test_it_learns_no_word_that_everybody_uses():
    common = [f"{text} 정말 짜증 나는 화면" for text in ("이거", "그거", "저거", "요거")]
    rest = [f"짜증 나는 화면 {number}번째" for number in range(20)]

    assert learned(learn(TREE, corrections(common), rest)) == {}


def test_it_learns_nothing_new_where_the_tree_knows_already():
    known = [
        "공유기 별빛박스 꺼짐",
        "공유기 별빛박스 느림",
        "별빛박스 공유기 교체",
        "별빛박스 공유기 색",
    ]

    assert learned(learn(TREE, corrections(known), REST)) == {}
