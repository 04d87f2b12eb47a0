"""A photo with its patches and, on top, the box that a detector found."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop_app import theme
from desktop_app.widgets.frames import paint_frame
from desktop_app.widgets.image_canvas import ImageCanvas

Box = tuple[float, float, float, float]
"""(left, top, right, bottom) in fractions of what the model sees."""


class BoxedImage(ImageCanvas):
    """An image canvas that can outline one box."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box: Box | None = None

    def set_box(self, box: Box | None) -> None:
        """Outline a box; None outlines none."""
        if box != self._box:
            self._box = box
            self.update()

    def box_rect(self) -> QRectF | None:
        """Return where the box lies now, cut off at the edge of what the model sees."""
        layout = self.tokens_layout()
        if self._box is None or layout is None:
            return None
        seen, (left, top, right, bottom) = layout.region, self._box
        rect = QRectF(
            seen.left() + left * seen.width(),
            seen.top() + top * seen.height(),
            (right - left) * seen.width(),
            (bottom - top) * seen.height(),
        )
        return rect.intersected(seen)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the image, and the box over it."""
        super().paintEvent(event)
        rect = self.box_rect()
        if rect is None or rect.isEmpty():
            return
        painter = QPainter(self)
        for colour, width in ((QColor(0, 0, 0, 200), 5.0), (QColor("white"), 3.5), (theme.colours(self).accent, 2.0)):
            paint_frame(painter, rect, colour, width)
        painter.end()
