"""How many opinions are found rightly, and the page that says so.

`python training/measure_units.py --data ../shared/data` reads `units/*.jsonl` (messages with the
opinions a person read in them; `tuned` was looked at while the rules were chosen, `held_out` never
was) and writes the figures into docs/reference/labels.md. The texts of film reviews stay in their
set; only ids and places are kept here.
"""

import argparse
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
from corpus import HERE, lines_of, rows
from publish import fill, percent

from sori.understand.contract import Step
from sori.understand.tiers import open_tier
from sori.understand.units import make_units

PAGE = HERE.parent / "docs" / "reference" / "labels.md"
SETS = {"held_out": "held out", "tuned": "looked at while the rules were chosen"}
FILMS = "ko_nsmc_stream"
OVERLAP = 0.5


class Found(NamedTuple):
    """Opinions there, said, in the right place, and right in every respect; messages all right."""

    there: int
    said: int
    placed: int
    right: int
    messages: int
    whole: int


def messages(data: Path, name: str) -> list[dict[str, Any]]:
    """The messages of a set, each with `text`, `lang` and `units`."""
    found = lines_of(HERE / "units" / f"{name}.jsonl")
    wanted = {row["id"] for row in found if "id" in row}
    texts = {row["id"]: row["text"] for row in rows(data, FILMS) if row["id"] in wanted}
    return [row | {"text": row.get("text") or texts[row["id"]]} for row in found]


def found_in(some: list[dict[str, Any]], step: Step) -> Found:
    """Compare what is said with what is there: half of the place, the kind and the feeling."""
    batch = pa.record_batch({"text": [row["text"] for row in some]})
    told = step(batch).column("units").to_pylist()
    placed = right = whole = 0
    for row, said in zip(some, told, strict=True):
        pairs = _pairs(row["units"], said)
        same = sum(all(a[k] == b[k] for k in ("kind", "sentiment")) for a, b in pairs)
        placed, right = placed + len(pairs), right + same
        whole += same == len(row["units"]) == len(said)
    there, spoken = sum(len(row["units"]) for row in some), sum(map(len, told))
    return Found(there, spoken, placed, right, len(some), whole)


def _pairs(there: list[dict[str, Any]], said: list[dict[str, Any]]) -> list[tuple[Any, Any]]:
    """Which opinion that was said stands where one is."""
    free, found = list(said), []
    for one in there:
        best = max(free, key=lambda other: _overlap(one, other), default=None)
        if best is not None and _overlap(one, best) >= OVERLAP:
            free.remove(best)
            found.append((one, best))
    return found


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> float:
    both = min(one["end"], other["end"]) - max(one["begin"], other["begin"])
    either = max(one["end"], other["end"]) - min(one["begin"], other["begin"])
    return max(0, both) / either


def table(data: Path) -> str:
    lines = [
        "| messages | tier | n | opinions there | said | in the right place "
        "| kind and feeling right too | precision % | recall % | messages all right % |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    steps = {tier: make_units(tier=open_tier(tier)) for tier in ("fast", "deep")}
    for name, words in SETS.items():
        every = messages(data, name)
        groups = {
            "customers, Korean": [r for r in every if "id" not in r and r["lang"] == "ko"],
            "customers, English": [r for r in every if r["lang"] == "en"],
            "film reviews": [r for r in every if "id" in r],
        }
        for group, some in groups.items():
            for tier, step in steps.items():
                one = found_in(some, step)
                cells = [
                    f"{words}: {group}", tier, one.messages, one.there, one.said, one.placed,
                    one.right, percent(one.right / one.said), percent(one.right / one.there),
                    percent(one.whole / one.messages),
                ]  # fmt: skip
                lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    made = table(parser.parse_args().data)
    fill(PAGE, {"units": made})
    print(made)
