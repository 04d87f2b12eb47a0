"""What was changed, line by line, and two buttons that take it back."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QPushButton, QVBoxLayout, QWidget

from desktop_app import theme


class EditList(QWidget):
    """Changes in words, in the order in which they are made; the chosen one, else the last, is taken back."""

    kept = Signal(object)
    """The places, tuple[int, ...], of the changes that stay."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts: tuple[str, ...] = ()
        self.made, self.remove, self.clear = QListWidget(), QPushButton(), QPushButton()
        self.made.setMaximumHeight(96)
        self.made.setWordWrap(True)
        self.made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        back = QHBoxLayout()
        back.setSpacing(theme.NEAR)
        back.addWidget(self.remove)
        back.addWidget(self.clear)
        back.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.NEAR)
        column.addWidget(self.made)
        column.addLayout(back)
        self.remove.clicked.connect(self._on_remove)
        self.clear.clicked.connect(lambda: self.kept.emit(()))
        self.retranslate()

    def set_texts(self, texts: Sequence[str]) -> None:
        """Show changes."""
        self._texts = tuple(texts)
        with QSignalBlocker(self.made):
            self.made.clear()
            self.made.addItems(list(texts) or [self.tr("None: the model as it is")])
        for widget in (self.made, self.remove, self.clear):
            widget.setEnabled(bool(texts))

    @property
    def texts(self) -> tuple[str, ...]:
        """What is shown."""
        return self._texts

    def retranslate(self) -> None:
        """Set every text again."""
        self.remove.setText(self.tr("Take back"))
        self.clear.setText(self.tr("Take all back"))
        self.made.setAccessibleName(self.tr("Changes made"))
        self.set_texts(self._texts)

    def _on_remove(self) -> None:
        row = self.made.currentRow() if self.made.currentRow() >= 0 else len(self._texts) - 1
        self.kept.emit(tuple(place for place in range(len(self._texts)) if place != row))
