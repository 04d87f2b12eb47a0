"""Curves over one axis: read at the pointer, told apart by colour, line and mark."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app import copy_menu, theme
from desktop_app.widgets.colour_bar import number, ticks
from desktop_app.widgets.exhibit import Exhibit
from desktop_app.widgets.frames import paint_frame
from desktop_app.widgets.plot_ink import colour_of, paint_legend, paint_mark, pen_of
from desktop_app.widgets.token_canvas import by_keyboard

Floats = NDArray[np.float32]
MOST_MARKS = 10
"""Curves of more points have marks at some of them."""


@dataclass(frozen=True, eq=False)
class Series:
    """One curve.

    Attributes:
        name: what it is called.
        x, y: its points, (point,); what is no number breaks the line.
        low, high: a band around it, (point,); None for none.
        ink: which colour and mark; curves of one thing share it.
        dashed: a second curve of the same thing.
        steps: only marks, no line between them.
    """

    name: str
    x: Floats = field(repr=False)
    y: Floats = field(repr=False)
    low: Floats | None = field(default=None, repr=False)
    high: Floats | None = field(default=None, repr=False)
    ink: int = 0
    dashed: bool = False
    steps: bool = False


@dataclass(frozen=True)
class Axes:
    """What the axes are: names, and the numbers at their far ends; both begin at zero."""

    across: str = ""
    up: str = ""
    right: float = 1.0
    top: float = 1.0
    percent: bool = False


class LinePlot(QWidget):
    """Curves with axes from zero. The pointer or the arrows read all curves at one place."""

    pointed = Signal(object)
    """The number on the axis that is read, or None."""

    def __init__(self, name: str, *, legend: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._legend = name, legend
        self._series: tuple[Series, ...] = ()
        self._axes = Axes()
        self._at: float | None = None
        self._ring = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 130)
        self.takeaway = copy_menu.join(self, self.exhibit)

    def set_series(self, series: Sequence[Series], axes: Axes) -> None:
        """Show curves."""
        self._series, self._axes = tuple(series), axes
        if self._at is not None and self._at > axes.right:
            self._at = None
        self.update()

    def series(self) -> tuple[Series, ...]:
        """Return the curves shown."""
        return self._series

    def read(self, at: float) -> list[tuple[str, float, float]]:
        """Return name, place and number of each curve at the place nearest to `at`."""
        out = []
        for one in self._series:
            told = np.flatnonzero(np.isfinite(one.y))
            if told.size:
                best = told[int(np.argmin(np.abs(one.x[told] - at)))]
                out.append((one.name, float(one.x[best]), float(one.y[best])))
        return out

    def area(self) -> QRectF:
        """Return where the curves lie."""
        small = theme.sized(self.font(), theme.SMALL)
        painter_metrics = self.fontMetrics()
        left = painter_metrics.horizontalAdvance("0.000") + theme.NEAR
        line = painter_metrics.height()
        names = [one.name for one in self._series]
        top = float(line + theme.TIGHT)
        if self._legend:
            top += paint_legend(None, self.width() - left, names, self._series, small)
        bottom = 2 * line + theme.TIGHT
        wide, high = self.width() - left - 1.5 * theme.APART, self.height() - top - bottom
        return QRectF(left, top, max(1.0, wide), max(1.0, high))

    def place(self, x: float, y: float) -> QPointF:
        """Return where a point of the axes lies."""
        area, axes = self.area(), self._axes
        return QPointF(
            area.left() + x / (axes.right or 1.0) * area.width(), area.bottom() - y / (axes.top or 1.0) * area.height()
        )

    def exhibit(self, point: QPointF | None) -> Exhibit | None:
        """Return the points of all curves, and what they are at a place."""
        if not self._series:
            return None
        lines: list[list[object]] = [[self._axes.across, *(one.name for one in self._series)]]
        places = sorted({float(x) for one in self._series for x in one.x})
        for x in places:
            row: list[object] = [x]
            for one in self._series:
                found = np.flatnonzero(np.isclose(one.x, x))
                row.append(float(one.y[found[0]]) if found.size else "")
            lines.append(row)
        told, exact = "", None
        if point is not None and self.area().adjusted(-4, -4, 4, 4).contains(point):
            read = self.read(self._x_at(point))
            told = "\n".join(f"{name}: {self._told(x)} → {y:.4g}" for name, x, y in read)
            nearest = min(read, key=lambda one: abs(self.place(one[1], one[2]).y() - point.y()), default=None)
            exact = None if nearest is None else nearest[2]
        return Exhibit(self._name, None, lines=lines, number=exact, told=told)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size at which curves can be told apart."""
        return QSize(420, 240)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint axes, bands, curves, the place that is read, and the legend."""
        painter, worn = QPainter(self), theme.colours(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.sized(self.font(), theme.SMALL))
        area = self.area()
        painter.fillRect(area, worn.surface)
        self._paint_axes(painter, area)
        for one in self._series:
            self._paint_band(painter, one)
        for one in self._series:
            self._paint_curve(painter, one)
        if self._at is not None and self._series:
            x = self.place(self._at, 0).x()
            painter.setPen(QPen(worn.quiet, 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        if self._legend:
            names = [one.name for one in self._series]
            painter.save()
            painter.translate(area.left(), painter.fontMetrics().height() + theme.TIGHT)
            paint_legend(painter, area.width() + theme.NEAR, names, self._series, painter.font(), worn)
            painter.restore()
        if self._ring and self.hasFocus():
            paint_frame(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), worn.accent, 2)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Read the curves under the pointer."""
        inside = self.area().adjusted(-4, -4, 4, 4).contains(event.position())
        self._read_at(self._x_at(event.position()) if inside else None)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Read nothing."""
        self._read_at(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Step along the points with Left and Right."""
        self._ring = True
        places = sorted({float(x) for one in self._series for x in one.x})
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and places:
            now = 0 if self._at is None else int(np.argmin(np.abs(np.array(places) - self._at)))
            step = 0 if self._at is None else 1 if event.key() == Qt.Key.Key_Right else -1
            self._read_at(places[min(max(now + step, 0), len(places) - 1)])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the focus ring to who came by keyboard."""
        self._ring = by_keyboard(event)
        super().focusInEvent(event)

    def _x_at(self, point: QPointF) -> float:
        area = self.area()
        return float(np.clip((point.x() - area.left()) / area.width(), 0, 1)) * self._axes.right

    def _read_at(self, at: float | None) -> None:
        if at is not None and self._series:
            read = self.read(at)
            at = min((x for _, x, _ in read), key=lambda x: abs(x - (at or 0.0)), default=at)
            self.setAccessibleDescription("; ".join(f"{name}: {y:.4g}" for name, _, y in read))
        if at != self._at:
            self._at = at
            self.pointed.emit(at)
            self.update()

    def _told(self, x: float) -> str:
        return f"{100 * x:.0f} %" if self._axes.percent else f"{x:g}"

    def _paint_axes(self, painter: QPainter, area: QRectF) -> None:
        worn, axes, line = theme.colours(self), self._axes, painter.fontMetrics().height()
        for tick in ticks(axes.top, max(2, int(area.height() / (2.4 * line)))):
            y = self.place(0, tick).y()
            painter.setPen(QPen(worn.line, 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(worn.quiet)
            box = QRectF(0, y - line / 2, area.left() - 6, line)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number(tick, axes.top))
        for tick in ticks(axes.right, max(2, int(area.width() / (4 * line)))):
            x = self.place(tick, 0).x()
            painter.setPen(worn.quiet)
            box = QRectF(x - 40, area.bottom() + 3, 80, line)
            text = f"{100 * tick:.0f} %" if axes.percent else number(tick, axes.right)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, text)
        painter.setPen(worn.text)
        painter.drawText(QRectF(0, 0, self.width(), line), Qt.AlignmentFlag.AlignLeft, axes.up)
        box = QRectF(area.left(), area.bottom() + 3 + line, area.width(), line)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, axes.across)

    def _paint_band(self, painter: QPainter, one: Series) -> None:
        if one.low is None or one.high is None:
            return
        fill = QColor(colour_of(one.ink, theme.colours(self)))
        fill.setAlpha(46)
        forth = [self.place(float(x), float(y)) for x, y in zip(one.x, one.high, strict=True)]
        back = [self.place(float(x), float(y)) for x, y in zip(one.x, one.low, strict=True)]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawPolygon(QPolygonF([*forth, *reversed(back)]))

    def _paint_curve(self, painter: QPainter, one: Series) -> None:
        worn = theme.colours(self)
        points = [self.place(float(x), float(y)) if np.isfinite(y) else None for x, y in zip(one.x, one.y, strict=True)]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen_of(one, worn))
        part: list[QPointF] = []
        for point in [*points, None]:
            if point is not None:
                part.append(point)
            elif part:
                if not one.steps:
                    painter.drawPolyline(QPolygonF(part))
                part = []
        told = [point for point in points if point is not None]
        for point in told[:: max(1, len(told) // MOST_MARKS)]:
            paint_mark(painter, point, one, worn)
