"""What every channel does whose posts are brought to us: a page of them, and the bad ones aside."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from sori import mention
from sori.channels.contract import Broken, Delivery, Page
from sori.channels.unreadable import faults


def page_of(
    deliveries: Sequence[Delivery],
    row: Callable[[Delivery], Mapping[str, Any]],
    named: Callable[[Delivery], str],
) -> Page:
    """One mention of each delivery; what is not as it should be comes back as broken.

    Args:
        deliveries: oldest first.
        row: makes a row of HEARD, or raises pydantic's ValidationError.
        named: the channel's own name for a delivery.
    """
    rows: list[Mapping[str, Any]] = []
    broken: list[Broken] = []
    for delivery in deliveries:
        try:
            rows.append(row(delivery))
        except ValidationError as error:
            raw = {"key": delivery.key, "body": delivery.body, "at": delivery.received_at}
            stored = json.dumps(raw, ensure_ascii=False, default=str).encode()
            broken.append(Broken(stored, faults(error), named(delivery)))
    return Page(mention.heard(rows), None, broken)


def kept(raw: bytes) -> Delivery:
    """A delivery as `page_of` put it aside."""
    told = json.loads(raw)
    return Delivery(told["key"], told["body"], datetime.fromisoformat(told["at"]))
