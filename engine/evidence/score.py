"""Score-CAM: each map weighs as much as the class gains when the image shows only what the map covers.

Wang et al. 2020, "Score-CAM: Score-Weighted Visual Explanations for Convolutional Neural Networks", algorithm 1.
"""

from collections.abc import Iterator
from typing import cast

import numpy as np
from numpy.typing import NDArray

from engine.evidence.evidence import Floats, Predict, Told, positive, resized, untold


def score_maps(
    maps: NDArray[np.floating],
    pixels: Floats,
    index: int,
    predict: Predict,
    batch: int = 16,
    told: Told = untold,
) -> Floats:
    """Return Score-CAM's map, (row, column) float32.

    Args:
        maps: (channel, row, column) of a layer.
        pixels: (channel, row, column), the image as the model takes it; the baseline is 0.
        index: the class.
        predict: scores of images.
        batch: images asked about at a time.
        told: is given how many are done, and the map so far.
    """
    base = float(predict(np.zeros_like(pixels)[None])[0, index])
    gains = np.full(len(maps), -np.inf)
    for start, masks in covers(maps, pixels.shape[1:], batch):
        scores = predict(pixels[None] * masks[:, None])  # (batch, class)
        gains[start : start + len(masks)] = scores[:, index] - base
        told(start + len(masks), weighed(maps, gains))
    return weighed(maps, gains)


def weighed(maps: NDArray[np.floating], gains: NDArray[np.float64]) -> Floats:
    """Return the maps, weighed by the softmax of what they gain and added up, without negatives: (row, column)."""
    known = np.isfinite(gains)
    weights = np.zeros(len(gains))
    weights[known] = np.exp(gains[known] - gains[known].max(initial=-np.inf))
    weights /= max(float(weights.sum()), 1e-30)
    return positive(np.tensordot(weights, maps, axes=1))


def covers(maps: NDArray[np.floating], size: tuple[int, ...], batch: int) -> Iterator[tuple[int, Floats]]:
    """Yield (first channel, masks (batch, row, column)): maps brought to the image's size and to 0 … 1."""
    for start in range(0, len(maps), batch):
        large = np.stack([resized(one, (size[0], size[1])) for one in maps[start : start + batch]])
        low, high = (f(axis=(1, 2), keepdims=True) for f in (large.min, large.max))
        width = high - low
        yield start, cast(Floats, np.divide(large - low, width, out=np.zeros_like(large), where=width > 0))
