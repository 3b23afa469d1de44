"""The order in which a batch of mentions is understood, on one screen.

1. `clean`: control characters out; a NUL or a direction mark must not hide a number from
2. `privacy`: masking, before anything else sees the text, so no model, log or sketch holds a
   number that is to be forgotten;
3. `language`, which the labels need to know what they cannot read;
4. `nearcopy`: fingerprint and sketch;
5. the labels: kind, sentiment, urgency, answer, abuse, irony, spam;
6. `topics`: what it is about; `vector`: what it is like;
7. `units`: the opinions inside, from the labels of the whole and of its clauses;
8. the theme, where some are known.

Steps 3 to 6 read the letters once and ask one table once; each can also run alone (`make_kind`
and its siblings), with the same result. Rows of the deep tier (`tiers`) are read by a transformer
besides. What a company's own heads have learned from its people is added to the labels' chances
(`company`).
"""

from typing import Final, NamedTuple

import pyarrow as pa

from sori.mention import UNDERSTOOD
from sori.understand.abuse import label_abuse
from sori.understand.answer import label_answer
from sori.understand.assigning import Centres, make_assign
from sori.understand.clean import make_clean
from sori.understand.contract import Step, with_columns
from sori.understand.irony import label_irony
from sori.understand.kind import label_kind
from sori.understand.labels import fitting, label_model, reader_of, table
from sori.understand.language import read_language
from sori.understand.letters import step_of
from sori.understand.nearcopy import read_nearcopy
from sori.understand.privacy import make_privacy
from sori.understand.sentiment import label_sentiment
from sori.understand.spam import label_spam
from sori.understand.tiers import open_tier
from sori.understand.topics import topic_reader
from sori.understand.topictree import Tree, shipped
from sori.understand.units import make_units
from sori.understand.urgency import label_urgency
from sori.understand.vector import read_vector

LABELS: Final = (
    label_kind, label_sentiment, label_urgency, label_answer, label_abuse, label_irony, label_spam,
)  # fmt: skip


class Knowledge(NamedTuple):
    """What an installation knows beyond the models that ship; may travel to other processes.

    Attributes:
        tier: one of `tiers.TIERS`; "auto" needs the columns of a mention to choose by.
        tree: of topics, instead of the one that ships.
        themes: those that are known; without them nobody belongs to any.
        own: the company's own heads (`Company.written`). Those that were learned on another model
            than the one that speaks are left out, for they mean nothing on top of it.
    """

    tier: str = "fast"
    tree: Tree | None = None
    themes: Centres | None = None
    own: bytes | None = None


def make_pipeline(knows: Knowledge = Knowledge()) -> Step:  # noqa: B008 (it cannot be changed)
    """The step that fills every UNDERSTOOD column and masks `title` and `text` in place.

    Loads the models; to be called once a process. Needs only the column `text`.

    Args:
        knows: what this installation adds.

    Raises:
        ConfigurationError: when there is no such tier or it is not installed.
    """
    tier = open_tier(knows.tier)
    clean = make_clean()
    privacy = make_privacy()
    company = fitting(knows.own)
    meaning = step_of(
        read_language,
        read_nearcopy,
        reader_of(*LABELS, label_model, company=company, deep=tier.deep),
        topic_reader(knows.tree or shipped()),
        read_vector,
        choose=tier.choose,
    )
    units = make_units(knows.tree, company, tier)
    assign = make_assign(knows.themes) if knows.themes else None

    def step(batch: pa.RecordBatch) -> pa.RecordBatch:
        understood = units(meaning(privacy(clean(batch))))
        understood = assign(understood) if assign else understood
        untold = {
            field.name: pa.nulls(batch.num_rows, field.type)
            for field in UNDERSTOOD
            if field.name not in understood.schema.names
        }
        return with_columns(understood, untold)

    return step


def model_name(own: bytes | None = None) -> str:
    """What `model` reads for mentions understood with these heads of the company's own."""
    company = fitting(own)
    base = str(table().card["name"])
    return base if company is None else f"{base}+{company.name}"
