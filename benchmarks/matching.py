"""What listening rules cost: CPU time a post with 100, 1,000 and 10,000 rules, and against naive.

Naive is the definition that the tests compare with: one rule after the other for one post after
the other. Folding the texts is part of both. Ends within a minute; the last line is JSON.
"""

import json
import platform
import runpy
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
from rules import make_posts, make_rules

from sori.listen.language import parse
from sori.listen.matching import Matcher

POSTS = 10_000
NAIVE_EVALUATIONS = 300_000
SIZES = (100, 1_000, 10_000)

NAIVE = runpy.run_path(str(Path(__file__).parents[1] / "tests" / "naive_matching.py"))


def cpu_seconds(work: Callable[[], object], times: int = 1) -> float:
    """CPU seconds of the fastest of some runs."""
    fastest = float("inf")
    for _ in range(times):
        started = time.process_time()
        work()
        fastest = min(fastest, time.process_time() - started)
    return fastest


def measure(batch: pa.RecordBatch, size: int) -> dict[str, Any]:
    """The figures for one number of rules; fails where the engine and naive disagree."""
    rules = make_rules(size)
    parse.cache_clear()
    build = cpu_seconds(lambda: Matcher(rules))
    rebuild = cpu_seconds(lambda: Matcher(rules))
    matcher = Matcher(rules)
    engine = cpu_seconds(lambda: matcher.match(batch), times=5) / POSTS

    sample = batch.slice(0, max(10, NAIVE_EVALUATIONS // size))
    posts = sample.to_pylist()
    expressions = {query: parse(rule) for query, rule in rules.items()}
    naive = cpu_seconds(lambda: [NAIVE["holding"](expressions, post) for post in posts]) / len(
        posts
    )
    found = matcher.match(sample).column("queries").to_pylist()
    if found != [NAIVE["holding"](expressions, post) for post in posts]:
        raise SystemExit(f"the engine and the definition disagree with {size} rules")
    return {
        "rules": size,
        "cpu_us_per_post": round(engine * 1e6, 2),
        "naive_us_per_post": round(naive * 1e6, 1),
        "ratio_to_naive": round(naive / engine, 1),
        "build_seconds": round(build, 3),
        "rebuild_seconds": round(rebuild, 3),
        "hits_per_post": round(len(matcher.match(batch).column("queries").flatten()) / POSTS, 3),
    }


def main() -> None:
    """Measure every size and print a line for each."""
    batch = make_posts(POSTS)
    results = []
    for size in SIZES:
        results.append(measure(batch, size))
        print(results[-1])
    largest, smallest = results[-1]["cpu_us_per_post"], results[0]["cpu_us_per_post"]
    print(
        json.dumps(
            {
                "benchmark": "matching",
                "posts": POSTS,
                "python": platform.python_version(),
                "results": results,
                "cost_10000_to_100_rules": round(largest / smallest, 2),
            }
        )
    )


if __name__ == "__main__":
    main()
