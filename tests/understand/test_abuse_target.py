"""An insult at those who serve is told from one at anybody else."""

import pyarrow as pa
import pytest

from sori.understand.abuse import make_abuse, target_of

STAFF = [
    "상담원 진짜 싸가지 없네 때려치워라",
    "기사 새끼가 음식 던지고 감",
    "너네 가게 어딘지 안다 밤길 조심해라",
    "알바 놈 표정이 썩었더라",
    "니들 가족한테도 이런거 팔아봐라 이 양아치들아",
    "개발자 얼굴 좀 보자 멍청한 놈들",
    "느그 사장 대가리는 장식이냐",
    "your driver is a filthy pig",
    "you people are all thieves and idiots",
    "fat cow at the fish counter ignored me",
    "devs are brainless clowns",
]
OTHERS = [
    "댓글 단 것들 다 정신병자냐",
    "저 정치인은 쓰레기다",
    "길냥이 밥 주는 인간들 다 뒤졌으면",
    "이 동네 사람들은 다 거지들임 ㅋㅋ",
    "go back to where you came from, scum",
    "people who shop there are trash",
    "kill yourself you ugly shill",
]


@pytest.mark.parametrize("text", STAFF)
def test_it_knows_an_insult_at_staff(text: str) -> None:
    assert target_of(text) == "staff"


@pytest.mark.parametrize("text", OTHERS)
def test_it_knows_an_insult_at_others(text: str) -> None:
    assert target_of(text) == "others"


def test_it_names_nobody_where_nobody_is_insulted() -> None:
    batch = pa.record_batch({"text": ["직원분이 친절해요", "상담원 이 새끼 죽여버린다 미친놈"]})
    found = make_abuse()(batch)
    assert found.column("abuse").to_pylist() == [False, True]
    assert found.column("abuse_at").to_pylist() == [None, "staff"]
