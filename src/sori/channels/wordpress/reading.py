"""Posts and comments of a WordPress site made into mentions."""

import json
from datetime import UTC, datetime
from typing import Any, Final

from pydantic import BaseModel, Field

from sori.channels.contract import Listener
from sori.channels.dates import instant
from sori.channels.mail.addresses import normal
from sori.channels.markup import text_of

LONGEST_TEXT: Final = 100_000
WEB: Final = ("http://", "https://")


class Rendered(BaseModel):
    """Words as the site shows them."""

    rendered: str = Field("", max_length=5_000_000)

    @property
    def text(self) -> str:
        """The same as people read them."""
        return text_of(self.rendered).strip()[:LONGEST_TEXT]


class Comment(BaseModel):
    """What somebody wrote below a post, as far as we read it."""

    id: int = Field(gt=0)
    post: int
    parent: int = 0
    author: int = 0
    author_name: str = ""
    author_email: str = ""
    date: str = ""
    date_gmt: str = ""
    content: Rendered
    link: str = ""
    type: str = "comment"


class Post(BaseModel):
    """What the site itself says, as far as we read it."""

    id: int = Field(gt=0)
    author: int = 0
    date: str = ""
    date_gmt: str = ""
    modified: str = ""
    title: Rendered = Rendered(rendered="")
    content: Rendered
    link: str = ""


def comment_row(
    site: str, comment: Comment, listener: Listener, *, ours: bool, answers: bool
) -> dict[str, Any]:
    """A row of HEARD.

    Args:
        site: the address of the site.
        comment: what was written.
        listener: who is asking.
        ours: whether it is our site, so that it is said to us.
        answers: whether we can answer there.
    """
    name = comment.author_name or "?"
    address = {"shown": name, "post": comment.post, "comment": comment.id}
    return _row(site, comment, listener) | {
        "external_id": f"{site}#comment-{comment.id}",
        "parent_id": f"{site}#comment-{comment.parent}" if comment.parent else None,
        "thread_id": f"{site}#post-{comment.post}",
        "author_id": _author(site, comment),
        "author_name": comment.author_name or None,
        "text": comment.content.text,
        "addressed": ours,
        "reply_mode": "public" if answers else "link",
        "reply_address": json.dumps(address, ensure_ascii=False) if answers else None,
    }


def post_row(site: str, post: Post, listener: Listener, *, answers: bool) -> dict[str, Any]:
    """The same of a post; a comment below it would answer it."""
    address = {"shown": post.title.text[:100] or site, "post": post.id, "comment": 0}
    return _row(site, post, listener) | {
        "external_id": f"{site}#post-{post.id}",
        "thread_id": f"{site}#post-{post.id}",
        "author_id": f"{site}#user-{post.author}" if post.author else None,
        "title": post.title.text[:500] or None,
        "text": post.content.text,
        "reply_mode": "public" if answers else "link",
        "reply_address": json.dumps(address, ensure_ascii=False) if answers else None,
    }


def _row(site: str, said: Comment | Post, listener: Listener) -> dict[str, Any]:
    published = instant(said.date_gmt, UTC)
    return {
        "source": listener.source,
        "channel": "wordpress",
        "url": said.link if said.link.startswith(WEB) else site,
        "published_at": published if _possible(published, listener.now) else None,
        "heard_at": listener.now,
        "public": True,
    }


def _author(site: str, comment: Comment) -> str | None:
    """A member of the site by number, a guest by mail address; a bare name is nobody in particular.

    Only whoever may moderate is told the address.
    """
    if comment.author:
        return f"{site}#user-{comment.author}"
    return normal(comment.author_email) or None


def _possible(published: datetime | None, now: datetime) -> bool:
    return published is not None and (published - now).days < 1
