"""One table or map of numbers, large: every number is read under the pointer."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop_app import copy_menu, theme
from desktop_app.widgets import colour_maps
from desktop_app.widgets.exhibit import Exhibit
from desktop_app.widgets.frames import paint_frame
from desktop_app.widgets.map_layout import reduced
from desktop_app.widgets.signed import SIGNED, signed_levels
from desktop_app.widgets.token_canvas import by_keyboard

Floats = NDArray[np.float32]
Cell = tuple[int, int]
_MOST = 2048
"""Rows or columns of the picture; of more the one farthest from zero is painted."""
_KEYS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}


class HeatMap(QWidget):
    """Rows and columns of numbers as colours.

    Args:
        tell: says what a cell is, with its exact number.
        square: cells are square; else the map fills the widget.
    """

    pointed = Signal(object)
    """The cell, (row, column), under the pointer or walked to; None when the pointer left."""
    clicked = Signal(int, int)
    """A cell was clicked, or Enter or Space pressed on the marked one."""

    def __init__(self, tell: Callable[[int, int], str], *, square: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tell, self._square = tell, square
        self._values: Floats = np.zeros((0, 0), np.float32)
        self._high, self._signed = 1.0, True
        self._axes: tuple[str, str] = ("row", "column")
        self._titles: tuple[str, str] = ("", "")
        self._firsts: Cell = (0, 0)
        self._mark: Cell | None = None
        self._image: QImage | None = None
        self._name, self._ring = "map", False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 90)
        self.takeaway = copy_menu.join(self, self.exhibit)

    def set_map(
        self,
        values: Floats,
        high: float,
        *,
        signed: bool = True,
        axes: tuple[str, str] = ("row", "column"),
        titles: tuple[str, str] = ("", ""),
        firsts: Cell = (0, 0),
        name: str = "map",
    ) -> None:
        """Show numbers.

        Args:
            values: (row, column); not finite where there is none.
            high: the number of the last colour.
            signed: coloured around zero; else from zero up.
            axes: what rows and columns are, for who copies the numbers.
            titles: the same in the user's language, beside the map.
            firsts: what the first row and column are called, such as -6 of an offset.
            name: of files.
        """
        self._values, self._high, self._signed = values, high, signed
        self._axes, self._titles, self._firsts, self._name = axes, titles, firsts, name
        self._image = None
        self.update()

    def set_mark(self, cell: Cell | None) -> None:
        """Mark a cell."""
        if cell != self._mark:
            self._mark = cell
            self.setAccessibleDescription("" if cell is None or not self._inside(cell) else self._tell(*cell))
            self.update()

    @property
    def values(self) -> Floats:
        """What is shown."""
        return self._values

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size at which cells can be told apart."""
        return QSize(360, 260)

    def area(self) -> QRectF:
        """Return where the colours lie, beside their titles."""
        metrics = QFontMetricsF(theme.sized(self.font(), theme.SMALL))
        left = metrics.horizontalAdvance("0000") + theme.NEAR
        top = metrics.height() + theme.TIGHT
        room = QRectF(left, 2, max(1.0, self.width() - left - 2), max(1.0, self.height() - top - 4))
        if not self._square or not self._values.size:
            return room
        rows, columns = self._values.shape
        cell = min(room.width() / columns, room.height() / rows)
        return QRectF(left, 2, cell * columns, cell * rows)

    def cell_at(self, point: QPointF) -> Cell | None:
        """Return the cell at a point."""
        area = self.area()
        if not self._values.size or not area.contains(point):
            return None
        rows, columns = self._values.shape
        row = int((point.y() - area.top()) / area.height() * rows)
        column = int((point.x() - area.left()) / area.width() * columns)
        return min(row, rows - 1), min(column, columns - 1)

    def rect_of(self, cell: Cell) -> QRectF:
        """Return where a cell lies."""
        area, (rows, columns) = self.area(), self._values.shape
        wide, tall = area.width() / columns, area.height() / rows
        return QRectF(area.left() + cell[1] * wide, area.top() + cell[0] * tall, wide, tall)

    def exhibit(self, point: QPointF | None) -> Exhibit | None:
        """Return the numbers, and that of the cell at a point."""
        if not self._values.size:
            return None
        cell = self._mark if point is None else self.cell_at(point)
        number = float(self._values[cell]) if cell is not None and self._inside(cell) else None
        labels: dict[str, Sequence[str]] = {
            axis: [str(first + i) for i in range(size)]
            for axis, first, size in zip(self._axes, self._firsts, self._values.shape, strict=True)
            if first
        }
        return Exhibit(self._name, self._values, self._axes, number, labels=labels)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint the colours, the titles, the mark."""
        painter, worn, area = QPainter(self), theme.colours(self), self.area()
        if not self._values.size:
            painter.end()
            return
        painter.drawImage(area, self._picture())
        paint_frame(painter, area, worn.line, 1)
        self._paint_titles(painter, area)
        if self._mark is not None and self._inside(self._mark):
            rect = self.rect_of(self._mark)
            paint_frame(painter, rect, worn.window, 4)
            paint_frame(painter, rect, worn.accent, 2)
        if self._ring and self.hasFocus():
            paint_frame(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), worn.accent, 2)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Point at a cell."""
        self.pointed.emit(self.cell_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Click a cell."""
        cell = self.cell_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and cell is not None:
            self.clicked.emit(*cell)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Point at nothing."""
        self.pointed.emit(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Walk with the arrows, click with Enter or Space."""
        self._ring = True
        if event.key() in _KEYS and self._values.size:
            row, column = self._mark or (0, 0)
            down, right = _KEYS[Qt.Key(event.key())]
            rows, columns = self._values.shape
            self.pointed.emit((min(max(row + down, 0), rows - 1), min(max(column + right, 0), columns - 1)))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._mark is not None:
            self.clicked.emit(*self._mark)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the focus ring to who came by keyboard."""
        self._ring = by_keyboard(event)
        super().focusInEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self._image = None
        super().changeEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show the exact number in the tooltip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cell = self.cell_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if cell is None else self._tell(*cell), self)
            return True
        return super().event(event)

    def _inside(self, cell: Cell) -> bool:
        rows, columns = self._values.shape
        return bool(0 <= cell[0] < rows and 0 <= cell[1] < columns)

    def _picture(self) -> QImage:
        if self._image is None:
            paint = signed_levels if self._signed else colour_maps.levels
            entries = paint(self._values, self._high)[None]
            entries = reduced(entries, _MOST, _MOST, signed=self._signed)[0]
            table = colour_maps.table(SIGNED if self._signed else colour_maps.MAPS[0], theme.colours(self).missing)
            self._image = colour_maps.indexed(entries, table).convertToFormat(QImage.Format.Format_RGB32)
        return self._image

    def _paint_titles(self, painter: QPainter, area: QRectF) -> None:
        """Write the first and last row and column, and between them what they are."""
        worn, (rows, columns) = theme.colours(self), self._values.shape
        painter.setFont(theme.sized(self.font(), theme.SMALL))
        painter.setPen(worn.quiet)
        line = painter.fontMetrics().height()
        align = Qt.AlignmentFlag
        side = QRectF(0, area.top(), area.left() - theme.TIGHT, area.height())
        painter.drawText(side, align.AlignRight | align.AlignTop, str(self._firsts[0]))
        if rows > 1:
            painter.drawText(side, align.AlignRight | align.AlignBottom, str(self._firsts[0] + rows - 1))
        below = QRectF(area.left(), area.bottom() + 2, area.width(), line)
        painter.drawText(below, align.AlignLeft, str(self._firsts[1]))
        if columns > 1:
            painter.drawText(below, align.AlignRight, str(self._firsts[1] + columns - 1))
        painter.drawText(below, align.AlignHCenter, self._titles[1])
        painter.save()
        painter.translate(side.right() - line, area.center().y())
        painter.rotate(-90)
        half = area.height() / 2 - line
        painter.drawText(QRectF(-half, 0, 2 * half, line), align.AlignCenter, self._titles[0])
        painter.restore()
