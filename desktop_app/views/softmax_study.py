"""Why scores are divided by √d: independent queries and keys drawn at a chosen size, theory beside sampling."""

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.views import softmax_data, softmax_text
from desktop_app.widgets.bars import Bars
from engine import theory

SAMPLES = 2000
_REST_MS = 120
_LARGEST = 4096


class ScaleStudyPanel(QWidget):
    """Sizes d and n, a histogram of q · k with the normal curve over it, and the numbers in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.dim, self.tokens, self.bars, self.words = QSpinBox(), QSpinBox(), Bars(), QLabel()
        self.study: theory.ScaleStudy | None = None
        self._title, self._labels = QLabel(), (QLabel(), QLabel())
        self._title.setProperty("heading", "true")
        self.words.setProperty("quiet", "true")
        self.words.setWordWrap(True)
        self._later = QTimer(self, singleShot=True, interval=_REST_MS)
        row = QHBoxLayout()
        row.setSpacing(theme.NEAR)
        row.addWidget(self._title)
        row.addStretch(1)
        for spin, label, value in ((self.dim, self._labels[0], 64), (self.tokens, self._labels[1], 197)):
            spin.setRange(1, _LARGEST)
            spin.setValue(value)
            spin.setKeyboardTracking(False)
            label.setBuddy(spin)
            row.addWidget(label)
            row.addWidget(spin)
            spin.valueChanged.connect(lambda _: self._later.start())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.TIGHT)
        column.addLayout(row)
        column.addWidget(self.words)
        column.addWidget(self.bars, 1)
        self._later.timeout.connect(self.draw_samples)
        self.bars.pointed.connect(self.bars.set_mark)
        self.bars.takeaway.name = "random-queries-and-keys"
        self.retranslate()

    def draw_samples(self) -> None:
        """Draw queries and keys of the chosen sizes and show what they give."""
        dim, tokens = self.dim.value(), self.tokens.value()
        rows = max(20, min(SAMPLES, 400_000 // max(dim, tokens)))
        self.study = theory.scale_study(dim, tokens, samples=rows)
        density, normal, edge = softmax_data.histogram(self.study)
        centres = (np.arange(density.size) + 0.5) / density.size * 2 * edge - edge
        self.bars.set_values(density, tuple(f"q · k = {centre:.1f}" for centre in centres), line=normal, axis="bin")
        self.words.setText(softmax_text.study(self.study))

    def retranslate(self) -> None:
        """Set every text again."""
        self._title.setText(self.tr("Why divide by √d: random queries and keys"))
        self._labels[0].setText(self.tr("d"))
        self._labels[1].setText(self.tr("n"))
        self.dim.setToolTip(self.tr("Size of queries and keys"))
        self.tokens.setToolTip(self.tr("Number of keys"))
        self.bars.setAccessibleName(self.tr("Histogram of q · k, with the normal curve of variance d"))
        if self.study is not None:
            self.words.setText(softmax_text.study(self.study))
