"""Insults of people beside curses at things, put together from parts: the abuse label needs both.

Real insults are rare in what customers write to companies and rarer in what we would write
ourselves, so the parts are plain (`insults.toml`) and the examples are made.
"""

import tomllib
from itertools import product
from typing import Any

from corpus import HERE


def made() -> list[dict[str, Any]]:
    """Some hundred messages that only say whether people are abused."""
    parts = tomllib.loads((HERE / "insults.toml").read_text(encoding="utf-8"))
    korean = product(parts["people_ko"], parts["insults_ko"] + parts["threats_ko"])
    english = product(parts["people_en"], parts["insults_en"])
    abusive = [f"{who} {what}" for who, what in [*korean, *english]]
    abusive += [f"이 {what}" for what in parts["insults_ko"]]
    abusive += parts["threats_ko"] + parts["threats_en"]
    things = [*product(parts["things_ko"], parts["curses_ko"])]
    things += product(parts["things_en"], parts["curses_en"])
    harmless = [f"{what} {curse}" for what, curse in things]
    harmless += [
        f"{who} {how}" for who in parts["people_ko"] for how in ("친절하네요", "불친절해요")
    ]
    rows = dict.fromkeys(abusive, True) | dict.fromkeys(harmless, False)
    return [_row(text, abuse=abuse) for text, abuse in rows.items()]


def _row(text: str, *, abuse: bool) -> dict[str, Any]:
    lang = "en" if text.isascii() else "ko"
    return {"text": text, "lang": lang, "abuse": abuse, "set": "made", "weight": 1.0}
