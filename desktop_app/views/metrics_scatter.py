"""All heads as points: layers across, one number up; shapes tell labels apart, the accent tells the chosen head."""

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop_app import theme
from desktop_app.views.metrics_data import HeadRow
from desktop_app.views.metrics_shapes import RADIUS, paint_axes, paint_legend, paint_shape
from desktop_app.widgets.frames import paint_frame
from desktop_app.widgets.token_canvas import by_keyboard
from engine.head_labels import Label

_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_REACH, _SPREAD = 12.0, 0.74
"""How near the pointer must be; share of a layer's width that its heads take."""


class HeadScatter(QWidget):
    """Points that can be pointed at, clicked and walked over; it shows one as chosen and asks for others."""

    picked = Signal(int, int)
    """Site and head that were clicked or walked to."""
    pointed = Signal(object)
    """The `HeadRow` under the pointer, or None."""

    def __init__(self, describe: Callable[[HeadRow], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._describe = describe
        self._rows: tuple[HeadRow, ...] = ()
        self._shown: frozenset[tuple[int, int]] = frozenset()
        self._heads: list[int] = []
        self._high = 1.0
        self._places: list[tuple[HeadRow, QPointF]] | None = None
        self._column, self._axis = "entropy", ("", "")
        self._legend: dict[Label | None, str] = {}
        self._chosen = (0, 0)
        self._under: HeadRow | None = None
        self._ring = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 150)

    def set_rows(self, rows: Sequence[HeadRow], column: str, shown: frozenset[tuple[int, int]]) -> None:
        """Show heads by a column; those not in `shown`, (site, head), are pale."""
        self._rows, self._column, self._shown = tuple(rows), column, shown
        layers = 1 + max((row.site for row in rows), default=-1)
        self._heads = [0] * layers
        for row in self._rows:
            self._heads[row.site] = max(self._heads[row.site], row.head + 1)
        told = [row.number(column) for row in self._rows]
        self._high = 1.06 * max((value for value in told if math.isfinite(value)), default=0.0) or 1.0
        self._places = None
        self.update()

    def set_words(self, axes: tuple[str, str], legend: dict[Label | None, str]) -> None:
        """Name the axes, across and up, and the shapes."""
        self._axis, self._legend = axes, legend
        self.update()

    def set_chosen(self, site: int, head: int) -> None:
        """Show a head in the accent."""
        self._chosen = (site, head)
        row = self.marked(None)
        self.setAccessibleDescription("" if row is None else self._describe(row))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size at which the heads of twelve layers can be told apart."""
        return QSize(640, 260)

    def area(self) -> QRectF:
        """Return where the points lie."""
        metrics = self.fontMetrics()
        left = metrics.horizontalAdvance("0.0000") + theme.APART
        top, bottom = metrics.height() + theme.NEAR, 2 * metrics.height() + theme.NEAR
        return QRectF(left, top, max(1.0, self.width() - left - theme.NEAR), max(1.0, self.height() - top - bottom))

    def high(self) -> float:
        """Return the number at the top."""
        return self._high

    def point_of(self, row: HeadRow) -> QPointF | None:
        """Return where a head lies; None where it has no number. Heads of a layer lie side by side, in order."""
        return self._point(row, self.area())

    def _point(self, row: HeadRow, area: QRectF) -> QPointF | None:
        value = row.number(self._column)
        if not math.isfinite(value):
            return None
        heads = self._heads[row.site]
        aside = (row.head + 0.5) / heads - 0.5 if heads else 0.0
        x = (row.site + 0.5 + aside * _SPREAD) / len(self._heads)
        return QPointF(area.left() + x * area.width(), area.bottom() - value / self._high * area.height())

    def marked(self, point: QPointF | None) -> HeadRow | None:
        """Return the head at a point, the chosen one where it is None."""
        if point is not None:
            return self.row_at(point)
        return next((row for row in self._rows if (row.site, row.head) == self._chosen), None)

    def row_at(self, point: QPointF) -> HeadRow | None:
        """Return the head nearest to a point, if it is near."""
        best, least = None, _REACH**2
        for row, at in self._placed():
            gap = (at.x() - point.x()) ** 2 + (at.y() - point.y()) ** 2
            if gap < least:
                best, least = row, gap
        return best

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint axes, points, and the legend."""
        painter, worn = QPainter(self), theme.colours(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self.area()
        painter.fillRect(area, worn.surface)
        painter.setFont(theme.sized(self.font(), theme.SMALL))
        paint_axes(painter, area, (self._high, len(self._heads), self._chosen[0]), self._axis, worn)
        paint_legend(painter, area.right(), self._legend, worn)
        last: list[tuple[HeadRow, QPointF]] = []
        for row, at in self._placed():
            if (row.site, row.head) == self._chosen or row is self._under:
                last.append((row, at))
                continue
            ink = QColor(worn.quiet)
            ink.setAlphaF(0.9 if (row.site, row.head) in self._shown else 0.2)
            paint_shape(painter, at, RADIUS, _first(row), ink)
        for row, at in last:
            chosen = (row.site, row.head) == self._chosen
            ink = worn.accent if chosen else worn.text
            painter.setPen(QPen(worn.surface, 1))
            painter.setBrush(worn.surface)
            painter.drawEllipse(at, RADIUS + 3, RADIUS + 3)
            paint_shape(painter, at, RADIUS + 2, _first(row), ink)
            if row is self._under:
                painter.setPen(QPen(ink, 1.2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(at, RADIUS + 5, RADIUS + 5)
        if self._ring and self.hasFocus():
            paint_frame(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), worn.accent, 2)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Place everything anew."""
        self._places = None
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the font."""
        self._places = None
        super().changeEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Say which head the pointer is near."""
        self._set_under(self.row_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Say that the pointer is near none."""
        self._set_under(None)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Choose the head under the pointer."""
        row = self.row_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and row is not None:
            self.picked.emit(row.site, row.head)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Walk: Left and Right over layers, Up and Down over the heads of a layer."""
        self._ring = True
        key = event.key()
        if key not in _STEPS or not self._heads:
            super().keyPressEvent(event)
            return
        across, down = _STEPS[Qt.Key(key)]
        site = min(max(self._chosen[0] + across, 0), len(self._heads) - 1)
        head = min(max(self._chosen[1] + down, 0), self._heads[site] - 1)
        if (site, head) != self._chosen:
            self.picked.emit(site, head)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the focus ring to who came by keyboard."""
        self._ring = by_keyboard(event)
        super().focusInEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show exact numbers in the tooltip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self.row_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if row is None else self._describe(row), self)
            return True
        return super().event(event)

    def _placed(self) -> list[tuple[HeadRow, QPointF]]:
        """Return the heads that have a number, and where they lie."""
        if self._places is None:
            area = self.area()
            found = ((row, self._point(row, area)) for row in self._rows)
            self._places = [(row, at) for row, at in found if at is not None]
        return self._places

    def _set_under(self, row: HeadRow | None) -> None:
        if row is not self._under:
            self._under = row
            self.pointed.emit(row)
            self.update()


def _first(row: HeadRow) -> Label | None:
    """Return the most telling label."""
    return row.labels[0] if row.labels else None
