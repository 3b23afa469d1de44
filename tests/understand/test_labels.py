"""Clear messages get the labels any reader would give them, and nonsense gets none."""

import pyarrow as pa
import pytest

from sori.understand.pipeline import make_pipeline
from sori.understand.urgency import reason_of

KINDS = {
    "배송이 일주일째 안 오고 있어요. 전화도 안 받네요": "complaint",
    "앱이 자꾸 꺼져요. 업데이트하고 나서 더 심해졌어요": "complaint",
    "음식이 다 식어서 왔고 국물도 다 샜어요. 최악이에요": "complaint",
    "요금이 너무 비싸요. 통신사 옮길까 고민중": "complaint",
    "영업시간이 어떻게 되나요?": "question",
    "이 제품 재입고는 언제 되나요?": "question",
    "해외에서도 사용할 수 있나요?": "question",
    "다크 모드 기능을 추가해 주시면 좋겠습니다": "idea",
    "위젯도 만들어 주세요": "idea",
    "정말 친절하고 음식도 맛있어요. 또 시킬게요!": "praise",
    "잘 쓰고 있습니다 감사합니다^^": "praise",
    "배송 빠르고 품질도 좋아요 강추": "praise",
    "The app crashes every time I open it. Please fix it.": "complaint",
    "How do I change my delivery address?": "question",
    "Love this app, works great!": "praise",
    "Please add a dark mode, it would be great": "idea",
}
FEELINGS = {
    "정말 최고예요 너무 만족합니다": "positive",
    "완전 실망했습니다. 돈 아까워요": "negative",
    "최악의 서비스": "negative",
    "재입고 언제 되나요?": "neutral",
    "맛있게 잘 먹었습니다 감사합니다": "positive",
    "Terrible service, never again": "negative",
    "Excellent support, thank you so much": "positive",
}
URGENT = {
    "통장에서 모르는 돈이 300만원 빠져나갔어요. 당장 막아주세요": 2,
    "배터리가 폭발해서 손에 화상을 입었습니다": 2,
    "다른 사람 개인정보가 제 화면에 보여요. 유출 아닌가요?": 2,
    "잘 쓰고 있어요 굿": 0,
    "맛있어요": 0,
}
NONSENSE = ["뷁쉙뛟 곿뉅뢟 꿹쮋", "asdkjh qwoeiu zxmcn", "xqzvkjwq", "", "ㅂㅈㄷㄱㅂㅈㄷㄱ"]
ELSEWHERE = [
    "¿dónde está mi pedido? quiero mi dinero",
    "配送がとても遅いです",
    "ça ne marche pas du tout",
]


@pytest.fixture(scope="module")
def understand():
    step = make_pipeline()
    return lambda texts: step(pa.record_batch({"text": pa.array(list(texts))})).to_pylist()


def test_it_tells_clear_kinds(understand):
    found = {row["text"]: row["kind"] for row in understand(KINDS)}

    wrong = {text: kind for text, kind in found.items() if kind != KINDS[text]}
    assert not wrong


def test_it_tells_clear_feelings(understand):
    found = {row["text"]: row["sentiment"] for row in understand(FEELINGS)}

    assert found == FEELINGS


def test_it_tells_what_cannot_wait(understand):
    found = {row["text"]: row["urgency"] for row in understand(URGENT)}

    assert found == URGENT


def test_it_gives_the_reason_of_what_cannot_wait(understand):
    reasons = [row["urgency_reason"] for row in understand(URGENT)]

    assert reasons == ["money", "safety", "security", None, None]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("내용증명 보내고 소비자원에 신고하겠습니다", "legal"),
        ("로그인이 안 돼서 전혀 쓸 수가 없어요", "cannot_use"),
        ("내일까지 꼭 필요합니다", "deadline"),
        ("해지하고 다른 데로 갈아탈게요", "leaving"),
        ("언론에 제보하겠습니다", "going_public"),
        ("i was charged twice and want my money back", "money"),
        ("날씨가 좋네요", None),
    ],
)
def test_it_names_the_reason(text, reason):
    assert reason_of(text) == reason


def test_it_tells_whether_a_reply_is_due(understand):
    rows = understand(["환불은 언제 되나요? 답변 부탁드립니다", "굿", "맛있어요"])

    assert [row["answer"] for row in rows] == [True, False, False]


def test_it_tells_abuse_of_people_from_anger_at_a_thing(understand):
    rows = understand(
        ["상담원 그 미친년 죽여버린다", "앱이 쓰레기네요", "친절히 답해 주셔서 감사해요"]
    )

    assert [row["abuse"] for row in rows] == [True, False, False]


def test_it_tells_further_kinds(understand):
    (row,) = understand(["배송이 또 늦네요 짜증나요. 대체 언제 오나요?"])

    assert {row["kind"], *row["also"]} >= {"complaint", "question"}


@pytest.mark.parametrize("text", NONSENSE)
def test_it_says_nothing_about_nonsense(text, understand):
    (row,) = understand([text])

    assert [row[name] for name in ("kind", "sentiment", "urgency", "answer", "abuse")] == [None] * 5


@pytest.mark.parametrize("text", ELSEWHERE)
def test_it_says_nothing_in_languages_it_was_not_taught(text, understand):
    (row,) = understand([text])

    assert row["lang"] is not None
    assert row["kind"] is None
    assert row["kind_confidence"] is None


def test_it_names_the_model_that_said_so(understand):
    assert understand(["네"])[0]["model"].startswith("labels-")


def test_the_title_of_an_answer_is_that_of_what_it_answers():
    texts, titles = ["아직 답변을 못 받았어요"] * 2, ["기사님이 친절하셔서 정말 감사합니다"] * 2
    first, answer, alone = make_pipeline()(
        pa.record_batch(
            {
                "title": pa.array([*titles, None], pa.string()),
                "text": pa.array([*texts, texts[0]]),
                "parent_id": pa.array([None, "post-1", None], pa.string()),
            }
        )
    ).to_pylist()

    assert first["sentiment"] == "positive"
    for label in ("lang", "kind", "kind_confidence", "sentiment", "urgency", "answer", "topics"):
        assert answer[label] == alone[label]
