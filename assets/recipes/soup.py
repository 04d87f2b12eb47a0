"""Average trained checkpoints into one: ``python -m assets.recipes.soup CHECKPOINT CHECKPOINT … --data DIR``.

Networks that were trained on from each other lie in one valley, and the middle of it is flatter than its slopes
(Wortsman et al. 2022, "Model soups: averaging weights of multiple fine-tuned models improves accuracy without
increasing inference time").
"""

import argparse
import pathlib
import sys
from typing import Any

import torch
from torch import Tensor, nn

from assets.recipes import data
from assets.recipes.augment import normalise
from assets.recipes.train import build, channels_first

SEED = 1


def average(saved: list[dict[str, Any]]) -> nn.Module:
    """Return the network whose weights are the mean of these checkpoints'."""
    network = build(saved[0])
    states = [one["average"] for one in saved]
    mean = {
        name: torch.stack([state[name] for state in states]).mean(0) if first.is_floating_point() else first
        for name, first in states[0].items()
    }
    network.load_state_dict(mean)
    return network


@torch.no_grad()
def measure_norms(network: nn.Module, pixels: Tensor, about: dict[str, Any], batch: int = 500) -> None:
    """Let the batch norms take means and variances of these images, (image, channel, row, column) in bytes.

    Averaged weights make other maps than those from which the networks took their numbers (Izmailov et al. 2018,
    "Averaging Weights Leads to Wider Optima and Better Generalization", section 3.2).
    """
    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # the plain mean over all batches
    network.train()
    for part in pixels.split(batch):
        network(normalise(part, about["mean"], about["std"]))
    network.eval()


def main() -> int:
    """Run the command; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m assets.recipes.soup", description=__doc__)
    parser.add_argument("checkpoints", type=pathlib.Path, nargs="+", help="of one network, trained on from each other")
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder that holds the data sets")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("build/train/soup.pt"))
    args = parser.parse_args()
    missing = next((file for file in args.checkpoints if not file.is_file()), None)
    if missing is not None:
        print(f"There is no checkpoint at {missing}: train first.", file=sys.stderr)
        return 2
    saved = [torch.load(file, map_location="cpu", weights_only=True) for file in args.checkpoints]
    if any(one[key] != saved[0][key] for one in saved for key in ("network", "config", "dataset")):
        print("These checkpoints are of different networks or data: give those of one.", file=sys.stderr)
        return 2
    try:
        images = channels_first(data.read_split(args.data, saved[0]["dataset"], "train").images)
    except data.DataMissingError as problem:
        print(problem, file=sys.stderr)
        return 2
    network = average(saved)
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(SEED))  # sheets come class by class
    measure_norms(network, images[order], saved[0])
    args.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({**saved[-1], "average": network.state_dict()}, args.out)
    print(f"Averaged: {args.out}. Write it as ONNX with: python -m assets.recipes.export {args.out} --out FOLDER")
    return 0


if __name__ == "__main__":
    sys.exit(main())
