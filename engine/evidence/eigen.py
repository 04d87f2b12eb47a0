"""Eigen-CAM: the direction in which a layer's maps differ most, of no class in particular.

Muhammad and Yeasin 2020, "Eigen-CAM: Class Activation Map using Principal Components", section III: the projection of
the maps on their first right singular vector. A singular vector has no sign of its own; here it is the one by which
the channels' sum of projections is positive, so that the same image always gives the same map.
"""

from typing import cast

import numpy as np
from numpy.typing import NDArray

from engine.evidence.evidence import Floats


def eigen_map(maps: NDArray[np.floating], *, centred: bool = False) -> Floats:
    """Return the projection of maps on their first singular vector, (row, column) float32.

    Args:
        maps: (channel, row, column).
        centred: subtract each channel's mean first (principal components); the paper does not.
    """
    channels, rows, columns = maps.shape
    flat = np.asarray(maps, np.float64).reshape(channels, -1).T  # (place, channel)
    if centred:
        flat = flat - flat.mean(axis=0)
    gram = flat @ flat.T if flat.shape[0] <= channels else flat.T @ flat
    _, vectors = np.linalg.eigh(gram)  # ascending
    first = vectors[:, -1]
    projection = flat @ first if gram.shape[0] == channels else first * np.sqrt(max(float(first @ gram @ first), 0.0))
    return cast(Floats, (_sign(projection) * projection).reshape(rows, columns).astype(np.float32))


def _sign(projection: NDArray[np.float64]) -> float:
    """Return the sign that makes the sum positive; where that is nothing, the largest part."""
    total = float(projection.sum())
    if abs(total) > 1e-9 * float(np.abs(projection).sum()):
        return 1.0 if total > 0 else -1.0
    return 1.0 if projection[np.argmax(np.abs(projection))] >= 0 else -1.0
