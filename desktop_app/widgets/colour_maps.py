"""Colour maps that colour-blind people can read, as tables for pictures of one byte a pixel.

An Indexed8 picture with a colour table is twenty times cheaper than colouring every pixel, and changing the map
changes the table alone.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

MAPS = ("viridis", "cividis", "magma", "inferno", "batlow", "gray")
"""Perceptually uniform and readable without red or green (Nuñez et al. 2018; Crameri et al. 2020)."""

STEPS = 254
"""Colours of a map in a table; the last two entries are for what is no number."""
MISSING, GAP = 254, 255
"""Entries of a table: a number that is not there, and the ground between pictures."""

Levels = NDArray[np.uint8]


@cache
def map_colours(name: str) -> tuple[int, ...]:
    """Return the `STEPS` colours of a map as 0xAARRGGBB, from the smallest number to the largest."""
    from cmap import Colormap  # a tenth of a second that the first paint need not wait for

    rgba = (np.asarray(Colormap(name).lut(STEPS)) * 255).round().astype(int)  # (step, 4)
    return tuple(int(0xFF << 24 | r << 16 | g << 8 | b) for r, g, b, _ in rgba.tolist())


def table(name: str, missing: QColor, gap: QColor | None = None) -> list[int]:
    """Return the 256 entries of a colour table."""
    return [*map_colours(name), missing.rgba(), (gap or missing).rgba()]


def levels(values: NDArray[np.float32], high: NDArray[np.float32] | float) -> Levels:
    """Turn numbers from 0 to `high` into entries of a table; NaN becomes `MISSING`.

    Args:
        values: any shape.
        high: the number that gets the last colour; broadcasts against `values`. Larger numbers get it too.
    """
    scale = np.divide(STEPS - 1, high, out=np.zeros(np.shape(high), np.float32), where=np.asarray(high) > 0)
    scaled = np.multiply(values, scale, dtype=np.float32)
    missing = np.isnan(scaled)
    np.clip(scaled, 0, STEPS - 1, out=scaled)
    if missing.any():
        scaled[missing] = MISSING
    scaled += np.float32(0.5)
    return scaled.astype(np.uint8)


def indexed(entries: Levels, colours: list[int]) -> QImage:
    """Return a picture of table entries (row, column); the picture owns its pixels."""
    entries = np.ascontiguousarray(entries)
    rows, columns = entries.shape
    image = QImage(entries.data, columns, rows, columns, QImage.Format.Format_Indexed8).copy()
    image.setColorTable(colours)
    return image
