"""Write what the shipped models can do where people look: the model card and the quality page.

`python training/publish.py` after `train.py`; both pages are made from the figures that travel
with the models, and a test compares them.
"""

import json
from pathlib import Path
from typing import Any

from corpus import HERE

from sori.understand.linear import MODELS

QUALITY = HERE.parent / "docs" / "reference" / "quality.md"
SETS = {
    "authored": "our own examples",
    "ko_nsmc_sentiment": "film reviews (NSMC)",
    "ko_nsmc_stream": "film reviews (NSMC, other half)",
    "ko_petitions": "petitions",
    "ko_comments_unlabeled": "news comments",
    "ko_hate_speech": "news comments with insults",
    "ko_3i4k_intent": "short utterances (3i4K)",
}
HEADS = ("kind", "sentiment", "urgency", "answer", "abuse")


def percent(share: float) -> str:
    return f"{100 * share:.1f}"


def table(figures: dict[str, Any]) -> str:
    """One line a set, language and question."""
    lines = [
        "| messages | language | label | n | accuracy % | 95 % interval | macro F1 "
        "| surest 80 % | said % | right when said % | ECE |",
        "|---|---|---|--:|--:|---|--:|--:|--:|--:|--:|",
    ]  # fmt: skip
    for name, words in SETS.items():
        for lang, heads in figures.get(name, {}).items():
            for head in HEADS:
                if head in heads:
                    lines.append(_line(words, lang, head, heads[head]))
    return "\n".join(lines)


def _line(words: str, lang: str, head: str, v: dict[str, Any]) -> str:
    low, high = v["interval"]
    cells = [
        words, lang, head, f"{v['n']:,}", percent(v["accuracy"]),
        f"{percent(low)} - {percent(high)}", f"{v['f1']:.3f}", percent(v["at_80"]),
        percent(v["coverage"]), percent(v["accuracy_said"]), f"{v['ece']:.3f}",
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def film_line(card: dict[str, Any]) -> str:
    found = card["film_reviews"]
    low, high = found["interval"]
    return (
        f"Good or bad in {found['n']:,} film reviews that no part of the training has seen, "
        f"as many good as bad, measured on the shipped 8-bit table: "
        f"**{percent(found['accuracy'])} %** "
        f"({percent(low)} - {percent(high)})."
    )


def language_line(card: dict[str, Any]) -> str:
    found = card["figures"]
    return (
        f"Language in Latin and Cyrillic letters: of {found['held_out_pieces']:,} held-out pieces "
        f"of sentences (many of two or three words) a language was said for "
        f"{percent(found['said'])} %, and it was right in {percent(found['accuracy_said'])} %."
    )


def fill(path: Path, parts: dict[str, str]) -> None:
    """Replace what stands between `<!-- NAME -->` and `<!-- /NAME -->`."""
    text = path.read_text(encoding="utf-8")
    for name, new in parts.items():
        before, begin, rest = text.partition(f"<!-- {name} -->")
        _, end, after = rest.partition(f"<!-- /{name} -->")
        text = f"{before}{begin}\n{new}\n{end}{after}"
    path.write_text(text, encoding="utf-8")


def main() -> None:
    labels = json.loads((MODELS / "labels.json").read_text(encoding="utf-8"))
    language = json.loads((MODELS / "language.json").read_text(encoding="utf-8"))
    examples = labels["examples"]
    size = sum(path.stat().st_size for path in MODELS.iterdir()) / 1e6
    parts = {
        "figures": table(labels["figures"]),
        "films": film_line(labels),
        "language": language_line(language),
        "examples": (
            f"{examples['own']:,} messages written for this, {examples['real']:,} real messages "
            f"labelled by hand, {examples['weak']:,} with weak labels from public sets."
        ),
        "size": f"{size:.1f} MB in all, mapped into memory and shared by all processes.",
        "name": f"`{labels['name']}` and `{language['name']}`",
    }
    fill(QUALITY, parts)
    fill(MODELS / "README.md", parts)


if __name__ == "__main__":
    main()
