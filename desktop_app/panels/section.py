"""A heading that opens and closes what lies below it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from desktop_app import theme


class Section(QWidget):
    """A heading over a widget; a click, Space or Enter on the heading opens and closes it."""

    opened = Signal(bool)

    def __init__(self, content: QWidget, *, is_open: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self._heading = QToolButton(autoRaise=True)
        self._heading.setCheckable(True)
        self._heading.setChecked(is_open)
        self._heading.setObjectName("sectionHeading")
        self._heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._heading.setStyleSheet(
            "QToolButton { border: none; background: transparent; padding: 4px 0; margin-left: -8px; }"
        )
        self._heading.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._heading.setFont(theme.sized(self._heading.font(), theme.NORMAL, bold=True))
        self._heading.toggled.connect(self._toggle)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.TIGHT)
        column.addWidget(self._heading)
        column.addWidget(content)
        self._toggle(is_open)

    @property
    def content(self) -> QWidget:
        """What lies below the heading."""
        return self._content

    def set_title(self, title: str) -> None:
        """Set the heading's text."""
        self._heading.setText(title)

    def set_open(self, is_open: bool) -> None:
        """Open or close it."""
        self._heading.setChecked(is_open)

    def _toggle(self, is_open: bool) -> None:
        self._heading.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        self._content.setVisible(is_open)
        self.opened.emit(is_open)
