"""What a look at a channel brought, as a test reads it off its pages."""

from collections.abc import Iterable

from sori.channels.contract import Page


def texts(pages: Iterable[Page]) -> list[str]:
    return [text for page in pages for text in page.mentions["text"].to_pylist()]


def edited(pages: Iterable[Page]) -> list[str]:
    return [text for page in pages if page.edited for text in page.edited["text"].to_pylist()]


def gone(pages: Iterable[Page]) -> list[str]:
    return [name for page in pages for name in page.gone]
