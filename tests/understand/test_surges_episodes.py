"""What happened is told once, in its own words; quiet days, copies and habits are not told."""

import random
from datetime import date, timedelta

import pyarrow as pa
import pytest

from sori.understand.episodes import Episode, Voices, episodes

START = date(2026, 9, 1)
WEEKLY = [1.2, 1.1, 1.0, 1.0, 1.1, 0.7, 0.6]
WORDS = [
    "상담",
    "요금",
    "배송",
    "포장",
    "매장",
    "직원",
    "할인",
    "쿠폰",
    "이벤트",
    "주문",
    "결제",
    "화면",
    "글씨",
    "메뉴",
    "사진",
    "색상",
    "교환",
    "반품",
    "설명",
    "안내",
    "번호",
    "시간",
    "가격",
]
MOODS = [
    "좋아요",
    "별로예요",
    "느려요",
    "빨라요",
    "궁금합니다",
    "최고",
    "아쉬워요",
    "비싸요",
    "친절해요",
    "복잡해요",
]
BROKEN = [
    "로그인이 안 돼요",
    "로그인 오류 나요",
    "접속이 안 됩니다",
    "업데이트하고 로그인 불가",
    "접속 오류 계속",
]
SPAM = "초대 코드 SODAM77 넣으면 오천 원 바로 드립니다 지금 가입하세요 선착순 마감"

Said = list[tuple[date, str, str | None, bool]]


def day(number: int) -> date:
    return START + timedelta(days=number)


def quiet(seed: int, mean: float = 20, days: int = 60) -> Said:
    dice = random.Random(seed)
    said: Said = []
    for number in range(days):
        expected = mean * WEEKLY[day(number).weekday()]
        for _ in range(sum(dice.random() < expected / 400 for _ in range(400))):
            text = " ".join([*dice.sample(WORDS, 3), dice.choice(MOODS)])
            said.append((day(number), text, f"author {dice.randrange(10**6)}", dice.random() < 0.4))
    return said


def broken(number: int, count: int = 25, seed: int = 0) -> Said:
    dice = random.Random(seed)
    return [(day(number), dice.choice(BROKEN), f"angry {number} {n}", True) for n in range(count)]


def found(said: Said) -> list[Episode]:
    days, texts, authors, complaints = zip(*said, strict=True)
    return episodes(Voices(days, pa.array(texts, pa.string()), authors, complaints))


def test_it_tells_the_day_something_broke_and_in_which_words():
    (episode,) = found(quiet(1) + broken(40))

    assert (episode.day, episode.last, episode.peak) == (day(40), day(40), day(40))
    assert episode.about == "complaints"
    assert episode.voices > 25 > 3 * episode.expected / 2
    assert {"로그인", "접속", "오류"} & set(episode.words[:3])
    assert not episode.campaign


def test_it_tells_days_in_a_row_once():
    (episode,) = found(quiet(1) + broken(40, 20) + broken(41, 60) + broken(42, 20))

    assert (episode.day, episode.peak, episode.last) == (day(40), day(41), day(42))


def test_it_tells_two_things_on_two_days_apart():
    assert [one.day for one in found(quiet(1) + broken(30) + broken(45))] == [day(30), day(45)]


@pytest.mark.parametrize("mean", [3, 20, 100])
def test_it_raises_at_most_one_false_alarm_on_sixty_quiet_days(mean: float):
    alarms = [len(found(quiet(seed, mean))) for seed in range(4)]

    assert max(alarms) <= 1
    assert sum(alarms) <= 1


def test_it_finds_a_word_that_grows_where_the_number_of_voices_does_not():
    said = quiet(1, 100)
    of_day = [row for row in said if row[0] == day(40)][:15]
    hidden = [row for row in said if row not in of_day] + broken(40, 15)

    (episode,) = found(hidden)

    assert episode.day == day(40)
    assert episode.words[0] in {"로그인", "접속", "오류"}


def test_it_marks_a_wave_of_copies():
    copies: Said = [(day(40), f"{SPAM}{'!' * (n % 4)}", f"spam {n}", False) for n in range(150)]

    (episode,) = found(quiet(1) + copies)

    assert episode.campaign
    assert episode.about == "copies"
    assert episode.day == day(40)


def test_it_does_not_take_one_loud_author_for_many():
    loud: Said = [(day(40), "로그인이 안 돼요", "loud", True) for _ in range(80)]

    assert all(episode.campaign for episode in found(quiet(1) + loud))


def test_it_takes_short_complaints_of_many_people_for_many():
    same: Said = [(day(40), "로그인이 안 돼요", f"author {n}", True) for n in range(40)]

    (episode,) = found(quiet(1) + same)

    assert (episode.about, episode.campaign) == ("complaints", False)


def test_it_does_not_wait_for_a_crisis_to_end_before_it_is_normal():
    louder = [row for number in range(30, 90) for row in broken(number, 40, number)]

    (episode,) = found(quiet(1, days=90) + louder)

    assert episode.day == day(30)
    assert episode.last < day(60)


def test_it_says_nothing_of_nothing():
    assert episodes(Voices([], pa.array([], pa.string()), [], [])) == []
    assert found(quiet(1)[:3]) == []
