"""Small groups of number fields. They write numbers as configuration files do, with a point, in every language."""

from collections.abc import Sequence

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QHBoxLayout, QLabel, QSpinBox, QWidget

from desktop_app import theme

LARGEST = 8192
"""Pixels; more than any vision model takes."""


class Sizes(QWidget):
    """Rows × columns in pixels."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields = tuple(QSpinBox(minimum=1, maximum=LARGEST) for _ in range(2))
        self._times = QLabel("×")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.TIGHT)
        row.addWidget(self._fields[0], 1)
        row.addWidget(self._times)
        row.addWidget(self._fields[1], 1)
        for field in self._fields:
            field.setLocale(QLocale.c())
            field.setKeyboardTracking(False)
            field.lineEdit().setAcceptDrops(False)  # a file dropped here is for the window
            field.valueChanged.connect(lambda _: self.changed.emit())

    def value(self) -> tuple[int, int]:
        """Return (rows, columns)."""
        rows = self._fields[0].value()
        return rows, self._fields[1].value() if self._fields[1].isVisibleTo(self) else rows

    def set_value(self, size: tuple[int, int]) -> None:
        """Set (rows, columns)."""
        for field, pixels in zip(self._fields, size, strict=True):
            field.setValue(pixels)

    def set_square(self, square: bool) -> None:
        """Show one number for both, as for the length of an edge."""
        self._times.setVisible(not square)
        self._fields[1].setVisible(not square)

    def set_names(self, rows: str, columns: str) -> None:
        """Name the fields, for tool tips and screen readers."""
        for field, name in zip(self._fields, (rows, columns), strict=True):
            field.setToolTip(name)
            field.setAccessibleName(name)


class Numbers(QWidget):
    """One real number for each channel."""

    changed = Signal()

    def __init__(self, least: float, most: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._exact: tuple[float, ...] = ()
        self._fields: list[QDoubleSpinBox] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.TIGHT)
        for _ in range(3):
            field = QDoubleSpinBox(minimum=least, maximum=most, decimals=4, singleStep=0.01)
            field.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
            field.setLocale(QLocale.c())
            field.setKeyboardTracking(False)
            field.lineEdit().setAcceptDrops(False)
            field.setMinimumWidth(48)
            field.valueChanged.connect(lambda _: self.changed.emit())
            self._fields.append(field)
            row.addWidget(field, 1)

    def value(self) -> tuple[float, ...]:
        """Return the numbers; those not edited keep the digits that the field does not show."""
        shown = [field.value() for field in self._fields[: len(self._exact)]]
        return tuple(e if abs(e - s) < 1e-4 else s for e, s in zip(self._exact, shown, strict=True))

    def set_value(self, numbers: Sequence[float]) -> None:
        """Set one number for each channel; there are as many fields as numbers, three at most."""
        self._exact = tuple(numbers[: len(self._fields)])
        for index, field in enumerate(self._fields):
            field.setVisible(index < len(self._exact))
            if index < len(self._exact):
                field.setValue(self._exact[index])

    def set_names(self, name: str) -> None:
        """Name the fields, for tool tips and screen readers."""
        for channel, field in enumerate(self._fields):
            field.setToolTip(f"{name}, {channel}")
            field.setAccessibleName(f"{name}, {channel}")
