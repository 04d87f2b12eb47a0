"""What the colours of numbers below and above zero mean."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop_app import theme
from desktop_app.widgets.colour_bar import ColorBar, number, strip, ticks
from desktop_app.widgets.frames import paint_frame
from desktop_app.widgets.signed import SIGNED


class SignedBar(ColorBar):
    """A colour bar that can go from minus to plus the number of the last colour, zero in its middle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._signed = False
        super().__init__(parent)

    def set_signed(self, signed: bool) -> None:
        """Go below zero, in the colours for that; or begin at zero."""
        if signed != self._signed:
            self._signed = signed
            self.setToolTip(self._text())
            self.setAccessibleDescription(self._text())
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the bar, its ticks and its numbers."""
        if not self._signed:
            super().paintEvent(event)
            return
        painter, worn = QPainter(self), theme.colours(self)
        painter.setFont(theme.sized(self.font(), theme.SMALL))
        line = painter.fontMetrics().height()
        bar = self.bar_rect(line)
        painter.drawImage(bar, strip(SIGNED))
        paint_frame(painter, bar, worn.line, 1)
        half, high = bar.height() / 2, self.high()
        middle, room = bar.center().y(), 1.4 * line / half * high
        for tick in ticks(high, min(4, max(2, int(half / (2.5 * line))))):
            if high - tick > room:
                away = tick / high * half if high > 0 else 0.0
                self.paint_tick(painter, bar.right(), middle - away, self.label(tick))
                if tick:
                    self.paint_tick(painter, bar.right(), middle + away, f"−{number(tick, high)}")
        self.paint_tick(painter, bar.right(), bar.top(), self.label(high))
        self.paint_tick(painter, bar.right(), bar.bottom(), f"−{number(high, high)}")
        painter.end()

    def _text(self) -> str:
        if not self._signed:
            return super()._text()
        text = self.tr("Colours go from −{high} to {high}; zero is in the middle.")
        return text.format(high=f"{self.high():.6g}")
