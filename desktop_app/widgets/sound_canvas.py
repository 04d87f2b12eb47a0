"""A sound as its spectrogram, and what a head attends to along time."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop_app import copy_menu, theme
from desktop_app.widgets import colour_maps
from desktop_app.widgets.canvas_layout import MatrixLayout
from desktop_app.widgets.colour_bar import ticks
from desktop_app.widgets.exhibit import Exhibit
from desktop_app.widgets.mosaic_paint import pooled
from desktop_app.widgets.token_canvas import TokenCanvas

Floats = NDArray[np.float32]
_STRIP, _AXIS = 22.0, 18.0


class SoundCanvas(TokenCanvas):
    """Mel bands upwards, time to the right; below a strip with one colour for each frame."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bands: QImage | None = None
        self._seconds: tuple[tuple[float, float], ...] = ()
        self._values: Floats | None = None
        self._high = 1.0
        self._map = colour_maps.MAPS[0]
        self.setMinimumHeight(110)
        self.takeaway = copy_menu.join(self, self.exhibit)

    def set_sound(self, bands: Floats | None, seconds: tuple[tuple[float, float], ...]) -> None:
        """Show a sound: (mel, frame) or plain samples (sample,); and the tokens' times."""
        self._seconds = seconds
        self._bands = None if bands is None else _picture(bands)
        self._values = None
        self.update()

    def set_overlay(self, values: Floats | None, high: float = 1.0) -> None:
        """Colour the strip by numbers, (token,); `high` gets the last colour."""
        self._values, self._high = values, high
        self.update()

    def set_colour_map(self, name: str) -> None:
        """Colour the strip by another map."""
        self._map = name
        self.update()

    def tokens_layout(self) -> MatrixLayout | None:
        """Return where the frames lie now."""
        if not self._seconds:
            return None
        area = QRectF(4, 2, max(1, self.width() - 8), max(1, self.height() - _AXIS - 2))
        return MatrixLayout(area, 1, len(self._seconds), True)

    def describe(self, token: int) -> str:
        """Return the time of a frame and its number."""
        if not 0 <= token < len(self._seconds):
            return ""
        first, last = self._seconds[token]
        text = self.tr("{first} to {last} s (frame {token})")
        out = text.format(first=f"{first:.2f}", last=f"{last:.2f}", token=token)
        if self._values is not None and token < len(self._values):
            out += f": {self._values[token]:.6g}"
        return out

    def exhibit(self, point: QPointF | None) -> Exhibit | None:
        """Return the number of each frame."""
        layout = self.tokens_layout()
        if layout is None or self._values is None:
            return None
        token = self._token if point is None else layout.token_at(point)
        number = None if token is None or token >= len(self._values) else float(self._values[token])
        return Exhibit("frames", self._values, ("frame",), number)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size at which a word can be told."""
        return QSize(520, 170)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint spectrogram, strip, times and the marked frame."""
        painter, layout, worn = QPainter(self), self.tokens_layout(), theme.colours(self)
        if layout is None:
            return
        area = layout.area
        if self._bands is not None:
            painter.drawImage(area.adjusted(0, 0, 0, -_STRIP - 2), self._bands)
        strip = QRectF(area.left(), area.bottom() - _STRIP, area.width(), _STRIP)
        if self._values is None:
            painter.fillRect(strip, worn.missing)
        else:
            shown = pooled(self._values[None, None], 1, max(1, int(area.width())))[0]
            table = colour_maps.table(self._map, worn.missing)
            painter.drawImage(strip, colour_maps.indexed(colour_maps.levels(shown, self._high), table))
        painter.setFont(theme.sized(self.font(), theme.SMALL))
        painter.setPen(worn.quiet)
        length = self._seconds[-1][1]
        for second in ticks(length, max(2, int(area.width() / 60))):
            x = area.left() + second / max(length, 1e-9) * area.width()
            painter.drawText(
                QRectF(x - 30, area.bottom() + 1, 60, _AXIS), Qt.AlignmentFlag.AlignCenter, f"{second:g} s"
            )
        if self._token is not None and (rect := layout.rect_of(self._token)) is not None:
            wide = max(rect.width(), 3.0)
            self.paint_mark(painter, QRectF(rect.left(), rect.top(), wide, rect.height()), strong=self._pinned)
        self.paint_focus(painter)
        painter.end()


def _picture(bands: Floats) -> QImage:
    """Return a spectrogram in greys, low bands below; of plain samples their outline."""
    if bands.ndim == 1:
        wide = 800
        parts = np.array_split(np.abs(bands), min(wide, max(1, len(bands))))
        peaks = np.array([part.max(initial=0.0) for part in parts])
        rows = np.linspace(1, 0, 60)[:, None]
        bands = (peaks[None] / max(float(peaks.max()), 1e-9) >= rows).astype(np.float32)[::-1]
    low, high = float(bands.min()), float(bands.max())
    shown = pooled((bands[None, ::-1] - np.float32(low)).astype(np.float32), 200, 1600)[0]
    return colour_maps.indexed(colour_maps.levels(shown, high - low), colour_maps.table("gray", QColor("black")))
