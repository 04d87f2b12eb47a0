"""Occlusion: what the class loses while a square of the image is hidden.

Zeiler and Fergus 2014, "Visualizing and Understanding Convolutional Networks", section 4.2.
"""

from collections.abc import Iterator
from typing import cast

import numpy as np

from engine.evidence.evidence import Floats, Predict, Told, untold

Place = tuple[slice, slice]


def places(size: tuple[int, int], side: tuple[int, int], stride: tuple[int, int]) -> tuple[Place, ...]:
    """Return every place of a window on an image, row by row; the last ones end with the image.

    Raises:
        ValueError: a side or stride below 1.
    """
    if min(*side, *stride) < 1:
        raise ValueError("sides and strides are at least one pixel")
    starts = []
    for length, window, step in zip(size, side, stride, strict=True):
        last = max(length - window, 0)
        starts.append(sorted({*range(0, last, step), last}))
    return tuple((slice(y, y + side[0]), slice(x, x + side[1])) for y in starts[0] for x in starts[1])


def occlusion_map(
    pixels: Floats,
    score: float,
    index: int,
    predict: Predict,
    where: tuple[Place, ...],
    fill: float = 0.0,
    batch: int = 16,
    told: Told = untold,
) -> Floats:
    """Return, for each pixel, the mean fall of the score over the squares that hid it: (row, column) float32.

    Args:
        pixels: (channel, row, column), the image as the model takes it.
        score: of the class on it.
        index: the class.
        predict: scores of images.
        where: the squares, from `places`.
        fill: what stands in the square: 0 is the mean colour of an image that was normalised.
        batch: images asked about at a time.
        told: is given how many are done, and the map so far.
    """
    total = np.zeros(pixels.shape[1:], np.float64)
    count = np.zeros(pixels.shape[1:], np.float64)
    done = 0
    for part in batches(where, batch):
        images = np.repeat(pixels[None], len(part), axis=0)
        for image, (rows, columns) in zip(images, part, strict=True):
            image[:, rows, columns] = fill
        falls = score - predict(images)[:, index]
        for fall, place in zip(falls, part, strict=True):
            total[place] += fall
            count[place] += 1
        done += len(part)
        told(done, _mean(total, count))
    return _mean(total, count)


def batches(where: tuple[Place, ...], size: int) -> Iterator[tuple[Place, ...]]:
    """Yield places, some at a time."""
    for start in range(0, len(where), size):
        yield where[start : start + size]


def _mean(total: np.ndarray, count: np.ndarray) -> Floats:
    return cast(Floats, np.divide(total, count, out=np.zeros_like(total), where=count > 0).astype(np.float32))
