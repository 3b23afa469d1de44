"""A page of what was said on Bluesky, made of posts as its servers show them."""

from collections.abc import Sequence
from typing import Any, Final

from pydantic import ValidationError

from sori import mention
from sori.channels.bluesky.posts import Post, row
from sori.channels.contract import Broken, Json, Listener, Page
from sori.channels.unreadable import unread

REASONS: Final = ("mention", "reply", "quote")


def page_of(items: Sequence[Any], me: str, cursor: Json, listener: Listener) -> Page:
    """The voices among some posts; our own are none.

    Args:
        items: posts, or notifications of posts.
        me: the name for ever of our account.
        cursor: for the page.
        listener: who is asking.
    """
    rows, broken = rows_of(items, me, listener)
    return Page(mention.heard(rows), cursor, broken)


def rows_of(
    items: Sequence[Any], me: str, listener: Listener
) -> tuple[list[dict[str, Any]], list[Broken]]:
    """The rows of posts, and those that cannot be read."""
    rows: list[dict[str, Any]] = []
    broken: list[Broken] = []
    for item in items:
        if isinstance(item, dict) and item.get("reason", REASONS[0]) not in REASONS:
            continue  # a server that does not know what we asked for tells of likes as well
        try:
            post = Post.model_validate(item)
        except ValidationError as error:
            name = item.get("uri") if isinstance(item, dict) else None
            broken.append(unread(item, error, name))
            continue
        if post.author.did != me:
            rows.append(row(post, me, listener))
    return rows, broken
