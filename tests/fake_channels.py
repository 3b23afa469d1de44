"""Channels that say what a test tells them to."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
from pydantic import BaseModel, SecretStr

from sori import mention
from sori.channels.contract import Broken, Delivery, Facts, Json, Listener, Page, Post
from voices import voice


class FakeSettings(BaseModel):
    """One thing to know and one to hide."""

    place: str = "here"
    password: SecretStr = SecretStr("")


def page(*posts: int | str, **fields: Any) -> Page:
    """A page with these posts; a text instead of a number is something broken."""
    rows = [voice(post, **fields) for post in posts if isinstance(post, int)]
    broken = [
        Broken(post.encode(), "cannot be read", post) for post in posts if isinstance(post, str)
    ]
    return Page(mention.heard(rows), None, broken)


def _of(step: Page, source: int) -> Page:
    """The same page with its rows those of a source."""
    return step._replace(
        mentions=_owned(step.mentions, source), edited=step.edited and _owned(step.edited, source)
    )


def _owned(rows: pa.RecordBatch, source: int) -> pa.RecordBatch:
    at = rows.schema.get_field_index("source")
    return rows.set_column(
        at, rows.schema.field("source"), pa.array([source] * rows.num_rows, pa.int64())
    )


class Fake:
    """Brings the pages of its script, one after the other; an error in the script is raised."""

    name = "fake"
    Settings = FakeSettings
    overlaps = False
    direct = False
    facts = Facts(history="Whatever a test says.")

    def __init__(self, *script: Page | Exception) -> None:
        self.script = list(script)
        self.asked: list[Any] = []

    def fetch(self, settings: FakeSettings, cursor: Json, listener: Listener) -> Iterator[Page]:
        """Go on after the cursor, which counts pages."""
        self.asked.append((settings, cursor))
        start = cursor if isinstance(cursor, int) else 0
        for number, step in enumerate(self.script[start:], start + 1):
            if isinstance(step, Exception):
                raise step
            yield _of(step, listener.source)._replace(cursor=number)


class Rereading(Fake):
    """Can read a quarantined item again once it has learned to: the text "post 7" is post 7."""

    learned = True

    def reread(self, settings: FakeSettings, raw: bytes, listener: Listener) -> Page:  # noqa: ARG002
        """Read one item."""
        word, _, number = raw.decode().partition(" ")
        if not self.learned or word != "post":
            return Page(mention.heard([]), None, [Broken(raw, "still cannot be read")])
        return page(int(number), source=listener.source)


class Asked(Fake):
    """Can be asked what became of its posts.

    Attributes:
        gone: the names of posts that were deleted.
        said: what posts say now, by their numbers.
    """

    def __init__(self, *script: Page | Exception) -> None:
        super().__init__(*script)
        self.gone: set[str] = set()
        self.said: dict[int, str] = {}
        self.looked_at: list[str] = []

    def recheck(self, settings: Any, posts: Sequence[Post], listener: Listener) -> Page:  # noqa: ARG002
        """Tell of each."""
        names = [post.external_id for post in posts]
        self.looked_at += names
        there = {name: number for number in self.said if (name := f"post-{number}") in names}
        edited = [voice(n, text=self.said[n], source=listener.source) for n in there.values()]
        gone = [name for name in names if name in self.gone]
        return Page(mention.heard([]), None, edited=mention.heard(edited), gone=gone)


class Pushed(Fake):
    """Its posts are brought to us: {"number": 7} is post 7."""

    name = "pushed"
    direct = True

    def read(self, settings: Any, deliveries: Sequence[Delivery], listener: Listener) -> Page:  # noqa: ARG002
        """Make a page of deliveries."""
        posts = [d.body.get("number", f"no number in {d.key}") for d in deliveries]
        return page(*posts, source=listener.source, addressed=True)
