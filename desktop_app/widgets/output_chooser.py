"""Choosing one number of a model's outputs, for models that name no classes."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from desktop_app import theme

Place = tuple[int, ...]


class OutputChooser(QWidget):
    """An output by name, and a place in it, without its batch axis: "7, 4" is output[0, 7, 4]."""

    chosen = Signal()
    """Another number was chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._arrays: dict[str, NDArray[np.generic]] = {}
        self._at: dict[str, Place] = {}
        self.outputs, self.place = QComboBox(), QLineEdit()
        self.outputs.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.place.setFixedWidth(self.fontMetrics().horizontalAdvance("0000, 0000, 0000"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.TIGHT)
        row.addWidget(self.outputs)
        row.addWidget(self.place)
        self.outputs.currentIndexChanged.connect(lambda _: self._on_output())
        self.place.editingFinished.connect(self._on_place)
        self._retranslate()

    def set_outputs(self, outputs: Mapping[str, NDArray[np.generic]]) -> None:
        """Offer the outputs that hold numbers; the largest number of each is chosen until somebody chooses."""
        arrays = {
            name: a for name, a in outputs.items() if np.issubdtype(a.dtype, np.floating) and a.ndim and a[0].size
        }
        before = {name: a.shape for name, a in self._arrays.items()}
        self._arrays = arrays
        if {name: a.shape for name, a in arrays.items()} == before:
            return
        self._at = {name: largest(array[0]) for name, array in arrays.items()}
        with QSignalBlocker(self.outputs):
            self.outputs.clear()
            self.outputs.addItems(list(arrays))
        self._write()

    def target(self) -> tuple[str, Place] | None:
        """Return the name of the output and the place in it; None where there is no output of numbers."""
        name = self.outputs.currentText()
        return (name, self._at[name]) if name in self._at else None

    def label(self) -> str:
        """Return the number's name, such as "output[7, 4]"."""
        target = self.target()
        return "" if target is None else f"{target[0]}[{', '.join(map(str, target[1]))}]"

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _on_output(self) -> None:
        self._write()
        self.chosen.emit()

    def _on_place(self) -> None:
        """Take a place that is one of the output's; any other is written over."""
        name = self.outputs.currentText()
        found = parsed(self.place.text(), self._arrays[name].shape[1:]) if name in self._arrays else None
        changed = found is not None and found != self._at[name]
        if found is not None:
            self._at[name] = found
        self._write()
        if changed:
            self.chosen.emit()

    def _write(self) -> None:
        target = self.target()
        self.place.setText("" if target is None else ", ".join(map(str, target[1])))
        self.setEnabled(target is not None)
        self._retranslate()

    def _retranslate(self) -> None:
        self.outputs.setAccessibleName(self.tr("Output"))
        self.outputs.setToolTip(self.tr("The output of which one number is explained"))
        self.place.setAccessibleName(self.tr("Place in the output"))
        shape = self._arrays[self.outputs.currentText()].shape[1:] if self.outputs.currentText() in self._arrays else ()
        text = self.tr("Which number, counted from 0; the output has {sizes}.")
        self.place.setToolTip(text.format(sizes=" × ".join(map(str, shape))))


def largest(array: NDArray[np.generic]) -> Place:
    """Return the place of the largest number of an array."""
    told = np.nan_to_num(np.asarray(array, np.float64), nan=-np.inf)
    return tuple(int(i) for i in np.unravel_index(int(told.argmax()), array.shape))


def parsed(text: str, shape: tuple[int, ...]) -> Place | None:
    """Return the place that a text names in an array of a shape; None where it names none."""
    parts = text.replace(",", " ").replace("[", " ").replace("]", " ").split()
    try:
        place = tuple(int(part) for part in parts)
    except ValueError:
        return None
    inside = len(place) == len(shape) and all(0 <= at < size for at, size in zip(place, shape, strict=True))
    return place if inside else None
