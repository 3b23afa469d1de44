"""The script of the window, with what its chat has to tell it."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

from sori.listen.models import Source

FILE: Final = Path(__file__).parent.parent / "web" / "static" / "chat" / "widget.js"
_PLACE: Final = "/*CHAT*/{}"


_TOLD: Final[list[Callable[[str], list[str]]]] = []


def tell_also(words: Callable[[str], list[str]]) -> None:
    """Let a window begin with more words, given for a language; called at start."""
    if words not in _TOLD:
        _TOLD.append(words)


def written(source: Source, settings: Any) -> str:
    """The whole script; what is public of the chat stands in it."""
    about = {
        "slug": source.slug,
        "heading": settings.heading,
        "hours": settings.hours,
        "greeting": settings.greetings,
        "told": {
            language: [words for told in _TOLD for words in told(language)]
            for language in ("ko", "en")
        },
        "language": settings.spoken,
        "accent": settings.accent,
        "privacy": settings.privacy,
        "mail": bool(settings.reply_by),
        "signedOnly": settings.signed_only,
    }
    return _script().replace(_PLACE, _literal(about), 1)


def _literal(about: dict[str, Any]) -> str:
    """JSON that is a literal in every JavaScript and ends no script element."""
    text = json.dumps(about, ensure_ascii=True)
    return text.replace("<", "\\u003c")


@cache
def _script() -> str:
    return FILE.read_text(encoding="utf-8")
