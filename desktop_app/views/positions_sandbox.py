"""A sinusoidal encoding of any size, made here: no model is needed."""

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop_app import theme
from desktop_app.widgets.curves import Curves
from desktop_app.widgets.heat_map import HeatMap
from desktop_app.widgets.text_line import TextLine
from engine import theory

READ_AT = (1, 2, 5, 10, 50)
"""Offsets whose similarity is said in words."""
_SHOWN = 4


class SinusoidSandbox(QWidget):
    """PE(p, 2i) = sin(p / base^(2i/d)), PE(p, 2i + 1) = cos(…): as a map, as curves, and how alike places are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.dim, self.length, self.base = QSpinBox(), QSpinBox(), QDoubleSpinBox()
        self._labels = tuple(QLabel() for _ in range(3))
        self.map, self.curves, self.alike = HeatMap(self._tell), Curves(), Curves()
        self.formula, self.said = TextLine(), TextLine(quiet=True)
        self._titles = tuple(TextLine(size=theme.HEADING) for _ in range(3))
        self._dims: list[int] = []
        self._own = False  # whether somebody chose dimensions
        self._table = np.zeros((1, 2), np.float32)
        self.dim.setRange(2, 2048)
        self.dim.setSingleStep(2)
        self.dim.setValue(128)
        self.length.setRange(2, 2048)
        self.length.setValue(100)
        self.base.setRange(2, 1e7)
        self.base.setDecimals(0)
        self.base.setValue(10_000)
        self._build()
        for spin in (self.dim, self.length, self.base):
            spin.valueChanged.connect(lambda _: self.make())
        self.map.pointed.connect(self._on_map)
        self.map.clicked.connect(lambda _, column: self._choose(column))
        self.curves.pointed.connect(lambda at: self._on_curve(self.curves, at))
        self.alike.pointed.connect(lambda at: self._on_curve(self.alike, at))
        self.retranslate()

    def make(self) -> None:
        """Make the encoding anew."""
        dim = self.dim.value() - self.dim.value() % 2
        length = self.length.value()
        self._table = theory.sinusoidal(length, dim, self.base.value()).astype(np.float32)
        kept = [d for d in self._dims if d < dim] if self._own else []
        self._dims = kept or sorted({0, dim // 8 * 2, dim // 4 * 2, dim - 2})
        self.map.set_map(
            self._table,
            1.0,
            axes=("position", "dim"),
            titles=(self.tr("position"), self.tr("dimension")),
            name=f"sinusoidal-{length}-{dim}",
        )
        self._show_curves()
        offsets = np.arange(length)
        alike = theory.sinusoidal_similarity(offsets, dim, self.base.value())
        self.alike.set_lines(
            alike[None],
            (self.tr("PE(p) · PE(p + k) ÷ (d / 2)"),),
            axis="offset",
            title=self.tr("offset k"),
            name=f"sinusoidal-similarity-{dim}",
        )
        self.alike.set_mark(None)
        self._say()

    def retranslate(self) -> None:
        """Set every text again."""
        for label, text in zip(self._labels, (self.tr("d"), self.tr("Length"), self.tr("Base")), strict=True):
            label.setText(text)
        self.dim.setToolTip(self.tr("Dimensions of a token; half of them are sines, half cosines"))
        self.length.setToolTip(self.tr("How many positions"))
        self.base.setToolTip(self.tr("The longest wave is 2π times this many positions; 10,000 in the original"))
        texts = (
            self.tr("The encoding: one row for each position"),
            self.tr("Some dimensions; click a column of the map to choose another"),
            self.tr("How alike two positions are, by their distance"),
        )
        for line, text in zip(self._titles, texts, strict=True):
            line.set_text(text)
        self.formula.set_text(self.tr("PE(p, 2i) = sin(p / base^(2i/d)),  PE(p, 2i + 1) = cos(p / base^(2i/d))"))
        self.map.setAccessibleName(texts[0])
        self.curves.setAccessibleName(texts[1])
        self.alike.setAccessibleName(texts[2])
        self.make()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the language where this stands in a window of its own."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.NEAR)
        for label, spin in zip(self._labels, (self.dim, self.length, self.base), strict=True):
            label.setBuddy(spin)
            row.addWidget(label)
            row.addWidget(spin)
            row.addSpacing(theme.NEAR)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.TIGHT)
        column.addLayout(row)
        column.addWidget(self.formula)
        column.addSpacing(theme.NEAR)
        for title, widget, share in zip(self._titles, (self.map, self.curves, self.alike), (4, 3, 3), strict=True):
            column.addWidget(title)
            column.addWidget(widget, share)
        column.addWidget(self.said)

    def _show_curves(self) -> None:
        names = [self.tr("dimension {dim}").format(dim=dim) for dim in self._dims]
        self.curves.set_lines(
            self._table[:, self._dims].T,
            names,
            axis="position",
            title=self.tr("position"),
            name="sinusoidal-curves",
        )
        self.curves.set_mark(None)

    def _choose(self, dim: int) -> None:
        """Show one more dimension, in place of the one chosen longest ago."""
        if dim not in self._dims:
            self._own = True
            self._dims = [*self._dims[-_SHOWN + 1 :], dim]
            self._show_curves()

    def _tell(self, row: int, column: int) -> str:
        wave = self.tr("sine") if column % 2 == 0 else self.tr("cosine")
        text = self.tr("Position {position}, dimension {dim} ({wave}): {value}")
        return text.format(position=row, dim=column, wave=wave, value=f"{self._table[row, column]:.9g}")

    def _on_map(self, cell: tuple[int, int] | None) -> None:
        self.map.set_mark(cell)
        if cell is None:
            self._say()
        else:
            self.said.set_text(self._tell(*cell))

    def _on_curve(self, curves: Curves, at: tuple[int, int] | None) -> None:
        curves.set_mark(at)
        if at is None:
            self._say()
        else:
            self.said.set_text(curves.describe(*at))

    def _say(self) -> None:
        """Say how alike positions are at a few distances."""
        values = self.alike.lines[0]
        parts = [f"{k}: {values[k]:.3f}" for k in READ_AT if k < values.size]
        self.said.set_text(self.tr("Similarity k apart — {values}").format(values="; ".join(parts)))


def show_sandbox(parent: QWidget) -> QDialog:
    """Open the sandbox in a window of its own, or bring the one that is open to the front."""
    name = "positions-sandbox"
    found = parent.findChild(QDialog, name)
    if found is None:
        found = _Window(parent)
        found.setObjectName(name)
    found.show()
    found.raise_()
    found.activateWindow()
    return found


class _Window(QDialog):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.sandbox = SinusoidSandbox()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.APART, theme.APART, theme.APART, theme.NEAR)
        whole.addWidget(self.sandbox)
        screen = QApplication.primaryScreen().availableGeometry()
        self.resize(min(900, screen.width()), min(720, screen.height()))
        self._name()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def _name(self) -> None:
        self.setWindowTitle(QCoreApplication.translate("Positions", "Sinusoidal positions"))
