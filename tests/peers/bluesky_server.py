"""A small Bluesky on loopback: sessions, notifications, search, records, handles, and its faults.

Tokens run out and are renewed once each; lists come newest first with a cursor downwards; a record
is created under its name once; it refuses, limits, cuts off, repeats itself or falls silent when
told to.
"""

import http.server
import json
import re
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

from peers.loopback import Answering, served

HANDLE = "shop.bsky.test"
PASSWORD = "abcd-efgh-ijkl-mnop"
POSTS = "app.bsky.feed.post"
NAMED = re.compile(r"@([\w-]+(?:\.[\w-]+)+)")


class BlueskyServer:
    """What was said there, and how it behaves.

    Attributes:
        url: where it is.
        posts: what was posted, oldest first, as its search tells it.
        notifications: what our account is told, oldest first.
        asked: each request as (method, name).
        sign_ins: how often somebody signed in.
        faults: what goes wrong next, one a request that is no sign-in: a status, "cut" (half the
            answer), "silent" (hangs up after the work is done), "junk" (no JSON).
        headers: sent along with every refusal.
        closed: the addresses of posts that nobody may answer.
    """

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.posts: list[dict[str, Any]] = []
        self.notifications: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str]] = []
        self.sign_ins = 0
        self.faults: list[str] = []
        self.headers: dict[str, str] = {}
        self.access: set[str] = set()
        self.refresh: set[str] = set()
        self.empty_renewals = False
        self.count = 0
        self.us = self.account(HANDLE, "우리가게")

    def account(self, handle: str, name: str | None = None) -> dict[str, Any]:
        """A person; their name for ever is made of the handle."""
        did = "did:plc:" + sha256(handle.encode()).hexdigest()[:24]
        return {"did": did, "handle": handle, "displayName": name or f"{handle.split('.')[0]} 님"}

    def say(self, text: str, who: str = "kim.bsky.test", **more: Any) -> dict[str, Any]:
        """Somebody posts; whoever is named, answered or quoted is told."""
        self.count += 1
        author = self.us if who == "shop" else self.account(who)
        now = more.pop("at", None) or datetime.now(UTC)
        below = more.pop("below", None)
        quotes = more.pop("quotes", None)
        record = {"$type": POSTS, "text": text, "createdAt": _moment(now), "langs": ["ko"]}
        if facets := [_named(text, match, self) for match in NAMED.finditer(text)]:
            record["facets"] = facets
        if below:
            root = below["record"].get("reply", {}).get("root") or ref(below)
            record["reply"] = {"root": root, "parent": ref(below)}
        if quotes:
            record["embed"] = {"$type": "app.bsky.embed.record", "record": ref(quotes)}
        record |= more.pop("record", {})
        return self.add(author, record, f"3k{self.count:011}", _moment(now), **more)

    def add(
        self, author: dict[str, Any], record: dict[str, Any], rkey: str, at: str, **more: Any
    ) -> dict[str, Any]:
        """A record is there now."""
        post = {
            "uri": f"at://{author['did']}/{POSTS}/{rkey}",
            "cid": "bafyrei" + sha256(json.dumps(record).encode()).hexdigest()[:32],
            "author": author,
            "record": record,
            "indexedAt": at,
            "likeCount": 3,
        } | more
        self.posts.append(post)
        reason = self._reason(post)
        if reason and author != self.us:
            self.tell(post, reason)
        return post

    def tell(self, post: Any, reason: str = "mention") -> None:
        """Notify our account."""
        known = ("uri", "cid", "author", "record", "indexedAt")
        self.notifications.append(
            {each: post[each] for each in known if each in post} | {"reason": reason}
        )

    def _reason(self, post: dict[str, Any]) -> str:
        ours, record = f"at://{self.us['did']}/", post["record"]
        if record.get("reply", {}).get("parent", {}).get("uri", "").startswith(ours):
            return "reply"
        if record.get("embed", {}).get("record", {}).get("uri", "").startswith(ours):
            return "quote"
        dids = [f["features"][0].get("did") for f in record.get("facets", [])]
        return "mention" if self.us["did"] in dids else ""

    def session(self) -> dict[str, str]:
        """A new pair of tokens."""
        self.count += 1
        access, refresh = f"access-{self.count}", f"refresh-{self.count}"
        self.access.add(access)
        self.refresh.add(refresh)
        return {"did": self.us["did"], "handle": HANDLE, "accessJwt": access, "refreshJwt": refresh}

    def expire(self) -> None:
        """Two hours pass."""
        self.access.clear()

    def listed(self, found: list[Any], query: dict[str, list[str]], key: str) -> dict[str, Any]:
        """A page of a list, the newest first."""
        newest = sorted(found, key=lambda each: each.get("indexedAt") or "")[::-1]
        at, most = int(query.get("cursor", ["0"])[0]), int(query["limit"][0])
        told: dict[str, Any] = {key: newest[at : at + most]}
        if at + most < len(newest):
            told["cursor"] = str(at + most)
        return told

    def answer(self, name: str, query: dict[str, list[str]]) -> tuple[int, Any]:
        """What a GET brings."""
        if name == "app.bsky.notification.listNotifications":
            told = [each for each in self.notifications if each["reason"] in query["reasons"]]
            return 200, self.listed(told, query, "notifications")
        if name == "app.bsky.feed.searchPosts":
            words = query["q"][0].split()
            found = [p for p in self.posts if all(word in p["record"]["text"] for word in words)]
            return 200, self.listed(found, query, "posts")
        if name == "app.bsky.feed.getPosts":
            return 200, {"posts": [p for p in self.posts if p["uri"] in query["uris"]]}
        if name == "app.bsky.actor.getProfiles":
            known = {p["author"]["did"]: p["author"] for p in self.posts}
            return 200, {"profiles": [known[did] for did in query["actors"] if did in known]}
        if name == "com.atproto.identity.resolveHandle":
            known = {p["author"]["handle"]: p["author"]["did"] for p in self.posts}
            did = known.get(query["handle"][0])
            return (200, {"did": did}) if did else (400, fault("InvalidRequest"))
        if name == "com.atproto.repo.getRecord":
            uri = f"at://{query['repo'][0]}/{query['collection'][0]}/{query['rkey'][0]}"
            for post in self.posts:
                if post["uri"] == uri:
                    return 200, {"uri": uri, "cid": post["cid"], "value": post["record"]}
            return 400, fault("RecordNotFound", f"Could not locate record: {uri}")
        return 501, fault("MethodNotImplemented")

    def create(self, said: dict[str, Any]) -> tuple[int, Any]:
        """Take a record of ours, once a name."""
        uri = f"at://{said['repo']}/{said['collection']}/{said['rkey']}"
        if any(post["uri"] == uri for post in self.posts):
            return 500, fault("InternalServerError", "Internal Server Error")
        made = self.add(self.us, said["record"], said["rkey"], _moment(datetime.now(UTC)))
        return 200, {"uri": made["uri"], "cid": made["cid"], "validationStatus": "valid"}


def fault(name: str, words: str = "") -> dict[str, str]:
    """How XRPC says that something is wrong."""
    return {"error": name, "message": words or name}


def ref(post: dict[str, Any]) -> dict[str, str]:
    """A strong reference to a post."""
    return {"uri": post["uri"], "cid": post["cid"]}


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _named(text: str, match: re.Match[str], server: BlueskyServer) -> dict[str, Any]:
    begin = len(text[: match.start()].encode())
    did = server.account(match[1])["did"]
    return {
        "index": {"byteStart": begin, "byteEnd": begin + len(match[0].encode())},
        "features": [{"$type": "app.bsky.richtext.facet#mention", "did": did}],
    }


class Handler(Answering, http.server.BaseHTTPRequestHandler):
    """Speaks for the server that stands here."""

    place: BlueskyServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        name = parts.path.removeprefix("/xrpc/")
        wrong = self._wrong(name)
        if wrong is not None:
            self._tell(*self.place.answer(name, parse_qs(parts.query)), wrong)

    def do_POST(self) -> None:
        name = self.path.removeprefix("/xrpc/")
        raw = self.rfile.read(int(self.headers["Content-Length"] or 0))
        if name == "com.atproto.server.createSession":
            self._sign_in(json.loads(raw))
        elif name == "com.atproto.server.refreshSession":
            self._renew()
        elif (wrong := self._wrong(name)) is not None:
            self._tell(*self.place.create(json.loads(raw)), wrong)

    def _sign_in(self, said: dict[str, str]) -> None:
        self.place.asked.append(("POST", "createSession"))
        if said != {"identifier": HANDLE, "password": PASSWORD}:
            self._say(401, fault("AuthenticationRequired", "Invalid identifier or password"))
            return
        self.place.sign_ins += 1
        self._say(200, self.place.session())

    def _renew(self) -> None:
        self.place.asked.append(("POST", "refreshSession"))
        token = (self.headers["Authorization"] or "").removeprefix("Bearer ")
        if token not in self.place.refresh:
            self._say(400, fault("ExpiredToken", "Token has been revoked"))
            return
        self.place.refresh.discard(token)
        made = self.place.session()
        self._say(
            200, made | {"accessJwt": "", "refreshJwt": ""} if self.place.empty_renewals else made
        )

    def _wrong(self, name: str) -> str | None:
        """What goes wrong with this request; None when it is refused already."""
        self.place.asked.append((self.command, name))
        token = (self.headers["Authorization"] or "").removeprefix("Bearer ")
        if token not in self.place.access:
            self._say(400, fault("ExpiredToken", "Token has expired"))
            return None
        wrong = self.place.faults.pop(0) if self.place.faults else ""
        if wrong.isdigit():
            self._say(int(wrong), fault("Refused", f"refused with {wrong}"), self.place.headers)
            return None
        return wrong

    def _tell(self, status: int, what: Any, wrong: str) -> None:
        if wrong == "silent":
            self.close_connection = True
        else:
            self._say(status, None if wrong == "junk" else what, cut=wrong == "cut")


def running() -> AbstractContextManager[BlueskyServer]:
    """Start such a server and end it."""
    return served(Handler, BlueskyServer)


def settings_of(server: BlueskyServer, **more: Any) -> dict[str, Any]:
    """How our account is reached there."""
    return {
        "account": f"@{HANDLE}",
        "app_password": PASSWORD,
        "service": server.url,
        "allow_private": True,
    } | more
