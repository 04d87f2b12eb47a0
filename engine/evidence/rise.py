"""RISE: the mean of random masks, each weighed by the score of the image seen through it.

Petsiuk, Das and Saenko 2018, "RISE: Randomized Input Sampling for Explanation of Black-box Models", section 3. The
paper's sum counts the mean score everywhere; here it is taken away, so that a place that changes nothing is near 0.
"""

from collections.abc import Iterator
from typing import cast

import numpy as np
from numpy.typing import NDArray

from engine.evidence.evidence import Floats, Predict, Told, resized, untold


def random_masks(
    count: int, size: tuple[int, int], cells: tuple[int, int], keep: float, seed: int, batch: int
) -> Iterator[Floats]:
    """Yield masks of 0 … 1, (batch, row, column): coarse random cells, enlarged smoothly and shifted (section 3.2).

    Args:
        count: masks in all.
        size: rows and columns of the image.
        cells: rows and columns of coarse cells on it.
        keep: share of cells that stay visible.
        seed: the same one gives the same masks.
        batch: masks at a time.
    """
    rng = np.random.default_rng(seed)
    step = tuple(-(-length // n) for length, n in zip(size, cells, strict=True))  # pixels of a cell, rounded up
    whole = ((cells[0] + 1) * step[0], (cells[1] + 1) * step[1])
    for start in range(0, count, batch):
        masks = np.empty((min(batch, count - start), *size), np.float32)
        for mask in masks:
            coarse = (rng.random((cells[0] + 1, cells[1] + 1)) < keep).astype(np.float32)
            y, x = (int(rng.integers(n)) for n in step)
            mask[:] = resized(coarse, whole)[y : y + size[0], x : x + size[1]]
        yield masks


def rise_map(
    pixels: Floats,
    index: int,
    predict: Predict,
    count: int = 1000,
    cells: tuple[int, int] = (7, 7),
    keep: float = 0.5,
    seed: int = 0,
    batch: int = 16,
    told: Told = untold,
) -> Floats:
    """Return how the score goes with each pixel being visible, (row, column) float32.

    The estimate is the covariance of score and mask, over `keep` as in the paper.

    Args:
        pixels: (channel, row, column), the image as the model takes it; what is masked becomes 0.
        index: the class.
        predict: scores of images.
        count: how many masks.
        cells: rows and columns of coarse cells.
        keep: share of cells that stay visible.
        seed: the same one gives the same masks.
        batch: images asked about at a time.
        told: is given how many are done, and the map so far.
    """
    size = (pixels.shape[1], pixels.shape[2])
    product, seen = np.zeros(size), np.zeros(size)
    total, done = 0.0, 0
    for masks in random_masks(count, size, cells, keep, seed, batch):
        scores = predict(pixels[None] * masks[:, None])[:, index].astype(np.float64)
        product += np.tensordot(scores, masks, axes=1)
        seen += masks.sum(axis=0)
        total += float(scores.sum())
        done += len(masks)
        told(done, _estimate(product, seen, total, done, keep))
    return _estimate(product, seen, total, done, keep)


def _estimate(product: NDArray[np.float64], seen: NDArray[np.float64], total: float, done: int, keep: float) -> Floats:
    return cast(Floats, ((product / done - seen / done * total / done) / keep).astype(np.float32))
