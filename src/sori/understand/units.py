"""The opinions inside a mention: "맛은 있는데 가격이 비싸요" is a praise and a complaint.

A text is cut into clauses and the label table is asked about every one. What says nothing by
itself goes with its neighbour in the sentence or is left out, and neighbours that say the same
become one opinion. A text of a single clause has one opinion: the mention's own.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sori.mention import KINDS, SENTIMENTS, UNIT
from sori.understand.clauses import Clauses, clauses_of
from sori.understand.company import Company
from sori.understand.contract import Step, with_columns
from sori.understand.joining import CHATTER, NOTHING, Opinions, joined
from sori.understand.kind import label_kind
from sori.understand.labels import ask, classes, reader_of
from sori.understand.language import read_language
from sori.understand.letters import Letters, Reader, letters_of_texts, step_of
from sori.understand.linear import Scores
from sori.understand.sentiment import label_sentiment
from sori.understand.tiers import FAST, Tier
from sori.understand.topics import topic_reader
from sori.understand.topictree import Tree, shipped

Numbers = npt.NDArray[np.int64]

_NEEDED: Final = frozenset(
    {"lang", "kind", "kind_confidence", "sentiment", "sentiment_confidence", "topics"}
)
_SAYING: Final = KINDS[:4]
_NEGATIVE, _POSITIVE, _MIXED = map(SENTIMENTS.index, ("negative", "positive", "mixed"))
_CONTEXT: Final = 0.4
"""What the whole text says counts so much beside what a clause says by itself."""
_UNSURE: Final = 0.4
_CERTAIN: Final = 0.7


class _Words(NamedTuple):
    """What the numbers of an opinion stand for, the group of every topic, and who is asked."""

    kinds: pa.Array
    sentiments: pa.Array
    topics: pa.Array
    groups: Numbers
    company: Company | None
    tier: Tier


def make_units(tree: Tree | None = None, company: Company | None = None, tier: Tier = FAST) -> Step:
    """The step that adds `units`; labels that are in the batch already are not asked for again.

    Args:
        tree: of topics, instead of the one that ships.
        company: the company's own heads, if it has any.
        tier: the clauses of which messages the transformer reads too.
    """
    tree = tree or shipped()
    topics = topic_reader(tree)
    own = reader_of(label_kind, label_sentiment, company=company, deep=tier.deep)
    labels = step_of(read_language, own, topics, choose=tier.choose)
    slugs = [topic.slug for topic in tree.topics]
    groups = np.array([slugs.index(topic.group) for topic in tree.topics], np.int64)
    words = _Words(pa.array(_SAYING), pa.array(SENTIMENTS), pa.array(slugs), groups, company, tier)

    def step(batch: pa.RecordBatch) -> pa.RecordBatch:
        labelled = batch if set(batch.schema.names) >= _NEEDED else labels(batch)
        return with_columns(batch, {"units": _units(labelled, topics, words)})

    return step


def _units(batch: pa.RecordBatch, topics: Reader, words: _Words) -> pa.Array:
    texts = pc.fill_null(batch.column("text").cast(pa.string()), "")
    clauses = clauses_of(texts)
    whole = _own(batch, clauses, words)
    several = np.bincount(clauses.row, minlength=batch.num_rows) > 1
    # what is of one kind, one feeling and one topic beyond doubt need not be looked at in parts
    topics_of = np.diff(batch.column("topics").offsets.to_numpy())
    several &= (whole.sure < _CERTAIN) | (topics_of > 1)
    some = np.flatnonzero(several[clauses.row])
    found = joined(whole, _parts(batch, clauses, some, whole, topics, words), several, words.groups)
    ends = np.searchsorted(found.row, np.arange(batch.num_rows + 1)).astype(np.int32)
    columns = [
        _taken(words.kinds, found.kind),
        _taken(words.topics, found.topic),
        _taken(words.sentiments, found.sentiment),
        pa.array(found.begin, pa.int32()),
        pa.array(found.end, pa.int32()),
    ]
    return pa.ListArray.from_arrays(
        pa.array(ends), pa.StructArray.from_arrays(columns, fields=list(UNIT))
    )


def _own(batch: pa.RecordBatch, clauses: Clauses, words: _Words) -> Opinions:
    """Every mention as one opinion about its whole text."""
    first = np.searchsorted(clauses.row, np.arange(batch.num_rows))
    last = np.searchsorted(clauses.row, np.arange(batch.num_rows), "right") - 1
    sure, felt = (
        pc.fill_null(batch.column(f"{head}_confidence"), 0).to_numpy()
        for head in ("kind", "sentiment")
    )
    sentiment = _numbers(batch.column("sentiment"), words.sentiments)
    # who is surely of two minds is not of one
    alone = np.where(sentiment == _MIXED, np.float32(0), np.minimum(sure, felt))
    return Opinions(
        row=np.arange(batch.num_rows),
        kind=_numbers(batch.column("kind"), words.kinds),
        sentiment=sentiment,
        topic=_numbers(_first(batch.column("topics")), words.topics),
        sure=alone,
        felt=felt,
        begin=clauses.begin[first],
        end=clauses.end[last],
        cut=clauses.cut[first],
    )


def _parts(
    batch: pa.RecordBatch,
    clauses: Clauses,
    some: Numbers,
    whole: Opinions,
    topics: Reader,
    words: _Words,
) -> Opinions:
    """Some of the clauses as opinions, before neighbours are joined."""
    rows = clauses.row[some]
    letters = letters_of_texts(clauses.texts.take(pa.array(some)))
    found = Opinions(
        row=rows,
        kind=whole.kind[rows],
        sentiment=whole.sentiment[rows],
        topic=_numbers(_first(topics(letters)["topics"]), words.topics),
        sure=np.ones(len(rows), np.float32),
        felt=np.ones(len(rows), np.float32),
        begin=clauses.begin[some],
        end=clauses.end[some],
        cut=clauses.cut[some],
    )
    # a mixed feeling is two opinions, however sure it is
    doubtful = np.flatnonzero((whole.sure[rows] < _CERTAIN) | (whole.sentiment[rows] == _MIXED))
    _ask(batch, letters.take(doubtful), doubtful, found, words)
    _balance(found, whole)
    return found


def _balance(found: Opinions, whole: Opinions) -> None:
    """In a mixed text of two clauses, let what is not told stand for the good beside the bad.

    "맛은 있는데" alone could begin a complaint; before "가격이 비싸요" it is what was good.
    """
    two = np.bincount(found.row, minlength=len(whole.row)) == 2
    mixed = two & (whole.sentiment == _MIXED)
    first = np.flatnonzero(mixed[found.row[:-1]] & (found.row[1:] == found.row[:-1]))
    for one, other in ((first, first + 1), (first + 1, first)):
        untold = ~np.isin(found.sentiment[one], (_NEGATIVE, _POSITIVE))
        good = one[untold & (found.sentiment[other] == _NEGATIVE)]
        found.sentiment[good], found.kind[good] = _POSITIVE, _SAYING.index("praise")


def _ask(
    batch: pa.RecordBatch, letters: Letters, some: Numbers, found: Opinions, words: _Words
) -> None:
    """Ask the table about some of the clauses and correct what is said of them."""
    rows = found.row[some]
    langs = batch.column("lang").take(pa.array(rows))
    chosen = words.tier.choose(batch)[rows]
    asked = ask(letters._replace(langs=langs, chosen=chosen), words.company, words.tier.deep)
    best, sure = _within(asked.chances("kind"), batch, "kind", rows)
    feeling, felt = _within(asked.chances("sentiment"), batch, "sentiment", rows)
    kind = _numbers(pa.array(classes("kind")), words.kinds)[best]
    sentiment = _numbers(pa.array(classes("sentiment")), words.sentiments)[feeling]
    sure[asked.unread] = 0
    found.kind[some] = np.where(sure < _UNSURE, NOTHING, np.where(kind == NOTHING, CHATTER, kind))
    found.sentiment[some] = np.where(felt < _UNSURE, NOTHING, sentiment)
    found.sure[some], found.felt[some] = sure, felt


def _within(
    chances: Scores, batch: pa.RecordBatch, head: str, rows: Numbers
) -> tuple[Numbers, Scores]:
    """The likeliest class of every clause and its chance, in the light of the whole text."""
    names = pa.array(classes(head))
    sure = pc.fill_null(batch.column(f"{head}_confidence"), 0).to_numpy()[rows]
    best = _numbers(batch.column(head), names)[rows]
    context = np.ones_like(chances)
    known = best != NOTHING
    context[known] = ((1 - sure[known]) / (chances.shape[1] - 1))[:, None]
    context[np.flatnonzero(known), best[known]] = sure[known]
    both = chances * context**_CONTEXT
    both /= both.sum(axis=1, keepdims=True)
    found = both.argmax(axis=1)
    return found, both[np.arange(len(found)), found]


def _numbers(values: pa.Array, words: pa.Array) -> Numbers:
    found: Numbers = pc.fill_null(pc.index_in(values, words), NOTHING).to_numpy().astype(np.int64)
    return found


def _first(lists: pa.Array) -> pa.Array:
    """The first value of every list, null for an empty one."""
    ends = lists.offsets.to_numpy()
    empty = ends[1:] == ends[:-1]
    return lists.values.take(pa.array(ends[:-1], mask=empty))


def _taken(words: pa.Array, numbers: Numbers) -> pa.Array:
    return words.take(pa.array(numbers, pa.int64(), mask=numbers == NOTHING))
