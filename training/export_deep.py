"""Make of the taught transformer the files the package ships: `python training/export_deep.py`.

`deep.onnx` (8-bit weights), `deep.pieces.npy` and `deep.likely.npy` (keys and scores of pieces).
What it is worth beside the table, and the card `deep.json`, is found by `weigh_deep.py` afterwards.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from heads import HEADS
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn
from train_deep import Deep, resume, say

from sori.understand.linear import MODELS


class Shipped(nn.Module):
    """Pieces of one text in, the scores of all heads out, laid out like the table's columns."""

    def __init__(self, model: Deep) -> None:
        super().__init__()
        self.encoder = model.encoder
        weights, biases = [], []
        for head in HEADS:
            found = model.heads[head.name]
            weight, bias = found.weight.detach(), found.bias.detach()
            if head.columns == 1:
                weight, bias = weight[1:] - weight[:1], bias[1:] - bias[:1]
            weights.append(weight)
            biases.append(bias)
        stacked = torch.cat(weights)
        self.heads = nn.Linear(stacked.shape[1], stacked.shape[0])
        self.heads.load_state_dict({"weight": stacked, "bias": torch.cat(biases)})

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Scores, one row."""
        return self.heads(self.encoder(ids))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--work", type=Path, required=True)
    arguments.add_argument("--out", type=Path, default=MODELS)
    arguments.add_argument("--state", default="deep.pt")
    arguments.add_argument("--version", default="deep-6")
    options = arguments.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    model = Shipped(resume(options.work / options.state)).eval()
    whole = options.work / "whole.onnx"
    torch.onnx.export(
        model,
        (torch.tensor([[0, 5, 6, 7, 2]]),),
        str(whole),
        input_names=["ids"],
        output_names=["scores"],
        dynamic_axes={"ids": {1: "length"}},
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(
        whole,
        options.out / "deep.onnx",
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gemm", "Gather"],
    )
    known = np.load(options.work / "pieces.npz")
    np.save(options.out / "deep.pieces.npy", known["keys"])
    np.save(options.out / "deep.likely.npy", known["scores"].astype(np.float32))
    card = {"name": options.version, "columns": sum(head.columns for head in HEADS)}
    (options.out / "deep.json").write_text(json.dumps(card) + "\n", encoding="utf-8")
    for path in sorted(options.out.glob("deep.*")):
        say(path.name, f"{path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
