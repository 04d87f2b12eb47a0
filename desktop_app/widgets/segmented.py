"""A few choices side by side, of which one holds."""

from collections.abc import Hashable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QToolButton, QWidget


class Segmented(QWidget):
    """Buttons in a row; Tab enters, arrows move, the pressed one is the choice."""

    chosen = Signal(object)
    """The key of the button the user pressed."""

    def __init__(self, keys: Sequence[Hashable], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._buttons: dict[Hashable, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for i, key in enumerate(keys):
            button = QToolButton()
            button.setCheckable(True)
            button.setProperty("segment", "true")
            button.setProperty("place", "first" if i == 0 else "last" if i == len(keys) - 1 else "middle")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, key=key: self.chosen.emit(key))
            self._group.addButton(button)
            self._buttons[key] = button
            row.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def button(self, key: Hashable) -> QToolButton:
        """Return the button of a choice."""
        return self._buttons[key]

    def set_text(self, key: Hashable, text: str, tip: str) -> None:
        """Name a choice."""
        self._buttons[key].setText(text)
        self._buttons[key].setToolTip(tip)
        self._buttons[key].setAccessibleDescription(tip)

    def set_choice(self, key: Hashable) -> None:
        """Press a button without saying so."""
        self._buttons[key].setChecked(True)

    def choice(self) -> Hashable:
        """Return the key of the pressed button; None while none is."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), None)
