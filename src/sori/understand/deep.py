"""The deep tier: a small transformer that reads whole sentences, for messages worth milliseconds.

It answers the same questions as the table of weights (`linear`) and is asked beside it; what the
two say together is weighed out of fold (`models/deep.json`). A text is run alone, never padded
and never beside others, because rounding to 8 bits would let its neighbours change what is said
about it. Needs the extra `deep`.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np

from sori.errors import ConfigurationError
from sori.understand.letters import Letters
from sori.understand.linear import MODELS, Scores
from sori.understand.pieces import Pieces, cut, pieces

MISSING: Final = "the deep tier needs more packages: pip install 'sori-voc[deep]'"


class Deep(NamedTuple):
    """The transformer, ready to be asked.

    Attributes:
        session: runs the network, on one thread.
        pieces: how it cuts texts.
        card: everything else the model knows about itself.
    """

    session: Any
    pieces: Pieces
    card: dict[str, Any]

    def scores(self, letters: Letters) -> Scores:
        """Ask every head about every text; texts by columns, laid out like the table's."""
        found = [
            self.session.run(None, {"ids": ids[None].astype(np.int64)})[0][0]
            for ids in cut(letters, self.pieces)
        ]
        columns = self.card["columns"]
        return np.array(found, np.float32).reshape(letters.rows, columns)


def installed() -> bool:
    """Whether the deep tier can run here."""
    return find_spec("onnxruntime") is not None and (MODELS / "deep.onnx").exists()


@cache
def deep() -> Deep:
    """The shipped transformer; loaded once a process.

    Raises:
        ConfigurationError: when the extra `deep` is not installed.
    """
    if not installed():
        raise ConfigurationError(MISSING)
    return load(MODELS)


def load(folder: Path) -> Deep:
    """Load the transformer from a folder."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        str(folder / "deep.onnx"), options, providers=["CPUExecutionProvider"]
    )
    card = msgspec.json.decode((folder / "deep.json").read_bytes())
    keys = np.load(folder / "deep.pieces.npy")
    likely = np.load(folder / "deep.likely.npy")
    return Deep(session, pieces(keys, likely), card)
