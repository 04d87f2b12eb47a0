"""Colours, lines and marks of curves, told apart without colour too; and the legend."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from desktop_app import theme
from desktop_app.theme import Colours

LIGHT = ("#0072b2", "#d55e00", "#009e73", "#aa4499", "#b8860b", "#4d4d4d", "#3fa0d8")
DARK = ("#56b4e9", "#ff9d5c", "#3fd0a4", "#e0a3cf", "#f0e442", "#c0c0c0", "#9bd3f5")
"""Told apart by people who do not see red or green (after Okabe and Ito 2008), on light and on dark ground."""

_RADIUS = 3.2
_SAMPLE = 26.0


class Inked(Protocol):
    """What has a colour, a line and a mark."""

    @property
    def ink(self) -> int:
        """Which colour and mark."""

    @property
    def dashed(self) -> bool:
        """Whether the line is dashed."""

    @property
    def steps(self) -> bool:
        """Whether there is no line."""


def colour_of(ink: int, worn: Colours) -> QColor:
    """Return the colour of an ink on the ground that is worn."""
    inks = DARK if worn.window.lightness() < 128 else LIGHT
    return QColor(inks[ink % len(inks)])


def pen_of(one: Inked, worn: Colours) -> QPen:
    """Return the pen of a curve."""
    style = Qt.PenStyle.DashLine if one.dashed else Qt.PenStyle.SolidLine
    return QPen(colour_of(one.ink, worn), 1.8, style)


def paint_mark(painter: QPainter, at: QPointF, one: Inked, worn: Colours) -> None:
    """Paint the mark of a point: a disc, a square, a triangle or a diamond."""
    colour, r = colour_of(one.ink, worn), _RADIUS
    painter.setPen(QPen(colour, 1.4))
    painter.setBrush(worn.surface if one.dashed else colour)
    match one.ink % 4:
        case 0:
            painter.drawEllipse(at, r, r)
        case 1:
            painter.drawRect(QRectF(at.x() - r, at.y() - r, 2 * r, 2 * r))
        case 2:
            corners = [(0, -1.3), (1.2, 1), (-1.2, 1)]
            painter.drawPolygon(QPolygonF([QPointF(at.x() + r * x, at.y() + r * y) for x, y in corners]))
        case _:
            corners = [(0, -1.4), (1.4, 0), (0, 1.4), (-1.4, 0)]
            painter.drawPolygon(QPolygonF([QPointF(at.x() + r * x, at.y() + r * y) for x, y in corners]))


def paint_legend(
    painter: QPainter | None, width: float, names: Sequence[str], inks: Sequence[Inked], font: QFont,
    worn: Colours | None = None,
) -> float:  # fmt: skip
    """Paint samples and names in lines from the origin, and return their height; only that without a painter."""
    metrics = QFontMetricsF(font)
    line, x, y = metrics.height(), 0.0, 0.0
    for name, one in zip(names, inks, strict=True):
        wide = _SAMPLE + theme.TIGHT + metrics.horizontalAdvance(name) + theme.APART
        if x and x + wide - theme.APART > width:
            x, y = 0.0, y + line
        if painter is not None and worn is not None:
            middle = QPointF(x + _SAMPLE / 2, y + line / 2)
            if not one.steps:
                painter.setPen(pen_of(one, worn))
                painter.drawLine(QPointF(x, middle.y()), QPointF(x + _SAMPLE, middle.y()))
            paint_mark(painter, middle, one, worn)
            painter.setPen(worn.text)
            left = x + _SAMPLE + theme.TIGHT
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, max(20.0, width - left))
            painter.drawText(QRectF(left, y, wide, line), Qt.AlignmentFlag.AlignLeft, shown)
        x += wide
    return y + line + theme.TIGHT if names else 0.0
