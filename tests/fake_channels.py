"""Channels that say what a test tells them to."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, SecretStr

from sori import mention
from sori.channels.contract import Broken, Delivery, Json, Listener, Page
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


class Fake:
    """Brings the pages of its script, one after the other; an error in the script is raised."""

    name = "fake"
    Settings = FakeSettings
    overlaps = False
    direct = False

    def __init__(self, *script: Page | Exception) -> None:
        self.script = list(script)
        self.asked: list[Any] = []

    def fetch(self, settings: FakeSettings, cursor: Json, listener: Listener) -> Iterator[Page]:  # noqa: ARG002
        """Go on after the cursor, which counts pages."""
        self.asked.append((settings, cursor))
        start = cursor if isinstance(cursor, int) else 0
        for number, step in enumerate(self.script[start:], start + 1):
            if isinstance(step, Exception):
                raise step
            yield step._replace(cursor=number)


class Rereading(Fake):
    """Can read a quarantined item again once it has learned to: the text "post 7" is post 7."""

    learned = True

    def reread(self, settings: FakeSettings, raw: bytes, listener: Listener) -> Page:  # noqa: ARG002
        """Read one item."""
        word, _, number = raw.decode().partition(" ")
        if not self.learned or word != "post":
            return Page(mention.heard([]), None, [Broken(raw, "still cannot be read")])
        return page(int(number), source=listener.source)


class Pushed(Fake):
    """Its posts are brought to us: {"number": 7} is post 7."""

    name = "pushed"
    direct = True

    def read(self, settings: Any, deliveries: Sequence[Delivery], listener: Listener) -> Page:  # noqa: ARG002
        """Make a page of deliveries."""
        posts = [d.body.get("number", f"no number in {d.key}") for d in deliveries]
        return page(*posts, source=listener.source, addressed=True)
