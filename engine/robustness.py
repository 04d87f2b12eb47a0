"""What is left of an answer as the image is damaged: patches dropped or shuffled, the image shifted or blurred.

Naseer et al. 2021, "Intriguing Properties of Vision Transformers", section 3.1: with half of the patches dropped
DeiT-S keeps 70 % of its accuracy on ImageNet, ResNet-50 0.1 %. Here any two models are damaged alike.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from engine.evidence.evidence import ANSWER, Floats, Predict
from engine.evidence.question import first, photo_tensor, predictor
from engine.images.folder import Picture, class_of, pictures_in
from engine.images.perturb import blurred, chosen, dropped, permuted, shifted
from engine.model.description import ModelDescription
from engine.predictions import are_probabilities
from engine.runtime.recompute import softmax
from engine.runtime.task import Context, Task

if TYPE_CHECKING:
    from engine.runtime.model import Model

Damage = Literal["drop", "shuffle", "shift", "blur"]

STRENGTHS: dict[Damage, tuple[float, ...]] = {
    "drop": tuple(n / 10 for n in range(10)),
    "shuffle": tuple(n / 10 for n in range(10)),
    "shift": (0, 1, 2, 3, 4, 6, 8, 12, 16),
    "blur": (0, 0.5, 1, 1.5, 2, 3, 4),
}
"""Shares of patches, or pixels of the first model's image (for blur the standard deviation)."""
MOST_TRIALS: dict[Damage, int] = {"shift": 4, "blur": 1}
"""Directions of a shift; a blur leaves no choice."""


@dataclass(frozen=True)
class Curve:
    """What one model keeps; every array is (strength,).

    Attributes:
        model: its name.
        agreement: share of images whose most probable class is still that of the intact image.
        probability: mean probability of the class looked at: the true one where it is known, else that of the
            intact image.
        accuracy: share of images taken for their true class; NaN where none is known.
        known: images whose true class is known.
    """

    model: str
    agreement: Floats = field(repr=False)
    probability: Floats = field(repr=False)
    accuracy: Floats = field(repr=False)
    known: int = 0


@dataclass(frozen=True)
class Robustness:
    """The curves of one kind of damage.

    Attributes:
        damage: the kind.
        strengths: (strength,): shares of patches, or pixels of the first model's image.
        curves: one for each model.
        grid: rows and columns of patches that are dropped or shuffled.
        images: how many were damaged.
        trials: random choices for each image and strength.
        finished: False in what a task shows on its way.
    """

    damage: Damage
    strengths: Floats = field(repr=False)
    curves: tuple[Curve, ...]
    grid: tuple[int, int]
    images: int
    trials: int
    finished: bool = True


@dataclass(frozen=True)
class RobustnessCurves(Task):
    """Damage the photo on screen, or those of a folder; the result is `Robustness`, and so is what is told.

    Attributes:
        damage: how.
        other: path of a second model; "" takes the one on screen alone.
        folder: path of a folder of pictures; "" takes the photo on screen. Sub-folders named as classes tell the
            true classes.
        truth: true class of the photo on screen; None takes each model's own answer.
        strengths: see `STRENGTHS`, which () takes.
        grid: rows and columns of patches; (0, 0) takes those of the model with attention, else 8 × 8 below 112
            pixels and 14 × 14 from there on.
        trials: random choices, or directions of a shift, for each image and strength.
        most: pictures of a folder at most; 0 takes all.
        seed: the same one gives the same choices.
        batch: pictures at a time.
    """

    damage: Damage = "drop"
    other: str = ""
    folder: str = ""
    truth: int | None = None
    strengths: tuple[float, ...] = ()
    grid: tuple[int, int] = (0, 0)
    trials: int = 3
    most: int = 100
    seed: int = 0
    batch: int = 16

    def work(self, context: Context) -> Robustness:
        """Return the curves.

        Raises:
            EngineError: no photo, a model without classes or that takes no photo, or cancelled.
        """
        models = [context.model, *([context.open(self.other)] if self.other else [])]
        strengths = self.strengths or STRENGTHS[self.damage]
        grid = self.grid if min(self.grid) > 0 else common_grid([model.description for model in models])
        trials = max(min(self.trials, MOST_TRIALS.get(self.damage, self.trials)), 1)
        sides = [Side(model, len(strengths)) for model in models]
        pictures = pictures_in(self.folder, self.most) if self.folder else ()
        total, done = max(len(pictures), 1) * len(strengths), 0
        width: float | None = None
        for images, truths in self._batches(context, models, pictures):
            width = width or float(images[0].shape[-1])
            for side, one, true in zip(sides, images, truths, strict=True):
                side.begin(one, true)
            for place, strength in enumerate(strengths):
                for side, one in zip(sides, images, strict=True):
                    for trial in range(trials if strength else 1):
                        scale = one.shape[-1] / width
                        hurt = damaged(one, self.damage, strength, grid, self.seed + trial, trial, scale)
                        side.count(place, hurt, 1 if strength else trials)
                done += len(images[0])
                seen = done // len(strengths)
                context.tell(done, total, self._shown(sides, strengths, grid, seen, trials, finished=False))
        return self._shown(sides, strengths, grid, sides[0].images, trials, finished=True)

    def _batches(
        self, context: Context, models: "list[Model]", pictures: tuple[Picture, ...]
    ) -> Iterator[tuple[list[Floats], list[list[int | None]]]]:
        """Yield, for each model, images (batch, channel, row, column) and their true classes."""
        from engine.images.stream import streamed

        descriptions = tuple(model.description for model in models)
        if not pictures:
            yield [first(m, photo_tensor(context, m)[:1]) for m in models], [[self.truth]] * len(models)
            return
        for part in streamed(pictures, descriptions, self.batch):
            arrays = [f[d.image_input or ""] for f, d in zip(part.feeds, descriptions, strict=True)]
            images = [first(model, array) for model, array in zip(models, arrays, strict=True)]
            yield images, [[class_of(picture, d.labels) for picture in part.pictures] for d in descriptions]

    def _shown(
        self,
        sides: "list[Side]",
        strengths: tuple[float, ...],
        grid: tuple[int, int],
        images: int,
        trials: int,
        *,
        finished: bool,
    ) -> Robustness:
        curves = tuple(side.curve() for side in sides)
        return Robustness(self.damage, np.asarray(strengths, np.float32), curves, grid, images, trials, finished)


class Side:
    """One of the models, and what it has kept so far."""

    def __init__(self, model: "Model", strengths: int) -> None:
        self.images = self.known = 0
        self._name = model.description.name
        self._predict: Predict = predictor(model, {}, ANSWER)
        self._sums = np.zeros((4, strengths))  # agreed, probability, right, and how many
        self._told = np.zeros(strengths)
        self._classes: NDArray[np.intp] = np.zeros(0, np.intp)
        self._looked = self._classes
        self._true = np.zeros(0, bool)

    def begin(self, images: Floats, truths: list[int | None]) -> None:
        """Take a batch: intact images, (batch, channel, row, column), and their true classes where known."""
        self._classes = np.argmax(self._predict(images), axis=1)
        self._true = np.array([truth is not None for truth in truths])
        given = np.array([-1 if truth is None else truth for truth in truths], np.intp)
        self._looked = np.where(self._true, given, self._classes)
        self.images += len(images)
        self.known += int(self._true.sum())

    def count(self, place: int, images: Floats, weight: int) -> None:
        """Count the same images damaged."""
        scores = self._predict(images)
        probabilities = np.stack([row if are_probabilities(row) else softmax(row) for row in scores])
        best = np.argmax(probabilities, axis=1)
        looked = probabilities[np.arange(len(images)), self._looked]
        right = (best == self._looked) & self._true
        sums = ((best == self._classes).sum(), looked.sum(), right.sum(), len(images))
        self._sums[:, place] += weight * np.array(sums)
        self._told[place] += weight * self._true.sum()

    def curve(self) -> Curve:
        """Return what is kept, NaN where nothing was counted yet."""
        agreed, probability, right, count = self._sums
        return Curve(
            self._name, _share(agreed, count), _share(probability, count), _share(right, self._told), self.known
        )


def _share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> Floats:
    out = np.full(part.shape, np.nan)
    return np.asarray(np.divide(part, whole, out=out, where=whole > 0), np.float32)


def damaged(
    images: Floats, damage: Damage, strength: float, grid: tuple[int, int], seed: int, trial: int = 0, scale: float = 1
) -> Floats:
    """Return images, (batch, channel, row, column), damaged; each image loses other patches.

    Args:
        images: intact.
        damage: how.
        strength: share of patches, or pixels.
        grid: rows and columns of patches.
        seed: of the choice.
        trial: counts the directions of a shift: right, down, left, up.
        scale: factor on pixels, for images of another size.
    """
    if not strength:
        return images
    if damage == "shift":
        step = round(strength * scale)
        dx, dy = ((step, 0), (0, step), (-step, 0), (0, -step))[trial % 4]
        return shifted(images, dx, dy)
    if damage == "blur":
        return blurred(images, strength * scale)
    change = dropped if damage == "drop" else part_shuffled
    return np.stack([change(image, grid, strength, 1000 * seed + place) for place, image in enumerate(images)])


def part_shuffled(pixels: Floats, grid: tuple[int, int], fraction: float, seed: int = 0) -> Floats:
    """Return an image, (channel, row, column), with a random part of its patches in each other's places."""
    moving = np.array(chosen(grid, fraction, seed), np.intp)
    places = np.arange(grid[0] * grid[1])
    places[moving] = np.random.default_rng(seed).permutation(moving)
    return permuted(pixels, grid, [int(place) for place in places])


def common_grid(models: list[ModelDescription]) -> tuple[int, int]:
    """Return the patches to damage: those of the first model whose attention has some, else 8 × 8 or 14 × 14."""
    for model in models:
        for tokens in model.tokens:
            if tokens.queries is not None:
                return tokens.queries.image_rows, tokens.queries.image_columns
    sizes = [model.image_plan.output_size for model in models if model.image_plan is not None]
    side = 14 if sizes and min(map(min, sizes)) >= 112 else 8
    return side, side
