"""The layers of the image canvas: photo, lines, chips. Free functions, so that they can be painted anywhere."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPen, QPixmap

from desktop_app.theme import Colours
from desktop_app.widgets.canvas_layout import ImageLayout

_MOST_PIXELS = 2048
_LEAST_CELL = 7.0
"""Patches smaller than this on the screen get no lines between them."""


def reduced(pixels: NDArray[np.uint8]) -> QImage:
    """Return a photo, (row, column, 3) uint8, as a picture no larger than a screen needs."""
    skip = max(1, min(pixels.shape[:2]) // (2 * _MOST_PIXELS))
    kept = np.ascontiguousarray(pixels[::skip, ::skip])
    rows, columns = kept.shape[:2]
    image = QImage(kept.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888)
    if max(rows, columns) > _MOST_PIXELS:
        keep, soft = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        image = image.scaled(_MOST_PIXELS, _MOST_PIXELS, keep, soft)
    return image.convertToFormat(QImage.Format.Format_RGB32)


def layer(size: QSize, ratio: float, fill: QColor | Qt.GlobalColor = Qt.GlobalColor.transparent) -> QPixmap:
    """Return a layer of one colour, of a size in logical pixels."""
    out = QPixmap(size * ratio)
    out.setDevicePixelRatio(ratio)
    out.fill(fill)
    return out


def paint_ground(on: QPixmap, layout: ImageLayout, photo: QImage | None, worn: Colours) -> None:
    """Paint the photo; what the model does not see of it fades."""
    painter = QPainter(on)
    painter.fillRect(layout.region, worn.missing)
    if photo is not None:
        smooth = layout.photo.width() < 4 * photo.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(layout.photo, photo)
        outside = QPainterPath()
        outside.addRect(layout.photo)
        seen = QPainterPath()
        seen.addRect(layout.region)
        veil = QColor(worn.window)
        veil.setAlpha(150)
        painter.fillPath(outside.subtracted(seen), veil)
    painter.end()


def paint_lines(on: QPixmap, layout: ImageLayout, worn: Colours) -> None:
    """Paint the lines between patches, and the outline of the region where it is not the whole photo."""
    painter = QPainter(on)
    region, grid = layout.region, layout.grid
    if min(region.width() / grid.columns, region.height() / grid.rows) >= _LEAST_CELL:
        across = (region.left() + region.width() * i / grid.columns for i in range(1, grid.columns))
        down = (region.top() + region.height() * i / grid.rows for i in range(1, grid.rows))
        lines = [QLineF(x, region.top(), x, region.bottom()) for x in across]
        lines += [QLineF(region.left(), y, region.right(), y) for y in down]
        for colour, shift in ((QColor(0, 0, 0, 38), 0.5), (QColor(255, 255, 255, 56), 0.0)):
            painter.setPen(QPen(colour, 1))
            painter.drawLines([line.translated(shift, shift) for line in lines])
    if not layout.region.adjusted(-1, -1, 1, 1).contains(layout.photo):
        painter.setPen(QPen(QColor(0, 0, 0, 150), 3))
        painter.drawRect(region)
        painter.setPen(QPen(worn.accent, 1.5, Qt.PenStyle.DashLine))
        painter.drawRect(region)
    painter.end()


@dataclass(frozen=True)
class Chip:
    """A special token: its name, its number as text, and the colours of its number; None where it has none."""

    name: str
    value: str
    fill: QColor | None


def paint_chip(painter: QPainter, rect: QRectF, chip: Chip, fonts: tuple[QFont, QFont], worn: Colours) -> None:
    """Paint one special token; `fonts` are those of name and number."""
    fill = chip.fill or worn.missing
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(worn.line, 1))
    painter.setBrush(fill)
    painter.drawRoundedRect(rect, 5, 5)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(readable_on(fill))
    centre = Qt.AlignmentFlag.AlignCenter
    painter.setFont(fonts[0])
    if not chip.value or rect.height() < 2 * painter.fontMetrics().height():
        painter.drawText(rect, centre, chip.name)
        return
    half = rect.height() / 2
    painter.drawText(rect.adjusted(0, 2, 0, -half), centre, chip.name)
    painter.setFont(fonts[1])
    painter.drawText(rect.adjusted(0, half, 0, -2), centre, chip.value)


def readable_on(fill: QColor) -> QColor:
    """Return black or white, whichever is read better on a colour (WCAG 2.1 relative luminance)."""
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (fill.redF(), fill.greenF(), fill.blueF())
    )
    bright = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return QColor("black") if bright > 0.18 else QColor("white")
