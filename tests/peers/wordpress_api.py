"""The REST API of a small WordPress site on loopback: posts, comments, one user who answers."""

import base64
import html
import http.server
import json
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from peers.loopback import Answering, served

USER, PASSWORD = "shop", "abcd efgh ijkl"
ME = 7
SEOUL = timedelta(hours=9)


class WordpressApi:
    """What was written there, and how it behaves.

    Attributes:
        url: where it is.
        comments, posts: what was written, oldest first.
        asked: each request as (method, path).
        refusal: what to answer next instead, as (status, headers, body), as long as it is set.
        after: what to do after a comment was taken: "" says so, "silent" hangs up, or a status.
        now: the time there.
    """

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.comments: list[Any] = []
        self.posts: list[Any] = []
        self.asked: list[tuple[str, str]] = []
        self.refusal: tuple[int, dict[str, str], dict[str, Any]] | None = None
        self.after = ""
        self.moderates = True
        self.now = datetime.now(UTC).replace(microsecond=0)
        self.count = 100

    def comment(self, text: str, who: str = "김하은", **more: Any) -> Any:
        """Somebody writes below the first post."""
        made = self._made(f"<p>{html.escape(text, quote=False)}</p>\n") | {
            "post": 1,
            "parent": 0,
            "author": 0,
            "author_name": who,
            "type": "comment",
        }
        self.comments.append(made | more)
        return self.comments[-1]

    def post(self, title: str, text: str, **more: Any) -> Any:
        """The site itself says something."""
        self.posts.append(self._made(f"<p>{text}</p>") | {"title": {"rendered": title}} | more)
        return self.posts[-1]

    def _made(self, rendered: str) -> dict[str, Any]:
        self.count += 1
        return {
            "id": self.count,
            "date": (self.now + SEOUL).strftime("%Y-%m-%dT%H:%M:%S"),
            "date_gmt": self.now.strftime("%Y-%m-%dT%H:%M:%S"),
            "content": {"rendered": rendered},
            "link": f"{self.url}/post/#comment-{self.count}",
            "author": 0,
        }

    def listed(self, path: str, query: dict[str, str]) -> Any:
        """What a GET brings; None where there is nothing."""
        if path == "users/me":
            return {"id": ME, "capabilities": {"moderate_comments": self.moderates}}
        told = path == "posts" or query.get("context") == "edit"
        found: list[Any] = {"comments": self.comments, "posts": self.posts}.get(path, [])
        for name in ("post", "parent", "author"):
            if name in query:
                found = [one for one in found if str(one.get(name)) == query[name]]
        if "include" in query:
            wanted = query["include"].split(",")
            return [one for one in found if str(one.get("id")) in wanted]
        if "after" in query:
            found = [one for one in found if one["date"] > query["after"]]
        found = sorted(found, key=lambda one: one["date"], reverse=query.get("order") == "desc")
        size, number = int(query["per_page"]), int(query.get("page", 1))
        some = found[size * (number - 1) : size * number]
        return some if told else [self._without_address(one) for one in some]

    def _without_address(self, said: Any) -> Any:
        return {name: value for name, value in said.items() if name != "author_email"}

    def take(self, said: dict[str, Any]) -> tuple[int, Any]:
        """Take a comment of ours; the same words twice are refused."""
        text = html.unescape(said["content"])
        there = [one for one in self.comments if one["author"] == ME]
        if any(one["content"]["rendered"] == f"<p>{said['content']}</p>\n" for one in there):
            return 409, {"code": "comment_duplicate", "message": "Duplicate comment detected"}
        more = {"post": said["post"], "parent": said["parent"], "author": ME}
        return 201, self.comment(text, "우리가게", **more)


class Handler(Answering, http.server.BaseHTTPRequestHandler):
    """Speaks for the site that stands here."""

    place: WordpressApi

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path = parts.path.removeprefix("/wp-json/wp/v2/")
        if self._refused(path):
            return
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self._say(200, self.place.listed(path, query))

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self._refused("comments"):
            return
        status, made = self.place.take(said)
        if self.place.after == "silent":
            self.close_connection = True
            return
        self._say(int(self.place.after or status), made)

    def _refused(self, path: str) -> bool:
        self.place.asked.append((self.command, path))
        right = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        given = self.headers["Authorization"]
        if (given or path == "users/me") and given != f"Basic {right}":
            self._say(401, {"code": "incorrect_password", "message": "The password is wrong"})
        elif self.place.refusal:
            status, headers, body = self.place.refusal
            self._say(status, body, headers)
        else:
            return False
        return True


def running() -> AbstractContextManager[WordpressApi]:
    """Start such a site and end it."""
    return served(Handler, WordpressApi)


def settings_of(site: WordpressApi, **more: Any) -> dict[str, Any]:
    """How it is reached, by somebody who may answer."""
    account = {"user": USER, "application_password": PASSWORD, "allow_private": True}
    return {"site": site.url} | account | more
