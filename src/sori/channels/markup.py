"""HTML made into plain text by one pass over its letters: nothing runs, nothing is fetched.

A tree is never built. Building one costs time that grows with the square of its depth (measured:
35 s for 100,000 nested elements in the fastest parser at hand), and a mail can be that deep.
"""

import re
from html import unescape
from typing import Final

LINE_NAMES: Final = (
    "address article aside blockquote br center dd div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul"
)
LINE: Final = frozenset(LINE_NAMES.split())
PARAGRAPH: Final = frozenset({"blockquote", "h1", "h2", "h3", "ol", "p", "pre", "table", "ul"})
CELL: Final = frozenset({"td", "th"})
SILENT: Final = frozenset({"script", "style", "title", "template", "svg", "math"})
DEEPEST_QUOTE: Final = 5

NAME: Final = re.compile(r"/?([a-z][a-z0-9:-]{0,30})")
STOP: Final = re.compile(r"[>\"']")
SPACES: Final = re.compile(r"[ \t\r\n\f\v\xa0]+")
ABSURD: Final = re.compile(r"&#[xX]?0*[0-9a-fA-F]{8,};?")
BREAKS: Final = re.compile(r"\n{3,}")


def text_of(html: str, *, quotes: bool = False) -> str:
    """What a person would read in a piece of HTML; entities are resolved once.

    Args:
        html: any text at all; what is no markup is kept as it is.
        quotes: mark the lines of quoted blocks with "> ", as mail does.
    """
    return _Reader(html, quotes=quotes).read()


class _Reader:
    """Walks over the letters; never goes back, so the time it takes grows with the length alone."""

    def __init__(self, html: str, *, quotes: bool) -> None:
        self.html = html
        self.low = html.lower() if len(html.lower()) == len(html) else html
        self.quotes = quotes
        self.depth = 0
        self.lines: list[tuple[int, list[str]]] = [(0, [])]
        self.quoted_values = True
        self.absent: set[str] = set()

    def read(self) -> str:
        at = 0
        while (mark := self._find("<", at)) >= 0:
            self._text(at, mark)
            at = self._markup(mark)
        self._text(at, len(self.html))
        return self._joined()

    def _find(self, what: str, start: int) -> int:
        """Where something comes next; what is missing once is not looked for again."""
        if what in self.absent:
            return -1
        found = self.low.find(what, start)
        if found < 0:
            self.absent.add(what)
        return found

    def _markup(self, mark: int) -> int:
        """Read what begins at a `<`; returns where reading goes on."""
        if self.low.startswith("<!--", mark):
            end = self._find("-->", mark + 4)
            return mark + 4 if end < 0 else end + 3
        if self.low.startswith(("<!", "<?"), mark):
            end = self._find(">", mark)
            return mark + 2 if end < 0 else end + 1
        name = NAME.match(self.low, mark + 1)
        end = self._end_of_tag(mark) if name else -1
        if not name or end < 0:
            self._text(mark, mark + 1)
            return mark + 1
        closing = self.low[mark + 1] == "/"
        if name[1] in SILENT and not closing:
            return self._skip(name[1], end + 1)
        self._element(name[1], closing=closing)
        return end + 1

    def _end_of_tag(self, mark: int) -> int:
        at = mark + 1
        while self.quoted_values:
            stop = STOP.search(self.low, at)
            if stop is None:
                break
            if stop[0] == ">":
                return stop.start()
            at = self._find(stop[0], stop.end()) + 1
            if not at:
                break
        self.quoted_values = False
        return self._find(">", mark)

    def _skip(self, name: str, start: int) -> int:
        end = self._find(f"</{name}", start)
        if end < 0:
            return start
        close = self._find(">", end)
        return len(self.html) if close < 0 else close + 1

    def _element(self, name: str, *, closing: bool) -> None:
        if name in CELL:
            self.lines[-1][1].append(" ")
        if name not in LINE:
            return
        if name == "blockquote":
            self.depth = max(0, self.depth + (-1 if closing else 1))
        self.lines.append((self.depth, []))
        if name in PARAGRAPH:
            self.lines.append((self.depth, []))

    def _text(self, start: int, end: int) -> None:
        if start < end:
            self.lines[-1][1].append(self.html[start:end])

    def _joined(self) -> str:
        shown = []
        for depth, pieces in self.lines:
            line = unescape(ABSURD.sub("\ufffd", SPACES.sub(" ", "".join(pieces))))
            line = SPACES.sub(" ", line).strip()
            prefix = "> " * min(depth, DEEPEST_QUOTE) if self.quotes and line else ""
            shown.append(prefix + line)
        return BREAKS.sub("\n\n", "\n".join(shown)).strip()
