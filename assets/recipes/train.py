"""Train a bundled image classifier: ``python -m assets.recipes.train vit|cnn --data DIR``.

The checkpoint is written every minute; the same command with ``--resume`` goes on from it.
"""

import argparse
import itertools
import json
import pathlib
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from assets.recipes import data
from assets.recipes.augment import augment, normalise
from assets.recipes.training import Training
from assets.recipes.vision import CNN, ViT

NETWORKS = {"vit": ViT, "cnn": CNN}
SETTINGS: dict[tuple[str, str], dict[str, Any]] = {  # where the command line says nothing
    ("cnn", "cifar10"): {"batch": 256, "lr": 0.05, "epochs": 24, "shift": 3, "smoothing": 0.15},
    ("vit", "cifar10"): {"batch": 128, "lr": 0.02, "epochs": 16, "shift": 3, "smoothing": 0.1},
    ("cnn", "tiny-imagenet"): {
        "batch": 512, "lr": 0.05, "epochs": 60, "shift": 6, "cutout": 24, "smoothing": 0.1,
        "model": '{"widths": [128, 256, 512]}',
    },
    ("vit", "tiny-imagenet"): {
        "batch": 512, "lr": 0.02, "epochs": 120, "shift": 8, "cutout": 24, "smoothing": 0.1,
        "model": '{"width": 192, "depth": 8, "heads": 6, "hidden": 768}',
    },
}  # fmt: skip


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m assets.recipes.train", description=__doc__)
    option = parser.add_argument
    option("network", choices=sorted(NETWORKS))
    option("--data", type=pathlib.Path, required=True, help="folder that holds the data sets")
    option("--dataset", choices=sorted(data.TILE), default="cifar10")
    option("--out", type=pathlib.Path, default=pathlib.Path("build/train"), help="folder for the checkpoint")
    option("--minutes", type=float, help="train for so long, whatever else the machine does")
    option("--epochs", type=float, help="train for so many passes, where --minutes is not given")
    option("--resume", action="store_true", help="go on from the checkpoint in --out, if there is one")
    option("--start", type=pathlib.Path, help="checkpoint whose weights to start from")
    option("--teacher", type=pathlib.Path, help="checkpoint of a network, trained on the same data, to learn from")
    option("--trust", type=float, default=0.5, help="share of the teacher's opinion in the target")
    option("--mirror", action="store_true", help="ask the teacher about each image and its mirror image")
    option("--model", help="sizes of the network as JSON, as its class takes them")
    option("--batch", type=int)
    option("--lr", type=float, help="learning rate of Muon; AdamW has a tenth")
    option("--decay", type=float, default=0.05, help="weight decay")
    option("--smoothing", type=float, help="label smoothing")
    option("--shift", type=int, help="move images by up to so many pixels")
    option("--cutout", type=int, help="side of a square to blank, in pixels")
    option("--seed", type=int, default=1)
    option("--workers", type=int, default=1, help="threads that share every batch")
    option("--threads", type=int, default=0, help="threads inside each operation; 0 leaves it to torch")
    option("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    args = parser.parse_args(argv)
    for name, value in {"cutout": 0, "model": "{}", **SETTINGS[args.network, args.dataset]}.items():
        if getattr(args, name) is None:
            setattr(args, name, value)
    return args


def build(saved: dict[str, Any]) -> nn.Module:
    """Return the untrained network that a checkpoint describes."""
    return NETWORKS[saved["network"]](**saved["config"])


def predict(network: nn.Module, images: Tensor, about: dict[str, Any], workers: int = 1) -> Tensor:
    """Return the logits (image, class) of byte images (image, channel, row, column)."""
    network.eval()
    device = next(network.parameters()).device

    def one(part: Tensor) -> Tensor:
        with torch.no_grad():
            return network(normalise(part.to(device), about["mean"], about["std"])).cpu()  # (image, class)

    with ThreadPoolExecutor(workers) as pool:
        return torch.cat(list(pool.map(one, images.split(500))))  # (image, class)


class Lesson:
    """What the network is taught: the smoothed label and, from a teacher, what it makes of the same pixels.

    Distillation after Hinton et al. 2015, "Distilling the Knowledge in a Neural Network". The teacher sees each image
    moved and mirrored as the pupil does (Beyer et al. 2022, "Knowledge distillation: A good teacher is patient and
    consistent").
    """

    def __init__(self, smoothing: float, teacher: nn.Module | None, trust: float, *, mirror: bool) -> None:
        self.smoothing, self.teacher, self.trust, self.mirror = smoothing, teacher, trust, mirror

    def __call__(self, network: nn.Module, pixels: Tensor, labels: Tensor) -> Tensor:
        """Return the loss on images (image, channel, row, column) of these classes (image,)."""
        logits = network(pixels)  # (image, class)
        said = functional.cross_entropy(logits, labels, label_smoothing=self.smoothing)
        if self.teacher is None:
            return said
        with torch.no_grad():
            opinion = self.teacher(pixels).softmax(1)  # (image, class)
            if self.mirror:
                opinion = (opinion + self.teacher(pixels.flip(3)).softmax(1)) / 2  # (image, class)
        return self.trust * functional.cross_entropy(logits, opinion) + (1 - self.trust) * said


def lesson(args: argparse.Namespace, about: dict[str, Any]) -> Lesson:
    """Return what the arguments say to teach. Raises ValueError when the teacher is missing or wrong."""
    if args.teacher is None:
        return Lesson(args.smoothing, None, 0, mirror=False)
    if not args.teacher.is_file():
        raise ValueError(f"There is no checkpoint at {args.teacher}: train the teacher first.")
    saved = torch.load(args.teacher, map_location="cpu", weights_only=True)
    if any(saved[key] != about[key] for key in ("dataset", "labels", "mean", "std")):
        raise ValueError(f"The teacher {args.teacher} has not learnt {about['dataset']}: give one that has.")
    if saved["done"] < 1:
        raise ValueError(f"The teacher {args.teacher} is not fully trained: go on with --resume first.")
    teacher = build(saved)
    teacher.load_state_dict(saved["average"])
    teacher = teacher.to(args.device, memory_format=torch.channels_last).eval()
    return Lesson(args.smoothing, teacher, args.trust, mirror=args.mirror)


def prepare(args: argparse.Namespace, split: data.Split) -> Training:
    """Return a training that is about to take its next step. Raises DataMissingError, and ValueError."""
    names = data.labels(args.data, args.dataset)
    pixels = split.images.reshape(-1, 3)[::97] / 255  # (some pixels, channel)
    mean, std = pixels.mean(0).round(4).tolist(), pixels.std(0).round(4).tolist()
    network = NETWORKS[args.network](split.images.shape[1], len(names), **json.loads(args.model))
    if args.start:
        network.load_state_dict(torch.load(args.start, map_location="cpu", weights_only=True)["average"])
    else:
        some = channels_first(split.images[:: max(1, len(split.images) // 2000)])
        network.look_at(normalise(some, mean, std))
    about = {
        "network": args.network, "config": network.config, "dataset": args.dataset, "labels": names,
        "mean": mean, "std": std, "seed": args.seed,
    }  # fmt: skip
    network = network.to(args.device, memory_format=torch.channels_last)
    training = Training(args, network, about, lesson(args, about))
    if args.resume and training.file.is_file():
        training.load()
    return training


def channels_first(images: data.Images) -> Tensor:
    """Turn (image, row, column, channel) into (image, channel, row, column)."""
    return torch.from_numpy(images).permute(0, 3, 1, 2).contiguous()


def train(args: argparse.Namespace) -> pathlib.Path:
    """Train as the arguments say and return the checkpoint's path. Raises DataMissingError, and ValueError."""
    torch.manual_seed(args.seed)
    if args.threads:
        torch.set_num_threads(args.threads)
    split, held_out = (data.read_split(args.data, args.dataset, name) for name in ("train", "val"))
    training = prepare(args, split)
    images, labels = channels_first(split.images), torch.from_numpy(split.labels)
    some, answers = channels_first(held_out.images[::10]), torch.from_numpy(held_out.labels[::10])
    losses: list[float] = []
    saved_at = time.monotonic()
    for epoch in itertools.count(training.step // (len(images) // args.batch)):
        order = torch.randperm(len(images), generator=torch.Generator().manual_seed(args.seed * 1000 + epoch))
        batches = order.split(args.batch)[: len(images) // args.batch]
        for chosen in batches[training.step % len(batches) :]:
            began = time.monotonic()
            progress = training.progress(len(batches))
            if progress >= 1:
                training.save()
                return training.file
            random = torch.Generator().manual_seed(args.seed * 10**7 + training.step)  # the same after --resume
            pixels = normalise(images[chosen].to(args.device), training.about["mean"], training.about["std"])
            pixels = augment(pixels, args.shift, args.cutout, random).contiguous(memory_format=torch.channels_last)
            losses.append(training.learn((pixels, labels[chosen].to(args.device)), progress))
            training.seconds += time.monotonic() - began
            if time.monotonic() - saved_at > 60:
                training.save()
                saved_at = time.monotonic()
                print(f"step {training.step}  {training.seconds:.0f} s  loss {np.mean(losses[-100:]):.3f}", flush=True)
        right = (predict(training.average, some, training.about, args.workers).argmax(1) == answers).float().mean()
        print(f"epoch {epoch + 1}  {training.seconds:.0f} s  {right:.1%} of {len(some)} held-out images", flush=True)
    raise AssertionError("unreachable: the loop over epochs has no end of its own")


def main() -> int:
    """Run the command; return the exit status."""
    args = arguments()
    try:
        file = train(args)
        print(f"Trained: {file}. Write it as ONNX with: python -m assets.recipes.export {file} --out FOLDER")
    except (data.DataMissingError, ValueError) as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
