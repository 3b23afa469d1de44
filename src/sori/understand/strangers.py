"""How much of what is said the model has never met: the share of each text's unknown features.

A model that meets more and more strangers was taught another language than its customers speak
now: a new product, a new slang, a new place where they talk.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sori.understand.labels import table
from sori.understand.letters import letters_of


def unknown_shares(voices: pa.RecordBatch) -> npt.NDArray[np.float32]:
    """For each voice, which share of its features is unknown to the model, 0 to 1.

    Args:
        voices: at least `text`; `title` where there is one.
    """
    _, known = table().scores(letters_of(voices))
    shares: npt.NDArray[np.float32] = 1 - known
    return shares
