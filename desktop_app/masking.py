"""Scores that a mask hides, as they are shown."""

from typing import cast

import numpy as np
from numpy.typing import NDArray

HIDDEN = -9000.0
"""Models write masks as minus infinity, as the least float16 or float32, or as -10000: below this is hidden."""


def open_only(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return scores with minus infinity where a mask hides, so that they do not swallow the scale of the others."""
    return cast(NDArray[np.float32], np.where(scores <= HIDDEN, np.float32(-np.inf), scores))
