"""How a mosaic becomes one picture, and the labels and outlines over it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QImage, QPainter, QPixmap

from desktop_app.theme import Colours
from desktop_app.widgets.colour_maps import GAP, Levels, indexed, levels
from desktop_app.widgets.mosaic_layout import MosaicLayout, Tiles


def assemble(
    tiles: Sequence[Tiles], layout: MosaicLayout, room: QSize, offset: QPoint, ratio: float, table: list[int]
) -> QImage:
    """Return the visible part of the mosaic, one byte a pixel of the screen.

    Where a thumbnail has fewer pixels than patches, each pixel shows the largest of the patches under it, so that
    a head that looks at one patch alone is seen.
    """
    canvas = np.full((round(room.height() * ratio), round(room.width() * ratio)), GAP, np.uint8)
    for first, last in _alike(tiles):
        height = max(1, round(layout.heights[first] * ratio))
        width = max(1, round(layout.width * ratio))
        values = np.concatenate([row.values for row in tiles[first:last]])  # (head of all these sites, row, column)
        high = np.concatenate([row.high for row in tiles[first:last]])[:, None, None]
        drawn = stretched(levels(pooled(values, height, width), high), height, width)
        at = 0
        for site in range(first, last):
            top = round((layout.tops[site] - offset.y()) * ratio)
            heads = layout.heads[site]
            if top + height > 0 and top < canvas.shape[0]:
                _place(canvas, drawn[at : at + heads], top, layout, offset.x(), ratio)
            at += heads
    image = indexed(canvas, table)
    image.setDevicePixelRatio(ratio)
    return image


def _alike(tiles: Sequence[Tiles]) -> Iterator[tuple[int, int]]:
    """Yield (first, last + 1) of neighbouring layers whose thumbnails have the same rows and columns."""
    first = 0
    for site in range(1, len(tiles) + 1):
        if site == len(tiles) or tiles[site].shape[1:] != tiles[first].shape[1:]:
            yield first, site
            first = site


def _place(canvas: Levels, drawn: Levels, top: int, layout: MosaicLayout, scrolled: int, ratio: float) -> None:
    """Put the thumbnails of one layer, (head, row, column), on the canvas; what lies outside is cut off."""
    heads, height, width = drawn.shape
    left, pitch = (layout.left - scrolled) * ratio, (layout.width + layout.gap) * ratio
    inside = top >= 0 and left >= 0 and top + height <= canvas.shape[0]
    if inside and pitch.is_integer() and left.is_integer() and left + heads * pitch <= canvas.shape[1]:
        block = canvas[top : top + height, int(left) : int(left + heads * pitch)]
        block.reshape(height, heads, int(pitch))[:, :, :width] = drawn.transpose(1, 0, 2)
        return
    rows = slice(max(0, top), min(canvas.shape[0], top + height))
    for head, tile in enumerate(drawn):
        x = round(left + head * pitch)
        columns = slice(max(0, x), min(canvas.shape[1], x + width))
        if columns.start < columns.stop:
            canvas[rows, columns] = tile[rows.start - top : rows.stop - top, columns.start - x : columns.stop - x]


def pooled(values: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
    """Return (head, row, column) with no more rows and columns than pixels: the largest of each group."""
    return _pooled(_pooled(values, height).swapaxes(1, 2), width).swapaxes(1, 2)


def _pooled(values: NDArray[np.float32], most: int) -> NDArray[np.float32]:
    """Return (head, row, column) with at most `most` rows."""
    rows = values.shape[1]
    group = -(-rows // most)
    out = values[:, ::group]
    for i in range(1, group):  # slices are ten times faster here than `reduceat`
        more = values[:, i::group]
        if more.shape[1] == out.shape[1]:
            out = np.maximum(out, more)
        else:
            out = np.concatenate([np.maximum(out[:, :-1], more), out[:, -1:]], axis=1)
    return out


def stretched(entries: Levels, height: int, width: int) -> Levels:
    """Return (head, row, column) at (head, height, width): each entry becomes a rectangle of pixels."""
    rows = np.arange(height) * entries.shape[1] // height
    columns = np.arange(width) * entries.shape[2] // width
    return entries[:, :, columns][:, rows]


def paint_labels(
    painter: QPainter,
    layout: MosaicLayout,
    labels: Sequence[str],
    offset: QPoint,
    chosen: tuple[int, int],
    worn: Colours,
    room: QSize,
) -> None:
    """Paint layer labels at the left and head numbers above; they stay while the thumbnails scroll."""
    metrics = painter.fontMetrics()
    painter.fillRect(0, 0, room.width(), layout.top, worn.window)
    painter.fillRect(0, 0, layout.left, room.height(), worn.window)
    every = 1
    while metrics.horizontalAdvance("00") + 4 > (layout.width + layout.gap) * every:
        every *= 2
    for head in range(0, max(layout.heads, default=0), every):
        x = layout.left + head * (layout.width + layout.gap) - offset.x()
        if x >= layout.left - layout.width // 2:
            painter.setPen(worn.accent if head == chosen[1] else worn.quiet)
            painter.drawText(QRect(x, 0, layout.width, layout.top), Qt.AlignmentFlag.AlignCenter, str(head))
    for site, label in enumerate(labels):
        y = layout.tops[site] - offset.y()
        if y + layout.heights[site] // 2 >= layout.top:
            painter.setPen(worn.accent if site == chosen[0] else worn.quiet)
            box = QRect(0, y, layout.left - 6, layout.heights[site])
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, label)


@dataclass(frozen=True)
class LabelLook:
    """What decides how the labels of a mosaic look.

    Attributes:
        layout: where everything lies in the content.
        labels: of the layers.
        offset: how far the content is scrolled, (right, down).
        chosen: site and head.
        worn: the theme's colours.
    """

    layout: MosaicLayout
    labels: tuple[str, ...]
    offset: tuple[int, int]
    chosen: tuple[int, int]
    worn: Colours


class LabelLayer:
    """The labels as a picture, made anew only where they look otherwise: text is slow to paint."""

    def __init__(self) -> None:
        self._made: tuple[object, QPixmap] | None = None

    def paint(self, painter: QPainter, look: LabelLook, font: QFont) -> None:
        """Paint the labels on a widget, over the thumbnails."""
        device = painter.device()
        room, ratio = QSize(device.width(), device.height()), device.devicePixelRatioF()
        key = (look, room.toTuple(), ratio, font.toString())
        if self._made is None or self._made[0] != key:
            picture = QPixmap(room * ratio)
            picture.setDevicePixelRatio(ratio)
            inside = QPainter(picture)
            inside.setFont(font)
            paint_labels(inside, look.layout, look.labels, QPoint(*look.offset), look.chosen, look.worn, room)
            inside.end()
            self._made = (key, picture)
        for strip in (QRectF(0, 0, room.width(), look.layout.top), QRectF(0, 0, look.layout.left, room.height())):
            source = QRectF(0, 0, strip.width() * ratio, strip.height() * ratio)
            painter.drawPixmap(strip, self._made[1], source)
