"""The filtered stream: our queries as its rules, and what it tells while we listen."""

import json
import time
from collections.abc import Sequence
from typing import Any, Final

from sori.channels.contract import Broken
from sori.channels.x import api
from sori.channels.x.place import mark
from sori.channels.x.posts import FIELDS
from sori.channels.x.settings import XSettings
from sori.errors import ChannelError, ReplyNotAccepted, ReplyRejected

MOST: Final = 500
ON_THE_WAY: Final = 100
"""How many posts X may have sent that we do not read any more; it sends 250 a second at most."""

LEAST: Final = 10
RULES: Final = "tweets/search/stream/rules"


class Heard:
    """What came while we listened.

    Attributes:
        items: what X told of, one line each, oldest first.
        broken: lines that cannot be read.
        unseen: how many more posts may have been on their way when we stopped.
        failure: why it ended early; None when the time was over.
    """

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self.broken: list[Broken] = []
        self.unseen = 0
        self.failure: ChannelError | None = None


def listen(settings: XSettings, tag: str, most: int) -> Heard:
    """Listen for as long as the settings say.

    Args:
        settings: whom to ask.
        tag: what our rules are called; what only other rules found is none of ours.
        most: how many posts may come, those that are on their way among them.
    """
    heard = Heard()
    arrived: list[float] = []
    try:
        with api.listening(settings, FIELDS, settings.live_seconds) as lines:
            for line in lines:
                if not line:
                    continue  # only a sign of life
                arrived.append(time.monotonic())
                heard.failure = _take(line, tag, heard)
                if heard.failure or len(arrived) >= most - ON_THE_WAY:
                    break
    except (api.Refusal, ReplyRejected, ReplyNotAccepted) as error:
        heard.failure = error  # nothing was sent
    except ChannelError as error:
        heard.failure, heard.unseen = error, ON_THE_WAY
    else:
        full = len(arrived) >= most - ON_THE_WAY
        lately = sum(each > time.monotonic() - 1.0 for each in arrived)
        heard.unseen = ON_THE_WAY if full else min(lately, ON_THE_WAY)
    return heard


def keep_rules(settings: XSettings, wanted: Sequence[str], tag: str) -> None:
    """Make the rules that bear our tag those that are wanted; the rules of others stay.

    Raises:
        ChannelError: permanent when X does not take one.
    """
    told = api.ask(settings, RULES).get("data") or []
    known = [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []
    ours = {each.get("value"): str(each.get("id")) for each in known if each.get("tag") == tag}
    if gone := [number for value, number in ours.items() if value not in wanted]:
        api.change(settings, RULES, {"delete": {"ids": gone}})
    if new := [{"value": value, "tag": tag} for value in wanted if value not in ours]:
        faults = api.change(settings, RULES, {"add": new}).get("errors")
        if faults:
            raise ChannelError(f"X does not take a search: {_words(faults)}", permanent=True)


def stamp(rules: Sequence[str], day: str) -> str:
    """What stands for rules that were brought to X on a day; they are looked at again daily."""
    return mark("\n".join([day, *rules])) if rules else ""


def _take(line: bytes, tag: str, heard: Heard) -> ChannelError | None:
    """Put a line where it belongs; returns why it is the last one, if it is."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError) as error:
        heard.broken.append(Broken(line, f"a line of the stream is no JSON: {error}"))
        return None
    if not isinstance(told, dict):
        heard.broken.append(Broken(line, "a line of the stream is no object"))
    elif "data" not in told:
        return ChannelError(f"X ends the stream: {_words(told.get('errors'))}")
    else:
        heard.items.append({**told, "ours": _found_by(told, tag)})
    return None


def _found_by(told: dict[str, Any], tag: str) -> bool:
    rules = told.get("matching_rules")
    return any(
        isinstance(each, dict) and each.get("tag") == tag
        for each in (rules if isinstance(rules, list) else ())
    )


def _words(faults: Any) -> str:
    """What is wrong, in X's own words."""
    first = faults[0] if isinstance(faults, list) and faults else faults
    if not isinstance(first, dict):
        return "for no reason it tells"
    details = first.get("details")
    told = [first.get("title"), first.get("detail"), first.get("value")]
    told += details if isinstance(details, list) else []
    return " ".join(str(each) for each in told if each)[:500]
