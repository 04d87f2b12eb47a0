"""The best classes of a classifier, as bars."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop_app import copy_menu, theme
from desktop_app.widgets.exhibit import Exhibit

_BAR = 6


class PredictionBars(QWidget):
    """One line of text and one bar for each class, from the likeliest down."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[str, float], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Prediction"))
        self.takeaway = copy_menu.join(self, self.exhibit)

    def set_rows(self, rows: Sequence[tuple[str, float]]) -> None:
        """Show classes and their probabilities, 0 to 1, in the given order."""
        self._rows = tuple(rows)
        self.setAccessibleDescription("; ".join(f"{name}: {_percent(p)}" for name, p in self._rows))
        self.updateGeometry()
        self.update()

    def rows(self) -> tuple[tuple[str, float], ...]:
        """Return what is shown."""
        return self._rows

    def exhibit(self, point: QPointF | None) -> Exhibit | None:
        """Return the probabilities, and that of the class at a point, else of the best."""
        if not self._rows:
            return None
        at = 0 if point is None else int(point.y() // max(1, self._pitch()))
        number = self._rows[at][1] if 0 <= at < len(self._rows) else None
        names, values = [name for name, _ in self._rows], np.array([p for _, p in self._rows], np.float32)
        return Exhibit("prediction", values, ("class",), number, labels={"class": names})

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return room for every row."""
        return QSize(220, len(self._rows) * self._pitch())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the same height with less width; names are shortened."""
        return QSize(120, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow language and font."""
        if event.type() == QEvent.Type.LanguageChange:
            self.setAccessibleName(self.tr("Prediction"))
        elif event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
        super().changeEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show whole name and exact number in the tooltip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = event.pos().y() // max(1, self._pitch())
            text = f"{self._rows[at][0]}: {self._rows[at][1]:.6g}" if 0 <= at < len(self._rows) else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint name and percentage over each bar; the first stands out."""
        painter, worn = QPainter(self), theme.colours(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line, pitch = self.fontMetrics().height(), self._pitch()
        for i, (name, probability) in enumerate(self._rows):
            top = i * pitch
            painter.setFont(theme.sized(self.font(), theme.NORMAL, bold=i == 0))
            metrics = painter.fontMetrics()
            number = _percent(probability)
            room = metrics.horizontalAdvance(number)
            painter.setPen(worn.text if i == 0 else worn.quiet)
            right = QRectF(self.width() - room - 1, top, room + 1, line)
            painter.drawText(right, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number)
            left = QRectF(0, top, self.width() - room - theme.NEAR, line)
            short = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(left.width()))
            painter.drawText(left, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, short)
            painter.setPen(Qt.PenStyle.NoPen)
            bar = QRectF(0, top + line + 2, self.width(), _BAR)
            painter.setBrush(worn.missing)
            painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
            share = max(0.0, min(1.0, probability))
            painter.setBrush(worn.accent if i == 0 else worn.quiet)
            if share * bar.width() >= 1:
                bar.setWidth(max(_BAR, share * bar.width()))
                painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
        painter.end()

    def _pitch(self) -> int:
        return self.fontMetrics().height() + _BAR + theme.NEAR + 2


def _percent(probability: float) -> str:
    return "< 0.1 %" if 0 < probability < 0.0005 else f"{100 * probability:.1f} %"
