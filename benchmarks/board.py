"""CPU time of the board of themes: `python benchmarks/board.py [--themes N] [--mentions M]`.

Makes a home of its own with so many themes that were heard so often in 14 days, each day in four
kinds and on three channels, and asks for the board through Django's test client as a signed-in
member: as it is, by other points, filtered, and the first time after a run, when a process has not
read yet what that run has counted. The median of CPU times is printed, so a busy machine disturbs
little. The last line is JSON.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta

ROUNDS = 12
WARM_UP = 2
DAYS = 14
GOAL_MS = 300
CHANNELS = ("email", "naver", "webform")
KINDS = ("complaint", "question", "idea", "praise")
BATCH = 500
DICE = random.Random(1)


def start(home: str) -> None:
    """Django on an empty SQLite database in this folder."""
    os.environ["SORI_HOME"] = home
    os.environ.pop("DATABASE_URL", None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sori.web.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def fill(themes: int, mentions: int) -> None:
    """A run that has counted so many mentions in so many themes."""
    from django.utils import timezone

    from sori.change import packing, tallies
    from sori.change.counting import Figures
    from sori.change.models import Theme, ThemeFigures, ThemeRun
    from sori.database import write_atomic
    from sori.staff.models import Member

    now, today = timezone.now(), timezone.localdate()
    Member.objects.create_user("m0@sori.example", name="구성원", role="supervisor")
    figures = {number: Figures(0, now, now) for number in range(1, themes + 1)}
    weights = [1 / number**0.8 for number in figures]
    for number, voices in zip(figures, spread(mentions, weights), strict=True):
        one = figures[number]
        cells = [
            (day, kind, channel) for day in range(DAYS) for kind in KINDS for channel in CHANNELS
        ]
        counts = spread(voices, [DICE.random() for _ in cells])
        for (day, kind, channel), count in zip(cells, counts, strict=True):
            if count:
                cube = one.days.setdefault(today - timedelta(days=day), {}).setdefault(kind, {})
                cube[channel] = count
                one.voices += count
    rows = [
        Theme(
            number=number,
            name=f"배송 지연 안내 {number}",
            phrases=["배송", "지연", f"안내 {number}"],
            central="주문한 지 일주일이 지났는데 아직 배송 안내가 없어요. 언제 오나요?",
            central_public=True,
            voices=one.voices,
            people=1 + one.voices * 3 // 4,
            first_seen=now - timedelta(days=DICE.randint(14, 300)),
            last_seen=now,
        )
        for number, one in figures.items()
    ]
    with write_atomic():
        Theme.objects.bulk_create(rows, BATCH)
        ThemeFigures.objects.bulk_create(
            [
                ThemeFigures(
                    theme=row,
                    judged=row.voices,
                    negative=DICE.randint(0, row.voices),
                    urgent=DICE.randint(0, row.voices // 4 + 1),
                    reach=DICE.randint(0, 10**6),
                    worth=DICE.randint(0, 10**8),
                    valued=DICE.randint(0, 9),
                    languages={"ko": row.voices},
                )
                for row in rows
            ],
            BATCH,
        )
        ThemeRun.objects.create(
            at=now,
            since=now - timedelta(days=DAYS - 1),
            voices=mentions,
            read=mentions,
            compared=20_000,
            tier="fast",
            next_number=themes + 1,
            seconds=1,
            tallies=packing.packed(tallies.table(figures)),
        )
    counted = sum(one.voices for one in figures.values())
    assert counted == mentions, f"{counted} voices were counted"


def spread(count: int, weights: list[float]) -> list[int]:
    """So many things over places, in proportion to their weights, none lost."""
    total, found, given = sum(weights), [], 0
    upto = 0.0
    for weight in weights:
        upto += weight
        share = round(count * upto / total) - given
        found.append(share)
        given += share
    return found


def cost(do: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    """CPU milliseconds of one call, the median of some after the first."""
    spent = []
    for number in range(WARM_UP + ROUNDS):
        before()
        start = time.process_time()
        do()
        if number >= WARM_UP:
            spent.append(time.process_time() - start)
    return round(statistics.median(spent) * 1000, 1)


def measure(themes: int, mentions: int) -> dict[str, float | int | str]:
    """Ask for the board in every way."""
    from django.conf import settings
    from django.test import Client

    from sori.change import selectors
    from sori.staff.models import Member

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(
        Member.objects.get(email="m0@sori.example"), backend=settings.AUTHENTICATION_BACKENDS[0]
    )

    def get(address: str) -> bytes:
        response = client.get(address)
        assert response.status_code == 200, (address, response.status_code)
        return bytes(response.content)

    figures: dict[str, float | int | str] = {
        "benchmark": "board",
        "themes": themes,
        "mentions": mentions,
        "board_cpu_ms": cost(lambda: get("/themes/")),
        "other_points_cpu_ms": cost(lambda: get("/themes/?w-growth=40&w-volume=3")),
        "filtered_cpu_ms": cost(lambda: get("/themes/?kind=complaint&channel=naver&campaigns=no")),
        "words_cpu_ms": cost(lambda: get("/themes/?q=배송+17")),
        "after_a_run_cpu_ms": cost(lambda: get("/themes/"), selectors._tallies.cache_clear),
        "board_bytes": len(get("/themes/")),
        "goal_ms": GOAL_MS,
    }
    return figures


def main() -> None:
    """Make the data, measure, print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--themes", type=int, default=2_000)
    parser.add_argument("--mentions", type=int, default=1_000_000)
    asked = parser.parse_args()
    home = tempfile.mkdtemp(prefix="sori-bench-")
    try:
        start(home)
        fill(asked.themes, asked.mentions)
        print(json.dumps(measure(asked.themes, asked.mentions)))
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
