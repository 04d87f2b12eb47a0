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
    scaled += np.float32(_MIDDLE + 0.5)
    unknown = scaled.size > 0 and bool(np.isnan(scaled.min()))  # cheaper than asking every number
    missing = np.isnan(scaled) if unknown else None
    np.clip(scaled, 0.5, STEPS - 0.5, out=scaled)
    if missing is not None:
        scaled[missing] = MISSING + 0.5
    return scaled.astype(np.uint8)


__all__ = ["SIGNED", "signed_levels"]
