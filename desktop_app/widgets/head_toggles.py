"""Heads to choose several of: a small button for each."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QToolButton, QWidget

from desktop_app.widgets.flow import FlowLayout


class HeadToggles(QWidget):
    """A button for each head of a layer; several may be pressed."""

    changed = Signal(object)
    """The heads that are pressed now, as a frozenset."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self, across=2, down=2)
        self._buttons: list[QToolButton] = []

    def set_heads(self, count: int, chosen: frozenset[int]) -> None:
        """Offer so many heads, of which some are pressed."""
        while len(self._buttons) < count:
            button = QToolButton()
            button.setCheckable(True)
            button.setText(str(len(self._buttons)))
            button.setProperty("segment", "true")
            button.setProperty("place", "first")
            button.toggled.connect(lambda _: self.changed.emit(self.chosen()))
            self._buttons.append(button)
            self._flow.addWidget(button)
        for head, button in enumerate(self._buttons):
            with QSignalBlocker(button):
                button.setVisible(head < count)
                button.setChecked(head in chosen)
                button.setToolTip(self.tr("Head {head}").format(head=head))

    def chosen(self) -> frozenset[int]:
        """Return the heads that are pressed."""
        return frozenset(head for head, b in enumerate(self._buttons) if b.isChecked() and not b.isHidden())
