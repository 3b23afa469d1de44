"""CPU of learning from corrections of one label, and of asking what was learned.

`python benchmarks/lessons.py` takes 1,500 corrections; `--corrections 5000` is what
docs/reference/performance.md publishes. The last line is JSON.
"""

import argparse
import json
import random
import time

import pyarrow as pa

from sori.understand.pipeline import Knowledge, make_pipeline
from sori.understand.teaching import Judged, teach
from understand import ENGLISH, KOREAN, posts

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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corrections", type=int, default=1_500)
    corrections = parser.parse_args().corrections
    pa.set_cpu_count(1)
    texts = posts(KOREAN + ENGLISH, 60, random.Random(1))
    taught = texts[:corrections]
    judged = Judged(
        heard(taught), [judgement(text) for text in taught], [True] * len(taught),
        [True] * len(taught),
    )  # fmt: skip
    others = heard(texts[corrections : corrections + OTHERS])
    start = time.process_time()
    found = teach(judged, others, name="own-1")
    learning = time.process_time() - start
    asked = heard(texts[-ASKED:])
    shipped, own = make_pipeline(), make_pipeline(Knowledge(own=found.company))
    shipped(asked), own(asked)
    ratio = cpu(lambda: own(asked)) / cpu(lambda: shipped(asked))
    better = [head for head, one in found.outcomes.items() if one.verdict == "better"]
    print(f"{corrections:,} corrections of one label: {learning:.1f} s of CPU")
    print(
        f"{len(found.company):,} bytes; better: {', '.join(better)}; a post costs {ratio:.2f} times"
    )
    figures = {"corrections": corrections, "cpu_s": round(learning, 1)}
    print(json.dumps({"benchmark": "lessons", **figures, "pipeline_ratio": round(ratio, 2)}))


if __name__ == "__main__":
    main()
