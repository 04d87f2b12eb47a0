"""Says what the engine is doing when it takes longer than a moment, and lets the user end it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from desktop_app import theme

if TYPE_CHECKING:  # it is part of the frame, which does not wait for the engine
    from desktop_app.process.protocol import Phase

PATIENCE_MS = 300
"""Shorter waits are not worth a flicker."""


class Activity(QWidget):
    """A sentence, a thin moving bar and a button; hidden while nothing takes long."""

    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._phase: Phase | None = None
        self._text = QLabel()
        self._bar = QProgressBar(minimum=0, maximum=0, textVisible=False)
        self._bar.setFixedSize(96, 4)
        self._button = QToolButton()
        self._button.clicked.connect(self.cancel_wanted)
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self.show)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, theme.NEAR, 0)
        row.setSpacing(theme.NEAR)
        for part in (self._text, self._bar, self._button):
            row.addWidget(part)
        self.hide()
        self.retranslate()

    @property
    def button(self) -> QToolButton:
        """The button that ends what is under way."""
        return self._button

    def show_phase(self, phase: "Phase | None") -> None:
        """Follow what the engine does; None when it is done."""
        self._phase = phase
        if phase is None:
            self._patience.stop()
            self.hide()
        elif self.isHidden() and not self._patience.isActive():
            self._patience.start()
        self.retranslate()

    def retranslate(self) -> None:
        """Write everything again in the current language."""
        texts: dict[Phase | None, str] = {
            None: "",
            "starting": self.tr("Starting the engine…"),
            "opening": self.tr("Opening the model…"),
            "reading": self.tr("Reading the image…"),
            "running": self.tr("Running the model…"),
        }
        self._text.setText(texts[self._phase])
        self._bar.setAccessibleName(texts[self._phase])
        self._button.setText(self.tr("Cancel"))
        self._button.setToolTip(self.tr("End this; what is on screen stays"))
