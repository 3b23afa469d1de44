"""The letters of a batch of texts, the way every model of this room reads them.

Models do not see what is stored but a plain form of it: title and text joined, compatibility
forms folded (full-width becomes ordinary), lower case, runs of white space as one space, and no
character more than twice in a row ("ㅋㅋㅋㅋㅋ" reads "ㅋㅋ"). The batch becomes one flat array
of code points, so that a compiled loop can walk over all its texts without making one Python
object.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sori.understand.compiled import compiled
from sori.understand.contract import Step, with_columns

Codes: TypeAlias = npt.NDArray[np.uint32]
Offsets: TypeAlias = npt.NDArray[np.int64]


class Letters(NamedTuple):
    """The letters of some texts, one after the other.

    Attributes:
        codes: code points of all texts.
        offsets: text i is `codes[offsets[i]:offsets[i + 1]]`; one longer than there are texts.
        langs: the language of each text, where it is known already.
        chosen: which texts the deep tier should read, where somebody chose.
    """

    codes: Codes
    offsets: Offsets
    langs: pa.Array | None = None
    chosen: npt.NDArray[np.bool_] | None = None

    @property
    def rows(self) -> int:
        """How many texts there are."""
        return len(self.offsets) - 1

    def text(self, row: int | np.int64) -> str:
        """One text, as it is read here."""
        codes = self.codes[self.offsets[row] : self.offsets[row + 1]]
        return codes.tobytes().decode("utf-32-le")

    def together(self, rows: npt.NDArray[np.int64]) -> tuple[str, npt.NDArray[np.int64]]:
        """Some of the texts as one, a NUL behind each, and where each begins in it.

        No text holds a NUL, so nothing is found in it that is not in one of them.
        """
        some = self.take(rows)
        codes = np.insert(some.codes, some.offsets[1:], 0)
        return codes.tobytes().decode("utf-32-le"), some.offsets[:-1] + np.arange(len(rows))

    def take(self, rows: npt.NDArray[np.int64], most: int | None = None) -> "Letters":
        """The letters of some of the texts, in the order asked for.

        Args:
            rows: which texts.
            most: so many letters of each at most, from its beginning.
        """
        every = len(rows) == self.rows and bool((rows == np.arange(self.rows)).all())
        if every and most is None:
            return self
        begins, sizes = self.offsets[rows], np.diff(self.offsets)[rows]
        if most is not None:
            sizes = np.minimum(sizes, most)
        offsets = np.concatenate([[0], np.cumsum(sizes)])
        codes = np.empty(int(offsets[-1]), np.uint32)
        _copy(self.codes, begins, offsets, codes)
        return Letters(codes, offsets)


Reader: TypeAlias = Callable[[Letters], dict[str, pa.Array]]
"""What a model of this room is inside: letters in, the columns it fills out."""

Chooser: TypeAlias = Callable[[pa.RecordBatch], npt.NDArray[np.bool_]]
"""Says which rows of a batch the deep tier should read."""


def step_of(*readers: Reader, choose: Chooser | None = None) -> Step:
    """One step out of several readers, for which the letters are read only once.

    A reader that comes after `read_language` is told the language.

    Args:
        readers: asked in this order.
        choose: which rows the deep tier should read; none when not given.
    """

    def step(batch: pa.RecordBatch) -> pa.RecordBatch:
        letters = letters_of(batch)
        if choose is not None:
            letters = letters._replace(chosen=choose(batch))
        if "lang" in batch.schema.names:
            letters = letters._replace(langs=batch.column("lang"))
        columns: dict[str, pa.Array] = {}
        for read in readers:
            columns |= read(letters)
            letters = letters._replace(langs=columns.get("lang", letters.langs))
        return with_columns(batch, columns)

    return step


def letters_of(batch: pa.RecordBatch) -> Letters:
    """Read `title` (where there is one) and `text` of every row.

    What answers something (`parent_id`) bears the title of what it answers: "Re: thank you" stands
    above complaints as well, so it is not read there.
    """
    # filled here: joining skips a row without title and text altogether, and the rows shift
    text = pc.fill_null(batch.column("text").cast(pa.string()), "")
    if "title" in batch.schema.names and batch.column("title").null_count < batch.num_rows:
        title = batch.column("title").cast(pa.string())
        if "parent_id" in batch.schema.names:
            title = pc.if_else(pc.is_null(batch.column("parent_id")), title, None)
        text = pc.binary_join_element_wise(title, text, " ", null_handling="skip")
    return letters_of_texts(text)


def letters_of_texts(texts: pa.Array) -> Letters:
    """Read an Arrow array of strings; a null reads like an empty text."""
    data, ends = string_buffers(_folded(pc.fill_null(texts, "")))
    codes = np.empty(int(ends[-1] - ends[0]), np.uint32)
    offsets = np.empty(len(ends), np.int64)
    used = _decode(data, ends, codes, offsets)
    return Letters(codes[:used], offsets)


def _folded(texts: pa.Array) -> pa.Array:
    """The texts with compatibility forms folded and in lower case, but for A to Z.

    Of ASCII and whole Hangul syllables nothing is folded, and most texts are nothing else.
    """
    odd = np.zeros(len(texts), np.bool_)
    _find_odd(*string_buffers(texts), odd)
    if not odd.any():
        return texts
    some = pc.utf8_lower(pc.utf8_normalize(texts.filter(pa.array(odd)), "NFKC"))
    return pc.replace_with_mask(texts, pa.array(odd), some)


def string_buffers(array: pa.Array) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32]]:
    """The bytes of a string array and where each text begins in them, without a copy.

    Args:
        array: of type `pa.string()`, without nulls; may be a slice.

    Returns:
        All bytes of the underlying buffer, and len(array) + 1 offsets into it.
    """
    if len(array) == 0:
        return np.empty(0, np.uint8), np.zeros(1, np.int32)
    _, offsets, data = array.buffers()
    ends = np.frombuffer(offsets, np.int32)[array.offset : array.offset + len(array) + 1]
    if data is None:
        return np.empty(0, np.uint8), ends
    return np.frombuffer(data, np.uint8), ends


@compiled
def code_at(data: npt.NDArray[np.uint8], at: Any) -> tuple[Any, int]:
    """The code point at a byte of valid UTF-8, and how many bytes it takes."""
    first = np.uint32(data[at])
    if first < 0x80:
        return first, 1
    if first < 0xE0:
        return ((first & 0x1F) << 6) | (data[at + 1] & 0x3F), 2
    if first < 0xF0:
        return ((first & 0x0F) << 12) | (np.uint32(data[at + 1] & 0x3F) << 6) | (
            data[at + 2] & 0x3F
        ), 3
    return ((first & 0x07) << 18) | (np.uint32(data[at + 1] & 0x3F) << 12) | (
        np.uint32(data[at + 2] & 0x3F) << 6
    ) | (data[at + 3] & 0x3F), 4


@compiled
def _copy(codes: Codes, begins: Offsets, offsets: Offsets, out: Codes) -> None:
    for row in range(len(begins)):
        for at in range(offsets[row], offsets[row + 1]):
            out[at] = codes[begins[row] + at - offsets[row]]


@compiled
def _find_odd(
    data: npt.NDArray[np.uint8], ends: npt.NDArray[np.int32], odd: npt.NDArray[np.bool_]
) -> None:
    """Mark the texts that hold anything but ASCII and Hangul syllables."""
    for row in range(len(ends) - 1):
        at = np.int64(ends[row])
        while at < ends[row + 1] and not odd[row]:
            code, size = code_at(data, at)
            at += size
            odd[row] = code >= 0x80 and not 0xAC00 <= code <= 0xD7A3


@compiled
def _is_space(code: Any) -> Any:
    return code <= 32 or code == 0x7F or code == 0xA0 or 0x2000 <= code <= 0x200F or code == 0x3000


@compiled
def _decode(
    data: npt.NDArray[np.uint8],
    ends: npt.NDArray[np.int32],
    codes: Codes,
    offsets: Offsets,
) -> int:
    used = 0
    for row in range(len(ends) - 1):
        offsets[row] = used
        start = used
        at = np.int64(ends[row])
        end = np.int64(ends[row + 1])
        while at < end:
            code, size = code_at(data, at)
            at += size
            if 65 <= code <= 90:
                code += np.uint32(32)
            if _is_space(code):
                if used > start and codes[used - 1] != 32:
                    codes[used] = 32
                    used += 1
            elif not (used - start >= 2 and codes[used - 1] == code and codes[used - 2] == code):
                codes[used] = code
                used += 1
        if used > start and codes[used - 1] == 32:
            used -= 1
    offsets[len(ends) - 1] = used
    return used
