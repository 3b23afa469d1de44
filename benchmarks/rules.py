"""Invented posts and listening rules, the same every time: half Korean, half Latin.

Rules are mostly selective, as rules that people keep are: brands and common words appear inside
AND, NEAR and NOT; alone stand rare words. A post meets about one rule in five thousand.
"""

import random
import re
from collections.abc import Callable, Sequence

import pyarrow as pa


def _words(text: str) -> list[str]:
    return text.split()


NOUNS = _words(
    "배송 환불 상담원 앱 결제 쿠폰 업데이트 로그인 고객센터 택배 제품 포장 가격 매장 품질 배터리 "
    "화면 색상 기능 포인트 회원 주문 교환 반품 설명서 충전기 이어폰 청소기 냉장고 커피 좌석 요금제"
)
ENDINGS = _words("이 가 을 를 은 는 도 에서 으로 까지 이랑 만 부터")
VERBS = _words(
    "좋아요 별로예요 느려요 최고입니다 안되네요 고장났어요 만족합니다 실망했어요 추천해요 비싸요 "
    "친절해요 궁금해요 언제되나요 감사합니다 기다리는중 도착했어요 취소했어요 답이없네요"
)
ADVERBS = _words("오늘 어제 진짜 정말 아직도 드디어 갑자기 항상 이번에 혹시 그냥 역시 방금 계속")
BRANDS = _words(
    "해솔 누리텔 바람통신 가온 두레몰 nimbus zephyr orbit lumen kestrel pinewood solace"
)
ENGLISH = _words(
    "the a my this that your app phone order delivery refund service support agent price battery "
    "screen update login account package quality camera charger coffee hotel flight store review "
    "coupon return broken slow great terrible amazing love hate works crashed waiting never always "
    "still really very please help why where thanks cancel late lost wrong new best worst cheap"
)
EMOJI = _words("😀 🙏 ㅠㅠ ㅋㅋ … !!")


def rare_words(seed: int = 1) -> tuple[list[str], list[str]]:
    """12,000 invented Latin and as many invented Korean words."""
    dice = random.Random(seed)
    latin = [
        "".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=dice.randint(4, 9)))
        for _ in range(12_000)
    ]
    korean = [
        "".join(chr(dice.randint(0xAC00, 0xD7A3)) for _ in range(dice.randint(2, 4)))
        for _ in range(12_000)
    ]
    return latin, korean


def make_posts(number: int, seed: int = 2) -> pa.RecordBatch:
    """Posts of about 70 characters; one in ten has a title."""
    dice = random.Random(seed)
    latin, korean = rare_words()
    rows = []
    for _ in range(number):
        in_korean = dice.random() < 0.5
        sentence = _korean(dice, korean) if in_korean else _english(dice, latin)
        author = min(int(dice.paretovariate(0.5)), 2_000_000)
        rows.append(
            {
                "title": sentence[: dice.randint(5, 20)] if dice.random() < 0.1 else None,
                "text": sentence,
                "lang": "ko" if in_korean else "en",
                "channel": dice.choice(("email", "rss", "webform")),
                "author_id": f"u{author}",
                "author_name": f"사람{author}",
                "followers": dice.randint(0, 9_999) if dice.random() < 0.5 else None,
            }
        )
    return pa.RecordBatch.from_pylist(rows)


def make_rules(number: int, seed: int = 7) -> dict[int, str]:
    """Rules by id: SHARES says of which form how many."""
    dice = random.Random(seed)
    latin, korean = rare_words()
    rare = latin[:6_000] + korean[:6_000]
    forms = dice.choices(list(SHARES), list(SHARES.values()), k=number)
    return {query: _filled(dice, rare, form) for query, form in enumerate(forms, start=1)}


SHARES = {
    "{rare}": 25,
    "{rare}*": 10,
    "{rare} {word}": 18,
    "{word} AND {word}": 7,
    "{rare} OR {rare} OR {rare}": 10,
    "{rare} ({word} OR {word}) -{word}": 15,
    "{rare} NEAR/{distance} {word}": 6,
    "{word} NEAR/{distance} ({word} OR {word})": 2,
    "{rare} {filter}": 4,
    "{word} {filter} followers<{followers}": 3,
}
"""Forms of rules with how many of a hundred have them."""


def _filled(dice: random.Random, rare: Sequence[str], form: str) -> str:
    choices: dict[str, Callable[[], str]] = {
        "{rare}": lambda: dice.choice(rare),
        "{word}": lambda: _word(dice, rare),
        "{distance}": lambda: dice.choice("358"),
        "{followers}": lambda: dice.choice(("100", "5000")),
        "{filter}": lambda: dice.choice(
            ("lang:ko", "lang:en", "channel:email", f"author:u{dice.randint(1, 5_000)}")
        ),
    }
    return re.sub(r"\{\w+\}", lambda gap: choices[gap[0]](), form)


def _word(dice: random.Random, rare: Sequence[str]) -> str:
    share = dice.random()
    if share < 0.3:
        return dice.choice(BRANDS)
    if share < 0.5:
        return dice.choice(NOUNS + ENGLISH[2:])
    if share < 0.55:
        return f'"{dice.choice(ADVERBS)} {dice.choice(NOUNS)}"'
    return dice.choice(rare)


def _korean(dice: random.Random, rare: Sequence[str]) -> str:
    words: list[str] = []
    while sum(map(len, words)) + len(words) < 50:
        share = dice.random()
        if share < 0.12:
            words.append(dice.choice(BRANDS) + dice.choice(ENDINGS))
        elif share < 0.45:
            words.append(dice.choice(NOUNS) + dice.choice(ENDINGS))
        elif share < 0.65:
            words.append(dice.choice(VERBS))
        elif share < 0.80:
            words.append(dice.choice(ADVERBS))
        elif share < 0.83:
            words.append(dice.choice(EMOJI))
        else:
            words.append(
                rare[min(int(dice.paretovariate(0.6)), len(rare) - 1)] + dice.choice(ENDINGS)
            )
    return " ".join(words)


def _english(dice: random.Random, rare: Sequence[str]) -> str:
    words: list[str] = []
    while sum(map(len, words)) + len(words) < 75:
        share = dice.random()
        if share < 0.06:
            words.append(dice.choice(BRANDS).title())
        elif share < 0.75:
            words.append(dice.choice(ENGLISH))
        elif share < 0.78:
            words.append(dice.choice(EMOJI))
        else:
            words.append(rare[min(int(dice.paretovariate(0.6)), len(rare) - 1)])
    return " ".join(words)
