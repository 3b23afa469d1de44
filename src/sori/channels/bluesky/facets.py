"""Facets: where in a text a link, a name or a tag stands, counted in bytes of UTF-8."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from pydantic import BaseModel, Field

LINK: Final = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?'()\[\]{}]", re.IGNORECASE)
NAME: Final = re.compile(
    r"(?<![\w@./])@((?:[a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]{1,62})(?![\w-])", re.I
)
TAG: Final = re.compile(r"(?<![\w#/])#(\w{1,64})")
LINKS: Final = "app.bsky.richtext.facet#link"
NAMES: Final = "app.bsky.richtext.facet#mention"
TAGS: Final = "app.bsky.richtext.facet#tag"
WEB: Final = ("http://", "https://")


class Part(BaseModel):
    """From which byte to which."""

    begin: int = Field(alias="byteStart", ge=0)
    end: int = Field(alias="byteEnd", ge=0)


class Facet(BaseModel):
    """What a part of a text is."""

    index: Part
    features: list[dict[str, Any]] = []

    def told(self, kind: str, name: str) -> Iterator[str]:
        """What its features of a kind say under a name."""
        for each in self.features:
            value = each.get(name)
            if each.get("$type") == kind and isinstance(value, str):
                yield value


def written_out(text: str, facets: Sequence[Facet]) -> str:
    """The text with every link as it leads: it may be shortened, or hide behind other words.

    >>> to = {"$type": LINKS, "uri": "https://shop.example/a"}
    >>> written_out("여기 shop.e…", [Facet(index=Part(byteStart=7, byteEnd=16), features=[to])])
    '여기 https://shop.example/a'
    """
    raw, at = text.encode("utf-8", "replace"), 0
    pieces: list[bytes] = []
    for facet in sorted(facets, key=lambda each: each.index.begin):
        begin, end = facet.index.begin, facet.index.end
        link = next(facet.told(LINKS, "uri"), "")
        if not (link.startswith(WEB) and at <= begin < end <= len(raw)):
            continue
        shown = raw[begin:end].decode("utf-8", "replace")
        bare = link.removeprefix("https://").removeprefix("http://")
        is_it = bare.startswith(shown.rstrip(".…").removeprefix("https://").removeprefix("http://"))
        said = link if is_it else f"{shown} ({link})"
        pieces += [raw[at:begin], said.encode("utf-8", "replace")]
        at = end
    return b"".join([*pieces, raw[at:]]).decode("utf-8", "replace")


def facets_of(text: str, look_up: Callable[[str], str | None]) -> list[dict[str, Any]]:
    """The facets of a text of ours: without them a link is no link, and who is named is not told.

    Args:
        text: as it will be sent.
        look_up: the name for ever of a handle; None where nobody has it.
    """
    found: list[dict[str, Any]] = []
    for match in LINK.finditer(text):
        found.append(_facet(text, match, {"$type": LINKS, "uri": match[0]}))
    for match in NAME.finditer(text):
        if did := look_up(match[1]):
            found.append(_facet(text, match, {"$type": NAMES, "did": did}))
    for match in TAG.finditer(LINK.sub(lambda link: " " * len(link[0]), text)):
        if not match[1].isdigit():
            found.append(_facet(text, match, {"$type": TAGS, "tag": match[1]}))
    return sorted(found, key=lambda each: int(each["index"]["byteStart"]))


def _facet(text: str, match: re.Match[str], feature: dict[str, str]) -> dict[str, Any]:
    begin = len(text[: match.start()].encode())
    return {
        "index": {"byteStart": begin, "byteEnd": begin + len(match[0].encode())},
        "features": [feature],
    }
