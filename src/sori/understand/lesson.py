"""Put together what one head learns from, and how much each example counts."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sori.mention import KINDS
from sori.understand.fitting import Correction, amended, fit
from sori.understand.labels import Asked, ask, classes
from sori.understand.layer import keys_worth_knowing, rarity_of
from sori.understand.letters import Letters, letters_of
from sori.understand.sparse import Keys, Matrix, Numbers, features_of, matrix_of

PENALTY: Final = 4.0
"""How strongly a layer is drawn to saying nothing."""

ANCHOR: Final = 300.0
"""So many voices more than the judged ones stand for also count as an anchor: with all the chances
that the shipped model gave them. It weighs most while little was judged. (Decision 11 tells how
both were chosen.)"""

_ENOUGH_BY_CHANCE: Final = 30
_ALSO: Final = "also_"
_NOT_JUDGED: Final = -1


class Lesson(NamedTuple):
    """What one head learns from.

    Attributes:
        head: its name.
        rows: rows of the matrix: judged voices first, then those that nobody corrected.
        wanted: the class each should have; for the latter, what the shipped model says.
        chances: what the shipped model gives each class.
        judged: how many of the rows were judged.
        each: how many voices each of the others stands for.
        voices: how many voices the judged ones stand for.
        right: about how many of those the shipped model has right.
    """

    head: str
    rows: npt.NDArray[np.int64]
    wanted: npt.NDArray[np.int64]
    chances: Numbers
    judged: int
    each: float
    voices: float
    right: float

    def doubt(self, matrix: Matrix, which: npt.NDArray[np.int64]) -> Correction:
        """Learn where the shipped model is wrong: where corrections lie closer than voices do.

        Corrected voices are held against all voices, each with its weight, starting from what the
        shipped model's confidence says: the odds are the share that is wrong.
        """
        wrong = (which < self.judged) & (self.chances[which].argmax(axis=1) != self.wanted[which])
        wanted = np.stack([~wrong, wrong], axis=1).astype(np.float64)
        weights = np.where(which < self.judged, 1.0, self.each)
        chances = self._unsure(which)
        return fit(matrix.take(self.rows[which]), chances, wanted, weights, penalty=PENALTY)

    def stands(
        self, matrix: Matrix, doubt: Correction, which: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.float64]:
        """How many voices, right as they were, each example stands for; a judged one for itself."""
        added = doubt.added(matrix.take(self.rows[which]))
        odds = amended(self._unsure(which), added)
        wrong = np.minimum(1.0, odds[:, 1] / odds[:, 0])
        return np.where(which < self.judged, 1.0, (1 - wrong) * self.each)

    def learned(
        self, matrix: Matrix, doubt: Correction, which: npt.NDArray[np.int64]
    ) -> Correction:
        """Learn from some of the examples."""
        chances, stands = self.chances[which], self.stands(matrix, doubt, which)
        share = self.each + ANCHOR / max(1, len(self.rows) - self.judged)
        anchor = np.where(which < self.judged, 0.0, share)
        wanted = np.eye(chances.shape[1])[self.wanted[which]] * stands[:, None]
        wanted += chances * anchor[:, None]
        weights = np.maximum(stands + anchor, 1e-12)
        wanted /= weights[:, None]
        return fit(matrix.take(self.rows[which]), chances, wanted, weights, penalty=PENALTY)

    def _unsure(self, which: npt.NDArray[np.int64]) -> Numbers:
        """Right and wrong as the shipped confidence says, with the odds as the share of wrong."""
        wrong = 1 - self.chances[which].max(axis=1)
        return np.stack([1 / (1 + wrong), wrong / (1 + wrong)], axis=1)


class Room(NamedTuple):
    """All voices that lessons are made of, read once for all heads.

    Attributes:
        letters: of the voices; those in languages the model cannot read are left out.
        asked: what the shipped model says of them.
        matrix: their features.
        keys: which features, those of judged voices.
        rarity: how rare each is.
        folds: a number a voice, equal for voices with the same letters.
        of_judged: which judged voice each is; -1 for one that nobody judged.
    """

    letters: Letters
    asked: Asked
    matrix: Matrix
    keys: Keys
    rarity: npt.NDArray[np.uint8]
    folds: npt.NDArray[np.int64]
    of_judged: npt.NDArray[np.int64]

    def lesson(
        self, head: str, values: Sequence[Mapping[str, Any]], random: Sequence[bool]
    ) -> Lesson:
        """What a head learns from.

        Args:
            head: its name.
            values: what the labels of each judged voice should be.
            random: which of them chance chose.
        """
        chances = self.asked.shipped(head).astype(np.float64)
        said = chances.argmax(axis=1)
        wanted = self._wanted(head, values)
        people, machine = np.flatnonzero(wanted >= 0), np.flatnonzero(self.of_judged < 0)
        rows = np.concatenate([people, machine])
        by_chance = np.asarray(random, np.bool_)[self.of_judged[people]]
        wrong = said[people] != wanted[people]
        sure = chances[machine].max(axis=1)
        share = _share_of_wrong(wrong[by_chance], sure)
        chosen = float((wrong & ~by_chance).sum()) / share
        # one more for each voice that chance chose: they draw to the shipped model too
        looked_at = chosen + by_chance.sum()
        voices = chosen + by_chance.sum() + (~wrong & ~by_chance).sum()
        right = (1 - share) * chosen + (~wrong).sum()
        return Lesson(
            head=head,
            rows=rows,
            wanted=np.concatenate([wanted[people], said[machine]]),
            chances=chances[rows],
            judged=len(people),
            each=float(looked_at) / max(1, len(machine)),
            voices=float(voices),
            right=float(right),
        )

    def _wanted(self, head: str, values: Sequence[Mapping[str, Any]]) -> npt.NDArray[np.int64]:
        """The class each voice should have; -1 where nobody judged it."""
        found = np.full(len(self.of_judged), _NOT_JUDGED)
        kinds = self.asked.shipped("kind").argmax(axis=1)
        names = classes(head)
        for row in np.flatnonzero(self.of_judged >= 0):
            value = _value(head, values[self.of_judged[row]], KINDS[kinds[row]])
            if value is not None and value in names:
                found[row] = names.index(value)
        return found


def room_of(judged: pa.RecordBatch, others: pa.RecordBatch) -> Room:
    """Read all voices.

    Args:
        judged: `title`, `text` and `lang` of what people judged.
        others: the same of what nobody judged.
    """
    names = ("title", "text", "lang")
    everything = pa.concat_batches([judged.select(names), others.select(names)])
    letters = letters_of(everything)._replace(langs=everything.column("lang"))
    read = np.flatnonzero(~ask(letters).unread)
    taken = everything.take(pa.array(read))
    letters = letters.take(read)._replace(langs=taken.column("lang"))
    of_judged = np.where(read < judged.num_rows, read, _NOT_JUDGED)
    found = features_of(letters)
    keys = keys_worth_knowing(features_of(letters.take(np.flatnonzero(of_judged >= 0))))
    rarity = rarity_of(keys, found)
    return Room(
        letters=letters,
        asked=ask(letters),
        matrix=matrix_of(found, keys, rarity),
        keys=keys,
        rarity=rarity,
        folds=np.array([_fold(*both) for both in zip(*_words(taken), strict=True)], np.int64),
        of_judged=of_judged,
    )


def _share_of_wrong(by_chance: npt.NDArray[np.bool_], sure: Numbers) -> float:
    """About which share of all voices the shipped model has wrong.

    Counted where chance chose enough voices; else as the model's own confidence says.
    """
    if len(by_chance) >= _ENOUGH_BY_CHANCE:
        return float((by_chance.sum() + 1) / (len(by_chance) + 2))
    return float(np.clip(1 - sure.mean(), 0.01, 0.99)) if len(sure) else 0.5


def _value(head: str, values: Mapping[str, Any], kind: str) -> Any:
    """What a head should say of a voice; None where nobody judged it."""
    if not head.startswith(_ALSO):
        return values.get(head)
    asked = head.removeprefix(_ALSO)
    if "also" not in values or asked == values.get("kind", kind):
        return None
    return asked in values["also"]


def _words(voices: pa.RecordBatch) -> tuple[list[str | None], list[str | None]]:
    return voices.column("title").to_pylist(), voices.column("text").to_pylist()


def _fold(title: str | None, text: str | None) -> int:
    letters = "".join(f"{title or ''} {text or ''}".split())
    seed = letters.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(seed, digest_size=4).digest(), "big")
