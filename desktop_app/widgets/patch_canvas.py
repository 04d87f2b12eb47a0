"""A picture cut into patches that can be clicked, dragged onto each other, and counted."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from desktop_app import theme
from desktop_app.widgets.canvas_layout import WHOLE, ImageLayout, Region
from desktop_app.widgets.exhibit import Exhibit
from desktop_app.widgets.frames import paint_frame
from desktop_app.widgets.image_canvas import ImageCanvas
from desktop_app.widgets.image_paint import layer

_LEAST_CELL = 19.0
"""Patches smaller than this on the screen get no number."""
_DRAG = 5.0
_KEYS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class PatchCanvas(ImageCanvas):
    """The image canvas; a press that ends on another patch asks to exchange the two, and so does Ctrl with an arrow."""

    exchanged = Signal(int, int)
    """A patch was dragged onto another: the first and the second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixels: NDArray[np.uint8] | None = None
        self._numbered = True
        self._numbers: tuple[object, QPixmap] | None = None
        self._held: tuple[int, QPointF] | None = None
        self._over: int | None = None

    def set_photo(self, pixels: NDArray[np.uint8] | None, region: Region = WHOLE) -> None:
        """Show a picture, (row, column, 3) uint8; its pixels can be copied and saved."""
        super().set_photo(pixels, region)
        self._pixels = pixels

    def exhibit(self, point: QPointF | None) -> Exhibit | None:  # noqa: ARG002 - of the whole picture
        """Return the pixels."""
        return None if self._pixels is None else Exhibit("patches", self._pixels, ("row", "column", "colour"))

    def set_numbered(self, numbered: bool) -> None:
        """Write its number on every patch, or not."""
        self._numbered = numbered
        self.update()

    def paint_picture(self, painter: QPainter) -> None:
        """Paint the picture and the numbers."""
        super().paint_picture(painter)
        layout, ratio = self.tokens_layout(), self.devicePixelRatioF()
        if layout is None or not self._numbered:
            return
        kept = (layout, ratio, self.font().key(), self.size())
        if self._numbers is None or self._numbers[0] != kept:
            self._numbers = kept, layer(self.size(), ratio)
            within = QPainter(self._numbers[1])
            self._paint_numbers(within, layout)
            within.end()
        painter.drawPixmap(0, 0, self._numbers[1])

    def _paint_numbers(self, painter: QPainter, layout: ImageLayout) -> None:
        """Write the numbers, which is dear, onto a layer that is kept."""
        wide, tall = layout.region.width() / layout.grid.columns, layout.region.height() / layout.grid.rows
        if min(wide, tall) < _LEAST_CELL:
            return
        painter.setFont(theme.sized(self.font(), theme.SMALL * 0.85))
        metrics = painter.fontMetrics()
        for patch in range(layout.grid.patches):
            rect = layout.rect_of(layout.grid.prefix + patch)
            if rect is not None:
                text = str(patch)
                room = QRectF(rect.left() + 1, rect.top() + 1, metrics.horizontalAdvance(text) + 4, metrics.height())
                painter.fillRect(room, QColor(0, 0, 0, 120))
                painter.setPen(QColor("white"))
                painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the picture, and what is being dragged where."""
        super().paintEvent(event)
        layout = self.tokens_layout()
        if layout is None or self._held is None or self._over is None:
            return
        painter, worn = QPainter(self), theme.colours(self)
        for patch in (self._held[0], self._over):
            rect = layout.rect_of(patch)
            if rect is not None:
                paint_frame(painter, rect, worn.window, 4)
                paint_frame(painter, rect, worn.accent, 2)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold of a patch; where it is let go decides what was meant."""
        layout = self.tokens_layout()
        patch = None if layout is None else layout.token_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and patch is not None:
            self._held, self._over = (patch, event.position()), None
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Say which patch the pointer is over; carry the one that is held."""
        super().mouseMoveEvent(event)
        layout = self.tokens_layout()
        if self._held is not None and layout is not None:
            far = (event.position() - self._held[1]).manhattanLength() > _DRAG
            over = layout.token_at(event.position()) if far else None
            if over != self._over:
                self._over = over
                self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Exchange two patches; a press that went nowhere was a click; beside the picture nothing was meant."""
        held, layout = self._held, self.tokens_layout()
        self._held = self._over = None
        self.update()
        if held is None or layout is None:
            super().mouseReleaseEvent(event)
            return
        over = layout.token_at(event.position())
        if over == held[0]:
            self.clicked.emit(held[0])
        elif over is not None:
            self.exchanged.emit(held[0], over)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Exchange the marked patch with its neighbour by Ctrl and an arrow; else as every canvas."""
        layout, token = self.tokens_layout(), self._token
        held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if held and event.key() in _KEYS and layout is not None and token is not None:
            to = layout.step(token, *_KEYS[Qt.Key(event.key())])
            if to is not None and to != token:
                self.exchanged.emit(token, to)
                self.walked.emit(to)
        else:
            super().keyPressEvent(event)
