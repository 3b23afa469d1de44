"""X: who names us and what our queries find, for no more than may be spent; answers in public."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Final

from pydantic import BaseModel, ValidationError

from sori import mention
from sori.channels.contract import Address, Broken, Facts, Json, Listener, Page, Sent
from sori.channels.dates import instant
from sori.channels.x import api, measuring
from sori.channels.x.looking import Look, rows_of
from sori.channels.x.place import Place
from sori.channels.x.posts import FIELDS, Post
from sori.channels.x.settings import XSettings
from sori.errors import ReplyError, ReplyRejected

CLOCKS_APART: Final = timedelta(minutes=2)
NEWEST: Final = 100


class X:
    """X: posts that name us, and posts our queries find; some may be answered from here.

    The cursor keeps how far each list was read and what was spent. Reading costs money: what a
    question may cost is written down before it is asked, and the limits are never passed. An app
    may answer who named our account or quoted it; anybody else is answered on X itself.
    """

    name: ClassVar[str] = "x"
    Settings: ClassVar[type[BaseModel]] = XSettings
    overlaps: ClassVar[bool] = True
    direct: ClassVar[bool] = False
    longest: ClassVar[int] = 280
    facts: ClassVar[Facts] = Facts(
        history="The newest 20 posts of each list.",
        deletes="told",
        cost="Every post that is read and every answer, up to the limits you set.",
        limits="Only posts that name or quote us can be answered from here.",
    )

    def fetch(self, settings: XSettings, cursor: Json, listener: Listener) -> Iterator[Page]:
        """Bring what is new; our own posts and reposts are no voices.

        Raises:
            ChannelError: permanent when X refuses the token or a query; with `retry_after` when no
                more may be asked for, by X's limits or by ours.
        """
        yield from Look(settings, Place(cursor, settings, listener), listener).pages()

    def reread(self, settings: XSettings, raw: bytes, listener: Listener) -> Page:
        """Read one post from quarantine again."""
        try:
            told = json.loads(raw)
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            return Page(mention.heard([]), None, [Broken(raw, "a post is no object of JSON")])
        rows, broken = rows_of([told], settings, listener)
        return Page(mention.heard(rows), None, [each._replace(raw=raw) for each in broken])

    def measure(self, text: str) -> int:
        """What a text counts towards the 280 of a post."""
        return measuring.weight(text)

    def reply(self, settings: XSettings, to: Address, text: str, key: str) -> Sent:  # noqa: ARG002
        """Answer a post in its thread; X takes no key, see `recognise`."""
        asked = to.to.get("post")
        if not asked or not settings.answers:
            raise ReplyRejected("answers to X need a post and the four keys of our account")
        said = api.publish(settings, {"text": text, "reply": {"in_reply_to_tweet_id": asked}})
        made = said.get("data")
        number = made.get("id") if isinstance(made, dict) else None
        if not isinstance(number, str):
            raise ReplyError("X does not say what it made of the answer")
        return Sent(number, datetime.now(UTC))

    def find(self, settings: XSettings, to: Address, key: str) -> Sent | None:  # noqa: ARG002
        """Nothing: a post does not bear its key; see `recognise`."""
        return None

    def recognise(
        self, settings: XSettings, to: Address, text: str, since: datetime
    ) -> Sent | None:
        """Look among our own posts since then for one with these very words below that post."""
        begin = (since - CLOCKS_APART).astimezone(UTC)
        query = {**FIELDS, "max_results": NEWEST, "start_time": f"{begin:%Y-%m-%dT%H:%M:%SZ}"}
        told = api.ask(settings, f"users/{settings.user_id}/tweets", query)
        for each in told.get("data") or ():
            try:
                post = Post.model_validate(each)
            except ValidationError:
                continue
            at = instant(post.created_at, UTC)
            below = post.answered() == to.to.get("post") and post.author_id == settings.user_id
            if below and at and at >= begin and _plain(post.words()) == _plain(text):
                return Sent(post.first, at)
        return None


def _plain(words: str) -> list[str]:
    """The words without the names X writes before an answer."""
    said = words.split()
    while said and said[0].startswith("@"):
        said.pop(0)
    return said
