"""What small maps give away: the one pointed at, the number under the pointer, and the arrays of all."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from desktop_app.widgets.exhibit import Exhibit
from desktop_app.widgets.mosaic_layout import Tiles


def cell_at(rect: QRectF, rows: int, columns: int, point: QPointF) -> tuple[int, int]:
    """Return the row and column of a map under a point, the nearest where it lies outside."""
    row = int((point.y() - rect.top()) / rect.height() * rows)
    column = int((point.x() - rect.left()) / rect.width() * columns)
    return min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)


def exhibit_of(layers: Sequence[Tiles], at: tuple[int, int], cell: tuple[int, int] | None) -> Exhibit:
    """Return the thumbnail of a head, and its number at a cell; an NPZ holds those of all heads, layer by layer.

    Where each head is one number, all of them are what is shown, (layer, head).
    """
    values = layers[at[0]].values[at[1]]
    if all(tiles.shape[1:] == (1, 1) for tiles in layers):
        labels = {"layer": [tiles.label for tiles in layers]}
        return Exhibit("all-heads", singles(layers), ("layer", "head"), float(values[0, 0]), labels=labels)
    number = None if cell is None else float(values[cell])
    more = {f"layer {tiles.label}": tiles.values for tiles in layers}
    return Exhibit(f"layer-{at[0]}-head-{at[1]}", values, ("row", "column"), number, more=more)


def singles(layers: Sequence[Tiles]) -> NDArray[np.float32]:
    """Return the one number of each head, (layer, head); NaN for heads that a layer has not."""
    out = np.full((len(layers), max(tiles.shape[0] for tiles in layers)), np.nan, np.float32)
    for row, tiles in zip(out, layers, strict=True):
        row[: tiles.shape[0]] = tiles.values[:, 0, 0]
    return out
