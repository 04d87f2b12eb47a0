"""What the window has to say: sentences in a bar that blocks nothing and can be closed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QStyle, QToolButton, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.i18n import lookup

if TYPE_CHECKING:  # the bar is on the screen before the engine is imported
    from engine import EngineError

Kind = Literal["info", "error"]
Text = Callable[[], str]
"""Gives the text in the language of the moment."""

MOST = 3
"""Rows shown at once; the oldest goes first."""


@dataclass(frozen=True)
class Action:
    """A button on a notice."""

    label: Text
    run: Callable[[], None]


@dataclass(frozen=True)
class Notice:
    """One thing to say, and what can be done about it.

    Attributes:
        text: the sentence, and what to do.
        kind: an error goes away when the next request succeeds; information stays until closed.
        action: a button, where there is something to do.
        topic: a notice replaces the one of the same topic.
    """

    text: Text
    kind: Kind = "info"
    action: Action | None = None
    topic: str = field(default="", compare=False)

    @classmethod
    def of(cls, error: "EngineError") -> "Notice":
        """Return the notice of a refusal."""
        return cls(lambda: error.text(lookup), "error", topic=error.code)


class NoticeRow(QFrame):
    """One notice with its buttons."""

    closed = Signal()

    def __init__(self, notice: Notice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice = notice
        self.setObjectName("notice")
        self.setProperty("kind", notice.kind)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        icons = {
            "info": QStyle.StandardPixmap.SP_MessageBoxInformation,
            "error": QStyle.StandardPixmap.SP_MessageBoxWarning,
        }
        icon = QLabel()
        icon.setPixmap(self.style().standardIcon(icons[notice.kind]).pixmap(QSize(16, 16)))
        icon.setFixedHeight(24)
        self._text = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setMinimumWidth(200)
        self._button = QPushButton()
        self._button.setVisible(notice.action is not None)
        self._button.clicked.connect(self._act)
        self._close = QToolButton(autoRaise=True)
        self._close.setText("×")
        self._close.setFont(theme.sized(self._close.font(), theme.HEADING))
        self._close.setFixedSize(24, 24)
        self._close.clicked.connect(self.closed)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.APART, theme.TIGHT, theme.NEAR, theme.TIGHT)
        row.setSpacing(theme.NEAR)
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.retranslate()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Mark the beginning of the row with the accent, so that it is seen as one thing."""
        super().paintEvent(event)
        painter = QPainter(self)
        worn = theme.colours(self)
        painter.fillRect(0, 0, 4, self.height(), worn.accent)
        painter.fillRect(0, self.height() - 1, self.width(), 1, worn.line)
        painter.end()

    @property
    def text(self) -> str:
        """The sentence as it is shown."""
        return self._text.text()

    @property
    def button(self) -> QPushButton:
        """The action's button; hidden where there is nothing to do."""
        return self._button

    def retranslate(self) -> None:
        """Say it in the current language."""
        self._text.setText(self.notice.text())
        self._text.setAccessibleName(self.notice.text())
        self._close.setToolTip(self.tr("Close this message"))
        self._close.setAccessibleName(self.tr("Close this message"))
        if self.notice.action is not None:
            self._button.setText(self.notice.action.label())

    def _act(self) -> None:
        if self.notice.action is not None:
            self.notice.action.run()
        self.closed.emit()


class NoticeBar(QWidget):
    """Stacks the latest notices; empty, it takes no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[NoticeRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.hide()

    @property
    def rows(self) -> tuple[NoticeRow, ...]:
        """The notices on show, oldest first."""
        return tuple(self._rows)

    def say(self, notice: Notice) -> None:
        """Show a notice; it replaces an equal one, or one of the same topic."""
        for row in self.rows:
            if row.notice == notice or (notice.topic and row.notice.topic == notice.topic):
                self._remove(row)
        for row in self.rows[: max(0, len(self._rows) - MOST + 1)]:
            self._remove(row)
        row = NoticeRow(notice, self)
        row.closed.connect(lambda: self._remove(row))
        self._rows.append(row)
        self._column.addWidget(row)
        self.show()

    def dismiss_errors(self) -> None:
        """Take away what no longer matters after a success."""
        for row in self.rows:
            if row.notice.kind == "error":
                self._remove(row)

    def dismiss(self, topic: str) -> None:
        """Take away the notice of a topic."""
        for row in self.rows:
            if row.notice.topic == topic:
                self._remove(row)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Say everything again in a new language."""
        if event.type() == QEvent.Type.LanguageChange:
            for row in self._rows:
                row.retranslate()
        super().changeEvent(event)

    def _remove(self, row: NoticeRow) -> None:
        if row in self._rows:
            self._rows.remove(row)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.setVisible(bool(self._rows))
