"""What trainings of all networks share: the optimisers, one step, the moving average, and the checkpoint."""

import argparse
import copy
import pathlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import torch
from torch import Tensor, nn

from assets.recipes.muon import Muon

INSIDE = {"blocks", "layers"}  # what networks here call their inner parts
Loss = Callable[..., Tensor]  # of a network and the tensors of a batch


def optimisers(network: nn.Module, args: argparse.Namespace) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside the network; AdamW for its first and last layer, positions, norms and biases."""
    learning = [(name, weight) for name, weight in network.named_parameters() if weight.requires_grad]
    inner = [weight for name, weight in learning if weight.ndim >= 2 and INSIDE & set(name.split("."))]
    outer = [weight for name, weight in learning if weight.ndim < 2 or not INSIDE & set(name.split("."))]
    return [
        Muon(inner, lr=args.lr, decay=args.decay),
        torch.optim.AdamW(outer, lr=args.lr / 10, betas=(0.9, 0.98), weight_decay=args.decay),
    ]


class Training:
    """Everything that changes while a network learns; ``save`` and ``load`` make it outlive the process."""

    def __init__(self, args: argparse.Namespace, network: nn.Module, about: dict[str, Any], loss: Loss) -> None:
        self.args, self.network, self.about, self.loss = args, network, about, loss
        self.average = copy.deepcopy(network)  # exponential moving average of the weights
        self.weights = [weight for weight in network.parameters() if weight.requires_grad]
        self.optimisers = optimisers(network, args)
        # Threads that each take a part of every batch: on a busy machine they wait for each other once a step, where
        # the threads inside torch would wait after every operation.
        self.pool = ThreadPoolExecutor(args.workers)
        self.step, self.seconds, self.done = 0, 0.0, 0.0  # done: share of the training, 0 to 1
        self.file: pathlib.Path = args.out / f"{args.network}-{args.dataset}.pt"

    def save(self) -> None:
        """Write the checkpoint; an interrupted write leaves the one before."""
        state = {
            **self.about,
            "step": self.step,
            "seconds": self.seconds,
            "done": self.done,
            "model": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
        }
        self.file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.file.with_suffix(".new")
        torch.save(state, unfinished)
        unfinished.replace(self.file)

    def load(self) -> None:
        """Go back to where the checkpoint was written."""
        saved = torch.load(self.file, map_location=self.args.device, weights_only=True)
        self.network.load_state_dict(saved["model"])
        self.average.load_state_dict(saved["average"])
        for optimiser, state in zip(self.optimisers, saved["optimisers"], strict=True):
            optimiser.load_state_dict(state)
        self.step, self.seconds, self.done = saved["step"], saved["seconds"], saved["done"]

    def progress(self, steps_per_epoch: int) -> float:
        """Return how much of the training is done, 0 to 1, and remember it."""
        if self.args.minutes:
            self.done = self.seconds / (60 * self.args.minutes)
        else:
            self.done = self.step / (self.args.epochs * steps_per_epoch)
        return self.done

    def learn(self, batch: tuple[Tensor, ...], progress: float) -> float:
        """Take one step on what the loss takes, each (example, ...); return the loss.

        The learning rate goes up in 100 steps, then down to nothing in a straight line.
        """
        self.network.train()
        parts = zip(*(tensor.chunk(self.args.workers) for tensor in batch), strict=True)
        results = list(self.pool.map(lambda part: self.gradients(*part), parts))
        for weight, *gradients in zip(self.weights, *(gradients for _, gradients in results), strict=True):
            weight.grad = sum(gradients) / len(results)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group.setdefault("full_lr", group["lr"])
                group["lr"] = group["full_lr"] * min(1, (self.step + 1) / 100) * (1 - progress)
            optimiser.step()
        self.step += 1
        self.follow(min(0.998, self.step / (self.step + 10)))
        return sum(loss for loss, _ in results) / len(results)

    def gradients(self, *batch: Tensor) -> tuple[float, tuple[Tensor, ...]]:
        """Return the mean loss of these examples and its gradient for every weight that learns."""
        device = batch[0].device.type
        # On an accelerator bfloat16 is several times as fast; on most processors it is slower.
        with torch.autocast(device, torch.bfloat16, enabled=device == "cuda"):
            loss = self.loss(self.network, *batch)
        return float(loss.detach()), torch.autograd.grad(loss, self.weights)

    @torch.no_grad()
    def follow(self, keep: float) -> None:
        """Move the averaged network a little towards the learning one."""
        for mean, now in zip(values(self.average), values(self.network), strict=True):
            if mean.is_floating_point():
                mean.lerp_(now, 1 - keep)
            else:
                mean.copy_(now)


def values(network: nn.Module) -> list[Tensor]:
    """Return the weights and statistics of a network, shared ones once."""
    return [*network.parameters(), *network.buffers()]
