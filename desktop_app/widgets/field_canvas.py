"""A photo with numbers laid over it, below and above zero too, and what one unit of the network can see of it."""

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from desktop_app import theme
from desktop_app.widgets import colour_maps
from desktop_app.widgets.canvas_layout import Region
from desktop_app.widgets.image_canvas import ImageCanvas
from desktop_app.widgets.signed import SIGNED, signed_levels

_HIDDEN = 110
"""How dark what the unit cannot see becomes, 0 to 255."""


class FieldCanvas(ImageCanvas):
    """The image canvas, with colours around zero where wanted, and a frame for a receptive field."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._signed = False
        self._field: Region | None = None
        self._veiled = True

    def set_signed(self, signed: bool) -> None:
        """Colour the overlay around zero, by the map for that; or from zero up."""
        if signed != self._signed:
            self._signed = signed
            self._overlay = self._make_overlay()
            self.update()

    def set_field(self, field: Region | None, *, veiled: bool = True) -> None:
        """Frame a part of what the model sees, (left, top, right, bottom) in fractions of it; it may hang out of it.

        Args:
            field: the part; None for no frame.
            veiled: what lies outside is darkened.
        """
        if (field, veiled) != (self._field, self._veiled):
            self._field, self._veiled = field, veiled
            self.update()

    def field(self) -> Region | None:
        """Return the part that is framed."""
        return self._field

    def field_rect(self) -> QRectF | None:
        """Return where the frame lies in the widget."""
        layout = self.tokens_layout()
        if layout is None or self._field is None:
            return None
        seen, (left, top, right, bottom) = layout.region, self._field
        return QRectF(
            seen.left() + left * seen.width(),
            seen.top() + top * seen.height(),
            (right - left) * seen.width(),
            (bottom - top) * seen.height(),
        )

    def paint_picture(self, painter: QPainter) -> None:
        """Paint the photo with its numbers, and the frame over it, without marks and focus."""
        super().paint_picture(painter)
        self._paint_field(painter)

    def _paint_field(self, painter: QPainter) -> None:
        frame, layout = self.field_rect(), self.tokens_layout()
        if frame is None or layout is None:
            return
        if self._veiled:
            outside, inside = QPainterPath(), QPainterPath()
            outside.addRect(layout.photo.united(layout.region))
            inside.addRect(frame)
            painter.fillPath(outside.subtracted(inside), QColor(0, 0, 0, _HIDDEN))
        frame = frame.intersected(layout.photo.united(layout.region))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((QColor(0, 0, 0, 200), 5.0), (QColor("white"), 3.0)):
            painter.setPen(QPen(colour, width))
            painter.drawRect(frame)
        painter.setPen(QPen(theme.colours(self).accent, 2.0))
        painter.drawRect(frame)

    def _colours(self) -> list[int]:
        if not self._signed:
            return super()._colours()
        return colour_maps.table(SIGNED, theme.colours(self).missing)

    def _make_overlay(self) -> QImage | None:
        grid, values = self._shown, self._values
        if not self._signed or grid is None or values is None or len(values) != grid.tokens:
            return super()._make_overlay()
        patches = values[grid.prefix : grid.prefix + grid.patches].reshape(grid.rows, grid.columns)
        return colour_maps.indexed(signed_levels(patches.astype(np.float32), self._high), self._table())
