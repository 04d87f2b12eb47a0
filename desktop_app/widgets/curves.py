"""Lines over one axis, each number read exactly under the pointer."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop_app import copy_menu, theme
from desktop_app.widgets import colour_maps
from desktop_app.widgets.exhibit import Exhibit

Floats = NDArray[np.floating]
_AXIS, _TOP, _NAMED = 56, 6, 8
_APART = (20, 110, 200, 65, 155, 240, 0, 90)
"""Places in a colour map of the first lines: far from each other, so that they can be told apart."""


class Curves(QWidget):
    """Lines of numbers over the same places."""

    pointed = Signal(object)
    """The place and the line under the pointer or chosen by the arrows; None when the pointer left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: Floats = np.zeros((0, 0))
        self._names: tuple[str, ...] = ()
        self._first, self._axis, self._title, self._file = 0, "place", "", "curves"
        self._mark: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(110)
        self.takeaway = copy_menu.join(self, self.exhibit)

    def set_lines(
        self,
        lines: Floats,
        names: Sequence[str],
        *,
        first: int = 0,
        axis: str = "place",
        title: str = "",
        name: str = "curves",
    ) -> None:
        """Show lines.

        Args:
            lines: (line, place); not finite where there is none.
            names: of the lines.
            first: what the first place is called.
            axis: what the places are, for who copies the numbers.
            title: the same in the user's language.
            name: of files.
        """
        self._lines, self._names = lines, tuple(names)
        self._first, self._axis, self._title, self._file = first, axis, title, name
        self.update()

    def set_mark(self, mark: tuple[int, int] | None) -> None:
        """Mark a place of a line."""
        if mark != self._mark:
            self._mark = mark
            self.setAccessibleDescription("" if mark is None or not self._inside(mark) else self.describe(*mark))
            self.update()

    @property
    def lines(self) -> Floats:
        """What is shown."""
        return self._lines

    def describe(self, place: int, line: int) -> str:
        """Return a place of a line and its exact number."""
        name = self._names[line] if line < len(self._names) else str(line)
        where = f"{self._title} {self._first + place}".strip()
        return f"{name}, {where}: {self._lines[line, place]:.9g}"

    def exhibit(self, point: QPointF | None) -> Exhibit | None:
        """Return the numbers, and the one at a point."""
        if not self._lines.size:
            return None
        at = self._mark if point is None else self.at(point)
        number = float(self._lines[at[1], at[0]]) if at is not None and self._inside(at) else None
        places = [str(self._first + place) for place in range(self._lines.shape[1])]
        return Exhibit(
            self._file, self._lines, ("line", self._axis), number, labels={"line": self._names, self._axis: places}
        )

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a good size."""
        return QSize(420, 180)

    def area(self) -> QRectF:
        """Return where the lines lie."""
        below = self.fontMetrics().height()
        return QRectF(_AXIS, _TOP, max(1, self.width() - _AXIS - theme.TIGHT), max(1, self.height() - 2 * _TOP - below))

    def at(self, point: QPointF) -> tuple[int, int] | None:
        """Return the place at a point, and the line nearest to it there."""
        area = self.area()
        if not self._lines.size or not area.left() <= point.x() <= area.right():
            return None
        count = self._lines.shape[1]
        place = min(count - 1, max(0, round((point.x() - area.left()) / area.width() * max(1, count - 1))))
        low, high = self.limits()
        heights = area.bottom() - (self._lines[:, place] - low) / (high - low) * area.height()
        far = np.where(np.isfinite(heights), np.abs(heights - point.y()), np.inf)
        return place, int(np.argmin(far))

    def limits(self) -> tuple[float, float]:
        """Return the smallest and the largest number of the axis."""
        told = self._lines[np.isfinite(self._lines)]
        if not told.size:
            return 0.0, 1.0
        low, high = min(0.0, float(told.min())), max(0.0, float(told.max()))
        return (low, high) if high > low else (low, low + 1.0)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint the axes, the lines, the mark."""
        painter, worn, area = QPainter(self), theme.colours(self), self.area()
        painter.fillRect(area, worn.surface)
        if self._lines.size:
            low, high = self.limits()
            self._paint_axes(painter, area, low, high)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            order = [i for i in range(len(self._lines)) if self._mark is None or i != self._mark[1]]
            order += [] if self._mark is None or not self._inside(self._mark) else [self._mark[1]]
            for line in order:
                chosen = self._mark is not None and line == self._mark[1]
                painter.setPen(QPen(worn.text if chosen else self.colour(line), 2.5 if chosen else 1.5))
                for part in self._parts(line, area, low, high):
                    painter.drawPolyline(part)
            self._paint_mark(painter, area, low, high)
            self._paint_names(painter, area)
        painter.end()

    def colour(self, line: int) -> QColor:
        """Return the colour of a line."""
        count = len(self._lines)
        if count == 1:
            return theme.colours(self).accent
        table = colour_maps.map_colours("viridis")
        at = _APART[line % len(_APART)] if count <= _NAMED else line * 240 // max(1, count - 1)
        dark = theme.colours(self).window.lightness() < 128
        return QColor(table[min(max(at, 95 if dark else 0), 253 if dark else 195)])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Point at a number."""
        self.pointed.emit(self.at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Point at nothing."""
        self.pointed.emit(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Walk along a line with Left and Right, to another with Up and Down."""
        place, line = self._mark or (0, 0)
        steps = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        if event.key() in steps and self._lines.size:
            along, across = steps[Qt.Key(event.key())]
            lines, places = self._lines.shape
            self.pointed.emit((min(max(place + along, 0), places - 1), min(max(line + across, 0), lines - 1)))
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show the exact number in the tooltip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self.at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if at is None else self.describe(*at), self)
            return True
        return super().event(event)

    def _inside(self, mark: tuple[int, int]) -> bool:
        lines, places = self._lines.shape
        return bool(0 <= mark[0] < places and 0 <= mark[1] < lines)

    def _point(self, place: int, value: float, area: QRectF, low: float, high: float) -> QPointF:
        count = max(1, self._lines.shape[1] - 1)
        x = area.left() + place / count * area.width()
        return QPointF(x, area.bottom() - (value - low) / (high - low) * area.height())

    def _parts(self, line: int, area: QRectF, low: float, high: float) -> list[QPolygonF]:
        """Return a line's unbroken parts."""
        values = self._lines[line]
        told = np.flatnonzero(np.isfinite(values))
        runs = np.split(told, np.flatnonzero(np.diff(told) > 1) + 1) if told.size else []
        return [QPolygonF([self._point(int(i), float(values[i]), area, low, high) for i in run]) for run in runs]

    def _paint_axes(self, painter: QPainter, area: QRectF, low: float, high: float) -> None:
        worn, align = theme.colours(self), Qt.AlignmentFlag
        painter.setFont(theme.sized(self.font(), theme.SMALL))
        painter.setPen(worn.quiet)
        for value in {low, high, 0.0}:
            at = self._point(0, value, area, low, high).y()
            box = QRectF(0, min(max(at, area.top() + 6), area.bottom() - 6) - 8, _AXIS - theme.NEAR, 16)
            painter.drawText(box, align.AlignRight | align.AlignVCenter, f"{value:.3g}")
        zero = self._point(0, 0.0, area, low, high).y()
        painter.fillRect(QRectF(area.left(), zero, area.width(), 1), worn.line)
        below = QRectF(area.left(), area.bottom() + 2, area.width(), painter.fontMetrics().height())
        painter.drawText(below, align.AlignLeft, str(self._first))
        painter.drawText(below, align.AlignRight, str(self._first + self._lines.shape[1] - 1))
        painter.drawText(below, align.AlignHCenter, self._title)

    def _paint_mark(self, painter: QPainter, area: QRectF, low: float, high: float) -> None:
        if self._mark is None or not self._inside(self._mark):
            return
        worn, (place, line) = theme.colours(self), self._mark
        value = float(self._lines[line, place])
        if not np.isfinite(value):
            return
        point = self._point(place, value, area, low, high)
        painter.fillRect(QRectF(point.x() - 0.5, area.top(), 1, area.height()), worn.line)
        painter.setBrush(worn.accent)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(point, 4, 4)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_names(self, painter: QPainter, area: QRectF) -> None:
        """Write the names of a few lines, each in its colour."""
        if not 1 < len(self._lines) <= _NAMED:
            return
        painter.setFont(theme.sized(self.font(), theme.SMALL))
        metrics = painter.fontMetrics()
        at = area.right() - theme.NEAR
        for line in reversed(range(len(self._lines))):
            name = self._names[line] if line < len(self._names) else str(line)
            at -= metrics.horizontalAdvance(name)
            room = QRectF(at - 2, area.top(), metrics.horizontalAdvance(name) + 4, metrics.height() + 2)
            painter.fillRect(room, theme.colours(self).surface)
            painter.setPen(self.colour(line))
            painter.drawText(QPointF(at, area.top() + metrics.ascent() + 2), name)
            at -= theme.APART
