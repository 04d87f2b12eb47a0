"""How a mosaic becomes one picture, and the labels and outlines over it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

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
    for site, row in enumerate(tiles):
        box = layout.rect(site, 0)
        top, height = round((box.top() - offset.y()) * ratio), max(1, round(box.height() * ratio))
        if top + height <= 0 or top >= canvas.shape[0]:
            continue
        width = max(1, round(layout.width * ratio))
        drawn = levels(pooled(row.values, height, width), row.high[:, None, None])
        _place(canvas, stretched(drawn, height, width), top, layout, offset.x(), ratio)
    image = indexed(canvas, table)
    image.setDevicePixelRatio(ratio)
    return image


def _place(canvas: Levels, drawn: Levels, top: int, layout: MosaicLayout, scrolled: int, ratio: float) -> None:
    """Put the thumbnails of one layer, (head, row, column), on the canvas; what lies outside is cut off."""
    rows = slice(max(0, top), min(canvas.shape[0], top + drawn.shape[1]))
    for head, tile in enumerate(drawn):
        x = round((layout.left + head * (layout.width + layout.gap) - scrolled) * ratio)
        columns = slice(max(0, x), min(canvas.shape[1], x + tile.shape[1]))
        if columns.start < columns.stop:
            canvas[rows, columns] = tile[rows.start - top : rows.stop - top, columns.start - x : columns.stop - x]


def pooled(values: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
    """Return (head, row, column) with no more rows and columns than pixels: the largest of each group."""
    for axis, pixels in ((1, height), (2, width)):
        count = -(-values.shape[axis] // pixels)
        if count > 1:
            values = np.maximum.reduceat(values, np.arange(0, values.shape[axis], count), axis=axis)
    return values


def stretched(entries: Levels, height: int, width: int) -> Levels:
    """Return (head, row, column) at (head, height, width): each entry becomes a rectangle of pixels."""
    rows = np.arange(height) * entries.shape[1] // height
    columns = np.arange(width) * entries.shape[2] // width
    return entries[:, :, columns][:, rows]


def paint_outline(painter: QPainter, rect: QRect, colour: QColor, width: int) -> None:
    """Outline a thumbnail just outside its pixels."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap, Qt.PenJoinStyle.MiterJoin))
    out = width / 2
    painter.drawRect(QRectF(rect).adjusted(-out, -out, out, out))


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
