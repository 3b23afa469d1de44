"""A mention is one thing somebody said, anywhere: the one word every room shares.

A batch of mentions is a `pyarrow.RecordBatch` with the columns of `SCHEMA`. Each stage fills its
own: a channel fills HEARD, matching fills MATCHED, understanding fills UNDERSTOOD. A column is
null until its stage has run, and stays null where the stage cannot tell: "unknown" is null, never
a guess. Columns are only ever added, and every added column may be null, so an old lake stays
readable.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import pyarrow as pa

KINDS: Final = ("complaint", "question", "idea", "praise", "other")
SENTIMENTS: Final = ("negative", "neutral", "positive", "mixed")
URGENCIES: Final = (0, 1, 2)
REPLY_MODES: Final = ("none", "public", "private", "link")

_ID: Final = re.compile(r"\d{8}[0-9a-f]{20}", re.ASCII)

INSTANT: Final = pa.timestamp("us", tz="UTC")
WORD: Final = pa.dictionary(pa.int32(), pa.string())

ATTACHMENT: Final = pa.struct(
    [
        pa.field("digest", pa.string(), nullable=False),
        pa.field("name", pa.string()),
        pa.field("media_type", pa.string()),
        pa.field("size", pa.int64()),
    ]
)

UNIT: Final = pa.struct(
    [
        pa.field("kind", pa.string()),
        pa.field("topic", pa.string()),
        pa.field("sentiment", pa.string()),
        pa.field("begin", pa.int32(), nullable=False),
        pa.field("end", pa.int32(), nullable=False),
    ]
)
"""An insight unit: one opinion inside a mention, about `text[begin:end]` in characters."""

HEARD: Final = (
    pa.field("id", pa.string(), nullable=False),
    pa.field("source", pa.int64(), nullable=False),
    pa.field("channel", pa.string(), nullable=False),
    pa.field("external_id", pa.string(), nullable=False),
    pa.field("parent_id", pa.string()),
    pa.field("thread_id", pa.string()),
    pa.field("url", pa.string()),
    pa.field("author_id", pa.string()),
    pa.field("author_name", pa.string()),
    pa.field("followers", pa.int64()),
    pa.field("title", pa.string()),
    pa.field("text", pa.string(), nullable=False),
    pa.field("published_at", INSTANT),
    pa.field("heard_at", INSTANT, nullable=False),
    pa.field("addressed", pa.bool_(), nullable=False),
    pa.field("public", pa.bool_(), nullable=False),
    pa.field("rating", pa.float32()),
    pa.field("reply_mode", pa.string(), nullable=False),
    pa.field("reply_until", INSTANT),
    pa.field("reply_address", pa.string()),
    pa.field("attachments", pa.list_(ATTACHMENT)),
    pa.field("extra", pa.string()),
)
"""What a channel knows.

`external_id`, `parent_id` and `thread_id` are the channel's own names for the post, the post it
answers and the thread; `author_id` names the account within the channel. `published_at` is when
the world could see it, null where the channel does not tell. `addressed` says that somebody spoke
to us (a mail, a form, our name called), `public` that others can read it. `rating` is 1 to 5
stars. `reply_address` is the JSON a channel needs to answer. `extra` is a JSON object of whatever
else is worth keeping.
"""

MATCHED: Final = (pa.field("queries", pa.list_(pa.int64())),)
"""The ids of the listening rules (`Query`) that found it."""

UNDERSTOOD: Final = (
    pa.field("lang", pa.string()),
    pa.field("lang_confidence", pa.float32()),
    pa.field("masked", pa.list_(pa.string())),
    pa.field("fingerprint", pa.int64()),
    pa.field("sketch", pa.list_(pa.int32(), 16)),
    pa.field("kind", pa.string()),
    pa.field("kind_confidence", pa.float32()),
    pa.field("also", pa.list_(pa.string())),
    pa.field("sentiment", pa.string()),
    pa.field("sentiment_confidence", pa.float32()),
    pa.field("urgency", pa.int8()),
    pa.field("urgency_confidence", pa.float32()),
    pa.field("urgency_reason", pa.string()),
    pa.field("answer", pa.bool_()),
    pa.field("answer_confidence", pa.float32()),
    pa.field("abuse", pa.bool_()),
    pa.field("abuse_confidence", pa.float32()),
    pa.field("abuse_at", pa.string()),
    pa.field("irony", pa.bool_()),
    pa.field("irony_confidence", pa.float32()),
    pa.field("spam", pa.bool_()),
    pa.field("spam_confidence", pa.float32()),
    pa.field("topics", pa.list_(pa.string())),
    pa.field("units", pa.list_(UNIT)),
    pa.field("vector", pa.binary()),
    pa.field("theme", pa.int64()),
    pa.field("model", pa.string()),
)
"""What it means.

`lang` is an ISO 639-1 code, null when unsure. `masked` lists the sorts of personal data found in
`title` and `text`; those that must not be stored (`understand.privacy.MASKED`) were blotted out.
`fingerprint` is equal for texts with the same letters, `sketch` is a 16-slot minwise signature
whose share of equal slots estimates how alike two texts are. `kind` is one of KINDS, `sentiment`
of SENTIMENTS, `urgency` of URGENCIES; `answer` says whether a company that cares would reply,
`abuse` whether people are insulted or threatened and `abuse_at` whom ("staff" or "others"),
`irony` whether the words seem to mean their opposite (a person should read it), `spam` whether it
is advertising. `topics` are names in the tree of topics, the weightiest first; `units` the opinions
inside, in order. `vector` is near that of others who say the same, as signed bytes; `theme` is the
number of the theme it belongs to, null for none. A confidence is the probability that the label is
right, 0 to 1; it is kept even where the label is null. `model` names the versions that said so.
"""

DAY: Final = pa.field("day", pa.string(), nullable=False)
"""The partition of the lake: day of publication, YYYY-MM-DD, in UTC; derived from `id`."""

SCHEMA: Final = pa.schema([*HEARD, *MATCHED, *UNDERSTOOD])
HEARD_SCHEMA: Final = pa.schema(list(HEARD))


def mention_id(channel: str, external_id: str, at: datetime) -> str:
    """The name of a mention: day of publication (YYYYMMDD) and a hash of who said it where.

    Deterministic, so the same post is never stored under two names; sorts by day, so it knows its
    partition of the lake.

    Args:
        channel: the channel's name.
        external_id: the channel's own name for the post.
        at: when it was published, or first heard where the channel does not tell.
    """
    day = at.astimezone(UTC).date()
    # strftime does not pad years before 1000, and feeds do claim to be that old
    return f"{day.year:04}{day:%m%d}" + mention_key(channel, external_id)


def mention_key(channel: str, external_id: str) -> str:
    """The part of a mention's id that does not depend on time: 20 hexadecimal digits."""
    seed = f"{channel}\0{external_id}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(seed, digest_size=10).hexdigest()


def day_of(mention: str) -> str:
    """The partition a mention's id points to, YYYY-MM-DD.

    >>> day_of("20261122" + "0" * 20)
    '2026-11-22'
    """
    return f"{mention[:4]}-{mention[4:6]}-{mention[6:8]}"


def short(key: str, length: int) -> str:
    """A key that fits a column: too long a one keeps its beginning and becomes a hash of itself."""
    if len(key) <= length:
        return key
    return f"{key[: length - 33]}~{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def is_id(text: str) -> bool:
    """Whether a text can be the id of a mention: its day, then twenty digits of its key.

    >>> is_id("20261122" + "0" * 20), is_id("20261122")
    (True, False)
    """
    return _ID.fullmatch(text) is not None


def heard(rows: Iterable[Mapping[str, Any]]) -> pa.RecordBatch:
    """Make a batch of the HEARD columns from plain dictionaries, filling what can be derived.

    Args:
        rows: each with at least `source`, `channel`, `external_id`, `text` and `heard_at`; `id` is
            derived when absent, `addressed` and `public` default to False and True, `reply_mode`
            to "none". Unknown keys are an error.

    Raises:
        KeyError: when a row has a key that is no column.
    """
    names = set(HEARD_SCHEMA.names)
    complete = []
    for row in rows:
        unknown = row.keys() - names
        if unknown:
            raise KeyError(f"not a column of a mention: {', '.join(sorted(unknown))}")
        at = row.get("published_at") or row["heard_at"]
        defaults = {
            "id": mention_id(row["channel"], row["external_id"], at),
            "addressed": False,
            "public": True,
            "reply_mode": "none",
        }
        complete.append(defaults | dict(row))
    return pa.RecordBatch.from_pylist(complete, schema=HEARD_SCHEMA)


def widen(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Give a batch every column of SCHEMA, in its order; absent ones are null."""
    columns = [
        batch.column(field.name)
        if field.name in batch.schema.names
        else pa.nulls(batch.num_rows, field.type)
        for field in SCHEMA
    ]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)
