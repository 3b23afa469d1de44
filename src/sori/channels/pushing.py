"""What every channel does whose posts are brought to us: a page of them, and the bad ones aside."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from pydantic import ValidationError

from sori import mention
from sori.channels.contract import Broken, Delivery, Json, Listener, Page
from sori.channels.unreadable import faults


class Brought(ABC):
    """A channel whose posts are brought to us, so there is nothing to fetch.

    Whatever is brought is said to us, and comes once.
    """

    overlaps: ClassVar[bool] = False
    direct: ClassVar[bool] = True

    @abstractmethod
    def row(self, delivery: Delivery, settings: Any, listener: Listener) -> Mapping[str, Any]:
        """The row of HEARD that a delivery becomes.

        Raises:
            pydantic.ValidationError: it is not as it should be.
        """

    def fetch(self, settings: Any, cursor: Json, listener: Listener) -> Iterator[Page]:  # noqa: ARG002
        """Bring nothing: see `read`."""
        return iter(())

    def read(self, settings: Any, deliveries: Sequence[Delivery], listener: Listener) -> Page:
        """Make one mention of each delivery; what is not as it should be comes back as broken."""
        rows: list[Mapping[str, Any]] = []
        broken: list[Broken] = []
        for delivery in deliveries:
            try:
                rows.append(self.row(delivery, settings, listener))
            except ValidationError as error:
                raw = {"key": delivery.key, "body": delivery.body, "at": delivery.received_at}
                stored = json.dumps(raw, ensure_ascii=False, default=str).encode()
                broken.append(Broken(stored, faults(error), name_of(delivery.key, listener)))
        return Page(mention.heard(rows), None, broken)

    def reread(self, settings: Any, raw: bytes, listener: Listener) -> Page:
        """Read one delivery from quarantine again, as `read` put it aside."""
        told = json.loads(raw)
        at = datetime.fromisoformat(told["at"])
        return self.read(settings, [Delivery(told["key"], told["body"], at)], listener)


def name_of(key: str, listener: Listener) -> str:
    """What a delivery is called in the lake: `external_id` of the mention that it becomes."""
    return f"{listener.source}:{key}"
