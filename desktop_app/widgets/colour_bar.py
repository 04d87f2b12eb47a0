"""What the colours mean, in numbers."""

import math
from functools import cache

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app import theme
from desktop_app.widgets import colour_maps
from desktop_app.widgets.frames import paint_frame

_THICK = 14


class ColorBar(QWidget):
    """A vertical bar from zero to the number of the last colour, with round numbers beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._high = 1.0
        self._over = False
        self._map = colour_maps.MAPS[0]
        self._span: tuple[float, float] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._name()

    def set_range(self, high: float, *, over: bool = False) -> None:
        """Set the number of the last colour, and whether larger numbers are shown in it too."""
        if (high, over) != (self._high, self._over):
            self._high, self._over = high, over
            self.setToolTip(self._text())
            self.setAccessibleDescription(self._text())
            self.update()

    def high(self) -> float:
        """Return the number of the last colour."""
        return self._high

    def set_colour_map(self, name: str) -> None:
        """Show another map."""
        self._map = name
        self.update()

    def set_span(self, top: float, bottom: float) -> None:
        """Draw the bar between two heights, those of the picture it explains."""
        self._span = (top, bottom)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return room for the bar and five characters of number."""
        metrics = self.fontMetrics()
        return QSize(_THICK + theme.NEAR + metrics.horizontalAdvance("≥ 0.0000"), 200)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the width of `sizeHint`, and less height."""
        return QSize(self.sizeHint().width(), 80)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
            self.setToolTip(self._text())
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint the bar, its ticks and its numbers."""
        painter, worn = QPainter(self), theme.colours(self)
        painter.setFont(theme.sized(self.font(), theme.SMALL))
        line = painter.fontMetrics().height()
        bar = self.bar_rect(line)
        painter.drawImage(bar, strip(self._map))
        paint_frame(painter, bar, worn.line, 1)
        room = 1.4 * line / bar.height() * self._high
        for tick in ticks(self._high, min(6, max(2, int(bar.height() / (2.5 * line))))):
            if self._high - tick > room:
                y = bar.bottom() - (tick / self._high * bar.height() if self._high > 0 else 0.0)
                self.paint_tick(painter, bar.right(), y, self.label(tick))
        self.paint_tick(painter, bar.right(), bar.top(), self.label(self._high))
        painter.end()

    def bar_rect(self, line: float) -> QRectF:
        """Return where the bar lies; `line` is the height of its numbers."""
        top, bottom = self._span or (0.0, float(self.height()))
        top, bottom = max(top, line / 2), min(bottom, self.height() - line / 2)
        return QRectF(0.5, top, _THICK, max(1.0, bottom - top))

    def paint_tick(self, painter: QPainter, x: float, y: float, label: str) -> None:
        """Paint a tick at a height and its number."""
        worn, line = theme.colours(self), painter.fontMetrics().height()
        painter.setPen(QPen(worn.quiet, 1))
        painter.drawLine(round(x + 1), round(y), round(x + 4), round(y))
        painter.setPen(worn.text)
        box = QRectF(x + 7, y - line / 2, self.width() - x - 7, line)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, label)

    def label(self, value: float) -> str:
        """Return a number on the bar as text."""
        text = number(value, self._high)
        return f"≥ {text}" if self._over and value == self._high else text

    def _text(self) -> str:
        if self._over:
            text = self.tr("Colours go from 0 to {high}; larger numbers have the last colour too.")
        else:
            text = self.tr("Colours go from 0 to {high}.")
        return text.format(high=f"{self._high:.6g}")

    def _name(self) -> None:
        self.setAccessibleName(self.tr("Colour scale"))


@cache
def strip(name: str) -> QImage:
    """Return the colours of a map from top to bottom, the last one first."""
    entries = np.arange(colour_maps.STEPS - 1, -1, -1, dtype=np.uint8)[:, None]
    image = colour_maps.indexed(entries, colour_maps.table(name, QColor("black")))
    return image.convertToFormat(QImage.Format.Format_RGB32)


def ticks(high: float, most: int) -> list[float]:
    """Return round numbers from 0 to below `high`, at most `most`: steps of 1, 2 or 5 times a power of ten."""
    if not (high > 0 and math.isfinite(high)):
        return [0.0]
    rough = high / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough * (1 - 1e-9))
    return [i * step for i in range(int(high / step * (1 + 1e-9)) + 1)]


def number(value: float, high: float) -> str:
    """Return a number with as many digits as tell three parts of `high` apart."""
    if value == 0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(high))) if high > 0 else 2
    if digits > 5:
        return f"{value:.1e}"
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
