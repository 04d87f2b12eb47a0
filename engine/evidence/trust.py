"""Deletion and insertion curves: how much a map is to be trusted (Petsiuk, Das and Saenko 2018, section 4.1)."""

from collections.abc import Callable
from typing import cast

import numpy as np
from numpy.typing import NDArray

from engine.evidence.evidence import Floats, Predict, Trust, resized
from engine.images.perturb import blurred

STEPS = 28
"""Images of a curve between the intact and the empty one."""


def pixel_order(values: NDArray[np.floating], size: tuple[int, int]) -> NDArray[np.intp]:
    """Return the pixels of an image, most important first, (pixel,): a map brought to its size and sorted."""
    large = resized(np.nan_to_num(np.asarray(values, np.float32)), size)
    return np.argsort(-large.reshape(-1), kind="stable")


def curves(
    name: str,
    values: NDArray[np.floating],
    pixels: Floats,
    index: int,
    predict: Predict,
    steps: int = STEPS,
    batch: int = 16,
    told: Callable[[int], object] = int,
) -> Trust:
    """Return both curves of a map.

    Deleted pixels become 0, the mean colour of an image that was normalised; pixels are inserted into the image
    blurred by a Gaussian of a twentieth of its longer side, as in the paper (11 pixels of 224).

    Args:
        name: of the map.
        values: (row, column) of any size.
        pixels: (channel, row, column), the image as the model takes it.
        index: the class.
        predict: scores of images; probabilities, so that curves of images and models compare.
        steps: how many steps from none to all pixels.
        batch: images asked about at a time.
        told: is given how many images are done, of 2 · (steps + 1).
    """
    size = (pixels.shape[1], pixels.shape[2])
    order = pixel_order(values, size)
    fractions = np.linspace(0, 1, steps + 1).astype(np.float32)
    soft = blurred(pixels, max(size) / 20)
    deletion = _along(order, fractions, pixels, np.zeros_like(pixels), index, predict, batch, told)
    insertion = _along(order, fractions, soft, pixels, index, predict, batch, lambda done: told(done + len(fractions)))
    return Trust(name, fractions, deletion, insertion, area(fractions, deletion), area(fractions, insertion))


def area(fractions: NDArray[np.floating], scores: NDArray[np.floating]) -> float:
    """Return the area under a curve, by trapezoids."""
    return float(np.trapezoid(scores.astype(np.float64), fractions.astype(np.float64)))


def _along(
    order: NDArray[np.intp],
    fractions: Floats,
    first: Floats,
    second: Floats,
    index: int,
    predict: Predict,
    batch: int,
    told: Callable[[int], object],
) -> Floats:
    """Return scores, (step,), as pixels of `first` are replaced by those of `second`, in order."""
    counts = np.rint(fractions * len(order)).astype(int)
    scores = np.empty(len(counts), np.float32)
    for start in range(0, len(counts), batch):
        part = counts[start : start + batch]
        images = np.repeat(first[None], len(part), axis=0).reshape(len(part), first.shape[0], -1)
        flat = second.reshape(second.shape[0], -1)
        for image, count in zip(images, part, strict=True):
            image[:, order[:count]] = flat[:, order[:count]]
        scores[start : start + len(part)] = predict(images.reshape(len(part), *first.shape))[:, index]
        told(start + len(part))
    return cast(Floats, scores)
