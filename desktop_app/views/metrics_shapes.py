"""Points whose shapes tell labels apart without colour, the legend that names them, and the axes behind them."""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from desktop_app import theme
from desktop_app.widgets.colour_bar import number, ticks
from engine.head_labels import LABELS, Label

RADIUS = 4.5
"""Size of a point."""


def paint_legend(painter: QPainter, right: float, names: dict[Label | None, str], worn: theme.Colours) -> None:
    """Name the shapes in one line at the top that ends at `right`."""
    metrics = painter.fontMetrics()
    x = right
    for label in (None, *reversed(LABELS)):
        text = names.get(label, "")
        x -= metrics.horizontalAdvance(text)
        painter.setPen(worn.quiet)
        painter.drawText(QPointF(x, metrics.ascent()), text)
        x -= theme.NEAR + 2
        paint_shape(painter, QPointF(x, metrics.height() / 2), RADIUS, label, worn.quiet)
        x -= theme.APART


def paint_shape(painter: QPainter, at: QPointF, radius: float, label: Label | None, ink: QColor) -> None:
    """Paint a point whose shape tells the label: triangle, square, diamond, ring; a dot without label."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    x, y, r = at.x(), at.y(), radius
    if label == "positional":
        painter.drawPolygon(QPolygonF([QPointF(x, y - r), QPointF(x + r, y + r * 0.8), QPointF(x - r, y + r * 0.8)]))
    elif label == "sink":
        painter.drawRect(QRectF(x - r * 0.85, y - r * 0.85, 1.7 * r, 1.7 * r))
    elif label == "local":
        painter.drawPolygon(QPolygonF([QPointF(x, y - r), QPointF(x + r, y), QPointF(x, y + r), QPointF(x - r, y)]))
    elif label == "global":
        painter.setPen(QPen(ink, max(1.5, r * 0.35)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, r * 0.8, r * 0.8)
    else:
        painter.drawEllipse(at, r * 0.65, r * 0.65)


def paint_axes(
    painter: QPainter, area: QRectF, size: tuple[float, int, int], names: tuple[str, str], worn: theme.Colours
) -> None:
    """Paint lines and numbers of both axes.

    Args:
        painter: its font is that of the numbers.
        area: where the points lie.
        size: the number at the top, how many layers there are, and which one is chosen.
        names: of the axes, across and up.
        worn: colours.
    """
    high, layers, chosen = size
    line = painter.fontMetrics().height()
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    for tick in ticks(high, max(2, int(area.height() / (2.6 * line)))):
        y = area.bottom() - tick / high * area.height()
        painter.setPen(QPen(worn.line, 1))
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        painter.setPen(worn.quiet)
        painter.drawText(QRectF(0, y - line / 2, area.left() - 6, line), right, number(tick, high))
    painter.setPen(worn.text)
    painter.drawText(QRectF(0, 0, area.width() / 2, line), Qt.AlignmentFlag.AlignLeft, names[1])
    wide = area.width() / max(1, layers)
    every = max(1, math.ceil((painter.fontMetrics().horizontalAdvance("000") + 4) / wide))
    for layer in range(layers):
        x = area.left() + layer * wide
        if layer and wide > 12:
            painter.setPen(QPen(worn.line, 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        if layer % every == 0:
            painter.setPen(worn.accent if layer == chosen else worn.quiet)
            box = QRectF(x - wide, area.bottom() + 4, 3 * wide, line)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(layer))
    painter.setPen(worn.text)
    box = QRectF(area.left(), area.bottom() + 4 + line, area.width(), line)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, names[0])
