"""All listening rules against a batch of mentions: fold, scan once, then decide by sets.

The price of a post hardly depends on the number of rules: one pass over its bytes finds the words
of all of them, and a rule is tried only when a word (or filter) it cannot do without was found
anywhere in the batch. docs/reference/listening-rules.md says what a rule means.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa

from sori.listen.language import parse
from sori.listen.matching.bitsets import Numbers, members
from sori.listen.matching.compiling import Compiler, Evaluate
from sori.listen.matching.filtering import Filters
from sori.listen.matching.finding import Found
from sori.listen.matching.scanning import Literal, Scanner
from sori.listen.matching.texts import texts_of
from sori.understand.contract import with_columns

SLICE: Final = 1 << 14
"""Posts decided at once: every word found costs a set of this many bits."""


class Matcher:
    """Knows some listening rules by heart; a `Step` through its `match`. Make a new one on change.

    Args:
        rules: what people wrote, by the id of its `Query`.

    Raises:
        LanguageError: when one of them cannot be read.
    """

    def __init__(self, rules: Mapping[int, str]) -> None:
        compiler = Compiler()
        compiled = [compiler.compile(parse(rules[query])) for query in sorted(rules)]
        self._queries = np.array(sorted(rules), np.int64)
        self._rules: list[Evaluate] = [rule.evaluate for rule in compiled]
        self._triggered: dict[int, list[int]] = {}
        for place, rule in enumerate(compiled):
            for number in rule.triggers:
                self._triggered.setdefault(number, []).append(place)
        self._atoms = len(compiler.atoms)
        self._scanner = Scanner(
            {atom: number for atom, number in compiler.atoms.items() if isinstance(atom, Literal)}
        )
        self._filters = Filters(compiler.atoms)

    def match(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Say which rules found each mention.

        Args:
            batch: mentions with at least `text`; `title`, `lang`, `channel`, `author_id`,
                `author_name` and `followers` are used where they are.

        Returns:
            the batch with `queries`, the ascending ids of the rules that hold.
        """
        slices = [
            self._decide(batch.slice(start, SLICE)) for start in range(0, batch.num_rows, SLICE)
        ]
        queries = pa.concat_arrays(slices) if slices else pa.array([], pa.list_(pa.int64()))
        return with_columns(batch, {"queries": queries})

    def _decide(self, batch: pa.RecordBatch) -> pa.ListArray:
        found = self._find(batch)
        rules: list[int] = []
        counts: list[int] = []
        posts: list[int] = []
        for rule in self._worth_trying(found):
            bits = self._rules[rule](found)
            if bits:
                held = members(bits, found.posts)
                rules.append(rule)
                counts.append(len(held))
                posts += held
        return _listed(np.repeat(self._queries[rules], counts), posts, batch.num_rows)

    def _find(self, batch: pa.RecordBatch) -> Found:
        found = Found(batch.num_rows, self._atoms)
        for name in ("title", "text"):
            if name in batch.schema.names:
                column = batch.column(name)
                if column.null_count < len(column):
                    found.add_words(self._scanner.scan(texts_of(column)))
        for numbers, posts in self._filters.met(batch):
            found.add_filters(numbers, posts)
        return found

    def _worth_trying(self, found: Found) -> list[int]:
        """The rules that a word or filter in the batch triggers, by ascending id."""
        tried: set[int] = set()
        for number, bits in enumerate(found.bits):
            if bits:
                tried.update(self._triggered.get(number, ()))
        return sorted(tried)


def _listed(queries: Numbers, posts: list[int], length: int) -> pa.ListArray:
    """Hits in order of rule, as one list of rules a post."""
    post = np.array(posts, np.int64)
    order = np.argsort(post, kind="stable")
    bounds = np.zeros(length + 1, np.int32)
    np.cumsum(np.bincount(post, minlength=length), out=bounds[1:])
    return pa.ListArray.from_arrays(pa.array(bounds), pa.array(queries[order], pa.int64()))
