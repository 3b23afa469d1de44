"""Cost of telling a post's theme and of finding themes: `python benchmarks/themes.py`."""

import json
import os
import random
import time

# one thread, as a worker process has: more spend CPU on waiting for one another
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pyarrow as pa

from sori.understand.assigning import centres_of, make_assign, nearest
from sori.understand.embedding import embedder
from sori.understand.themes import MANNERS, Theme, Themes, discover

THEMES = 2_000
POSTS = 10_000
BATCH = 1_000
ROUNDS = 5
WHAT = [
    "로그인",
    "결제",
    "배송",
    "환불",
    "상담",
    "요금",
    "인증",
    "알림",
    "화면",
    "속도",
    "쿠폰",
    "포장",
    "교환",
    "해지",
    "가입",
    "이체",
    "한도",
    "글씨",
    "사진",
    "지도",
    "예약",
    "주차",
    "대기",
    "설치",
    "통화",
]
WHERE = [
    "앱",
    "매장",
    "홈페이지",
    "고객센터",
    "콜센터",
    "문자",
    "메일",
    "은행",
    "기사님",
    "지점",
    "대리점",
    "창구",
    "전화",
    "채팅",
]
HOW = [
    "안 돼요",
    "너무 느려요",
    "자꾸 꺼져요",
    "왜 이래요",
    "오류 나요",
    "좋아졌어요",
    "언제 되나요",
    "개선해 주세요",
    "실망이에요",
    "편해요",
    "두 번 됐어요",
    "막혔어요",
]
MORE = [
    "ㅠㅠ",
    "진짜",
    "어제부터",
    "업데이트하고",
    "몇 번째인지",
    "확인 부탁드려요",
    "빨리요",
    "이번 달에",
    "아침부터",
    "또",
    "다들 그런가요",
    "답답하네요",
]


def posts(count: int, chance: random.Random) -> list[str]:
    """Posts of about 50 characters, no two alike."""
    made = []
    for number in range(count):
        parts = [chance.choice(WHERE), chance.choice(WHAT), chance.choice(HOW)]
        while len(" ".join(parts)) < 46:
            parts.insert(chance.randrange(len(parts)), chance.choice(MORE + WHAT))
        made.append(f"{' '.join(parts)} {number % 89}")
    return made


def themes_of(texts: list[str]) -> Themes:
    """As many themes as texts, each with its text as centre."""
    centres = embedder("fast").vectors(texts)
    made = tuple(Theme(at + 1, text, (), text, 2, 2, frozenset()) for at, text in enumerate(texts))
    return Themes("fast", made, centres, np.zeros(0, np.int64), len(made) + 1)


def cpu_us(work, count: int) -> float:
    """Microseconds of CPU a post, the best of some rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best / count * 1e6


def main() -> None:
    pa.set_cpu_count(1)
    chance = random.Random(1)
    texts = posts(POSTS, chance)
    maker = embedder("fast")
    themes = themes_of(posts(THEMES, chance))
    assign = make_assign(centres_of(themes))
    batches = [pa.record_batch({"text": texts[at : at + BATCH]}) for at in range(0, POSTS, BATCH)]
    vectors = maker.vectors(texts)
    near = MANNERS["fast"].near
    nearest(vectors[:10], themes.centres, near)

    vector_us = cpu_us(lambda: maker.vectors(texts), POSTS)
    nearest_us = cpu_us(lambda: nearest(vectors, themes.centres, near), POSTS)
    step_us = cpu_us(lambda: [assign(batch) for batch in batches], POSTS)
    start = time.perf_counter()
    found = discover(texts, vectors)
    discover_s = time.perf_counter() - start

    print(f"vector                      {vector_us:6.1f} us of CPU a post")
    print(f"nearest of {THEMES:,} themes     {nearest_us:6.1f} us of CPU a post")
    print(f"the whole step              {step_us:6.1f} us of CPU a post")
    print(f"discover in {POSTS:,} texts   {discover_s:6.1f} s, {len(found.themes):,} themes")
    print(
        json.dumps(
            {
                "cpu_us_per_post": round(nearest_us, 1),
                "with_vector_us": round(step_us, 1),
                "vector_us": round(vector_us, 1),
                "themes": THEMES,
                "discover_seconds": round(discover_s, 1),
                "discover_texts": POSTS,
            }
        )
    )


if __name__ == "__main__":
    main()
