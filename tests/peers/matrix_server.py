"""A small Matrix server on loopback: rooms, what is said, edited and taken back in them.

It lists by `since`, leaves gaps where more was said than one answer holds, takes a transaction id
once, and refuses, limits or falls silent when it is told to.
"""

import http.server
import json
import time
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from peers.loopback import Answering, served

TOKEN = "token-of-our-account"
US = "@shop:matrix.test"
ROOM = "!support:matrix.test"


class MatrixServer:
    """What happened there, and how it behaves.

    Attributes:
        url: where it is.
        events: what happened in the room, oldest first.
        asked: each request as (method, path).
        refusal: what to answer next instead, as (status, headers, body), as long as it is set.
        after: what to do after a message was taken: "" says so, "silent" hangs up, or a status.
        at_once: how many events one answer holds.
    """

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.events: list[dict[str, Any]] = []
        self.keys: dict[str, dict[str, Any]] = {}
        self.asked: list[tuple[str, str]] = []
        self.refusal: tuple[int, dict[str, str], dict[str, Any]] | None = None
        self.after = ""
        self.at_once = 50
        self.rule = "public"

    def happen(self, kind: str, content: dict[str, Any], who: str = "kim", **more: Any) -> Any:
        """Something happens in the room."""
        sender = who if who.startswith("@") else f"@{who}:matrix.test"
        event = {
            "event_id": f"$event{len(self.events) + 1}",
            "sender": sender,
            "type": kind,
            "origin_server_ts": int(time.time() * 1000),
            "content": content,
        } | more
        self.events.append(event)
        return event

    def say(self, text: str, who: str = "kim", **content: Any) -> Any:
        """Somebody says something."""
        return self.happen("m.room.message", {"msgtype": "m.text", "body": text} | content, who)

    def reword(self, event: Any, text: str, who: str = "kim") -> Any:
        """Somebody edits it."""
        return self.say(
            f"* {text}",
            who,
            **{
                "m.new_content": {"msgtype": "m.text", "body": text},
                "m.relates_to": {"rel_type": "m.replace", "event_id": event["event_id"]},
            },
        )

    def unsay(self, event: Any, who: str = "kim") -> Any:
        """Somebody takes it back; its content is gone."""
        event["content"] = {}
        return self.happen("m.room.redaction", {"redacts": event["event_id"]}, who)

    def answer(self, path: str, query: dict[str, list[str]]) -> Any:
        """What a GET brings; None where there is nothing."""
        if path == "account/whoami":
            return {"user_id": US}
        if path == "sync":
            return self._sync(int(query["since"][0]) if "since" in query else None)
        parts = [unquote(part) for part in path.split("/")]
        if parts[:2] != ["rooms", ROOM]:
            return None
        if parts[2] == "event":
            return next((one for one in self.events if one["event_id"] == parts[3]), None)
        return self._messages(query) if parts[2] == "messages" else None

    def _sync(self, since: int | None) -> dict[str, Any]:
        fresh = self.events[since or 0 :]
        shown = fresh[-self.at_once :]
        told: dict[str, Any] = {"next_batch": str(len(self.events))}
        if shown or since is None:
            people = {one["sender"] for one in shown if "sender" in one}
            state = [
                {
                    "type": "m.room.member",
                    "state_key": who,
                    "content": {"displayname": f"{who[1:4]} 님"},
                }
                for who in sorted(people)
            ]
            if since is None:
                state += [
                    {
                        "type": "m.room.join_rules",
                        "state_key": "",
                        "content": {"join_rule": self.rule},
                    },
                    {"type": "m.room.name", "state_key": "", "content": {"name": "고객센터"}},
                ]
            timeline = {
                "events": shown,
                "limited": len(shown) < len(fresh),
                "prev_batch": str(len(self.events) - len(shown)),
            }
            told["rooms"] = {"join": {ROOM: {"state": {"events": state}, "timeline": timeline}}}
        return told

    def _messages(self, query: dict[str, list[str]]) -> dict[str, Any]:
        until = int(query["from"][0]) if "from" in query else len(self.events)
        start = max(int(query["to"][0]) if "to" in query else 0, until - int(query["limit"][0]))
        chunk = self.events[start:until][::-1]
        return {"chunk": chunk} | ({"end": str(start)} if chunk else {})

    def take(self, key: str, content: dict[str, Any]) -> Any:
        """Take a message of ours, once for each key."""
        if key not in self.keys:
            told = {"transaction_id": key}
            self.keys[key] = self.happen("m.room.message", content, US, unsigned=told)
        return {"event_id": self.keys[key]["event_id"]}


class Handler(Answering, http.server.BaseHTTPRequestHandler):
    """Speaks for the server that stands here."""

    place: MatrixServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path = parts.path.removeprefix("/_matrix/client/v3/")
        if self._refused(path):
            return
        found = self.place.answer(path, parse_qs(parts.query))
        missing = {"errcode": "M_NOT_FOUND", "error": "not found"}
        self._say(404 if found is None else 200, missing if found is None else found)

    def do_PUT(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        path = urlsplit(self.path).path.removeprefix("/_matrix/client/v3/")
        if self._refused(path):
            return
        made = self.place.take(unquote(path.rpartition("/")[2]), said)
        if self.place.after == "silent":
            self.close_connection = True
            return
        self._say(int(self.place.after or 200), made)

    def _refused(self, path: str) -> bool:
        self.place.asked.append((self.command, path))
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self._say(401, {"errcode": "M_UNKNOWN_TOKEN", "error": "Invalid access token"})
        elif self.place.refusal:
            status, headers, body = self.place.refusal
            self._say(status, body, headers)
        else:
            return False
        return True


def running() -> AbstractContextManager[MatrixServer]:
    """Start such a server and end it."""
    return served(Handler, MatrixServer)


def settings_of(server: MatrixServer, **more: Any) -> dict[str, Any]:
    """How our account is reached there."""
    return {"homeserver": server.url, "access_token": TOKEN, "allow_private": True} | more
