"""Points whose shapes tell labels apart without colour, and the legend that names them."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from desktop_app import theme
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
