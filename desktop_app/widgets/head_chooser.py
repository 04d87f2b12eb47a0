"""Three numbers that choose a layer, a head and a query."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QWidget

from desktop_app import theme


class HeadChooser(QWidget):
    """Layer, head and query as spin boxes, for views without a mosaic."""

    chosen = Signal(int, int, int)
    """Another layer, head or query was chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spins = tuple(QSpinBox() for _ in range(3))
        self._labels = tuple(QLabel() for _ in self.spins)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.NEAR)
        for label, spin in zip(self._labels, self.spins, strict=True):
            label.setBuddy(spin)
            row.addWidget(label)
            row.addWidget(spin)
            row.addSpacing(theme.NEAR)
            spin.valueChanged.connect(self._on_changed)
        row.addStretch(1)
        self.retranslate()

    def set_choice(self, values: tuple[int, int, int], counts: tuple[int, int, int]) -> None:
        """Show what is chosen of how many."""
        for spin, value, count in zip(self.spins, values, counts, strict=True):
            with QSignalBlocker(spin):
                spin.setRange(0, max(0, count - 1))
                spin.setValue(value)

    def retranslate(self) -> None:
        """Set every text again."""
        for label, text in zip(self._labels, (self.tr("Layer"), self.tr("Head"), self.tr("Query")), strict=True):
            label.setText(text)

    def _on_changed(self) -> None:
        self.chosen.emit(*(spin.value() for spin in self.spins))
