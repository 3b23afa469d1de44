"""Invent personal numbers and addresses as people write them, to measure the masking with.

Nobody's data: every digit comes from a random generator with a fixed seed. Check digits are right
where the real ones have them, so that a tool which asks for them finds these numbers too.
"""

import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

DIGITS = "0123456789"
WIDE = str.maketrans(DIGITS + "-", "０１２３４５６７８９－")
SPOKEN = str.maketrans(DIGITS, "공일이삼사오육칠팔구")
SEPARATORS = ("-", "-", "-", " ", "", ".", " - ", "–", "_", "·")
BANKS = (
    "국민은행", "신한은행", "카카오뱅크", "농협", "우리은행", "하나", "토스뱅크", "새마을금고",
    "우체국", "기업은행", "SC제일은행",
)  # fmt: skip
SHAPES = (
    (6, 2, 6), (3, 6, 5), (4, 3, 6), (3, 4, 4, 2), (3, 2, 6, 1), (4, 2, 7), (13,), (12,), (14,),
)  # fmt: skip
CITIES = (
    "서울시 강남구 테헤란로 {}",
    "서울특별시 마포구 월드컵북로 {}길 {}",
    "부산시 해운대구 우동 {}-{}",
    "경기도 성남시 분당구 정자동 {}",
    "인천광역시 남동구 구월동 {}-{}",
    "대전시 서구 둔산로 {}",
    "강원도 춘천시 퇴계동 {}",
    "제주시 애월읍 {}-{}",
    "전북 전주시 완산구 효자동 {}",
)
CALLED = (
    "제 {what} {number} 입니다",
    "{what} {number} 확인 부탁드려요",
    "안녕하세요 {what}: {number}",
    "{what}는 {number}이에요",
    "본인확인 때문에 적습니다. {what} {number}.",
    "이름 홍길동 / {what} {number} / 문의드립니다",
)
SENTENCES = (
    *CALLED,
    "{number} 이걸로 처리해 주세요",
    "환불 좀 해주세요 ㅠㅠ {number}",
    "{number}",
    "어제 문의한 사람인데요({number}) 답이 없네요",
)


class Sample(NamedTuple):
    """A line with personal data of one sort, the number in it, and how it was disguised."""

    sort: str
    text: str
    number: str
    manner: str


def samples(each: int, seed: str = "personal") -> Iterator[Sample]:
    """So many lines of every sort."""
    chance = random.Random(seed)
    for sort, (make, words, sentences) in SORTS.items():
        for _ in range(each):
            number, manner = _written(chance, make(chance), sort)
            sentence = chance.choice(sentences)
            text = sentence.format(what=chance.choice(words), number=number)
            yield Sample(sort, text, number, manner)


def _written(chance: random.Random, number: str, sort: str) -> tuple[str, str]:
    draw = chance.random()
    if sort in ("email", "address", "passport"):
        return number, "plain"
    if draw < 0.12:
        return number.translate(WIDE), "full-width"
    if draw < 0.2 and sort in ("phone", "resident_number", "foreigner_number"):
        return number.translate(SPOKEN), "digits as words"
    if draw < 0.27 and sort in ("phone", "resident_number"):
        at = chance.sample(range(len(number)), 3)
        mixed = "".join(c.translate(SPOKEN) if i in at else c for i, c in enumerate(number))
        return mixed, "some digits as words"
    if draw < 0.31 and sort in ("resident_number", "phone", "card"):
        glue = chance.choice((" 에 ", "에 ", " 다시 ", "의 "))
        return number.replace("-", glue), "Hangul between"
    return number, "plain"


def _pick(chance: random.Random, digits: int) -> str:
    return "".join(chance.choices(DIGITS, k=digits))


def _resident(chance: random.Random, centuries: str) -> str:
    century = chance.choice(centuries)
    year = chance.randrange(40, 100) if century in "1256" else chance.randrange(0, 26)
    front = f"{year:02d}{chance.randrange(1, 13):02d}{chance.randrange(1, 29):02d}{century}"
    body = front + _pick(chance, 5)
    weights = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
    check = sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11
    last = (11 - check) % 10 if centuries == "1234" else (13 - check) % 10
    # given out since October 2020: no check digit any more
    digits = body + (str(last) if year < 20 or year > 40 else _pick(chance, 1))
    return f"{digits[:6]}{chance.choice(SEPARATORS)}{digits[6:]}"


def _card(chance: random.Random) -> str:
    body = chance.choice(("4", "51", "53", "55", "9410", "9445", "62", "35", "6011"))
    body += _pick(chance, 15 - len(body))
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 - place % 2)
        total += value - 9 if value > 9 else value
    digits = body + str(-total % 10)
    return chance.choice(SEPARATORS).join(digits[at : at + 4] for at in range(0, 16, 4))


def _phone(chance: random.Random) -> str:
    parts = ["010", _pick(chance, 4), _pick(chance, 4)]
    kind = chance.random()
    if kind < 0.12:
        return chance.choice(("+82 10", "+82-10", "82-10")) + "-" + "-".join(parts[1:])
    if kind < 0.3:
        area = chance.choice(("02", "031", "032", "051", "053", "062", "070", "0507"))
        return "-".join([area, _pick(chance, chance.choice((3, 4))), parts[2]])
    if kind < 0.36:
        return chance.choice(("011", "016", "019")) + "-" + _pick(chance, 3) + "-" + parts[2]
    return chance.choice((*SEPARATORS, ")")).join(parts)


def _account(chance: random.Random) -> str:
    separator = chance.choice(("-", "-", "-", " ", ""))
    number = separator.join(_pick(chance, size) for size in chance.choice(SHAPES))
    return chance.choice((f"{chance.choice(BANKS)} {number}", f"{chance.choice(BANKS)}{number}"))


def _passport(chance: random.Random) -> str:
    new = f"M{_pick(chance, 3)}{chance.choice('ABCDEFGH')}{_pick(chance, 4)}"
    return chance.choice((new, f"{chance.choice('MSR')}{_pick(chance, 8)}"))


def _licence(chance: random.Random) -> str:
    parts = [str(chance.randrange(11, 29)), _pick(chance, 2), _pick(chance, 6), _pick(chance, 2)]
    return chance.choice(("-", "-", " ", "")).join(parts)


def _email(chance: random.Random) -> str:
    name = chance.choice(("kim.minsu", "hong_gildong", "voc-team", "a1b2", "Lee", "park99"))
    host = chance.choice(
        ("naver.com", "gmail.com", "daum.net", "company.co.kr", "mail.example.org")
    )
    at = chance.choice(("@", "@", "@", "@", "＠", " 골뱅이 ", "(at)", " @ "))
    return f"{name}{chance.randrange(1000)}{at}{host}"


def _address(chance: random.Random) -> str:
    return chance.choice(CITIES).format(chance.randrange(1, 900), chance.randrange(1, 90))


SORTS: dict[str, tuple[Callable[[random.Random], str], tuple[str, ...], tuple[str, ...]]] = {
    "resident_number": (
        lambda chance: _resident(chance, "1234"), ("주민번호", "주민등록번호", "민번"), SENTENCES,
    ),
    "foreigner_number": (
        lambda chance: _resident(chance, "5678"), ("외국인등록번호", "등록번호"), SENTENCES,
    ),
    "passport": (_passport, ("여권번호", "여권", "passport no"), CALLED),
    "driving_licence": (_licence, ("운전면허번호", "면허번호", "운전면허"), CALLED),
    "card": (_card, ("카드번호", "카드", "신용카드 번호"), SENTENCES),
    "account": (_account, ("계좌번호", "입금 계좌", "환불 계좌"), SENTENCES),
    "phone": (_phone, ("전화번호", "연락처", "핸드폰"), SENTENCES),
    "email": (_email, ("이메일", "메일", "email"), SENTENCES),
    "address": (_address, ("주소", "배송지", "집"), SENTENCES),
}  # fmt: skip
