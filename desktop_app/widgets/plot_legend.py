"""Names of curves that several plots share."""

from collections.abc import Sequence

from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app import theme
from desktop_app.widgets.line_plot import Series
from desktop_app.widgets.plot_ink import paint_legend


class PlotLegend(QWidget):
    """Names of curves that several plots share."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._series: tuple[Series, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_series(self, series: Sequence[Series]) -> None:
        """Name other curves."""
        self._series = tuple(series)
        self._fit()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Take as many lines as the width asks for."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint the names."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = theme.sized(self.font(), theme.SMALL)
        painter.setFont(font)
        names = [one.name for one in self._series]
        paint_legend(painter, self.width(), names, self._series, font, theme.colours(self))
        painter.end()

    def _fit(self) -> None:
        names, font = [one.name for one in self._series], theme.sized(self.font(), theme.SMALL)
        self.setFixedHeight(int(paint_legend(None, self.width(), names, self._series, font)) + 1 if names else 0)
