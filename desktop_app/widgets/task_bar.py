"""How far a long task is, and a button that ends it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from desktop_app import theme


class TaskBar(QWidget):
    """A sentence, a thin bar and a button; hidden while nothing is under way, and its place kept."""

    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel()
        self._bar = QProgressBar(textVisible=False)
        self._bar.setFixedHeight(4)
        self._bar.setMinimumWidth(96)
        self._button = QToolButton()
        self._button.clicked.connect(self.cancel_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.NEAR)
        row.addWidget(self._text)
        row.addWidget(self._bar, 1)
        row.addWidget(self._button)
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self.hide()
        self.retranslate()

    @property
    def button(self) -> QToolButton:
        """The button that ends the task."""
        return self._button

    def show_progress(self, text: str, done: int, total: int) -> None:
        """Say what is under way and how far it is; a total of 0 is not known yet."""
        self._text.setText(text)
        self._bar.setAccessibleName(text)
        self._bar.setRange(0, max(0, total))
        self._bar.setValue(done)
        self.show()

    def finish(self) -> None:
        """Nothing is under way any more."""
        self.hide()

    def retranslate(self) -> None:
        """Write the button again in the current language."""
        self._button.setText(self.tr("Cancel"))
        self._button.setToolTip(self.tr("End this; what is on screen stays"))
