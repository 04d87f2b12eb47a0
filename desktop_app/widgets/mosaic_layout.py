"""Where the heads of all layers lie in a mosaic: pure geometry, in logical pixels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize

LEAST, MOST = 20, 168
"""A thumbnail is at least and at most so wide."""
_STRIP = 0.6
"""Height of a single row of tokens, in widths."""


@dataclass(frozen=True)
class Tiles:
    """The thumbnails of one layer.

    Attributes:
        label: what stands at the left.
        name: what the tooltip says.
        values: (head, row, column) float32; NaN where there is no number.
        high: the number of the last colour for each head, (head,).
    """

    label: str
    name: str
    values: NDArray[np.float32]
    high: NDArray[np.float32]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Heads, rows and columns."""
        heads, rows, columns = self.values.shape
        return heads, rows, columns


@dataclass(frozen=True)
class MosaicLayout:
    """Layers down, heads across, one width for all thumbnails, a height for each layer.

    Attributes:
        left, top: room for the labels.
        gap: between thumbnails.
        width: of a thumbnail.
        tops, heights: of each layer's row, from the top of the content.
        heads: of each layer.
    """

    left: int
    top: int
    gap: int
    width: int
    tops: tuple[int, ...]
    heights: tuple[int, ...]
    heads: tuple[int, ...]

    @property
    def size(self) -> QSize:
        """Size of the whole content."""
        bottom = self.tops[-1] + self.heights[-1] + self.gap if self.tops else self.top
        return QSize(self.left + max(self.heads, default=0) * (self.width + self.gap), bottom)

    def rect(self, site: int, head: int) -> QRect:
        """Return the rectangle of a thumbnail in the content."""
        return QRect(self.left + head * (self.width + self.gap), self.tops[site], self.width, self.heights[site])

    def at(self, x: int, y: int) -> tuple[int, int] | None:
        """Return (site, head) at a point of the content; None on a gap or a label."""
        if x < self.left:
            return None
        head, over = divmod(x - self.left, self.width + self.gap)
        if over >= self.width:
            return None
        for site, (top, height) in enumerate(zip(self.tops, self.heights, strict=True)):
            if top <= y < top + height and head < self.heads[site]:
                return site, head
        return None

    def step(self, site: int, head: int, right: int, down: int) -> tuple[int, int]:
        """Return the thumbnail so many steps away, the nearest where that lies outside."""
        to = max(0, min(site + down, len(self.heads) - 1))
        return to, max(0, min(head + right, self.heads[to] - 1))


def mosaic_layout(shapes: Sequence[tuple[int, int, int]], room: QSize, left: int, top: int) -> MosaicLayout:
    """Fit the thumbnails of all layers, (head, row, column) each, into `room`; larger than it where they must be.

    Thumbnails keep the proportions of their patches, within 1:4 and 4:1; a single row of tokens is a broad strip.
    """
    across = max((heads for heads, _, _ in shapes), default=1)
    gap = 3 if across * LEAST * 2 < room.width() else 2
    ratios = [_STRIP if rows == 1 else max(0.25, min(4.0, rows / columns)) for _, rows, columns in shapes]
    by_width = (room.width() - left) // max(1, across) - gap
    by_height = int((room.height() - top - gap * len(shapes)) / max(1e-6, sum(ratios)))
    width = max(LEAST, min(by_width, by_height, MOST))
    heights = [max(12, round(width * ratio)) for ratio in ratios]
    tops, y = [], top
    for height in heights:
        tops.append(y)
        y += height + gap
    return MosaicLayout(left, top, gap, width, tuple(tops), tuple(heights), tuple(heads for heads, _, _ in shapes))
