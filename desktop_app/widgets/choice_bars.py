"""What could stand at a place, likeliest first: a line with a bar for each token, one of which can be chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop_app import copy_menu, theme
from desktop_app.widgets.exhibit import Exhibit
from desktop_app.widgets.frames import paint_frame
from desktop_app.widgets.text_layout import visible
from desktop_app.widgets.token_canvas import by_keyboard

_NUMBER = 64


@dataclass(frozen=True)
class Bar:
    """One token that could stand at a place.

    Attributes:
        label: what it says.
        probability: 0 to 1.
        tip: all that is known of it.
        taken: it is the one that stands there.
    """

    label: str
    probability: float
    tip: str = ""
    taken: bool = False


class ChoiceBars(QWidget):
    """Bars in lines. A click, Enter or Space chooses the token of a line."""

    chosen = Signal(int)
    """The line that was chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: tuple[Bar, ...] = ()
        self._under: int | None = None
        self._ring = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.takeaway = copy_menu.join(self, self.exhibit)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """What is shown."""
        return self._bars

    def set_bars(self, bars: Sequence[Bar]) -> None:
        """Show other tokens."""
        if len(bars) != len(self._bars):
            self.updateGeometry()
        self._bars = tuple(bars)
        self._under = None
        self.setAccessibleDescription("; ".join(bar.tip for bar in self._bars[:5]))
        self.update()

    def exhibit(self, point: QPointF | None) -> Exhibit | None:
        """Return the probabilities, and that of the line at a point."""
        if not self._bars:
            return None
        at = self._under if point is None else self.line_at(point)
        values = np.array([bar.probability for bar in self._bars], np.float32)
        number = None if at is None else float(values[at])
        return Exhibit("next-token", values, ("token",), number, labels={"token": [b.label for b in self._bars]})

    def line_at(self, point: QPointF) -> int | None:
        """Return the line at a point."""
        line = int(point.y() // self._pitch())
        return line if 0 <= line < len(self._bars) and point.y() >= 0 else None

    def rect_of(self, line: int) -> QRectF:
        """Return where a line lies."""
        return QRectF(0, line * self._pitch(), self.width(), self._pitch())

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return room for every line."""
        return QSize(260, len(self._bars) * self._pitch())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the same height with less width."""
        return QSize(160, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint the lines."""
        painter, worn = QPainter(self), theme.colours(self)
        painter.setFont(self.font())
        name = min(130.0, self.width() * 0.4)
        room = max(10.0, self.width() - name - _NUMBER - theme.NEAR)
        middle = Qt.AlignmentFlag.AlignVCenter
        for line, bar in enumerate(self._bars):
            rect = self.rect_of(line)
            if line == self._under:
                painter.fillRect(rect, worn.missing)
            painter.setFont(theme.sized(self.font(), theme.NORMAL, bold=bar.taken))
            painter.setPen(worn.text)
            shown = painter.fontMetrics().elidedText(visible(bar.label), Qt.TextElideMode.ElideRight, int(name))
            painter.drawText(QRectF(4, rect.top(), name, rect.height()), Qt.AlignmentFlag.AlignLeft | middle, shown)
            wide = max(1.0, room * bar.probability)
            box = QRectF(name + theme.NEAR, rect.top() + 4, wide, rect.height() - 8)
            painter.fillRect(box, worn.accent if bar.taken else worn.quiet)
            painter.setPen(worn.quiet)
            where = QRectF(self.width() - _NUMBER, rect.top(), _NUMBER - 4, rect.height())
            painter.drawText(where, Qt.AlignmentFlag.AlignRight | middle, _percent(bar.probability))
        if self._ring and self.hasFocus():
            paint_frame(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), worn.accent, 2)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Light the line under the pointer."""
        self._set_under(self.line_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Choose a line."""
        line = self.line_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and line is not None:
            self.chosen.emit(line)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Light no line."""
        self._set_under(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Walk with Up and Down, choose with Enter or Space."""
        self._ring = True
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._bars:
            step = 1 if key == Qt.Key.Key_Down else -1
            self._set_under(0 if self._under is None else max(0, min(self._under + step, len(self._bars) - 1)))
            self.setAccessibleDescription(self._bars[self._under or 0].tip)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._under is not None:
            self.chosen.emit(self._under)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the focus ring to who came by keyboard."""
        self._ring = by_keyboard(event)
        super().focusInEvent(event)

    def event(self, event: QEvent) -> bool:
        """Tell all that is known of a token in the tooltip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            line = self.line_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if line is None else self._bars[line].tip, self)
            return True
        return super().event(event)

    def _set_under(self, line: int | None) -> None:
        if line != self._under:
            self._under = line
            self.update()

    def _pitch(self) -> int:
        return self.fontMetrics().height() + 6


def _percent(probability: float) -> str:
    percent = 100 * probability
    return f"{percent:.1f} %" if percent >= 0.1 else f"{percent:.3f} %"
