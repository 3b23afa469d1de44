"""How much personal data is found and how much innocent text is blotted out; fills the page on it.

`python training/measure_privacy.py --data ../shared/data` invents lines with personal data
(`personal_data.py`), takes real lines of public sets beside them, and writes the figures into
docs/reference/privacy.md. A number counts as found when every digit of it is covered.
"""

import argparse
import random
import re
from collections import Counter
from pathlib import Path

from corpus import HERE, rows, text_of
from personal_data import SORTS, Sample, samples
from publish import fill, percent

from sori.understand.privacy import MASKED, find

PAGE = HERE.parent / "docs" / "reference" / "privacy.md"
EACH = 500
REAL = {
    "ko_nsmc_stream": 8000,
    "ko_comments_unlabeled": 4000,
    "ko_3i4k_intent": 3000,
    "ko_hate_speech": 2000,
    "ko_petitions": 4000,
    "en_banking77": 3000,
    "en_clinc150": 3000,
}
WANTED = {
    "resident_number": 99.9,
    "foreigner_number": 99.9,
    "card": 99.9,
    "phone": 99.0,
    "account": 97.0,
}
SPOKEN_WORDS = "공일이삼사오육칠팔구"
_SENTENCE = re.compile(r"\\n|\n|(?<=[.!?]) ")


def real_lines(data: Path) -> list[str]:
    """Lines of real people; a petition is taken sentence by sentence."""
    found = []
    for name, most in REAL.items():
        texts = {text_of(row) for row in rows(data, name)}
        if name == "ko_petitions":
            texts = {part.strip() for text in texts for part in _SENTENCE.split(text)}
        some = sorted(text for text in texts if 5 <= len(text) <= 400)
        found += random.Random(name).sample(some, most)
    return found


def covered(sample: Sample) -> bool:
    """Whether every digit of the number, in figures or words, is inside what was found."""
    begin = sample.text.find(sample.number)
    inside = {at for one in find(sample.text) for at in range(one.start, one.end)}
    if sample.sort == "address":
        return any(at in inside for at in range(begin, begin + len(sample.number)))
    # the name of a bank may hold a syllable that is a digit elsewhere
    words = SPOKEN_WORDS if "words" in sample.manner else ""
    return all(
        at in inside
        for at in range(begin, begin + len(sample.number))
        if sample.text[at].isdigit() or sample.text[at] in words
    )


def recall() -> tuple[str, str]:
    """Tables of what is found, by sort and by how it was written."""
    there: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for sample in samples(EACH):
        right = covered(sample)
        for key in (sample.sort, f"written {sample.manner}"):
            there[key] += 1
            found[key] += right
    lines = ["| sort | lines | found % | goal % |", "|---|--:|--:|--:|"]
    for sort in SORTS:
        share = percent(found[sort] / there[sort])
        lines.append(f"| `{sort}` | {there[sort]:,} | {share} | {WANTED.get(sort, '')} |")
    manners = ["| written | lines | found % |", "|---|--:|--:|"]
    for key in sorted(there, key=lambda key: -there[key]):
        if key.startswith("written "):
            share = percent(found[key] / there[key])
            manners.append(f"| {key.removeprefix('written ')} | {there[key]:,} | {share} |")
    return "\n".join(lines), "\n".join(manners)


def alarms(data: Path) -> str:
    """A sentence about what was found in lines of real people."""
    lines = real_lines(data)
    sorts = Counter(sort for line in lines for sort in {one.sort for one in find(line)})
    blotted = sum(count for sort, count in sorts.items() if sort in MASKED)
    others = ", ".join(
        f"{count} {sort}" for sort, count in sorts.most_common() if sort not in MASKED
    )
    return (
        f"Of {len(lines):,} real lines {blotted} had something blotted out "
        f"({100 * blotted / len(lines):.3f} %; the goal is at most 0.5 %). "
        f"Contact data was found in them: {others or 'none'}."
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    sorts, manners = recall()
    parts = {"recall": sorts, "manners": manners, "alarms": alarms(parser.parse_args().data)}
    fill(PAGE, parts)
    print(*parts.values(), sep="\n\n")
