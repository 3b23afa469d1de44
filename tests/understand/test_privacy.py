"""Personal data is found in the forms people write it in, and nothing else is blotted out."""

import importlib.util
import random
import time
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from sori.understand.identifiers import Place, candidates, luhn
from sori.understand.privacy import CONTACTS, MASKED, find, make_privacy, mask
from sori.understand.shadows import shadow
from sori.understand.spots import BANK, HIDDEN, LETTER, MAIL, NUMBER, STREET, ZERO

LINES = 2_500
WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")
SPOKEN = str.maketrans("0123456789", "공일이삼사오육칠팔구")
BEFORE = ["제 {} ", "확인 부탁드려요. {} ", "{} ", "고객입니다 {}: ", "안녕하세요 {}는 "]
AFTER = [" 입니다", "이에요", " 확인해주세요", "", ". 빨리 처리해 주세요", "\n감사합니다"]


def pick(chance: random.Random, digits: int) -> str:
    return "".join(chance.choices("0123456789", k=digits))


def resident(chance: random.Random, century: str = "1234") -> str:
    mark = chance.choice(century)
    year = chance.randrange(40, 100) if mark in "1256" else chance.randrange(0, 26)
    date = f"{year:02d}{chance.randrange(1, 13):02d}{chance.randrange(1, 29):02d}"
    gap = chance.choice(["-", "-", " - ", " ", "", "–", "."])
    return date + gap + mark + pick(chance, 6)


def card(chance: random.Random) -> str:
    body = chance.choice(["4", "51", "55", "9410", "62", "35"])
    body += pick(chance, 15 - len(body))
    digits = next(body + last for last in "0123456789" if luhn(body + last))
    gap = chance.choice(["-", " ", "", ".", " - "])
    return gap.join(digits[at : at + 4] for at in range(0, 16, 4))


def phone(chance: random.Random) -> str:
    gap = chance.choice(["-", " ", "", ".", " - ", ")"])
    parts = ["010", pick(chance, 4), pick(chance, 4)]
    if chance.random() < 0.2:
        return chance.choice(["+82 10", "+82-10", "8210"]) + gap + gap.join(parts[1:])
    if chance.random() < 0.2:
        return "-".join([chance.choice(["02", "031", "051", "070"]), parts[1], parts[2]])
    return gap.join(parts)


def account(chance: random.Random) -> str:
    shape = chance.choice([(6, 2, 6), (3, 3, 6), (4, 2, 7), (3, 6, 2, 3), (12,), (14,)])
    number = chance.choice(["-", "-", " "]).join(pick(chance, size) for size in shape)
    bank = chance.choice(
        ["국민은행", "신한", "카카오뱅크", "농협", "우리은행", "계좌", "입금 계좌:", "bank account"]
    )
    return f"{bank} {number}"


def passport(chance: random.Random) -> str:
    new = f"M{pick(chance, 3)}{chance.choice('ABCD')}{pick(chance, 4)}"
    return chance.choice([new, f"여권번호 {chance.choice('MS')}{pick(chance, 8)}"])


def licence(chance: random.Random) -> str:
    parts = [str(chance.randrange(11, 29)), pick(chance, 2), pick(chance, 6), pick(chance, 2)]
    return chance.choice(["-", " "]).join(parts)


def email(chance: random.Random) -> str:
    at = chance.choice(["@", "@", "＠", " 골뱅이 ", "(at)"])
    return f"user.{pick(chance, 3)}{at}example{chance.choice(['.com', '.co.kr', '.net'])}"


SORTS: dict[str, tuple[Callable[[random.Random], str], float]] = {
    "resident_number": (resident, 0.999),
    "foreigner_number": (lambda chance: resident(chance, "5678"), 0.999),
    "card": (card, 0.999),
    "phone": (phone, 0.99),
    "account": (account, 0.97),
    "passport": (passport, 0.99),
    "driving_licence": (licence, 0.99),
    "email": (email, 0.99),
}


def written(chance: random.Random, number: str, sort: str) -> str:
    """A number in one of the ways people write it."""
    if sort in ("resident_number", "card", "phone") and chance.random() < 0.15:
        number = number.translate(WIDE)
    elif sort in ("resident_number", "phone") and chance.random() < 0.08:
        number = number.translate(SPOKEN)
    return number


def innocent(chance: random.Random) -> str:
    """A line without personal data, full of numbers that look like it."""
    digits = pick(chance, 20)
    month, day = f"{chance.randrange(1, 13):02d}", f"{chance.randrange(1, 29):02d}"
    date = chance.choice("-./").join([str(chance.randrange(2015, 2027)), month, day])
    clock = f"{chance.randrange(24):02d}:{chance.randrange(60):02d}"
    return chance.choice(
        [
            f"주문번호 {digits[:13]} 언제 오나요?",
            f"주문번호 20{chance.randrange(18, 27)}{month}{day}-{digits[:7]}",
            f"운송장 {digits[:12]} 조회가 안돼요",
            f"{date} {clock} 에 예약했어요",
            f"가격이 {int(digits[:6]):,}원인데 {int(digits[6:11]):,}원으로 나와요",
            f"대표번호 15{digits[:2]}-{digits[2:6]} 로 전화해도 안 받아요",
            f"모델명 SM-{digits[:3]}N 시리얼 {digits[:11]}",
            f"사업자등록번호 {digits[:3]}-{digits[3:5]}-{digits[5:10]}",
            f"tracking number {digits[:16]} still not delivered",
            f"order {digits[:10]} was {digits[:2]} days late",
            f"바코드 88{digits[:11]} 상품이에요",
            f"https://example.com/news?aid={digits[:13]} 입금 기사 보세요",
            f"국민신문고 신청번호 1AA-{digits[:4]}-{digits[4:10]}",
            f"버전 {digits[0]}.{digits[1]}.{digits[2:6]} 에서 오류 코드 0x{digits[:8]}",
            f"이번 달 데이터 {digits[:2]}.{digits[2]}GB 중 {digits[3]}.{digits[4]}GB 남음",
            f"접수번호 {digits[:6]}-{digits[6:13]} 처리 언제 되나요",
            "이사 오는 날 오후 삼사 시쯤 육교 공사 구간 일이 있어요",
            "평점 10/10, 5점 만점에 4.5점 1234 5678 최고",
        ]
    )


@pytest.mark.parametrize("sort", SORTS)
def test_it_finds_what_people_write(sort):
    make, wanted = SORTS[sort]
    chance = random.Random(f"seed {sort}")
    missed = []
    for _ in range(LINES):
        number = written(chance, make(chance), sort)
        line = chance.choice(BEFORE).format("번호") + number + chance.choice(AFTER)
        if sort not in mask(line)[1]:
            missed.append(line)

    assert 1 - len(missed) / LINES >= wanted, missed[:5]


@pytest.mark.parametrize("sort", sorted(MASKED - {"social_security"}))
def test_it_leaves_no_digit_of_what_it_masks(sort):
    make, wanted = SORTS[sort]
    chance = random.Random(f"rest {sort}")
    left = 0
    for _ in range(500):
        number = make(chance)
        masked, _ = mask(f"번호 {number} 이에요")
        left += any(character.isdigit() for character in masked)

    assert left / 500 <= 1 - wanted


def test_it_leaves_numbers_alone_that_are_nobodys():
    chance = random.Random(20)
    wrong: Counter[str] = Counter()
    lines = 5_000
    for _ in range(lines):
        line = innocent(chance)
        if mask(line)[0] != line:
            wrong[line] += 1

    assert wrong.total() / lines <= 0.005, wrong.most_common(5)


def test_it_never_needs_the_check_digit_of_a_resident_number():
    assert mask("주민번호 210101-3000000")[1] == ["resident_number"]


def test_it_masks_a_resident_number_that_was_half_hidden_already():
    assert mask("900101-1****** 본인입니다")[0] == "******-******* 본인입니다"


def test_it_keeps_contact_data_and_lists_it():
    text = "010-1234-5678 이나 kim@example.com 으로 연락 주세요"

    assert mask(text) == (text, ["email", "phone"])


def test_it_blots_out_contact_data_where_asked():
    masked, _ = mask("010-1234-5678 kim@example.com 서울시 강남구 테헤란로 12", also=CONTACTS)

    assert not any(character.isdigit() for character in masked)
    assert "kim" not in masked


def test_it_keeps_the_length_and_is_done_after_one_time():
    chance = random.Random(8)
    for make, _ in SORTS.values():
        for _ in range(50):
            line = f"여기 {written(chance, make(chance), 'card')} 입니다"
            masked, _ = mask(line)
            assert len(masked) == len(line)
            assert mask(masked)[0] == masked


def test_its_findings_do_not_overlap():
    found = find("국민은행 123456-01-123456, 010-1234-5678, 900101-1234567, 4111-1111-1111-1111")

    assert [one.sort for one in found] == ["account", "phone", "resident_number", "card"]
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_its_step_says_what_mask_says():
    chance = random.Random(3)
    lines = [written(chance, make(chance), sort) for sort, (make, _) in SORTS.items()]
    lines += [innocent(chance) for _ in range(40)] + ["서울시 강남구 테헤란로 12 로 보내주세요"]
    batch = pa.record_batch({"text": pa.array(lines), "title": pa.array(lines)})

    done = make_privacy()(batch)

    assert done.column("text").to_pylist() == [mask(line)[0] for line in lines]
    assert done.column("title").to_pylist() == [mask(line)[0] for line in lines]
    assert done.column("masked").to_pylist() == [mask(line)[1] for line in lines]


@pytest.mark.parametrize(
    "piece", ["1-", "a", "0 ", "공일", "1", "가시 ", "a.", "(", "1 .- ", "a@", "9.", "1111-"]
)
def test_it_takes_time_in_proportion_to_the_text(piece):
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        best = []
        for _ in range(3):
            start = time.process_time()
            mask(text)
            best.append(time.process_time() - start)
        return min(best)

    # four times the text; a quadratic pattern would take sixteen times as long
    assert seconds(80_000) <= 9 * seconds(20_000) + 0.02


def invented():
    """The lines the page on privacy is measured with."""
    path = Path(__file__).parents[2] / "training" / "personal_data.py"
    spec = importlib.util.spec_from_file_location("personal_data", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.samples(250, "tests")


def test_it_covers_every_figure_of_what_people_disguise():
    missed = []
    for sample in invented():
        inside = {at for one in find(sample.text) for at in range(one.start, one.end)}
        begin = sample.text.find(sample.number)
        figures = {
            at
            for at in range(begin, begin + len(sample.number))
            if sample.text[at].isdigit() and sample.sort != "address"
        }
        if not figures <= inside:
            missed.append(sample)

    assert missed == []


def everywhere(text: str):
    """What the patterns find when they search the whole text and not only its spots."""
    plain = shadow(text)
    for what in (NUMBER, MAIL, STREET):
        whole = Place(0, len(plain), what, 16, 5, ZERO | LETTER | HIDDEN | BANK)
        yield from (one for _, one in candidates(plain, whole))


PIECES = [
    *"0123456789- .@MoOlI*x()_/A,",
    *(
        "시 ",
        "구 ",
        "동",
        "로",
        "국민은행",
        "계좌",
        "카드",
        "+82",
        "010",
        "900101",
        "면허",
        "한",
        "\n",
        "한국어",
    ),
    *("naver.com", "(at)", "골뱅이", "０", "１", "－", "4111", "주문번호 ", "M123"),
]


@settings(max_examples=600, deadline=None)
@given(some.lists(some.sampled_from(PIECES), max_size=40))
def test_its_spots_miss_nothing_the_patterns_would_find(pieces):
    text = "".join(pieces)
    inside = {at for one in find(text) for at in range(one.start, one.end)}

    for one in everywhere(text):
        assert set(range(one.start, one.end)) & inside, (text, one)


@pytest.mark.parametrize(
    ("text", "sorts"),
    [
        ("어제 문의한 사람인데요(010-1234-5678) 답이 없네요", ["phone"]),
        ("예약 010-1234-5678 로 전화 주세요", ["phone"]),
        ("주문번호 010-1234-5678", []),
        ("010에 1234에 5678", ["phone"]),
        ("공1공-일234-오678이에요", ["phone"]),
        ("구공공일공일 다시 일이삼사오육칠", ["resident_number"]),
        ("농협 408 70 306957 6", ["account"]),
        ("기업은행 2096-07-2002368", ["account"]),
        ("kim 골뱅이 naver.com", ["email"]),
        ("lee[at]gmail.com", ["email"]),
        ("olo-1234-5678", ["phone"]),
        ("010ㅡ1234ㅡ5678", ["phone"]),
        ("ㅡㅡ 12ㅡ34ㅡ56 뭐죠", []),
        ("GB29 NWBK 6016 1331 9268 19", ["account"]),
        ("2026년 11월 23일 18시 30분 15초", []),
        ("오늘 이 일 이 오 사 구 다 했어요", []),
    ],
)
def test_it_knows_what_stands_around_a_number(text, sorts):
    assert mask(text)[1] == sorts
    assert make_privacy()(pa.record_batch({"text": [text]})).column("masked").to_pylist() == [sorts]


@pytest.mark.parametrize(
    "word", ["문의는", "연락처:", "전화", "회사", "친구", "매일", "환불이", "이사"]
)
@pytest.mark.parametrize("number", ["010-1234-5678", "01012345678", "010.1234.5678", "0212345678"])
@pytest.mark.parametrize("tail", ["", "주세요", "이에요", "로 2시에"])
def test_it_finds_a_telephone_number_right_behind_a_word(word, number, tail):
    masked, sorts = mask(word + number + tail, also=CONTACTS)

    assert sorts == ["phone"]
    assert masked.startswith(word)
    assert masked.endswith(tail)
    assert not set(masked[len(word) : len(masked) - len(tail)]) & set("0123456789")


def test_it_finds_numbers_in_a_long_text_and_beside_halves_of_characters():
    long = "가나다 " * 2000 + "010-1234-5678" + " 라마바" * 2000

    assert [(one.sort, one.start) for one in find(long)] == [("phone", 8000)]
    assert mask("\ud800 900101-1234567")[0] == "\ud800 ******-*******"
