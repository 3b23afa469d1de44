"""An article's Markdown made into HTML that can do nothing but be read.

Two locks: the Markdown reader passes no HTML through, and what it made is cleaned against a short
list of elements. Links lead to the web, to mail or to our own pages; images are our own uploads.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

PICTURE: Final = re.compile(r"/help/pictures/([0-9a-f]{64})/")
_ATTRIBUTES: Final[dict[str, set[str]]] = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    **{f"h{level}": {"id"} for level in range(2, 5)},
}
_NAMES: Final = (
    "a blockquote br code em h2 h3 h4 hr img li ol p pre s strong table tbody td th thead tr ul"
)
_TAGS: Final = set(_NAMES.split())
_OWN: Final = re.compile(r"(/(?![/\\])|#|https?://|mailto:)", re.IGNORECASE)
_DEEPEST: Final = 4


class Heading(NamedTuple):
    """A line of the table of contents."""

    level: int
    id: str
    words: str


class Written(NamedTuple):
    """An article to be read: `html` is clean, `headings` are its second and third levels."""

    html: SafeString
    headings: tuple[Heading, ...]


def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


@lru_cache(maxsize=256)
def written(body: str) -> Written:
    """Markdown as clean HTML with a table of contents."""
    reader = _reader()
    tokens = reader.parse(body)
    headings = _with_ids(tokens)
    html = nh3.clean(
        reader.renderer.render(tokens, reader.options, {}),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_filtered,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )
    # nh3 has cleaned it: nothing in it runs, posts or loads from elsewhere
    return Written(mark_safe(html), tuple(headings))  # noqa: S308


@lru_cache(maxsize=512)
def plain(body: str) -> str:
    """The words of an article without marks, in one line."""
    words: list[str] = []
    for token in _reader().parse(body):
        for child in token.children or ():
            words.append(" " if child.type in {"softbreak", "hardbreak"} else child.content)
        if token.type in {"fence", "code_block"}:
            words.append(token.content)
        if token.block:
            words.append(" ")
    return " ".join("".join(words).split())


def readable(body: str) -> str:
    """The words of an article for a message: no marks, one thing a line, links written out."""
    lines: list[str] = []
    prefix: list[str] = []
    numbers: list[int] = []
    for token in _reader().parse(body):
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            numbers.append(0 if token.type == "bullet_list_open" else 1)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            numbers.pop()
            _part(lines)
        elif token.type == "list_item_open":
            prefix = [f"{numbers[-1]}. " if numbers[-1] else "- "]
            numbers[-1] += bool(numbers[-1])
        elif token.type == "inline":
            lines.append("".join([*prefix, *_spoken(token.children or ())]))
            prefix = []
        elif token.type in {"fence", "code_block"}:
            lines += [token.content.rstrip(), ""]
        elif token.type in {"paragraph_close", "heading_close"} and not numbers:
            _part(lines)
    return "\n".join(lines).strip()


def pictures(body: str) -> list[str]:
    """The digests of the pictures an article shows."""
    return sorted(set(PICTURE.findall(body)))


def _part(lines: list[str]) -> None:
    if lines and lines[-1]:
        lines.append("")


def _spoken(children: Sequence[Token]) -> list[str]:
    said: list[str] = []
    leads: list[str] = []
    for child in children:
        if child.type == "link_open":
            leads.append(str(child.attrGet("href") or ""))
        elif child.type == "link_close":
            leads_to = leads.pop()
            if leads_to and leads_to not in said:
                said.append(f" ({leads_to})")
        elif child.type in {"softbreak", "hardbreak"}:
            said.append("\n")
        elif child.type != "image":
            said.append(child.content)
    return said


def _with_ids(tokens: Sequence[Token]) -> list[Heading]:
    """Give headings ids and their place under the article's own title."""
    headings: list[Heading] = []
    taken: set[str] = set()
    for place, token in enumerate(tokens):
        if token.type not in {"heading_open", "heading_close"}:
            continue
        level = min(max(int(token.tag[1]), 2), _DEEPEST)
        token.tag = f"h{level}"
        if token.type == "heading_open":
            words = "".join(child.content for child in tokens[place + 1].children or ())
            name = base = f"h-{slugify(words, allow_unicode=True)[:60] or len(taken) + 1}"
            number = 2
            while name in taken:
                name, number = f"{base}-{number}", number + 1
            taken.add(name)
            token.attrSet("id", name)
            if level < _DEEPEST:
                headings.append(Heading(level, name, words))
    return headings


def _filtered(tag: str, attribute: str, value: str) -> Any:
    if (tag, attribute) == ("img", "src"):
        return value if PICTURE.fullmatch(value) else None
    if (tag, attribute) == ("a", "href"):
        return value if _OWN.match(value) else None
    return value
