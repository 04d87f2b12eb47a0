"""Measure the shipped models through ONNX Runtime: ``python -m assets.recipes.evaluate --data DIR``.

Prints the numbers of the model cards. Of an image model: top-1 and top-5 accuracy on the held-out split, for every
class, what it says about the shipped sample images, what is left as patches are dropped or shuffled, and what its heads
do. Of the translator: BLEU on held-out pairs, the sample sentences, alignment and heads. Needs the packages of the
group ``dev``; no torch.
"""

import argparse
import json
import pathlib
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from PIL import Image

import assets
from assets.recipes import data, evaluate_translator, heads
from engine import robustness

SHIPPED = ("vit", "cnn", "translator")
DAMAGED = 1000
"""Held-out images to damage, from all classes."""
GRID = (8, 8)
"""Rows and columns of the patches to drop or shuffle: those of the transformer."""
Floats = npt.NDArray[np.float32]


class Classifier:
    """A folder with ``model.onnx``, ``config.json`` and ``preprocessor_config.json``, ready to classify images."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.steps: dict[str, Any] = json.loads((folder / "preprocessor_config.json").read_text(encoding="utf-8"))
        self.labels = [self.config["id2label"][str(number)] for number in range(len(self.config["id2label"]))]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])

    def pixels(self, image: Image.Image) -> Floats:
        """Return one image as the model wants it: (channel, row, column)."""
        size = (self.steps["size"]["width"], self.steps["size"]["height"])
        small = image.convert("RGB").resize(size, Image.Resampling(self.steps["resample"]))
        scaled = np.asarray(small, dtype=np.float32) * self.steps["rescale_factor"]  # (row, column, channel)
        normal = (scaled - self.steps["image_mean"]) / self.steps["image_std"]  # (row, column, channel)
        return np.asarray(normal.transpose(2, 0, 1), dtype=np.float32)  # (channel, row, column)

    def logits(self, images: list[Image.Image]) -> Floats:
        """Return the logits, (image, class)."""
        batch = np.stack([self.pixels(image) for image in images])  # (image, channel, row, column)
        return np.asarray(self.session.run(["logits"], {"pixel_values": batch})[0], dtype=np.float32)


def probabilities(logits: Floats) -> Floats:
    """Return the softmax over the last axis, the same shape."""
    raised = np.exp(logits - logits.max(-1, keepdims=True))
    return np.asarray(raised / raised.sum(-1, keepdims=True), dtype=np.float32)


def samples() -> list[tuple[pathlib.Path, list[str]]]:
    """Return the shipped sample images with the classes that count as right; none for an image outside all classes."""
    listed = json.loads(assets.path("samples", "samples.json").read_text(encoding="utf-8"))
    return [(assets.path("samples", entry["file"]), list(entry["classes"])) for entry in listed]


def held_out(model: Classifier, split: data.Split) -> Iterator[str]:
    """Yield the lines about the held-out split."""
    parts = [
        model.logits([Image.fromarray(image) for image in split.images[start : start + 250]])
        for start in range(0, len(split.images), 250)
    ]
    logits = np.concatenate(parts)  # (image, class)
    order = np.argsort(-logits, axis=1)  # (image, rank)
    right = order[:, 0] == split.labels  # (image,)
    in_five = (order[:, :5] == split.labels[:, None]).any(1)  # (image,)
    yield f"top-1: {right.mean():.2%} of {len(right)} held-out images"
    yield f"top-5: {in_five.mean():.2%}"
    sure = probabilities(logits).max(1)  # (image,)
    yield f"mean probability of the answer: {sure[right].mean():.3f} where right, {sure[~right].mean():.3f} where wrong"
    for number, label in enumerate(model.labels):
        of_class = split.labels == number
        wrong = order[of_class & ~right, 0]
        taken = np.bincount(wrong, minlength=len(model.labels))
        confusion = f", most often taken for {model.labels[int(taken.argmax())]} ({taken.max()})" if len(wrong) else ""
        yield f"  {label}: {right[of_class].mean():.1%} of {of_class.sum()}{confusion}"


def on_samples(model: Classifier) -> Iterator[str]:
    """Yield one line for each sample image."""
    for file, classes in samples():
        with Image.open(file) as image:
            chance = probabilities(model.logits([image]))[0]  # (class,)
        answer = model.labels[int(chance.argmax())]
        verdict = "outside all classes" if not classes else "right" if answer in classes else "WRONG"
        yield f"  {file.name}: {answer} {chance.max():.0%}, {verdict}"


def damaged(model: Classifier, split: data.Split) -> Iterator[str]:
    """Yield what is left of the right answers as patches of the 8×8 grid are dropped or shuffled.

    After Naseer et al. 2021, "Intriguing Properties of Vision Transformers", section 3.
    """
    chosen = slice(0, None, max(1, len(split.images) // DAMAGED))
    labels = split.labels[chosen]  # (image,)
    intact = np.stack([model.pixels(Image.fromarray(image)) for image in split.images[chosen]])
    damages: dict[robustness.Damage, tuple[float, ...]] = {"drop": (0.0, 0.3, 0.5, 0.7), "shuffle": (0.5, 0.9)}
    for how, shares in damages.items():
        for share in shares:
            pixels = robustness.damaged(intact, how, share, GRID, seed=0)  # (image, channel, row, column)
            logits = model.session.run(["logits"], {"pixel_values": pixels})[0]  # (image, class)
            right = float((np.argmax(logits, axis=1) == labels).mean())
            yield f"  {how} {share:.0%} of the patches: {right:.1%} of {len(labels)} right"


def classifier(folder: pathlib.Path, args: argparse.Namespace) -> Iterator[str]:
    """Yield the lines of an image model's card. Raises DataMissingError."""
    split = data.read_split(args.data, args.dataset, "val")
    model = Classifier(folder)
    few = np.stack([model.pixels(Image.fromarray(image)) for image in split.images[::50]])
    yield from held_out(model, split)
    yield "samples:"
    yield from on_samples(model)
    yield "damaged:"
    yield from damaged(model, split)
    yield from heads.report(folder, few)


def main(argv: list[str] | None = None) -> int:
    """Run the command; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m assets.recipes.evaluate", description=__doc__)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder that holds the data sets")
    parser.add_argument("--dataset", choices=sorted(data.TILE), default="cifar10")
    parser.add_argument("--model", type=pathlib.Path, action="append", help="model folder; without it, all shipped")
    args = parser.parse_args(argv)
    try:
        for folder in args.model or [assets.path("models", name) for name in SHIPPED]:
            size = sum(file.stat().st_size for file in folder.glob("*.onnx"))
            print(f"{folder.name}: {size / 1e6:.2f} MB", flush=True)
            translates = (folder / "encoder_model.onnx").is_file()
            about = evaluate_translator.report(folder, args.data) if translates else classifier(folder, args)
            for line in about:
                print(line, flush=True)
    except data.DataMissingError as missing:
        print(missing, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
