"""A company's own heads: a small layer on the shipped model, learned from what people corrected.

It is a table of the same form as the shipped one, over the features of the corrected texts, and
what it says is added to the logarithms of the shipped chances. It never speaks alone: where it
knows none of a text's features it adds nothing but its bias. It was learned on top of one
particular model and means nothing on top of another.
"""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any, Final, NamedTuple, TypeAlias

import msgspec
import numpy as np

from sori.understand.fitting import amended
from sori.understand.letters import Letters
from sori.understand.linear import Scores, Table

Places: TypeAlias = dict[str, tuple[int, int]]
"""For each head its first column and how many it has."""

_PARTS: Final = ("checks", "rarity", "weights", "scales", "bias")


class Added(NamedTuple):
    """What a company's own heads add to the chances of some texts.

    Attributes:
        places: where each head's columns are.
        scores: texts by columns.
    """

    places: Places
    scores: Scores

    def amend(self, head: str, chances: Scores) -> Scores:
        """The chances of a head after the company's own were added; as they were if it has none."""
        if head not in self.places:
            return chances
        first, columns = self.places[head]
        part = self.scores[:, first : first + columns].astype(np.float64)
        return amended(chances.astype(np.float64), part).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Company:
    """A company's own heads.

    Attributes:
        name: of this version, such as "own-3".
        base: the name of the model it was learned on.
        places: where each head's columns are.
        table: the weights.
    """

    name: str
    base: str
    places: Places
    table: Table

    def added(self, letters: Letters) -> Added:
        """Ask it about some texts."""
        scores, _ = self.table.scores(letters)
        return Added(self.places, scores)

    def written(self) -> bytes:
        """It as bytes, for `read`."""
        card = {"name": self.name, "base": self.base, "places": self.places}
        parts: dict[str, Any] = {name: getattr(self.table, name) for name in _PARTS}
        sink = BytesIO()
        np.savez_compressed(sink, card=np.frombuffer(msgspec.json.encode(card), np.uint8), **parts)
        return sink.getvalue()


@lru_cache(maxsize=2)
def read(content: bytes) -> Company:
    """The heads that `Company.written` wrote; kept, because every turn asks for the same."""
    with np.load(BytesIO(content), allow_pickle=False) as file:
        card = msgspec.json.decode(file["card"].tobytes())
        table = Table(**{name: file[name] for name in _PARTS}, card={})
    places = {head: (first, columns) for head, (first, columns) in card["places"].items()}
    return Company(card["name"], card["base"], places, table)
