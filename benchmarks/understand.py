"""CPU time of understanding, a post, step by step: `python benchmarks/understand.py`."""

import json
import random
import time

import pyarrow as pa

from sori.understand.clean import make_clean
from sori.understand.contract import Step
from sori.understand.deep import installed
from sori.understand.labels import reader_of
from sori.understand.language import make_language
from sori.understand.letters import step_of
from sori.understand.nearcopy import make_nearcopy
from sori.understand.pipeline import LABELS, Knowledge, make_pipeline
from sori.understand.privacy import make_privacy
from sori.understand.topics import make_topics
from sori.understand.units import make_units
from sori.understand.vector import make_vector

POSTS = 20_000
BATCH = 1_000
ROUNDS = 5
DEEP_POSTS = 200
"""So many are enough where one costs milliseconds."""
KOREAN = [
    "배송이 생각보다 늦어요",
    "상담원이 전화를 안 받네요",
    "환불은 언제 되나요",
    "앱이 자꾸 꺼져요 ㅠㅠ",
    "맛있게 잘 먹었습니다",
    "다크 모드도 있으면 좋겠어요",
    "요금이 두 번 빠져나갔어요",
    "포장이 꼼꼼하고 좋았어요",
    "업데이트하고 나서 더 느려졌어요",
    "주문번호 20261123001 확인해 주세요",
    "010-1234-5678로 연락 주세요",
    "진짜 최악이네요",
    "다음에도 또 시킬게요 ^^",
    "왜 로그인이 안 되는 거죠",
    "사장님이 정말 친절하세요",
]
ENGLISH = [
    "the app keeps crashing since the last update",
    "I still have not received my order",
    "please add a dark mode",
    "how do I change my plan",
    "great service and very fast delivery",
    "my card was charged twice",
    "nobody answers the phone",
    "it would be nice to have a widget",
    "I love the new design",
    "order 20261123001 never arrived",
    "call me at 555-123-4567",
]


def posts(parts: list[str], characters: int, chance: random.Random) -> list[str]:
    """Posts of about this length, put together from parts and never quite alike."""
    made = []
    for number in range(POSTS):
        text = chance.choice(parts)
        while len(text) < characters - 8:
            text += f"{chance.choice(['. ', ' ', '! ', ', '])}{chance.choice(parts)}"
        made.append(f"{text[: characters - 4]} {number % 997}")
    return made


def cpu_us(step: Step, batches: pa.RecordBatch) -> float:
    """Microseconds of CPU a post, the best of some rounds."""
    parts = [batches.slice(at, BATCH) for at in range(0, batches.num_rows, BATCH)]
    step(parts[0])
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for part in parts:
            step(part)
        best = min(best, time.process_time() - start)
    return best / batches.num_rows * 1e6


def main() -> None:
    pa.set_cpu_count(1)
    steps = {
        "clean": make_clean(),
        "privacy": make_privacy(),
        "language": make_language(),
        "nearcopy": make_nearcopy(),
        "labels": step_of(reader_of(*LABELS)),
        "topics": make_topics(),
        "vector": make_vector(),
        "units": make_units(),
        "pipeline": make_pipeline(),
    }
    chance = random.Random(1)
    texts = {"ko": posts(KOREAN, 50, chance), "en": posts(ENGLISH, 100, chance)}
    found: dict[str, dict[str, float]] = {}
    for lang, some in texts.items():
        batch = pa.RecordBatch.from_pydict({"text": some})
        # opinions are told from labels that are there already
        told = steps["pipeline"](batch)
        found[lang] = {
            name: round(cpu_us(step, told if name == "units" else batch), 1)
            for name, step in steps.items()
        }
        if installed():
            deep = make_pipeline(Knowledge(tier="deep"))
            found[lang]["pipeline, deep"] = round(cpu_us(deep, batch.slice(0, DEEP_POSTS)), 1)
    for lang, by_step in found.items():
        for name, cost in by_step.items():
            print(f"{lang} {name:14} {cost:7.1f} us of CPU a post")
    total = {lang: by_step["pipeline"] for lang, by_step in found.items()}
    print(
        json.dumps({"cpu_us_per_post": max(total.values()), "by_language": total, "steps": found})
    )


if __name__ == "__main__":
    main()
