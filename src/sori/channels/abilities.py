"""What each installed channel can do, told by the Protocols it satisfies."""

from typing import Any

from sori.channels import registry
from sori.channels.contract import Measured, Posts, Rechecks, Replies, Rereads, Waits


def abilities() -> list[dict[str, Any]]:
    """One row a channel, in alphabetical order.

    Returns:
        Dictionaries of `name`, `about` (its first sentence), `fetch`, `reply`, `find` (reads back
        whether an answer arrived), `post` (speaks by itself, to everybody), `reread` (reads a
        quarantined item again), `wait` (tells the moment something arrives), `longest` (how much an
        answer may measure, None where there is no limit), `edits` and `deletes` ("told" at once,
        "asked" within a day, "" never), `history`, `attachments`, `cost`, `limits` (see
        `contract.Facts`), `overlaps` and `direct`.
    """
    rows = []
    for name in registry.names():
        door = registry.channel(name)
        asked = "asked" if isinstance(door, Rechecks) else ""
        rows.append(
            {
                "name": name,
                "about": (type(door).__doc__ or "").strip().split("\n")[0],
                "fetch": True,
                "reply": isinstance(door, Replies),
                "find": isinstance(door, Replies),
                "post": isinstance(door, Posts),
                "reread": isinstance(door, Rereads),
                "wait": isinstance(door, Waits),
                "longest": door.longest if isinstance(door, Measured) else None,
                "edits": door.facts.edits or asked,
                "deletes": door.facts.deletes or asked,
                "history": door.facts.history,
                "attachments": door.facts.attachments,
                "cost": door.facts.cost,
                "limits": door.facts.limits,
                "overlaps": door.overlaps,
                "direct": door.direct,
            }
        )
    return rows
