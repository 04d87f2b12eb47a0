"""One line of text that changes often: painted, shortened where it must be, and never a reason to lay out anew."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app import theme


class TextLine(QWidget):
    """A line in one of the type sizes. What does not fit ends in an ellipsis and is whole in the tooltip."""

    def __init__(self, *, size: float = theme.NORMAL, quiet: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._size, self._quiet = size, quiet
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        """Show another text."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self._set_tip()
            self.update()

    def text(self) -> str:
        """Return the whole text."""
        return self._text

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the height of a line; the width is whatever there is."""
        return QSize(80, QFontMetrics(self._font()).height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint the text."""
        painter, worn = QPainter(self), theme.colours(self)
        painter.setFont(self._font())
        painter.setPen(worn.quiet if self._quiet else worn.text)
        shown = painter.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Shorten anew."""
        super().resizeEvent(event)
        self._set_tip()

    def _set_tip(self) -> None:
        cut = QFontMetrics(self._font()).horizontalAdvance(self._text) > self.width()
        self.setToolTip(self._text if cut else "")

    def _font(self) -> QFont:
        return theme.sized(self.font(), self._size, bold=self._size > theme.NORMAL)
