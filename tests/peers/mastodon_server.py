"""A small Mastodon server on loopback: accounts, statuses, notifications, timelines, threads.

It keeps what is posted, takes an Idempotency-Key once, lists the newest first and pages by `min_id`
as the real ones do, tells whoever listens what happens, and refuses, limits or falls silent when
it is told to.
"""

import html
import http.server
import json
import re
import threading
import time
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from peers.loopback import Answering, served

TOKEN = "token-of-our-account"
NAMED = re.compile(r"@(\w+)(?:@[\w.]+)?")
TAGGED = re.compile(r"#(\w+)")


class MastodonServer:
    """What was said there, and how it behaves.

    Attributes:
        url: where it is.
        statuses: what was posted, oldest first.
        notifications: what our account is told.
        asked: each request as (method, path).
        refusal: what to answer next instead, as (status, headers), as long as it is set.
        after: what to do after a post was taken: "" says so, "silent" hangs up, or a status.
        streams: where it says that its stream is.
        refuses: what the stream answers instead, as (status, headers), as long as it is set.
        cut: hangs up after so many events; None never does.
        open: how many listen now.
        opened: how often somebody began to.
    """

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.statuses: list[dict[str, Any]] = []
        self.notifications: list[dict[str, Any]] = []
        self.keys: dict[str, dict[str, Any]] = {}
        self.asked: list[tuple[str, str]] = []
        self.refusal: tuple[int, dict[str, str]] | None = None
        self.after = ""
        self.streams: Any = self.url.replace("http", "ws", 1)
        self.refuses: tuple[int, dict[str, str]] | None = None
        self.cut: int | None = None
        self.open = self.opened = 0
        self.happened: list[bytes] = []
        self._changed = threading.Condition()
        self.count = 109_000_000_000_000_000
        self.us = self.account("우리가게", "shop")

    def account(self, name: str, handle: str) -> dict[str, Any]:
        """A person; the id is made of the handle."""
        return {
            "id": str(sum(map(ord, handle)) + 1000),
            "acct": handle,
            "display_name": name,
            "followers_count": 120,
            "uri": f"{self.url}/users/{handle}",
        }

    def say(self, text: str, who: str = "kim", **more: Any) -> dict[str, Any]:
        """Somebody posts; whoever is named is told."""
        self.count += 1
        number = str(self.count)
        account = self.us if who == "shop" else self.account(f"{who} 님", who)
        named = [self.account(each, each) for each in NAMED.findall(text)]
        status = {
            "id": number,
            "uri": f"{account['uri']}/statuses/{number}",
            "url": f"{self.url}/@{who}/{number}",
            "created_at": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
            "content": f"<p>{html.escape(text)}</p>",
            "visibility": "public",
            "account": account,
            "mentions": named,
            "tags": [{"name": each} for each in TAGGED.findall(text)],
            "source": text,
        } | more
        self.statuses.append(status)
        if any(each["acct"] == "shop" for each in named) and who != "shop":
            self.tell(status)
        self.event("update", status)
        return status

    def unsay(self, status: dict[str, Any]) -> None:
        """Its author deletes it."""
        self.statuses.remove(status)
        self.notifications = [n for n in self.notifications if n["status"] is not status]
        self.event("delete", status["id"])

    def reword(self, status: dict[str, Any], text: str) -> None:
        """Its author edits it."""
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        status |= {"content": f"<p>{html.escape(text)}</p>", "source": text, "edited_at": now}
        self.event("status.update", status)

    def tell(self, status: Any) -> None:
        """Notify our account."""
        self.count += 1
        self.notifications.append({"id": str(self.count), "type": "mention", "status": status})
        self.event("notification", self.notifications[-1])

    def event(self, name: str, what: Any) -> None:
        """Something happens; what it says is JSON, but for an id."""
        said = what if isinstance(what, str) else json.dumps(what, ensure_ascii=False)
        self.send(f"event: {name}\ndata: {said}\n\n".encode())

    def send(self, raw: bytes) -> None:
        """Send this to everybody who listens."""
        with self._changed:
            self.happened.append(raw)
            self._changed.notify_all()

    def tells(self, at: int) -> list[bytes]:
        """What happened since a moment, or a sign of life when nothing did for a while."""
        with self._changed:
            if len(self.happened) == at:
                self._changed.wait(0.3)
            return self.happened[at:] or [b":thump\n"]

    def published(self, said: dict[str, Any], key: str) -> dict[str, Any]:
        """Take a post, once for each key."""
        if key not in self.keys:
            self.keys[key] = self.say(
                said["status"],
                "shop",
                in_reply_to_id=said.get("in_reply_to_id"),
                visibility=said["visibility"],
            )
        return self.keys[key]

    def listed(self, path: str, query: dict[str, list[str]]) -> list[Any]:
        """A page of a list."""
        tag = unquote(path.rpartition("/")[2])
        ours = [s for s in self.statuses if s["account"] is self.us]
        everything = {
            "notifications": self.notifications,
            f"accounts/{self.us['id']}/statuses": [s for s in ours if not s.get("in_reply_to_id")],
            "timelines/public": [s for s in self.statuses if s["visibility"] == "public"],
        }.get(path)
        if everything is None:
            everything = [s for s in self.statuses if {"name": tag} in s["tags"]]
        limit = int(query["limit"][0])
        if after := query.get("min_id"):
            later = [each for each in everything if int(each["id"]) > int(after[0])]
            return later[:limit][::-1]
        return everything[-limit:][::-1]

    def around(self, number: str) -> dict[str, Any] | None:
        """What stands above and below a status."""
        by_id = {each["id"]: each for each in self.statuses}
        if number not in by_id:
            return None
        above, at = [], by_id[number].get("in_reply_to_id")
        while at:
            above.insert(0, by_id[at])
            at = by_id[at].get("in_reply_to_id")
        below, seen = [], {number}
        for each in self.statuses:
            if each.get("in_reply_to_id") in seen:
                seen.add(each["id"])
                below.append(each)
        return {"ancestors": above, "descendants": below}

    def answer(self, path: str, query: dict[str, list[str]]) -> Any:
        """What a GET brings; None where there is nothing."""
        if path == "accounts/verify_credentials":
            return self.us
        if path == "instance":
            return {"uri": "social.test", "urls": {"streaming_api": self.streams}}
        if path == "statuses":
            wanted = query["id[]"][:20]
            return [each for each in self.statuses if each["id"] in wanted]
        if path == "notifications" or path.startswith("timelines/") or path.endswith("/statuses"):
            return self.listed(path, query)
        if found := re.fullmatch(r"statuses/(\d+)/context", path):
            return self.around(found[1])
        if found := re.fullmatch(r"statuses/(\d+)/source", path):
            text = next((s["source"] for s in self.statuses if s["id"] == found[1]), None)
            return text and {"id": found[1], "text": text}
        return None


class Handler(Answering, http.server.BaseHTTPRequestHandler):
    """Speaks for the server that stands here."""

    place: MastodonServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path = parts.path.removeprefix("/api/v1/")
        if self._refused(path):
            return
        if path == "streaming/user":
            self._stream()
            return
        found = self.place.answer(path, parse_qs(parts.query))
        self._say(404 if found is None else 200, found or ([] if found == [] else {}))

    def _stream(self) -> None:
        """Tell what happens from now on, in chunks, until the listener hangs up."""
        place = self.place
        if place.refuses:
            self._say(place.refuses[0], {"error": "refused"}, place.refuses[1])
            return
        at, sent = len(place.happened), 0
        place.open, place.opened = place.open + 1, place.opened + 1
        self.close_connection = True
        try:
            self.connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n3\r\n:)\n\r\n"
            )
            while place.cut is None or sent < place.cut:
                for raw in place.tells(at):
                    self.connection.sendall(b"%x\r\n%s\r\n" % (len(raw), raw))
                    news = not raw.startswith(b":")
                    at, sent = at + news, sent + news
        except OSError:
            pass  # the listener hung up
        finally:
            place.open -= 1

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self._refused("statuses"):
            return
        made = self.place.published(said, self.headers["Idempotency-Key"])
        if self.place.after == "silent":
            self.close_connection = True
            return
        if self.place.after:
            self._say(int(self.place.after), {"error": "bad gateway"})
            return
        self._say(200, made)

    def _refused(self, path: str) -> bool:
        self.place.asked.append((self.command, path))
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self._say(401, {"error": "The access token is invalid"})
        elif self.place.refusal:
            status, headers = self.place.refusal
            if not status:
                time.sleep(0.2)
                self.close_connection = True
                return True
            self._say(status, {"error": "refused"}, headers)
        else:
            return False
        return True


def running() -> AbstractContextManager[MastodonServer]:
    """Start such a server and end it."""
    return served(Handler, MastodonServer)


def settings_of(server: MastodonServer, **more: Any) -> dict[str, Any]:
    """How our account is reached there."""
    return {"instance": server.url, "access_token": TOKEN, "allow_private": True} | more
