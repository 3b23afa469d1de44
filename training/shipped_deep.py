"""Read the shipped transformer back, so that its lessons can go on where they ended.

`python training/shipped_deep.py --work DIR` writes `DIR/shipped.pt` for `train_deep.py main
--start shipped.pt`.
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from heads import HEADS
from onnx import numpy_helper
from train_deep import Deep, untaught

from sori.understand.linear import MODELS


def resume_shipped(folder: Path, work: Path) -> Deep:
    """The transformer of a folder in full numbers, and its pieces, kept in the work folder.

    The heads of the side questions do not ship and start anew.
    """
    graph = onnx.load(folder / "deep.onnx").graph
    found = {part.name: numpy_helper.to_array(part) for part in graph.initializer}
    state = {name: torch.tensor(part) for name, part in found.items() if name.startswith("encoder")}
    word = "encoder.word.weight"
    state[word] = torch.tensor(_whole(found, word))
    del state[f"{word}_quantized"], state[f"{word}_scale"], state[f"{word}_zero_point"]
    for node in graph.node:
        if node.op_type == "MatMulInteger" and node.input[1].startswith("onnx::"):
            name = node.name.split("/MatMul")[0].strip("/").replace("/", ".")
            stem = node.input[1].removesuffix("_quantized")
            state[f"{name}.weight"] = torch.tensor(_whole(found, stem).T.copy())
    model = untaught(len(state[word]))
    missing = model.load_state_dict(state, strict=False).missing_keys
    if any(not name.startswith("heads.") for name in missing):
        raise ValueError(f"the shipped transformer lacks {missing}")
    _carry_heads(model, _whole(found, "heads.weight_Transposed").T, found["heads.bias"])
    keys = np.load(folder / "deep.pieces.npy")
    np.savez(work / "pieces.npz", keys=keys, scores=np.load(folder / "deep.likely.npy"))
    return model


def _whole(found: dict[str, np.ndarray], stem: str) -> np.ndarray:
    packed = found[f"{stem}_quantized"].astype(np.float32) - found[f"{stem}_zero_point"]
    return np.asarray(packed * found[f"{stem}_scale"], np.float32)


@torch.no_grad()
def _carry_heads(model: Deep, weights: np.ndarray, biases: np.ndarray) -> None:
    first = 0
    for head in HEADS:
        own = model.heads[head.name]
        rows = slice(1, 2) if head.columns == 1 else slice(None)
        if head.columns == 1:
            own.weight.zero_()
        part = slice(first, first + head.columns)
        own.weight[rows] = torch.tensor(weights[part].copy())
        own.bias[rows] = torch.tensor(biases[part])
        first += head.columns


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--work", type=Path, required=True)
    arguments.add_argument("--folder", type=Path, default=MODELS)
    options = arguments.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    torch.save(
        resume_shipped(options.folder, options.work).state_dict(), options.work / "shipped.pt"
    )


if __name__ == "__main__":
    main()
