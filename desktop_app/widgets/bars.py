"""Numbers as bars on a line, each read exactly under the pointer."""

from typing import cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop_app import copy_menu, theme
from desktop_app.widgets.exhibit import Exhibit

Floats = NDArray[np.floating]
_AXIS, _TOP = 60, 6


class Bars(QWidget):
    """A bar for each number, from zero up or down; a line may be drawn over them."""

    pointed = Signal(object)
    """The place under the pointer or chosen by Left and Right; None when the pointer left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: Floats = np.zeros(0)
        self._names: tuple[str, ...] = ()
        self._line: Floats | None = None
        self._mark: int | None = None
        self._axis = "place"
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(90)
        self.takeaway = copy_menu.join(self, self.exhibit)

    def set_values(
        self, values: Floats, names: tuple[str, ...] = (), line: Floats | None = None, axis: str = "place"
    ) -> None:
        """Show numbers, (place,); those not finite have no bar. `line` is drawn over them, (place,)."""
        self._values, self._names, self._line, self._axis = values, names, line, axis
        self.update()

    def set_mark(self, place: int | None) -> None:
        """Mark a place."""
        if place != self._mark:
            self._mark = place
            if place is not None and place < self._values.size:
                self.setAccessibleDescription(self.describe(place))
            self.update()

    @property
    def values(self) -> Floats:
        """What is shown."""
        return self._values

    def describe(self, place: int) -> str:
        """Return a place and its number."""
        name = self._names[place] if place < len(self._names) else str(place)
        return f"{name}: {self._values[place]:.6g}"

    def exhibit(self, point: QPointF | None) -> Exhibit | None:
        """Return the numbers, and that of the bar at a point."""
        if not self._values.size:
            return None
        place = self._mark if point is None else self.place_at(point)
        number = float(self._values[place]) if place is not None and place < self._values.size else None
        labels = {self._axis: self._names} if len(self._names) == self._values.size else {}
        more = {} if self._line is None else {"line": self._line}
        return Exhibit("bars", self._values, (self._axis,), number, labels=labels, more=more)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a good size."""
        return QSize(420, 140)

    def area(self) -> QRectF:
        """Return where the bars lie."""
        return QRectF(_AXIS, _TOP, max(1, self.width() - _AXIS - theme.TIGHT), max(1, self.height() - 2 * _TOP))

    def place_at(self, point: QPointF) -> int | None:
        """Return the place at a point."""
        area = self.area()
        if not self._values.size or not area.left() <= point.x() < area.right():
            return None
        return int((point.x() - area.left()) / area.width() * self._values.size)

    def limits(self) -> tuple[float, float]:
        """Return the smallest and the largest number of the axis; zero is always on it."""
        told = self._values[np.isfinite(self._values)]
        parts = [told] if self._line is None else [told, self._line]
        joined = np.concatenate([np.asarray(p, np.float64) for p in parts]) if told.size else np.zeros(1)
        low, high = min(0.0, float(joined.min())), max(0.0, float(joined.max()))
        return (low, high) if high > low else (0.0, 1.0)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint the axis, the bars, the line and the mark."""
        painter, worn, area = QPainter(self), theme.colours(self), self.area()
        low, high = self.limits()
        zero = _height(0.0, low, high, area)
        painter.fillRect(area, worn.surface)
        painter.setFont(theme.sized(self.font(), theme.SMALL))
        painter.setPen(worn.quiet)
        for value in {low, high, 0.0}:
            at = min(max(_height(value, low, high, area), area.top() + 6), area.bottom() - 6)
            box = QRectF(0, at - 8, _AXIS - theme.NEAR, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{value:.3g}")
        self._paint_bars(painter, area, (low, high), zero)
        painter.fillRect(QRectF(area.left(), zero, area.width(), 1), worn.quiet)
        if self._line is not None and self._line.size > 1:
            self._paint_line(painter, area, (low, high))
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Point at a bar."""
        self.pointed.emit(self.place_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Point at nothing."""
        self.pointed.emit(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Walk along the bars with Left and Right."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps and self._values.size:
            to = (0 if self._mark is None else self._mark) + steps[Qt.Key(event.key())]
            self.pointed.emit(min(max(to, 0), self._values.size - 1))
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show exact numbers in the tooltip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self.place_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if place is None else self.describe(place), self)
            return True
        return super().event(event)

    def _paint_bars(self, painter: QPainter, area: QRectF, limits: tuple[float, float], zero: float) -> None:
        worn = theme.colours(self)
        step = area.width() / max(1, self._values.size)
        for place, value in enumerate(_told(self._values)):
            if np.isnan(value):
                continue
            at = _height(float(value), *limits, area)
            gap = min(1.0, step / 5)
            bar = QRectF(area.left() + place * step, min(at, zero), max(step - gap, 0.6), abs(zero - at))
            painter.fillRect(bar, worn.text if place == self._mark else worn.accent)

    def _paint_line(self, painter: QPainter, area: QRectF, limits: tuple[float, float]) -> None:
        line = cast(Floats, self._line)
        step = area.width() / line.size
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colours(self).text)
        points = [QPointF(area.left() + (i + 0.5) * step, _height(float(v), *limits, area)) for i, v in enumerate(line)]
        painter.drawPolyline(points)


def _height(value: float, low: float, high: float, area: QRectF) -> float:
    return area.bottom() - (value - low) / (high - low) * area.height()


def _told(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, np.nan)
