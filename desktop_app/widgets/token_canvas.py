"""What canvases share: a pointer and a keyboard that choose tokens."""

from abc import abstractmethod

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop_app import copy_menu, theme
from desktop_app.files import picture_of
from desktop_app.widgets.canvas_layout import Layout
from desktop_app.widgets.exhibit import Exhibit
from desktop_app.widgets.frames import paint_frame

_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class TokenCanvas(QWidget):
    """A picture of tokens. It shows marks and asks for others; it never changes them itself."""

    hovered = Signal(object)
    """The token under the pointer; None when there is none."""
    clicked = Signal(int)
    """A token was clicked, or Enter or Space pressed on the marked one."""
    walked = Signal(int)
    """An arrow key leads to this token."""
    unpinned = Signal()
    """Esc was pressed."""
    placed = Signal(QRectF)
    """The picture lies elsewhere now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ring = False
        self._token: int | None = None
        self._pinned = False
        self._under: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        self.takeaway = copy_menu.join(self, self.exhibit, picture=self.picture)

    @abstractmethod
    def tokens_layout(self) -> Layout | None:
        """Return where the tokens lie now; None where there are none."""

    @abstractmethod
    def describe(self, token: int) -> str:
        """Return what a token is and its number, exactly, in the current language."""

    def exhibit(self, point: QPointF | None) -> Exhibit | None:  # noqa: ARG002 - of a canvas with numbers
        """Return the numbers shown and the one at a point, at the marked token where it is None; None: no menu."""
        return None

    def picture(self) -> QImage:
        """Return what is painted now."""
        return picture_of(self)

    def set_marks(self, token: int | None, *, pinned: bool) -> None:
        """Mark the token that is pointed at or pinned."""
        if (token, pinned) != (self._token, self._pinned):
            self._token, self._pinned = token, pinned
            self.setAccessibleDescription(self.describe(token) if token is not None else "")
            self.update()

    def tip(self, point: QPointF) -> str:
        """Return the text of the tooltip at a point."""
        layout = self.tokens_layout()
        token = layout.token_at(point) if layout is not None else None
        return "" if token is None else self.describe(token)

    def under_pointer(self) -> int | None:
        """Return the token under the pointer."""
        return self._under

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Say which token the pointer is over."""
        self._point(event.position())

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Say that the pointer is over no token."""
        self._set_under(None)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Click a token with the left button."""
        self._point(event.position())
        if event.button() == Qt.MouseButton.LeftButton and self._under is not None:
            self.clicked.emit(self._under)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Walk with the arrows, pin with Enter or Space, unpin with Esc."""
        layout, key = self.tokens_layout(), event.key()
        self._ring = True
        if layout is not None and key in _STEPS:
            to = layout.step(self._token, *_STEPS[Qt.Key(key)])
            if to is not None:
                self.walked.emit(to)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._token is not None:
            self.clicked.emit(self._token)
        elif key == Qt.Key.Key_Escape:
            self.unpinned.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the focus ring to who came by keyboard."""
        self._ring = by_keyboard(event)
        super().focusInEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show exact numbers in the tooltip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def paint_mark(self, painter: QPainter, rect: QRectF, *, strong: bool) -> None:
        """Outline a token so that it is seen on any picture: dark, then light; a pinned one in the accent."""
        strokes = [(QColor(0, 0, 0, 200), 4.0), (QColor("white"), 1.5)]
        if strong:
            strokes = [(QColor(0, 0, 0, 200), 6.5), (QColor("white"), 4.5), (theme.colours(self).accent, 2.0)]
        for colour, width in strokes:
            paint_frame(painter, rect, colour, width)

    def paint_focus(self, painter: QPainter) -> None:
        """Draw the focus ring."""
        if self._ring and self.hasFocus():
            paint_frame(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.colours(self).accent, 2)

    def _point(self, at: QPointF) -> None:
        layout = self.tokens_layout()
        self._set_under(layout.token_at(at) if layout else None)

    def _set_under(self, token: int | None) -> None:
        if token != self._under:
            self._under = token
            self.hovered.emit(token)


def by_keyboard(event: QFocusEvent) -> bool:
    """Return whether the focus came by a key."""
    reasons = Qt.FocusReason
    return event.reason() in (reasons.TabFocusReason, reasons.BacktabFocusReason, reasons.ShortcutFocusReason)
