"""CPU of learning from 5,000 corrections of one label, and of asking what was learned."""

import json
import random
import time

import pyarrow as pa

from sori.understand.pipeline import Knowledge, make_pipeline
from sori.understand.teaching import Judged, teach
from understand import ENGLISH, KOREAN, posts

CORRECTIONS = 5_000
OTHERS = 4_000
ASKED = 4_000
KINDS = ("complaint", "question", "idea", "praise", "other")


def heard(texts: list[str]) -> pa.RecordBatch:
    """Voices as the lake has them."""
    langs = pa.array(["ko"] * len(texts), pa.string())
    return pa.record_batch(
        {"title": pa.nulls(len(texts), pa.string()), "text": texts, "lang": langs}
    )


def judgement(text: str) -> dict:
    """What people say of a text; the first letter decides, so that there is something to learn."""
    return {"kind": KINDS[ord(text[0]) % len(KINDS)]}


def cpu(work) -> float:
    """Seconds of CPU, the best of three."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    pa.set_cpu_count(1)
    texts = posts(KOREAN + ENGLISH, 60, random.Random(1))
    taught = texts[:CORRECTIONS]
    judged = Judged(
        heard(taught), [judgement(text) for text in taught], [True] * len(taught),
        [True] * len(taught),
    )  # fmt: skip
    others = heard(texts[CORRECTIONS : CORRECTIONS + OTHERS])
    start = time.process_time()
    found = teach(judged, others, name="own-1")
    learning = time.process_time() - start
    asked = heard(texts[-ASKED:])
    shipped, own = make_pipeline(), make_pipeline(Knowledge(own=found.company))
    shipped(asked), own(asked)
    ratio = cpu(lambda: own(asked)) / cpu(lambda: shipped(asked))
    better = [head for head, one in found.outcomes.items() if one.verdict == "better"]
    print(f"{CORRECTIONS:,} corrections of one label: {learning:.1f} s of CPU")
    print(
        f"{len(found.company):,} bytes; better: {', '.join(better)}; a post costs {ratio:.2f} times"
    )
    print(json.dumps({"cpu_s": round(learning, 1), "pipeline_ratio": round(ratio, 2)}))


if __name__ == "__main__":
    main()
