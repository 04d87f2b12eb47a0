"""Train a bundled image classifier: ``python -m assets.recipes.train vit|cnn --data DIR``.

The checkpoint is written every minute; the same command with ``--resume`` goes on from it.
"""

import argparse
import copy
import json
import os
import pathlib
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from assets.recipes import data
from assets.recipes.muon import Muon
from assets.recipes.vision import CNN, ViT

NETWORKS = {"vit": ViT, "cnn": CNN}


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m assets.recipes.train", description=__doc__)
    parser.add_argument("network", choices=sorted(NETWORKS))
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder that holds the data sets")
    parser.add_argument("--dataset", choices=sorted(data.TILE), default="cifar10")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("build/train"), help="folder for the checkpoint")
    parser.add_argument("--minutes", type=float, help="train for so long, whatever the machine does meanwhile")
    parser.add_argument("--epochs", type=float, default=12, help="train for so many passes, where --minutes is not given")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out, if there is one")
    parser.add_argument("--start", type=pathlib.Path, help="checkpoint whose weights to start from")
    parser.add_argument("--teacher", type=pathlib.Path, help="checkpoint of a trained network to learn from")
    parser.add_argument("--trust", type=float, default=0.6, help="share of the teacher's opinion in the target")
    parser.add_argument("--model", default="{}", help='sizes of the network as JSON, e.g. \'{"width": 192}\'')
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--lr", type=float, default=0.02, help="learning rate of Muon; AdamW has a tenth")
    parser.add_argument("--decay", type=float, default=0.05, help="weight decay")
    parser.add_argument("--smoothing", type=float, default=0.1, help="label smoothing")
    parser.add_argument("--shift", type=int, default=3, help="move images by up to so many pixels")
    parser.add_argument("--cutout", type=int, default=0, help="side of a square to blank, in pixels")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1, help="threads that share every batch")
    parser.add_argument("--threads", type=int, default=0, help="threads inside each operation; 0 leaves it to torch")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser.parse_args(argv)


def normalise(pixels: Tensor, mean: list[float], std: list[float]) -> Tensor:
    """Turn bytes (image, channel, row, column) into numbers around 0, the same shape."""
    shape = (1, 3, 1, 1)
    return (pixels.float() / 255 - pixels.new_tensor(mean, dtype=torch.float).view(shape)) / pixels.new_tensor(
        std, dtype=torch.float
    ).view(shape)


def augment(pixels: Tensor, shift: int, cutout: int, random: torch.Generator) -> Tensor:
    """Mirror half of the images, move each a little, blank a square: (image, channel, row, column), the same shape."""
    count, _, side, _ = pixels.shape
    padded = F.pad(pixels, (shift,) * 4, mode="reflect")  # (image, channel, side + 2·shift, side + 2·shift)
    corner = torch.randint(0, 2 * shift + 1, (2, count, 1), generator=random)  # (axis, image, 1)
    steps = torch.arange(side)
    mirror = torch.rand(count, 1, generator=random) < 0.5  # (image, 1)
    rows = corner[0] + steps  # (image, row)
    columns = corner[1] + torch.where(mirror, side - 1 - steps, steps)  # (image, column)
    if cutout:
        low = torch.randint(-cutout // 2, side - cutout // 2, (2, count, 1), generator=random)  # (axis, image, 1)
        inside = (steps >= low) & (steps < low + cutout)  # (axis, image, step)
        keep = ~(inside[0][:, :, None] & inside[1][:, None, :])  # (image, row, column)
    image = torch.arange(count)[:, None, None, None]
    channel = torch.arange(3)[None, :, None, None]
    index = [i.to(pixels.device) for i in (image, channel, rows[:, None, :, None], columns[:, None, None, :])]
    moved = padded[index[0], index[1], index[2], index[3]]  # (image, channel, row, column)
    return moved * keep[:, None].to(pixels.device) if cutout else moved


def weights_at(step: int, progress: float) -> float:
    """Return the share of the learning rate: up in 100 steps, then down to nothing in a straight line."""
    return min(1.0, (step + 1) / 100) * max(0.0, 1.0 - progress)


@torch.no_grad()
def predict(network: nn.Module, images: Tensor, mean: list[float], std: list[float]) -> Tensor:
    """Return the logits (image, class) of byte images (image, channel, row, column)."""
    network.eval()
    device = next(network.parameters()).device
    return torch.cat([network(normalise(part.to(device), mean, std)).cpu() for part in images.split(500)])


def targets(args: argparse.Namespace, images: Tensor, labels: Tensor, classes: int) -> Tensor:
    """Return what to learn for each image, (image, class): the smoothed label, mixed with the teacher's opinion."""
    wanted = F.one_hot(labels, classes).float() * (1 - args.smoothing) + args.smoothing / classes  # (image, class)
    if args.teacher is None:
        return wanted
    saved = torch.load(args.teacher, map_location=args.device, weights_only=True)
    teacher = build(saved).to(args.device)
    teacher.load_state_dict(saved["average"])
    both = [predict(teacher, view, saved["mean"], saved["std"]) for view in (images, images.flip(3))]
    opinion = ((both[0] + both[1]) / 2).softmax(1)  # (image, class), the image and its mirror image
    return args.trust * opinion + (1 - args.trust) * wanted


def build(saved: dict[str, Any]) -> nn.Module:
    """Return the untrained network that a checkpoint describes."""
    return NETWORKS[saved["network"]](**saved["config"])


def optimisers(network: nn.Module, args: argparse.Namespace) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside the network; AdamW for its first and last layer, positions, norms and biases."""
    inner, outer = [], []
    for name, weight in network.named_parameters():
        if weight.requires_grad:
            matrix = weight.ndim >= 2 and name.startswith(("blocks", "layers"))
            (inner if matrix else outer).append(weight)
    return [
        Muon(inner, lr=args.lr, decay=args.decay),
        torch.optim.AdamW(outer, lr=args.lr / 10, betas=(0.9, 0.98), weight_decay=args.decay),
    ]


class Training:
    """Everything that changes while a network learns; ``save`` and ``load`` make it outlive the process."""

    def __init__(self, args: argparse.Namespace, network: nn.Module, about: dict[str, Any]) -> None:
        self.args, self.network, self.about = args, network, about
        self.average = copy.deepcopy(network)  # exponential moving average of the weights
        self.optimisers = optimisers(network, args)
        # Threads that each take a part of every batch: on a busy machine they wait for each other once a step, where
        # the threads inside torch would wait after every operation.
        self.pool = ThreadPoolExecutor(args.workers)
        self.step, self.seconds = 0, 0.0
        self.file = args.out / f"{args.network}-{args.dataset}.pt"

    def save(self) -> None:
        """Write the checkpoint; an interrupted write leaves the one before."""
        state = {
            **self.about,
            "step": self.step,
            "seconds": self.seconds,
            "model": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
        }
        self.args.out.mkdir(parents=True, exist_ok=True)
        torch.save(state, self.file.with_suffix(".new"))
        os.replace(self.file.with_suffix(".new"), self.file)

    def load(self) -> None:
        saved = torch.load(self.file, map_location=self.args.device, weights_only=True)
        self.network.load_state_dict(saved["model"])
        self.average.load_state_dict(saved["average"])
        for optimiser, state in zip(self.optimisers, saved["optimisers"], strict=True):
            optimiser.load_state_dict(state)
        self.step, self.seconds = saved["step"], saved["seconds"]

    def learn(self, pixels: Tensor, wanted: Tensor, rate: float) -> float:
        """Take one step on normalised images (image, channel, row, column) with their targets (image, class)."""
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group.setdefault("full_lr", group["lr"])
                group["lr"] = group["full_lr"] * rate
        self.network.train()
        parts = zip(pixels.chunk(self.args.workers), wanted.chunk(self.args.workers), strict=True)
        results = list(self.pool.map(lambda part: self.gradients(*part), parts))
        weights = [weight for weight in self.network.parameters() if weight.requires_grad]
        for weight, *parts_of_one in zip(weights, *(gradients for _, gradients in results), strict=True):
            weight.grad = sum(parts_of_one) / len(results)
        for optimiser in self.optimisers:
            optimiser.step()
        self.step += 1
        keep = min(0.998, self.step / (self.step + 10))
        with torch.no_grad():
            for mean, now in zip(self.average.state_dict().values(), self.network.state_dict().values(), strict=True):
                if mean.is_floating_point():
                    mean.lerp_(now, 1 - keep)
                else:
                    mean.copy_(now)
        return sum(loss for loss, _ in results) / len(results)

    def gradients(self, pixels: Tensor, wanted: Tensor) -> tuple[float, tuple[Tensor, ...]]:
        """Return the mean loss of these images and its gradient for every weight that learns."""
        loss = F.cross_entropy(self.network(pixels), wanted)
        weights = [weight for weight in self.network.parameters() if weight.requires_grad]
        return float(loss.detach()), torch.autograd.grad(loss, weights)


def train(args: argparse.Namespace) -> pathlib.Path:
    """Train as the arguments say and return the checkpoint's path. Raises DataMissing."""
    torch.manual_seed(args.seed)
    if args.threads:
        torch.set_num_threads(args.threads)
    names = data.labels(args.data, args.dataset)
    learn, held_out = (data.read_split(args.data, args.dataset, split) for split in ("train", "val"))
    scaled = learn.images.reshape(-1, 3)[::97] / 255
    mean, std = (np.round(f(scaled, axis=0), 4).tolist() for f in (np.mean, np.std))
    images = torch.from_numpy(learn.images).permute(0, 3, 1, 2).contiguous()  # (image, channel, row, column)
    labels = torch.from_numpy(learn.labels)  # (image,)
    side = images.shape[-1]

    network = NETWORKS[args.network](side, len(names), **json.loads(args.model))
    if args.start:
        network.load_state_dict(torch.load(args.start, map_location="cpu", weights_only=True)["average"])
    else:
        network.look_at(normalise(images[:: max(1, len(images) // 2000)], mean, std))
    network = network.to(args.device, memory_format=torch.channels_last)
    about = {
        "network": args.network, "config": network.config, "dataset": args.dataset, "labels": names,
        "mean": mean, "std": std, "seed": args.seed,
    }  # fmt: skip
    training = Training(args, network, about)
    if args.resume and training.file.is_file():
        training.load()
    wanted = targets(args, images, labels, len(names))  # (image, class)

    batches = len(images) // args.batch
    some = torch.from_numpy(held_out.images[::10]).permute(0, 3, 1, 2)  # (image, channel, row, column)
    losses: list[float] = []
    saved_at = time.monotonic()
    while True:
        began = time.monotonic()
        done = training.seconds / (60 * args.minutes) if args.minutes else training.step / (args.epochs * batches)
        if done >= 1:
            break
        epoch, place = divmod(training.step, batches)
        if place == 0 or not losses:
            order = torch.randperm(len(images), generator=torch.Generator().manual_seed(args.seed * 1000 + epoch))
        chosen = order[place * args.batch : (place + 1) * args.batch]  # (batch,)
        random = torch.Generator().manual_seed(args.seed * 10**7 + training.step)  # the same after --resume
        pixels = normalise(images[chosen].to(args.device), mean, std)  # (batch, channel, row, column)
        pixels = augment(pixels, args.shift, args.cutout, random).contiguous(memory_format=torch.channels_last)
        losses.append(training.learn(pixels, wanted[chosen].to(args.device), weights_at(training.step, done)))
        training.seconds += time.monotonic() - began
        if time.monotonic() - saved_at > 60:
            training.save()
            saved_at = time.monotonic()
        if training.step % batches == 0 or training.step % 200 == 0:
            line = f"epoch {training.step / batches:.2f}  {training.seconds:.0f} s  loss {np.mean(losses[-200:]):.3f}"
            if training.step % batches == 0:
                right = predict(training.average, some, mean, std).argmax(1).numpy() == held_out.labels[::10]
                line += f"  {right.mean():.1%} of {len(right)} held-out images"
            print(line, flush=True)
    training.save()
    return training.file


def main() -> int:
    args = arguments()
    try:
        print(train(args))
    except data.DataMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
