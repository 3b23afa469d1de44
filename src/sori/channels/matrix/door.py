"""Matrix: what is said in our rooms, edited there and taken back there; answered in its thread."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, Final
from urllib.parse import quote

from pydantic import BaseModel, ValidationError

from sori import mention
from sori.channels.contract import Address, Broken, Facts, Json, Listener, Page, Sent
from sori.channels.matrix import api
from sori.channels.matrix.events import HIDDEN, SAID, Event, Room, row
from sori.channels.matrix.settings import MatrixSettings
from sori.errors import ChannelError, ReplyError, ReplyRejected

FIRST: Final = 50
GAP: Final = 100
LONGEST_GAP: Final = 200
LOOK_BACK: Final = 100
TITLES: Final = {"m.room.join_rules": "join_rule", "m.room.name": "name"}


class Matrix:
    """Matrix: rooms of ours or that name us, with threads, edits and what was taken back.

    The cursor keeps the server's token for its next answer, and what is known of each room. Where
    more was said than one answer holds, the gap is read back to where we were.
    """

    name: ClassVar[str] = "matrix"
    Settings: ClassVar[type[BaseModel]] = MatrixSettings
    overlaps: ClassVar[bool] = True
    direct: ClassVar[bool] = False
    facts: ClassVar[Facts] = Facts(
        history="The newest 50 of each room.",
        edits="told",
        deletes="told",
        limits="Rooms that are not encrypted.",
    )

    def fetch(self, settings: MatrixSettings, cursor: Json, listener: Listener) -> Iterator[Page]:
        """Bring what happened in the rooms; our own words are no voices.

        Raises:
            ChannelError: permanent when the token is wrong.
        """
        me = _own_id(settings)
        place: dict[str, Any] = dict(cursor) if isinstance(cursor, dict) else {}
        while True:
            told = _sync(settings, place.get("since"))
            rooms = _joined(told, settings)
            after = {"since": told["next_batch"], "rooms": _known(place, rooms)}
            if not rooms and place:
                return
            if after["since"] == place.get("since"):
                return  # a server that does not move would go on for ever
            yield _page(settings, me, place, after, rooms, listener)
            place = after

    def wait(self, settings: MatrixSettings, cursor: Json, seconds: float) -> bool:
        """Let the server hold its answer until something happens."""
        since = cursor.get("since") if isinstance(cursor, dict) else None
        return bool(_joined(_sync(settings, since, seconds=seconds), settings))

    def reread(self, settings: MatrixSettings, raw: bytes, listener: Listener) -> Page:
        """Read one event from quarantine again."""
        kept = json.loads(raw)
        room = Room.model_validate(kept["room"])
        return _read(settings, _own_id(settings), room, [kept["event"]], listener)

    def reply(self, settings: MatrixSettings, to: Address, text: str, key: str) -> Sent:
        """Answer an event, in its thread if it has one."""
        room, event = to.to.get("room"), to.to.get("event")
        if not (isinstance(room, str) and isinstance(event, str)):
            raise ReplyRejected("there is no message to answer to")
        content = {
            "msgtype": "m.text",
            "body": text,
            "m.mentions": {"user_ids": [to.to.get("user")]},
            "m.relates_to": _relation(event, to.to.get("root")),
        }
        made = api.send(settings, room, content, key)
        if not isinstance(made.get("event_id"), str):
            raise ReplyError(f"{settings.homeserver} does not say what it made of the answer")
        return Sent(made["event_id"], datetime.now(UTC))

    def find(self, settings: MatrixSettings, to: Address, key: str) -> Sent | None:
        """Look for our answer among the newest of the room: the server tells us our own key."""
        room = quote(str(to.to.get("room")), safe="")
        told = api.ask(settings, f"rooms/{room}/messages", {"dir": "b", "limit": LOOK_BACK})
        for item in _list(told, "chunk"):
            event = _event(item)
            if event and event.unsigned.get("transaction_id") == key:
                at = datetime.fromtimestamp(event.origin_server_ts / 1000, UTC)
                return Sent(event.event_id, at)
        return None


def _relation(event: str, root: Any) -> Mapping[str, Any]:
    answered = {"m.in_reply_to": {"event_id": event}}
    if not isinstance(root, str):
        return answered
    return {"rel_type": "m.thread", "event_id": root, "is_falling_back": False} | answered


def _sync(settings: MatrixSettings, since: Any, *, seconds: float = 0.0) -> Mapping[str, Any]:
    events = {"limit": FIRST, "lazy_load_members": True, "include_redundant_members": True}
    rooms: dict[str, Any] = {"timeline": events, "state": events, "ephemeral": {"types": []}}
    if settings.rooms:
        rooms["rooms"] = settings.rooms
    chosen = {"room": rooms, "presence": {"types": []}, "account_data": {"types": []}}
    question = {"timeout": int(seconds * 1000), "filter": json.dumps(chosen)}
    told = api.ask(settings, "sync", question | ({"since": since} if since else {}), waits=seconds)
    if not isinstance(told, dict) or not isinstance(told.get("next_batch"), str):
        raise ChannelError(f"{settings.homeserver} does not say where we are")
    return told


def _joined(told: Mapping[str, Any], settings: MatrixSettings) -> dict[str, Any]:
    """The rooms in which something happened, those we listen in."""
    rooms = told.get("rooms")
    joined = rooms.get("join") if isinstance(rooms, dict) else None
    found = joined if isinstance(joined, dict) else {}
    wanted = settings.rooms or found.keys()
    return {name: room for name, room in found.items() if name in wanted and isinstance(room, dict)}


def _known(place: Mapping[str, Any], rooms: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of each room after an answer: whether it is public, and its title."""
    known = dict(place.get("rooms") or {})
    for name, told in rooms.items():
        facts = dict(known.get(name) or {})
        for item in [*_list(told.get("state"), "events"), *_list(told.get("timeline"), "events")]:
            field = TITLES.get(str(item.get("type"))) if isinstance(item, dict) else None
            content = item.get("content") if field else None
            if field and isinstance(content, dict):
                facts[field] = str(content.get(field) or "")[:200]
        known[name] = facts
    return known


def _page(
    settings: MatrixSettings,
    me: str,
    before: Mapping[str, Any],
    after: dict[str, Any],
    rooms: Mapping[str, Any],
    listener: Listener,
) -> Page:
    pages = []
    for name, told in rooms.items():
        facts = after["rooms"][name]
        room = Room(
            id=name,
            public=facts.get("join_rule") == "public",
            title=facts.get("name", ""),
            names=_names(told),
        )
        timeline = told.get("timeline") or {}
        items = [*_gap(settings, name, timeline, before), *_list(timeline, "events")]
        pages.append(_read(settings, me, room, items, listener))
    mentions = [one.to_pylist() for one in (page.mentions for page in pages)]
    rows = sorted((each for some in mentions for each in some), key=_moment(listener))
    edited = [each for page in pages if page.edited for each in page.edited.to_pylist()]
    return Page(
        mention.heard(rows),
        after,
        [each for page in pages for each in page.broken],
        edited=mention.heard(edited) if edited else None,
        gone=[each for page in pages for each in page.gone],
    )


def _moment(listener: Listener) -> Any:
    return lambda each: each["published_at"] or listener.now


def _gap(
    settings: MatrixSettings, room: str, timeline: Mapping[str, Any], before: Mapping[str, Any]
) -> list[Any]:
    """What was said between our last look and what the server shows, the oldest first.

    At the first look there is no gap: older words than the newest are not asked for.
    """
    since, at = before.get("since"), timeline.get("prev_batch")
    if not (since and at and timeline.get("limited") is True):
        return []
    found: list[Any] = []
    path = f"rooms/{quote(room, safe='')}/messages"
    for _ in range(LONGEST_GAP):
        told = api.ask(settings, path, {"dir": "b", "from": at, "to": since, "limit": GAP})
        some = _list(told, "chunk")
        found += some
        at = told.get("end")
        if not some or not at:
            break
    return found[::-1]


def _read(
    settings: MatrixSettings, me: str, room: Room, items: Sequence[Any], listener: Listener
) -> Page:
    """Some events of one room, in order."""
    rows: list[dict[str, Any]] = []
    edited: list[dict[str, Any]] = []
    gone: list[str] = []
    broken: list[Broken] = []
    for item in items:
        try:
            event = Event.model_validate(item)
        except ValidationError as error:
            broken.append(
                _put_aside(room, item, f"no event of Matrix: {error.error_count()} faults")
            )
            continue
        if event.taken_back:
            gone.append(event.taken_back)
        elif event.type == HIDDEN and event.sender != me:
            broken.append(_put_aside(room, item, "it is encrypted, so nobody here can read it"))
        elif event.type != SAID or event.sender == me or not event.content:
            continue
        elif event.replaces:
            edited += _edited(settings, event, room, me, listener)
        else:
            rows.append(row(event, room, me, listener, ours=settings.ours))
    return Page(
        mention.heard(rows),
        None,
        broken,
        edited=mention.heard(edited) if edited else None,
        gone=gone,
    )


def _edited(
    settings: MatrixSettings, event: Event, room: Room, me: str, listener: Listener
) -> list[dict[str, Any]]:
    """The event that was edited, in its new words; nobody but its author may edit it."""
    path = f"rooms/{quote(room.id, safe='')}/event/{quote(str(event.replaces), safe='')}"
    try:
        original = _event(api.ask(settings, path))
    except ChannelError as error:
        if error.permanent:
            return []  # taken back meanwhile
        raise
    if original is None or original.sender != event.sender:
        return []
    return [row(original, room, me, listener, ours=settings.ours) | {"text": event.words()}]


def _put_aside(room: Room, item: Any, reason: str) -> Broken:
    kept = {"room": room.model_dump(exclude={"names"}), "event": item}
    raw = json.dumps(kept, ensure_ascii=False).encode("utf-8", "surrogatepass")
    name = item.get("event_id") if isinstance(item, dict) else None
    return Broken(raw, reason, name if isinstance(name, str) else None)


def _names(told: Mapping[str, Any]) -> dict[str, str]:
    """How people are called, as far as the server told it with what they said."""
    found: dict[str, str] = {}
    for item in [*_list(told.get("state"), "events"), *_list(told.get("timeline"), "events")]:
        if isinstance(item, dict) and item.get("type") == "m.room.member":
            content = item.get("content")
            called = content.get("displayname") if isinstance(content, dict) else None
            if isinstance(called, str) and isinstance(item.get("state_key"), str):
                found[item["state_key"]] = called[:200]
    return found


def _own_id(settings: MatrixSettings) -> str:
    told = api.ask(settings, "account/whoami")
    found = told.get("user_id") if isinstance(told, dict) else None
    if isinstance(found, str) and found:
        return found
    raise ChannelError(f"{settings.homeserver} does not say who we are")


def _event(item: Any) -> Event | None:
    try:
        return Event.model_validate(item)
    except ValidationError:
        return None


def _list(told: Any, name: str) -> list[Any]:
    found = told.get(name) if isinstance(told, dict) else None
    return found if isinstance(found, list) else []
