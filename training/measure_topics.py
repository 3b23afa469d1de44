"""How well the tree of topics finds what people read, and the page that says so.

`python training/measure_topics.py` reads `topics/*.jsonl` (messages with the topics a person read
in them; the phrases of the tree were improved while looking at `tuned`, never at `held_out`), and
writes the figures into docs/reference/topics.md.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
from corpus import HERE, lines_of
from measure import interval
from publish import fill, percent

from sori.understand.topics import make_topics

PAGE = HERE.parent / "docs" / "reference" / "topics.md"
SETS = {"held_out": "held out", "tuned": "looked at while the phrases were written"}


class Found(NamedTuple):
    """What was found: right, said in all, there in all; and messages without a topic."""

    messages: int
    right: int
    said: int
    there: int
    first_right: int
    first_said: int
    silent: int
    nothing: int


def messages(name: str, folder: Path = HERE / "topics") -> list[dict[str, Any]]:
    """The messages of a set, each with `text`, `lang` and `topics`."""
    return lines_of(folder / f"{name}.jsonl")


def found_in(rows: list[dict[str, Any]]) -> Found:
    """Ask the shipped tree; a bare group that was named counts neither for nor against."""
    batch = pa.record_batch({"text": [row["text"] for row in rows]})
    named = make_topics()(batch).column("topics").to_pylist()
    pairs = [
        ([slug for slug in slugs if "." in slug], set(row["topics"]))
        for slugs, row in zip(named, rows, strict=True)
    ]
    return Found(
        messages=len(rows),
        right=sum(len(wanted & set(said)) for said, wanted in pairs),
        said=sum(len(said) for said, _ in pairs),
        there=sum(len(wanted) for _, wanted in pairs),
        first_right=sum(said[0] in wanted for said, wanted in pairs if said),
        first_said=sum(bool(said) for said, _ in pairs),
        silent=sum(not said for said, wanted in pairs if not wanted),
        nothing=sum(not wanted for _, wanted in pairs),
    )


def _lines() -> Iterator[str]:
    yield (
        "| messages | language | n | precision % | recall % | the first one right % "
        "| silent where there is none % |"
    )
    yield "|---|---|--:|--:|--:|--:|--:|"
    for name, words in SETS.items():
        for lang in ("ko", "en"):
            one = found_in([row for row in messages(name) if row["lang"] == lang])
            cells = [
                words, lang, str(one.messages), _share(one.right, one.said),
                _share(one.right, one.there), _share(one.first_right, one.first_said),
                _share(one.silent, one.nothing),
            ]  # fmt: skip
            yield f"| {' | '.join(cells)} |"


def _share(right: int, of: int) -> str:
    low, high = interval(right, of)
    return f"{percent(right / of)} ({100 * low:.0f} - {100 * high:.0f})"


if __name__ == "__main__":
    table = "\n".join(_lines())
    fill(PAGE, {"figures": table})
    print(table)
