"""Real text through the whole turn: ninety thousand reviews, long petitions, an exact ledger."""

import json
import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

DATA = Path(__file__).parents[3] / "shared" / "data"
FILES = {
    "청원": (
        "ko_petitions.jsonl.zst",
        "text=content,title=text,created_at=created_at,id=id",
        3_636,
    ),
    "리뷰": ("ko_nsmc_stream.jsonl.zst", "text=text,author=author,created_at=created_at", 90_043),
}
RULES = {
    "영화": "영화",
    "배우": "배우 AND 연기",
    "재미": "재미 NOT 없",
    "시간": '"시간 아깝"',
    "감동": "감동 OR 눈물",
    "지루": "스토리 NEAR/5 지루",
    "최악": "최악* OR 쓰레기",
    "국민": "청와대 OR 국민",
    "학교": "아이 AND 학교",
    "영어": "lang:en movie",
}
LEDGER = """
import django, json; django.setup()
from sori.listen import selectors
from sori.lake.query import Reader
from sori.lake.store import Lake
from django.conf import settings
found = {one.name: [one.ledger.seen, one.ledger.stored, one.ledger.duplicate,
    one.ledger.not_matched, one.ledger.quarantined] for one in selectors.sources()}
count = "select count(*) rows, count(distinct id) ids, count(*) filter (len(queries) > 0) hits,"
count += " count(kind) kinds from mentions"
print(json.dumps([found, Reader(Lake(settings.LAKE)).table(count).to_pylist()[0]]))
"""


def run(home: Path, *arguments: str) -> str:
    environment = os.environ | {
        "SORI_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "sori.web.settings",
    }
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def data() -> Path:
    if not DATA.exists():
        warnings.warn(f"NO REAL TEXT at {DATA}: this story is not told", stacklevel=1)
        pytest.skip("the real text is not beside this checkout")
    return DATA


def test_it_takes_real_text_to_the_lake_once_with_an_exact_ledger(data: Path, tmp_path: Path):
    home = tmp_path / "home"
    for name, rule in RULES.items():
        run(home, "-m", "sori", "query", "add", name, rule)

    for _ in range(2):
        for name, (file, mapping, _count) in FILES.items():
            path = str(data / file)
            run(home, "-m", "sori", "listen", path, "--source", name, "--map", mapping)

    ledger, lake = json.loads(run(home, "-c", LEDGER))
    for name, (_file, _mapping, count) in FILES.items():
        seen, stored, duplicate, not_matched, quarantined = ledger[name]
        assert seen == stored + duplicate + not_matched + quarantined
        assert (stored, quarantined, not_matched) == (count, 0, 0)
    total = sum(count for _, _, count in FILES.values())
    assert (lake["rows"], lake["ids"]) == (total, total)
    assert lake["hits"] > 10_000
    assert lake["kinds"] > 0.5 * total
