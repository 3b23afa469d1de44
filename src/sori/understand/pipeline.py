"""The order in which a batch of mentions is understood, on one screen.

1. `clean`: control characters out; a NUL or a direction mark must not hide a number from
2. `privacy`: masking, before anything else sees the text, so no model, log or sketch holds a
   number that is to be forgotten;
3. `language`, which the labels need to know what they cannot read;
4. `nearcopy`: fingerprint and sketch;
5. the labels: kind, sentiment, urgency, answer, abuse.

Steps 3 to 5 read the letters once and ask one table once; each can also run alone (`make_kind`
and its siblings), with the same result.
"""

from typing import Final

import pyarrow as pa

from sori.understand.abuse import label_abuse
from sori.understand.answer import label_answer
from sori.understand.clean import make_clean
from sori.understand.contract import Step, with_columns
from sori.understand.kind import label_kind
from sori.understand.labels import reader_of, table
from sori.understand.language import read_language
from sori.understand.letters import step_of
from sori.understand.nearcopy import read_nearcopy
from sori.understand.privacy import make_privacy
from sori.understand.sentiment import label_sentiment
from sori.understand.urgency import label_urgency

LABELS: Final = (label_kind, label_sentiment, label_urgency, label_answer, label_abuse)


def make_pipeline() -> Step:
    """The step that fills every UNDERSTOOD column and masks `title` and `text` in place.

    Loads the models; to be called once a process. Needs only the column `text`.
    """
    clean = make_clean()
    privacy = make_privacy()
    meaning = step_of(read_language, read_nearcopy, reader_of(*LABELS))
    model = str(table().card["name"])

    def step(batch: pa.RecordBatch) -> pa.RecordBatch:
        understood = meaning(privacy(clean(batch)))
        names = pa.array([model] * batch.num_rows, pa.string())
        return with_columns(understood, {"model": names})

    return step
