"""A small X on loopback: posts, mentions, recent search, the filtered stream and its rules.

It lists the newest first, pages by `since_id` and `until_id`, leaves out what is empty, charges for
what it hands out (a post and an account once a day), checks both kinds of signature, and refuses,
limits, cuts off, repeats itself or falls silent when it is told to.
"""

import hashlib
import hmac
import http.server
import json
import re
import threading
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from peers.loopback import Answering, served

BEARER = "bearer-of-our-app"
KEYS = {
    "api_key": "key",
    "api_key_secret": "key-secret",
    "access_token": "77-token",
    "access_token_secret": "token-secret",
}
US = "77"
BIRTH = 1_288_834_974_657
POST, USER = 5_000, 10_000
NAMED = re.compile(r"@(\w+)")
PROBLEM = "https://api.twitter.com/2/problems/"


class XServer:
    """What was said there, what it charged, and how it behaves.

    Attributes:
        url: where it is.
        posts: what was written, oldest first.
        rules: those of the stream.
        asked: each request as (method, path, query).
        spent: what was charged, in millionths of a dollar, by day.
        faults: what goes wrong next, one a request: a status, "cut" (half the answer), "silent"
            (hangs up after the work is done), "junk" (no JSON), "twice" (each post twice).
        headers: sent along with every refusal.
        clock: what time it is there.
        pace: seconds between two lines of the stream.
    """

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.posts: list[dict[str, Any]] = []
        self.rules: list[dict[str, str]] = []
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.spent: Counter[str] = Counter()
        self.charged: set[tuple[str, str, str]] = set()
        self.faults: list[str] = []
        self.headers: dict[str, str] = {}
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.pace = 0.0
        self.streams = 0
        self.count = 0
        self.lock = threading.Lock()

    def say(self, text: str, who: str = "kim", **more: Any) -> dict[str, Any]:
        """Somebody posts."""
        with self.lock:
            self.count += 1
            now = more.pop("at", None) or self.clock()
            number = str((int(now.timestamp() * 1000) - BIRTH) << 22 | self.count)
            post = {
                "id": number,
                "text": escape(text, quote=False),
                "author_id": _number(who),
                "conversation_id": number,
                "created_at": f"{now:%Y-%m-%dT%H:%M:%S.000Z}",
                "edit_history_tweet_ids": [number],
                "lang": "ko",
                "public_metrics": {"reply_count": 0, "like_count": 2},
            }
            if named := NAMED.findall(text):
                listed = [{"id": _number(each), "username": each} for each in named]
                post["entities"] = {"mentions": listed}
            if below := more.pop("below", None):
                post["conversation_id"] = below["conversation_id"]
                post["referenced_tweets"] = [{"type": "replied_to", "id": below["id"]}]
            self.posts.append(post | more)
            return self.posts[-1]

    def charge(self, told: dict[str, Any]) -> dict[str, Any]:
        """Charge for an answer: each post and account once a day."""
        data = told.get("data") or []
        users = told.get("includes", {}).get("users", [])
        day = f"{self.clock():%Y-%m-%d}"
        priced = [
            ("post", each.get("id"), POST) for each in (data if isinstance(data, list) else [data])
        ]
        for kind, number, price in priced + [("user", each["id"], USER) for each in users]:
            if (day, kind, number) not in self.charged:
                self.charged.add((day, kind, number))
                self.spent[day] += price
        return told

    def page(self, found: list[dict[str, Any]], query: dict[str, str]) -> dict[str, Any]:
        """A page of a list, as far as the query allows."""
        since, until = int(query.get("since_id", 0)), int(query.get("until_id", 1 << 70))
        listed = [each for each in found if since < int(each["id"]) < until]
        listed.sort(key=lambda each: int(each["id"]), reverse=True)
        most = int(query["max_results"])
        some = listed[:most]
        if not some:
            return {"meta": {"result_count": 0}}
        meta = {"newest_id": some[0]["id"], "oldest_id": some[-1]["id"], "result_count": len(some)}
        if len(listed) > most:
            meta["next_token"] = "7140dibdnow9c7btw4"
        return {"data": some, "includes": {"users": _accounts(some)}, "meta": meta}

    def answer(self, path: str, query: dict[str, str]) -> dict[str, Any] | None:
        """What a GET brings; None where there is nothing."""
        if path == f"users/{US}/mentions":
            named = [p for p in self.posts if any(m["id"] == US for m in _mentions(p))]
            return self.charge(self.page(named, query))
        if path == f"users/{US}/tweets":
            begin = query.get("start_time", "")
            ours = [p for p in self.posts if p["author_id"] == US and p["created_at"] >= begin[:19]]
            return self.charge(self.page(ours, query))
        if path == "tweets/search/recent":
            oldest = (int((self.clock() - timedelta(days=7)).timestamp() * 1000) - BIRTH) << 22
            if int(query.get("since_id", oldest + 1)) <= oldest:
                return None
            found = [p for p in self.posts if matches(query["query"], p["text"])]
            return self.charge(self.page(found, query))
        if path == "tweets/search/stream/rules":
            listed = {"data": self.rules} if self.rules else {}
            return {**listed, "meta": {"result_count": len(self.rules)}}
        if path == "tweets":
            return self.charge(self._looked_up(query["ids"].split(",")))
        return None

    def _looked_up(self, ids: list[str]) -> dict[str, Any]:
        there = [each for each in self.posts if each["id"] in ids]
        gone = set(ids) - {each["id"] for each in there}
        faults = [
            {
                "resource_id": each,
                "title": "Not Found Error",
                "type": PROBLEM + "resource-not-found",
            }
            for each in gone
        ]
        return ({"data": there} if there else {}) | ({"errors": faults} if faults else {})

    def change_rules(self, said: dict[str, Any]) -> dict[str, Any]:
        """Add or delete rules of the stream."""
        if "delete" in said:
            gone = said["delete"]["ids"]
            self.rules = [each for each in self.rules if each["id"] not in gone]
            return {"meta": {"summary": {"deleted": len(gone)}}}
        faults, added = [], []
        for each in said["add"]:
            if "BAD" in each["value"]:
                faults.append({"value": each["value"], "title": "UnprocessableEntity"})
                continue
            self.count += 1
            added.append({"id": str(self.count), **each})
        self.rules += added
        made = {"data": added, "meta": {"summary": {"created": len(added)}}}
        return made | ({"errors": faults} if faults else {})

    def write(self, said: dict[str, Any]) -> dict[str, Any]:
        """Take a post of ours; links are shortened and the name written before it, as there."""
        number = said["reply"]["in_reply_to_tweet_id"]
        asked = next(each for each in self.posts if each["id"] == number)
        name = _name(asked["author_id"])
        made = self.say(f"@{name} {said['text']}", "shop", below=asked)
        return {
            "data": {"id": made["id"], "text": made["text"], "edit_history_tweet_ids": [made["id"]]}
        }


def matches(query: str, text: str) -> bool:
    """Whether a search finds a text, as far as the tests go."""
    for part in query.split(" OR "):
        words = part.replace("(", " ").replace(")", " ").split()
        if all(word in text for word in words if ":" not in word):
            return True
    return False


_NAMES = {US: "shop"}


def _number(name: str) -> str:
    number = (
        US if name == "shop" else str(1000 + int(hashlib.md5(name.encode()).hexdigest()[:8], 16))
    )
    _NAMES[number] = name
    return number


def _name(number: str) -> str:
    return _NAMES[number]


def _mentions(post: dict[str, Any]) -> list[dict[str, str]]:
    return post.get("entities", {}).get("mentions", [])


def _accounts(posts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    numbers = dict.fromkeys(each["author_id"] for each in posts)
    return [
        {
            "id": number,
            "name": f"{_name(number)} 님",
            "username": _name(number),
            "public_metrics": {"followers_count": 120},
        }
        for number in numbers
    ]


class Handler(Answering, http.server.BaseHTTPRequestHandler):
    """Speaks for the server that stands here."""

    place: XServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path = parts.path.removeprefix("/2/")
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        fault = self._fault(path, query)
        if fault is None:
            return
        if path == "tweets/search/stream":
            self._stream(fault)
            return
        found = self.place.answer(path, query)
        if found is None:
            self._say(400, {"title": "Invalid Request", "type": PROBLEM + "invalid-request"})
            return
        if fault == "twice" and found.get("data"):
            found = {**found, "data": [each for each in found["data"] for _ in range(2)]}
        self._tell(200, found, fault)

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        path = urlsplit(self.path).path.removeprefix("/2/")
        fault = self._fault(path, {})
        if fault is None:
            return
        if path == "tweets":
            self._tell(201, self.place.write(said), fault)
        else:
            self._tell(201, self.place.change_rules(said), fault)

    def _tell(self, status: int, what: dict[str, Any], fault: str) -> None:
        if fault == "silent":
            self.close_connection = True
        elif fault == "junk":
            self._say(status, None)
        else:
            self._say(status, what, cut=fault == "cut")

    def _stream(self, fault: str) -> None:
        self.place.streams += 1
        self.send_response_only(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.flush()
        self.close_connection = True
        told = len(self.place.posts)
        try:
            while fault != "cut":
                if told < len(self.place.posts):
                    self._line(self.place.posts[told])
                    told += 1
                    if fault == "end":
                        return
                    time.sleep(self.place.pace)
                    continue
                self.wfile.write(b"\r\n")
                self.wfile.flush()
                time.sleep(0.02)
        except OSError:
            return

    def _line(self, post: dict[str, Any]) -> None:
        found = [
            {"id": rule["id"], "tag": rule["tag"]}
            for rule in self.place.rules
            if matches(rule["value"], post["text"])
        ]
        if not found:
            return
        told = {"data": post, "includes": {"users": _accounts([post])}, "matching_rules": found}
        self.place.charge(told)
        self.wfile.write(json.dumps(told).encode() + b"\r\n")
        self.wfile.flush()

    def _fault(self, path: str, query: dict[str, str]) -> str | None:
        """What goes wrong with this request; None when it is refused already."""
        self.place.asked.append((self.command, path, query))
        writes = self.command == "POST" and path == "tweets"
        if not (
            self._is_signed() if writes else self.headers["Authorization"] == f"Bearer {BEARER}"
        ):
            self._say(401, {"title": "Unauthorized", "detail": "Unauthorized"})
            return None
        fault = self.place.faults.pop(0) if self.place.faults else ""
        if fault.isdigit():
            told = {"title": "Refused", "detail": f"refused with {fault}"}
            self._say(int(fault), told, self.place.headers)
            return None
        return fault

    def _is_signed(self) -> bool:
        """OAuth 1.0a by hand (RFC 5849), so that it is not proven by what it proves."""
        pairs = re.findall(r'(\w+)="([^"]*)"', self.headers["Authorization"] or "")
        told = {name: unquote(value) for name, value in pairs}
        signature = told.pop("oauth_signature", "")
        listed = "&".join(f"{quote(k, '')}={quote(v, '')}" for k, v in sorted(told.items()))
        base = "&".join(quote(each, "") for each in ("POST", self.place.url + self.path, listed))
        key = f"{KEYS['api_key_secret']}&{KEYS['access_token_secret']}".encode()
        right = b64encode(hmac.new(key, base.encode(), hashlib.sha1).digest()).decode()
        return (
            told.get("oauth_consumer_key") == KEYS["api_key"]
            and told.get("oauth_token") == KEYS["access_token"]
            and hmac.compare_digest(signature, right)
        )

    def handle(self) -> None:
        with suppress(ConnectionError):
            super().handle()

    def finish(self) -> None:
        with suppress(OSError):  # who listened has hung up
            super().finish()


def running() -> AbstractContextManager[XServer]:
    """Start such a server and end it."""
    return served(Handler, XServer)


def settings_of(server: XServer, **more: Any) -> dict[str, Any]:
    """How our account is reached there."""
    return (
        {
            "username": "@shop",
            "user_id": US,
            "bearer_token": BEARER,
            "address": server.url,
            "allow_private": True,
            "live_seconds": 0,
        }
        | KEYS
        | more
    )
