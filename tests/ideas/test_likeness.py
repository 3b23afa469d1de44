"""Is it one of these? What means the same is found; what is only asked in the same words is not."""

import pytest

from sori.change.ideas import likeness, moderating, services
from sori.change.ideas.cleaning import bare
from sori.change.ideas.following import status_of
from sori.change.ideas.models import Idea
from sori.understand import embedding


@pytest.fixture(params=["fast", "deep"])
def tier(request, monkeypatch) -> str:
    if request.param == "deep" and not embedding.deep_is_here():
        pytest.skip("the deep tier is not installed")
    monkeypatch.setattr(likeness, "embedder", lambda _tier: embedding.embedder(request.param))
    return request.param


@pytest.mark.parametrize(
    ("title", "rest"),
    [
        ("앱에 어두운 화면을 넣어 주세요!", "앱에 어두운 화면을 넣어"),
        ("데이터를 나눌 수 있게 해주세요", "데이터를 나눌 수 있"),
        ("청구서를 메신저로 받고 싶어요", "청구서를 메신저로 받고"),
        ("Please add a dark mode", "add a dark mode"),
        ("dark mode, please!", "dark mode"),
        ("주세요", "주세요"),
        ("야간 상담", "야간 상담"),
    ],
)
def test_it_takes_off_the_words_of_asking(title, rest):
    assert bare(title) == rest


def test_it_finds_the_same_in_other_words(tier, board, propose):
    known = propose("앱으로 요금제 변경이 되면 좋겠습니다")
    propose("유심을 편의점에서 팔아 주세요")
    assert likeness.alike("요금제를 앱에서 바로 바꾸고 싶어요", [board.pk]) == [known.pk]
    assert likeness.alike("요금제를 앱에서 바로 바꾸고 싶어요", [board.pk], but=known.pk) == []
    assert likeness.alike("요금제를 앱에서 바로 바꾸고 싶어요", []) == []


def test_it_asks_nobody_because_of_polite_words(tier, board, propose):
    propose("요금제를 앱에서 바꾸게 해 주세요")
    title = "편의점에서도 유심을 팔아 주세요"
    assert likeness.alike(title, [board.pk], near=likeness.ASKED) == []


def test_it_knows_at_once_of_what_is_shown_hidden_or_reworded(tier, board, propose, agent):
    title = "요금제를 앱에서 바로 바꾸고 싶어요"
    assert likeness.alike(title, [board.pk]) == []
    known = propose("앱으로 요금제 변경")
    assert likeness.alike(title, [board.pk]) == [known.pk]
    moderating.hide(idea=known, member=agent)
    assert likeness.alike(title, [board.pk]) == []
    moderating.show(idea=known, member=agent)
    assert likeness.alike(title, [board.pk]) == [known.pk]
    moderating.reword(idea=known, member=agent, title="매장 의자", body="", board=board)
    assert likeness.alike(title, [board.pk]) == []


def test_vectors_of_another_tier_are_made_anew(tier, board, propose):
    known = propose("앱으로 요금제 변경")
    other = "fast" if tier == "deep" else "deep"
    Idea.objects.update(tier=other, vector=b"\0" * 8)
    likeness._shelf.cache_clear()
    assert likeness.alike("요금제 변경을 앱으로", [board.pk]) == [known.pk]
    known.refresh_from_db()
    assert known.tier == tier


@pytest.mark.parametrize(
    ("stage", "decision", "status"),
    [
        ("heard", "", ""),
        ("considered", "", "review"),
        ("decided", "yes", "planned"),
        ("decided", "later", "review"),
        ("decided", "no", "declined"),
        ("considered", "no", "declined"),
        ("doing", "yes", "making"),
        ("shipped", "yes", "shipped"),
        ("told", "yes", "shipped"),
        ("checked", "yes", "shipped"),
    ],
)
def test_an_idea_is_called_as_its_initiative_goes(stage, decision, status):
    assert status_of(stage, decision) == status


def test_boards_stay_apart(tier, board, propose):
    other = services.keep_board(member=None, name="매장", moderated=False)
    known = propose("앱으로 요금제 변경", board=other)
    assert likeness.alike("요금제를 앱에서 변경", [board.pk]) == []
    assert likeness.alike("요금제를 앱에서 변경", [board.pk, other.pk]) == [known.pk]
