"""Whether waves are found among real reviews and none where there is none; fills the page on it.

`python training/measure_campaigns.py --data ../shared/data` takes windows of sixty real days, looks
for false alarms, and puts waves into them: the text of another real review, carried by some
accounts, each with small changes of its own; or a day of bought stars.
"""

import argparse
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from corpus import HERE, rows
from publish import fill, percent

from sori.understand.campaigns import Campaign, campaigns

PAGE = HERE.parent / "docs" / "reference" / "campaigns.md"
DAYS = 60
WINDOWS = 40
EACH = 60
ENDS = (
    "",
    "!",
    "!!",
    " ㅠㅠ",
    " ㅎㅎ",
    "...",
    "~",
    " 진짜",
    " 정말",
    " #공유",
    "^^",
    " 추천",
    "요",
    " 👍",
)


def reviews(data: Path) -> list[dict[str, Any]]:
    """Real reviews in order of time; a day is all that is known of it."""
    dice = random.Random(1)
    found = [
        {
            "id": row["id"],
            "text": row["text"],
            "author_id": row["author"],
            "thread_id": row["movie_id"],
            "rating": row["rating"] / 2,
            "published_at": datetime.fromisoformat(row["created_at"]).replace(tzinfo=UTC)
            + timedelta(seconds=dice.randrange(86400)),
        }
        for row in rows(data, "ko_nsmc_stream")
    ]
    return sorted(found, key=lambda row: row["published_at"])


def looked(some: list[dict[str, Any]]) -> list[Campaign]:
    """The campaigns in some reviews."""
    names = ("id", "text", "author_id", "thread_id", "rating")
    times = pa.array([row["published_at"] for row in some], pa.timestamp("us", "UTC"))
    columns = {name: [row[name] for row in some] for name in names}
    return campaigns(pa.table(columns | {"published_at": times}))


def windows(every: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """So many windows of sixty days, each with about EACH reviews a day, drawn at random."""
    found = []
    first, last = every[0]["published_at"], every[-1]["published_at"]
    for number in range(WINDOWS):
        dice = random.Random(number)
        start = first + dice.random() * (last - first - timedelta(days=DAYS))
        some = [row for row in every if start <= row["published_at"] < start + timedelta(days=DAYS)]
        chosen = sorted(dice.sample(range(len(some)), EACH * DAYS))
        found.append([some[at] for at in chosen])
    return found


def wave(dice: random.Random, text: str, start: datetime, carriers: int) -> list[dict[str, Any]]:
    """A text carried by some accounts within a day, changed a little by each."""
    made = []
    for number in range(carriers):
        words = text.split()
        if len(words) > 6 and dice.random() < 0.5:
            del words[dice.randrange(len(words))]
        made.append(
            {
                "id": f"wave-{number}",
                "text": " ".join(words) + dice.choice(ENDS),
                "author_id": f"carrier-{number}",
                "thread_id": f"film-{number % 3}",
                "rating": 5.0,
                "published_at": start + timedelta(seconds=dice.randrange(86400)),
            }
        )
    return made


def bought(
    dice: random.Random, texts: list[str], start: datetime, many: int
) -> list[dict[str, Any]]:
    """A day on which so many people were paid for five stars, each in words of their own."""
    return [
        one | {"id": f"star-{number}", "author_id": f"new-{number}", "text": dice.choice(texts)}
        for number, one in enumerate(wave(dice, "x", start, many))
    ]


def share(
    every: list[list[dict[str, Any]]],
    make: Callable[[random.Random, datetime], list[Any]],
    why: str,
) -> str:
    """In how many windows what was put in is found, whole or for the most part."""
    right = 0
    for number, window in enumerate(every):
        dice = random.Random(f"{why}{number}")
        start = window[0]["published_at"] + timedelta(days=dice.randrange(35, DAYS - 2))
        added = make(dice, start.replace(hour=0))
        names = {row["id"] for row in added}
        told = [one for one in looked(window + added) if one.why == why]
        right += any(len(names & set(one.members)) >= 0.7 * len(names) for one in told)
    return f"{right} of {len(every)} ({percent(right / len(every))} %)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    every = reviews(parser.parse_args().data)
    whole = looked(every)
    alarms = [one for one in whole if one.why != "spree"]
    sprees = len(whole) - len(alarms)
    some = windows(every)
    texts = [row["text"] for row in every if 60 <= len(row["text"]) <= 140]
    lines = ["| put into sixty real days | found |", "|---|--:|"]
    for carriers in (4, 6, 10, 20):
        found = share(
            some,
            lambda dice, at, n=carriers: wave(dice, dice.choice(texts), at, n),
            "copies",
        )
        lines.append(f"| a text of 60 to 140 characters, carried by {carriers} | {found} |")
    for times in (1.0, 2.0, 4.0):
        found = share(
            some,
            lambda dice, at, t=times: bought(dice, texts, at, round(t * EACH)),
            "stars",
        )
        lines.append(f"| five stars, {times:g} times as many as all reviews of a day | {found} |")
    days = (every[-1]["published_at"] - every[0]["published_at"]).days
    quiet = (
        f"In {len(every):,} real film reviews of {days:,} days {len(alarms)} waves and star days "
        f"were found, and {sprees} sprees: accounts that wrote the same under three films or more "
        "within two days."
    )
    fill(PAGE, {"waves": "\n".join(lines), "quiet": quiet})
    print("\n".join(lines), quiet, sep="\n\n")


if __name__ == "__main__":
    main()
