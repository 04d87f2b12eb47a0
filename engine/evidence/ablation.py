"""Ablation-CAM: each map weighs as much as the class loses when the map is set to zero.

Desai and Ramaswamy 2020, "Ablation-CAM: Visual Explanations for Deep Convolutional Network via Gradient-free
Localization", section 3. The paper divides by the score; here by its size, so that a score below zero, as logits may
have, does not turn the map over.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine.evidence.evidence import Floats, Told, positive, untold

Without = Callable[[NDArray[np.intp]], Floats]
"""Takes channels, (batch,), and returns the class's score with each of them set to zero, (batch,)."""


def ablation_weights(
    count: int,
    score: float,
    without: Without,
    batch: int = 16,
    told: Told = untold,
) -> Floats:
    """Return the share of the score that goes with each channel, (channel,) float32.

    Args:
        count: number of channels.
        score: of the class, with all of them.
        without: scores without channels.
        batch: channels tried at a time.
        told: is given how many are done, and the weights so far.
    """
    weights = np.zeros(count, np.float32)
    size = abs(score) or 1.0
    for start in range(0, count, batch):
        chosen = np.arange(start, min(start + batch, count))
        weights[chosen] = (score - without(chosen)) / size
        told(int(chosen[-1]) + 1, weights.copy())
    return weights


def ablation_map(maps: NDArray[np.floating], weights: NDArray[np.floating]) -> Floats:
    """Return the maps (channel, row, column) weighed and added up, without negatives: (row, column) float32."""
    return positive(np.tensordot(np.asarray(weights, np.float64), maps, axes=1))
