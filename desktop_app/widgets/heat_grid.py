"""Numbers from zero to one for every pair of two lists: rows down, columns across, names beside them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app import copy_menu, theme
from desktop_app.widgets import colour_maps
from desktop_app.widgets.exhibit import Exhibit
from desktop_app.widgets.frames import paint_frame
from desktop_app.widgets.token_canvas import by_keyboard

_LONGEST = 150.0
_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class HeatGrid(QWidget):
    """A coloured cell for each pair; the pointer and the arrows read one."""

    pointed = Signal(object)
    """(row, column) that is read, or None."""
    placed = Signal(QRectF)
    """The cells lie elsewhere now."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._values: NDArray[np.float32] = np.zeros((0, 0), np.float32)
        self._rows: tuple[str, ...] = ()
        self._columns: tuple[str, ...] = ()
        self._titles = ("", "")
        self._at: tuple[int, int] | None = None
        self._ring = False
        self._map = colour_maps.MAPS[0]
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(220, 180)
        self.takeaway = copy_menu.join(self, self.exhibit)

    def set_values(
        self, values: NDArray[np.float32], rows: Sequence[str], columns: Sequence[str], titles: tuple[str, str]
    ) -> None:
        """Show numbers, (row, column), 0 to 1; `titles` are of the rows and of the columns."""
        self._values, self._rows, self._columns, self._titles = values, tuple(rows), tuple(columns), titles
        if self._at is not None and not (self._at[0] < len(self._rows) and self._at[1] < len(self._columns)):
            self._at = None
        self.placed.emit(self.area())
        self.update()

    def set_colour_map(self, name: str) -> None:
        """Colour the cells by another map."""
        self._map = name
        self.update()

    def values(self) -> NDArray[np.float32]:
        """Return the numbers shown, (row, column)."""
        return self._values

    def cell(self) -> tuple[int, int] | None:
        """Return the cell that is read."""
        return self._at

    def area(self) -> QRectF:
        """Return where the cells lie: as large as fit, at most twice as wide as high."""
        metrics = self.fontMetrics()
        line = metrics.height()
        left = min(_LONGEST, max((metrics.horizontalAdvance(name) for name in self._rows), default=0)) + line + 12
        top = min(_LONGEST, max((metrics.horizontalAdvance(name) for name in self._columns), default=0)) + line + 12
        rows, columns = max(1, len(self._rows)), max(1, len(self._columns))
        high = max(2.0, min((self.height() - top - 2) / rows, 48.0))
        wide = max(2.0, min((self.width() - left - 2) / columns, 2 * high))
        high = min(high, 2 * wide)
        return QRectF(left, top, wide * columns, high * rows)

    def cell_at(self, point: QPointF) -> tuple[int, int] | None:
        """Return (row, column) of the cell at a point."""
        area = self.area()
        if not self._values.size or not area.contains(point):
            return None
        row = int((point.y() - area.top()) / area.height() * len(self._rows))
        column = int((point.x() - area.left()) / area.width() * len(self._columns))
        return min(row, len(self._rows) - 1), min(column, len(self._columns) - 1)

    def told(self, cell: tuple[int, int]) -> str:
        """Return the two names of a cell and its number."""
        value = float(self._values[cell])
        return f"{self._rows[cell[0]]} · {self._columns[cell[1]]}: {value:.4f}"

    def exhibit(self, point: QPointF | None) -> Exhibit | None:
        """Return the numbers, and that of the cell at a point."""
        if not self._values.size:
            return None
        cell = self._at if point is None else self.cell_at(point)
        labels = {"row": self._rows, "column": self._columns}
        number = None if cell is None else float(self._values[cell])
        told = "" if cell is None else self.told(cell)
        return Exhibit(self._name, self._values, ("row", "column"), number, told, labels)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size at which twenty layers can be told apart."""
        return QSize(520, 480)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Say where the cells lie now."""
        super().resizeEvent(event)
        self.placed.emit(self.area())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint cells, names and the cell that is read."""
        painter, worn = QPainter(self), theme.colours(self)
        painter.setFont(theme.sized(self.font(), theme.SMALL))
        area = self.area()
        if self._values.size:
            entries = colour_maps.levels(np.maximum(self._values, np.float32(0)), 1.0)
            image = colour_maps.indexed(entries, colour_maps.table(self._map, worn.missing))
            painter.drawImage(area, image.convertToFormat(QImage.Format.Format_RGB32))
            self._paint_names(painter, area)
        if self._at is not None:
            cell = self._cell(self._at, area)
            paint_frame(painter, cell, worn.window, 4)
            paint_frame(painter, cell, worn.accent, 2)
        if self._ring and self.hasFocus():
            paint_frame(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), worn.accent, 2)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Read the cell under the pointer."""
        self._read(self.cell_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Read none."""
        self._read(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Walk with the arrows."""
        self._ring = True
        if event.key() in _STEPS and self._values.size:
            down, right = _STEPS[Qt.Key(event.key())]
            row, column = (0, 0) if self._at is None else (self._at[0] + down, self._at[1] + right)
            self._read((min(max(row, 0), len(self._rows) - 1), min(max(column, 0), len(self._columns) - 1)))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the focus ring to who came by keyboard."""
        self._ring = by_keyboard(event)
        super().focusInEvent(event)

    def _read(self, cell: tuple[int, int] | None) -> None:
        if cell != self._at:
            self._at = cell
            self.setAccessibleDescription("" if cell is None else self.told(cell))
            self.pointed.emit(cell)
            self.update()

    def _cell(self, cell: tuple[int, int], area: QRectF) -> QRectF:
        high, wide = area.height() / max(1, len(self._rows)), area.width() / max(1, len(self._columns))
        return QRectF(area.left() + cell[1] * wide, area.top() + cell[0] * high, wide, high)

    def _paint_names(self, painter: QPainter, area: QRectF) -> None:
        worn, metrics = theme.colours(self), painter.fontMetrics()
        line, side, wide = metrics.height(), area.height() / len(self._rows), area.width() / len(self._columns)
        every, other = (max(1, round(line * 0.95 / size + 0.49)) for size in (side, wide))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        room = area.left() - line - 12
        for row in range(0, len(self._rows), every):
            painter.setPen(worn.accent if self._at is not None and self._at[0] == row else worn.quiet)
            box = QRectF(line + 4, area.top() + (row + 0.5) * side - line / 2, room + 2, line)
            painter.drawText(box, right, metrics.elidedText(self._rows[row], Qt.TextElideMode.ElideMiddle, int(room)))
        room = area.top() - line - 12
        for column in range(0, len(self._columns), other):
            painter.setPen(worn.accent if self._at is not None and self._at[1] == column else worn.quiet)
            painter.save()
            painter.translate(area.left() + (column + 0.5) * wide, area.top() - 5)
            painter.rotate(-90)
            text = metrics.elidedText(self._columns[column], Qt.TextElideMode.ElideMiddle, int(room))
            painter.drawText(QRectF(0, -line / 2, room, line), Qt.AlignmentFlag.AlignVCenter, text)
            painter.restore()
        painter.setPen(worn.text)
        painter.drawText(
            QRectF(area.left(), 0, max(area.width(), 160), line), Qt.AlignmentFlag.AlignLeft, self._titles[1]
        )
        painter.save()
        painter.translate(0, area.bottom())
        painter.rotate(-90)
        painter.drawText(QRectF(0, 0, max(area.height(), 160), line), Qt.AlignmentFlag.AlignLeft, self._titles[0])
        painter.restore()
