"""One number for each head of each layer as a map of coloured cells: layers down, heads across."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop_app import copy_menu, theme
from desktop_app.widgets import colour_maps
from desktop_app.widgets.exhibit import Exhibit
from desktop_app.widgets.frames import paint_frame
from desktop_app.widgets.signed import SIGNED, signed_levels
from desktop_app.widgets.token_canvas import by_keyboard

_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
_TALLEST = 34


class HeadMap(QWidget):
    """Cells that can be pointed at, clicked and walked over; numbers are written where they fit."""

    picked = Signal(int, int)
    """Layer and head that were clicked or walked to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: NDArray[np.float32] = np.zeros((0, 0), np.float32)
        self._signed, self._chosen, self._ring = True, (0, 0), False
        self._words = "{layer} {head} {value}"
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 90)
        self.takeaway = copy_menu.join(self, self.exhibit)

    def set_values(self, values: NDArray[np.float32], *, signed: bool, words: str) -> None:
        """Show numbers, (layer, head); NaN where there is none.

        Args:
            values: coloured around zero if `signed`, else from zero up.
            signed: see `values`.
            words: the tooltip, with {layer}, {head} and {value}.
        """
        self._values, self._signed, self._words = values, signed, words
        self.setAccessibleDescription(self.describe(*self._chosen))
        self.update()

    def set_chosen(self, layer: int, head: int) -> None:
        """Outline a head."""
        self._chosen = (layer, head)
        self.setAccessibleDescription(self.describe(layer, head))
        self.update()

    def describe(self, layer: int, head: int) -> str:
        """Return a head and its exact number; empty where there is none."""
        if not (layer < self._values.shape[0] and head < self._values.shape[1]):
            return ""
        value = self._values[layer, head]
        if np.isnan(value):
            return ""
        return self._words.format(layer=layer, head=head, value=f"{value:.6g}")

    def exhibit(self, point: QPointF | None) -> Exhibit | None:
        """Return all numbers, and that of the head at a point."""
        if not self._values.size or not np.isfinite(self._values).any():
            return None
        at = self._chosen if point is None else self.head_at(point)
        there = at is not None and at[0] < self._values.shape[0] and at[1] < self._values.shape[1]
        number = float(self._values[at]) if there and at is not None and np.isfinite(self._values[at]) else None
        return Exhibit("heads", self._values, ("layer", "head"), number, told=self.describe(*at) if at else "")

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size at which numbers fit for twelve heads."""
        return QSize(640, 240)

    def rect_of(self, layer: int, head: int) -> QRectF:
        """Return where the cell of a head lies."""
        left, top, wide, tall = self._grid()
        return QRectF(left + head * wide, top + layer * tall, wide - 1, tall - 1)

    def head_at(self, point: QPointF) -> tuple[int, int] | None:
        """Return the layer and head at a point."""
        left, top, wide, tall = self._grid()
        layer, head = int((point.y() - top) // tall), int((point.x() - left) // wide)
        inside = 0 <= layer < self._values.shape[0] and 0 <= head < self._values.shape[1]
        return (layer, head) if inside else None

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint the cells, their numbers, the labels and the outline."""
        painter, worn = QPainter(self), theme.colours(self)
        painter.setFont(theme.sized(self.font(), theme.SMALL))
        if self._values.size:
            self._paint_cells(painter)
            self._paint_labels(painter)
            layer, head = self._chosen
            if layer < self._values.shape[0] and head < self._values.shape[1]:
                paint_frame(painter, self.rect_of(layer, head).adjusted(-1, -1, 1, 1), worn.accent, 2)
        if self._ring and self.hasFocus():
            paint_frame(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), worn.accent, 2)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Choose a head."""
        at = self.head_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and at is not None and self.describe(*at):
            self.picked.emit(*at)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Walk with the arrows."""
        self._ring = True
        if event.key() not in _STEPS or not self._values.size:
            super().keyPressEvent(event)
            return
        down, right = _STEPS[Qt.Key(event.key())]
        layers, heads = self._values.shape
        to = min(max(self._chosen[0] + down, 0), layers - 1), min(max(self._chosen[1] + right, 0), heads - 1)
        if to != self._chosen and self.describe(*to):
            self.picked.emit(*to)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the focus ring to who came by keyboard."""
        self._ring = by_keyboard(event)
        super().focusInEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show exact numbers in the tooltip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self.head_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if at is None else self.describe(*at), self)
            return True
        return super().event(event)

    def _grid(self) -> tuple[float, float, float, float]:
        """Return left, top, width and height of the cells."""
        metrics, (layers, heads) = self.fontMetrics(), self._values.shape
        left, top = metrics.horizontalAdvance(str(max(0, layers - 1))) + theme.NEAR, metrics.height() + theme.TIGHT
        wide = (self.width() - left - 2) / max(1, heads)
        tall = min(_TALLEST, (self.height() - top - 2) / max(1, layers))
        return left, top, max(2.0, wide), max(2.0, tall)

    def _paint_cells(self, painter: QPainter) -> None:
        worn, told = theme.colours(self), np.isfinite(self._values)
        high = float(np.abs(self._values[told]).max(initial=0.0))
        levels = signed_levels if self._signed else colour_maps.levels
        colours = colour_maps.table(SIGNED if self._signed else colour_maps.MAPS[0], worn.missing)
        entries = levels(self._values, high)
        _, _, wide, tall = self._grid()
        room = painter.fontMetrics()
        fits = wide > room.horizontalAdvance("−0.00e-0") + 2 and tall > room.height()
        for layer, head in np.ndindex(self._values.shape):
            rect, colour = self.rect_of(layer, head), QColor.fromRgba(colours[int(entries[layer, head])])
            painter.fillRect(rect, colour)
            if fits and told[layer, head]:
                painter.setPen(QColor("black" if colour.lightnessF() > 0.5 else "white"))
                text = f"{self._values[layer, head]:.2g}".replace("-", "−", 1)
                painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_labels(self, painter: QPainter) -> None:
        worn, (left, top, wide, tall) = theme.colours(self), self._grid()
        metrics, (layers, heads) = painter.fontMetrics(), self._values.shape
        across = max(1, int(np.ceil((metrics.horizontalAdvance("00") + 4) / wide)))
        down = max(1, int(np.ceil(metrics.height() / tall)))
        for head in range(0, heads, across):
            painter.setPen(worn.accent if head == self._chosen[1] else worn.quiet)
            box = QRectF(left + head * wide, 0, wide, top)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, str(head))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for layer in range(0, layers, down):
            painter.setPen(worn.accent if layer == self._chosen[0] else worn.quiet)
            box = QRectF(0, top + layer * tall, left - theme.TIGHT, tall)
            painter.drawText(box, right | Qt.TextFlag.TextDontClip, str(layer))
