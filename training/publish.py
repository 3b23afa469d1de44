"""Write what the shipped models can do where people look: the model card and the quality page.

`python training/publish.py` after `train.py`; both pages are made from the figures that travel
with the models, and a test compares them.
"""

import json
from pathlib import Path
from typing import Any

from agreement import agreement
from corpus import HERE
from measure_reviews import KEPT as REVIEWS

from sori.understand.linear import MODELS

QUALITY = HERE.parent / "docs" / "reference" / "quality.md"
SETS = {
    "authored": "our own examples",
    "ko_nsmc_sentiment": "film reviews (NSMC)",
    "ko_nsmc_stream": "film reviews (NSMC, later ones)",
    "ko_petitions": "petitions",
    "ko_comments_unlabeled": "news comments",
    "ko_hate_speech": "news comments with insults",
    "ko_3i4k_intent": "short utterances (3i4K)",
}
HEADS = ("kind", "sentiment", "sentiment3", "urgency", "answer", "abuse", "irony", "spam")
RARE = ("abuse", "irony", "spam")
WORDS = {"sentiment3": "sentiment, of three"}


def percent(share: float) -> str:
    return f"{100 * share:.1f}"


def ranged(v: dict[str, Any]) -> str:
    """Accuracy and its interval."""
    low, high = v["interval"]
    return f"{percent(v['accuracy'])} ({percent(low)} - {percent(high)})"


def tiers(labels: dict[str, Any], deep: dict[str, Any]) -> str:
    """One line a set, language and question: both tiers, the transformer alone, the baseline."""
    lines = [
        "| messages | language | label | n | fast % | deep % | transformer alone % "
        "| plain n-grams % |",
        "|---|---|---|--:|---|---|--:|--:|",
    ]
    for name, words in SETS.items():
        for lang, heads in labels["figures"].get(name, {}).items():
            for head in HEADS:
                if head in heads:
                    alone = deep["alone"][name][lang][head]["accuracy"]
                    plain = labels["baseline"].get(lang, {}).get(head, {}) if _own(name) else {}
                    cells = [
                        words, lang, WORDS.get(head, head), f"{heads[head]['n']:,}",
                        ranged(heads[head]), ranged(deep["figures"][name][lang][head]),
                        percent(alone), percent(plain["accuracy"]) if plain else "",
                    ]  # fmt: skip
                    lines.append(_row(cells))
    return "\n".join(lines)


def details(figures: dict[str, Any]) -> str:
    """How sure one tier is and how far it can be believed, a line a set, language and question."""
    lines = [
        "| messages | language | label | n | accuracy % | macro F1 "
        "| surest 80 % | said % | right when said % | ECE |",
        "|---|---|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name, words in SETS.items():
        for lang, heads in figures.get(name, {}).items():
            for head in HEADS:
                if head in heads:
                    v = heads[head]
                    cells = [
                        words, lang, WORDS.get(head, head), f"{v['n']:,}", percent(v["accuracy"]),
                        f"{v['f1']:.3f}", percent(v["at_80"]), percent(v["coverage"]),
                        percent(v["accuracy_said"]), f"{v['ece']:.3f}",
                    ]  # fmt: skip
                    lines.append(_row(cells))
    return "\n".join(lines)


def rare(labels: dict[str, Any], deep: dict[str, Any]) -> str:
    """Of what few messages are: how many are told, how many of those rightly, by tier."""
    lines = [
        "| language | label | n | there | tier | said of | rightly | precision % | recall % |",
        "|---|---|--:|--:|---|--:|--:|--:|--:|",
    ]
    for lang, heads in labels["figures"]["authored"].items():
        for head in RARE:
            for tier, card in (("fast", labels), ("deep", deep)):
                v = card["figures"]["authored"][lang][head]
                cells = [
                    lang,
                    head,
                    f"{heads[head]['n']:,}",
                    v["there"],
                    tier,
                    v["found"],
                    v["hit"],
                ]
                shares = [percent(v["hit"] / v[of]) if v[of] else "" for of in ("found", "there")]
                lines.append(_row([*map(str, cells), *shares]))
    return "\n".join(lines)


def curve(found: dict[str, Any]) -> str:
    """How accuracy grows with the labelled messages taught."""
    shares = list(next(iter(found["ko"].values())))
    lines = [
        _row(["language", "label", *(f"{float(s):.0%} of them" for s in shares)]),
        "|---|---|" + "--:|" * len(shares),
    ]
    for lang, heads in found.items():
        for head, by_share in heads.items():
            lines.append(_row([lang, head, *(percent(v) for v in by_share.values())]))
    return "\n".join(lines)


def readings() -> str:
    """How far the readings of our own held-out messages agree, a line a language and label."""
    lines = ["| language | label | n | the same % | least of three pairs % | Cohen's kappa |",
             "|---|---|--:|--:|--:|--:|"]  # fmt: skip
    for v in agreement():
        cells = [v["lang"], v["label"], f"{v['n']:,}", percent(v["share"]), percent(v["least"]),
                 f"{v['kappa']:.2f}"]  # fmt: skip
        lines.append(_row(cells))
    return "\n".join(lines)


GROUPS = {
    "ko before": "Korean reviews, first group",
    "ko between": "Korean reviews, second group",
    "ko after": "Korean reviews, third group",
    "ko third": "Korean reviews, fourth group",
    "en after": "English reviews and posts, first group",
    "en third": "English reviews and posts, second group",
    "ko all": "all Korean reviews",
    "en all": "all English reviews and posts",
}


def reviews() -> str:
    """Both tiers on reviews that are not ours, and how far two readers of them agree."""
    lines = [
        "| messages | label | n | fast % | deep % | surest 80 % | ECE | two readers % |",
        "|---|---|--:|---|---|--:|--:|--:|",
    ]
    for group, labels in json.loads(REVIEWS.read_text(encoding="utf-8")).items():
        readers = labels.get("readers", {})
        for head in (name for name in HEADS if name in labels):
            fast, deep = labels[head]["fast"], labels[head]["deep"]
            both = percent(readers[head][0]) if head in readers else ""
            cells = [GROUPS[group], WORDS.get(head, head), f"{deep['n']:,}", ranged(fast)]
            sure = percent(deep["at_80"]), f"{deep['ece']:.3f}"
            lines.append(_row([*cells, ranged(deep), *sure, both]))
    return "\n".join(lines)


def _own(name: str) -> bool:
    return name == "authored"


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def film_line(labels: dict[str, Any], deep: dict[str, Any]) -> str:
    fast = labels["film_reviews"]
    said = (
        f"Good or bad in {fast['n']:,} film reviews of NSMC that were written after all those that "
        f"teach, as many good as bad, measured on what ships: fast "
        f"**{percent(fast['accuracy'])} %** {_interval(fast)}"
    )
    if "film_reviews" in deep:
        both = deep["film_reviews"]
        said += f", deep **{percent(both['accuracy'])} %** {_interval(both)} (of {both['n']:,})"
    return said + "."


def _interval(v: dict[str, Any]) -> str:
    low, high = v["interval"]
    return f"({percent(low)} - {percent(high)})"


def language_line(card: dict[str, Any]) -> str:
    found = card["figures"]
    return (
        f"Language in Latin and Cyrillic letters: of {found['held_out_pieces']:,} held-out pieces "
        f"of sentences (many of two or three words) a language was said for "
        f"{percent(found['said'])} %, and it was right in {percent(found['accuracy_said'])} %."
    )


def size_line() -> str:
    def megabytes(names: str) -> str:
        return f"{sum(path.stat().st_size for path in MODELS.glob(names)) / 1e6:.1f} MB"

    return (
        f"`labels` {megabytes('labels.*')}, `language` {megabytes('language.*')}, mapped into "
        f"memory and shared by all processes; `deep` {megabytes('deep.*')}, read when first asked."
    )


def fill(path: Path, parts: dict[str, str]) -> None:
    """Replace what stands between `<!-- NAME -->` and `<!-- /NAME -->`, where the page has it."""
    text = path.read_text(encoding="utf-8")
    for name, new in parts.items():
        before, begin, rest = text.partition(f"<!-- {name} -->")
        _, end, after = rest.partition(f"<!-- /{name} -->")
        if end:
            text = f"{before}{begin}\n{new}\n{end}{after}"
    path.write_text(text, encoding="utf-8")


def main() -> None:
    labels, language, deep = (
        json.loads((MODELS / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("labels", "language", "deep")
    )
    examples = labels["examples"]
    parts = {
        "tiers": tiers(labels, deep),
        "fast": details(labels["figures"]),
        "deep": details(deep["figures"]),
        "rare": rare(labels, deep),
        "curve": curve(labels["curve"]),
        "readings": readings(),
        "reviews": reviews(),
        "films": film_line(labels, deep),
        "language": language_line(language),
        "examples": (
            f"{examples['own']:,} messages written for this, {examples['real']:,} real messages "
            f"labelled by hand, {examples['weak']:,} with weak labels from public sets."
        ),
        "size": size_line(),
        "name": f"`{labels['name']}`, `{deep['name']}` and `{language['name']}`",
    }
    fill(QUALITY, parts)
    fill(MODELS / "README.md", parts)


if __name__ == "__main__":
    main()
