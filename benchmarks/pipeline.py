"""What a post costs from its JSON to the lake: parse, have we heard it, match, understand, append.

Invented posts of about 800 bytes of JSON, half Korean. The cheapest thing that could be called a
pipeline, parsing and one zstd Parquet file, runs on the same posts and is what the ratio compares
with. CPU time of all threads of the process; models and rules are loaded before. Ends within a
minute without arguments; the last line is JSON.
"""

import argparse
import json
import platform
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj
import pyarrow.parquet as pq
from rules import make_posts, make_rules

from sori import mention
from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.listen.matching import Matcher
from sori.understand.language import make_language
from sori.understand.pipeline import make_pipeline

PAGE = 50_000
PIECE = 10_000
START = datetime(2026, 11, 22, 15, tzinfo=UTC)

_USER = pa.struct([("id", pa.string()), ("name", pa.string()), ("followers_count", pa.int64())])
SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("created_at", mention.INSTANT),
        ("title", pa.string()),
        ("text", pa.string()),
        ("url", pa.string()),
        ("user", _USER),
    ]
)

spent: dict[str, float] = defaultdict(float)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Add the CPU seconds of the block to a stage."""
    started = time.process_time()
    yield
    spent[name] += time.process_time() - started


def make_json(count: int) -> list[bytes]:
    """Pages of JSON lines, as a social network delivers them."""
    dice = random.Random(11)
    pages = []
    for start in range(0, count, PAGE):
        posts = make_posts(min(PAGE, count - start), seed=start).to_pylist()
        lines = [_post(dice, start + row, post) for row, post in enumerate(posts)]
        pages.append(b"\n".join(map(msgspec.json.encode, lines)))
    return pages


def _post(dice: random.Random, number: int, post: dict[str, object]) -> dict[str, object]:
    name = f"{dice.getrandbits(60):015x}{number:09}"
    return {
        "id": name,
        "created_at": (START + timedelta(milliseconds=200 * number)).isoformat(),
        "title": post["title"],
        "text": post["text"],
        "url": f"https://social.example/@{post['author_id']}/{name}",
        "user": {
            "id": post["author_id"],
            "name": post["author_name"],
            "screen_name": f"@{post['author_id']}",
            "description": "소개 글을 아직 쓰지 않았습니다 | no bio yet",
            "followers_count": post["followers"],
            "verified": False,
            "avatar": f"https://cdn.social.example/avatars/{post['author_id']}.webp",
        },
        "counts": {"likes": dice.randint(0, 99), "shares": dice.randint(0, 9), "replies": 0},
        "entities": {"hashtags": [], "urls": [], "mentions": [f"u{dice.randint(0, 9999)}"]},
        "client": '<a href="https://social.example/app" rel="nofollow">Social for Phones</a>',
        "labels": [],
        "sensitive": False,
        "lang": post["lang"],
    }


def parse(page: bytes) -> pa.RecordBatch:
    """A page of JSON lines as a batch of what a channel knows."""
    table = pj.read_json(
        BytesIO(page),
        read_options=pj.ReadOptions(use_threads=False, block_size=8 << 20),
        parse_options=pj.ParseOptions(explicit_schema=SCHEMA, unexpected_field_behavior="ignore"),
    ).combine_chunks()
    rows = table.num_rows
    names = table.column("id").combine_chunks()
    user = table.column("user").combine_chunks()
    days = pc.strftime(table.column("created_at"), "%Y%m%d").combine_chunks()
    keys = pa.array([mention.mention_key("social", name) for name in names.to_pylist()])
    known = {
        "id": pc.binary_join_element_wise(days, keys, ""),
        "source": pa.array(np.ones(rows, np.int64)),
        "channel": pa.repeat("social", rows),
        "external_id": names,
        "url": table.column("url").combine_chunks(),
        "author_id": pc.struct_field(user, "id"),
        "author_name": pc.struct_field(user, "name"),
        "followers": pc.struct_field(user, "followers_count"),
        "title": table.column("title").combine_chunks(),
        "text": table.column("text").combine_chunks(),
        "published_at": table.column("created_at").combine_chunks(),
        "heard_at": pa.repeat(pa.scalar(datetime.now(UTC), mention.INSTANT), rows),
        "addressed": pa.repeat(False, rows),  # noqa: FBT003
        "public": pa.repeat(True, rows),  # noqa: FBT003
        "reply_mode": pa.repeat("none", rows),
    }
    columns = [known.get(f.name, pa.nulls(rows, f.type)) for f in mention.HEARD_SCHEMA]
    return pa.RecordBatch.from_arrays(columns, schema=mention.HEARD_SCHEMA)


def run(pages: list[bytes], queries: int, lake: Lake) -> None:
    """The whole pipeline, page by page."""
    match, language, understand = (
        Matcher(make_rules(queries)).match,
        make_language(),
        make_pipeline(),
    )
    warm = parse(b"\n".join(pages[0].split(b"\n", 100)[:100]))
    understand(match(language(warm)))
    for sequence, page in enumerate(pages, 1):
        with stage("parse"):
            batch = parse(page)
        with stage("heard before"):
            seen = lake.keys_seen(batch.column("id"))
        if seen:
            raise SystemExit("the lake knows posts that were just invented")
        pieces = [batch.slice(at, PIECE) for at in range(0, batch.num_rows, PIECE)]
        with stage("language"):
            pieces = [language(piece) for piece in pieces]
        with stage("match"):
            pieces = [match(piece) for piece in pieces]
        with stage("understand"):
            pieces = [understand(piece) for piece in pieces]
        with stage("lake"):
            lake.append(pa.concat_batches(pieces), source=1, sequence=sequence)


def run_cheapest(pages: list[bytes], path: Path) -> None:
    """Parse, and write one Parquet file."""
    with (
        stage("cheapest"),
        pq.ParquetWriter(
            path, mention.HEARD_SCHEMA, compression="zstd", compression_level=1
        ) as file,
    ):
        for page in pages:
            file.write_batch(parse(page))


def main() -> None:
    """Run both and print what they cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=1_000)
    wanted = parser.parse_args()
    pages = make_json(wanted.posts)
    with tempfile.TemporaryDirectory() as folder:
        lake = Lake(f"{folder}/lake")
        started = time.monotonic()
        run(pages, wanted.queries, lake)
        seconds = time.monotonic() - started
        run_cheapest(pages, Path(folder) / "cheapest.parquet")
        (row,) = Reader(lake).table("SELECT count(DISTINCT id) AS n FROM mentions").to_pylist()
    if row["n"] != wanted.posts:
        raise SystemExit(f"{row['n']} of {wanted.posts} posts arrived")
    micro = {name: round(used / wanted.posts * 1e6, 2) for name, used in spent.items()}
    cheapest = micro.pop("cheapest")
    total = sum(micro.values())
    print(micro | {"cheapest": cheapest})
    result = {
        "benchmark": "pipeline",
        "posts": wanted.posts,
        "queries": wanted.queries,
        "cpu_us_per_post": round(total, 2),
        "posts_per_minute_per_core": round(60e6 / total),
        "ratio": round(total / cheapest, 2),
        "wall_seconds": round(seconds, 1),
        "stages": micro,
        "python": platform.python_version(),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
