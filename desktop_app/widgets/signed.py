"""Numbers below and above zero as colours: zero is the middle of the map."""

import numpy as np
from numpy.typing import NDArray

from desktop_app.widgets.colour_maps import MISSING, STEPS, Levels
from desktop_app.widgets.strips import SIGNED

_MIDDLE = (STEPS - 1) / 2


def signed_levels(values: NDArray[np.float32], high: NDArray[np.float32] | float) -> Levels:
    """Turn numbers from -high to high into entries of a table; what is no number becomes `MISSING`.

    Args:
        values: any shape.
        high: the number that gets the last colour; broadcasts against `values`. What lies beyond gets an end colour.
    """
    scale = np.divide(_MIDDLE, high, out=np.zeros(np.shape(high), np.float32), where=np.asarray(high) > 0)
    scaled = np.multiply(values, scale, dtype=np.float32)
    missing = ~np.isfinite(scaled)
    scaled += np.float32(_MIDDLE)
    np.clip(scaled, 0, STEPS - 1, out=scaled)
    if missing.any():
        scaled[missing] = MISSING
    scaled += np.float32(0.5)
    return scaled.astype(np.uint8)


__all__ = ["SIGNED", "signed_levels"]
