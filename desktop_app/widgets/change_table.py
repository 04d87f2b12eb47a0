"""What a classifier said before and after a change, in a small table."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from desktop_app import copy_menu, theme
from desktop_app.widgets.exhibit import Exhibit
from desktop_app.widgets.text_line import TextLine

Row = tuple[str, float, float, float | None]
"""A class, its probability before and after, the change of its logit."""


class ChangeTable(QWidget):
    """One line for each class: its name, its probability before and after, how far its logit moved."""

    def __init__(self, most: int = 7, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()
        self._headings: tuple[str, str, str, str] = ("", "", "", "")
        self.names = [TextLine(quiet=row == 0) for row in range(most + 1)]
        self.cells = [[QLabel() for _ in range(3)] for _ in range(most + 1)]
        table = QGridLayout(self)
        table.setContentsMargins(0, 0, 0, 0)
        table.setHorizontalSpacing(theme.APART)
        table.setVerticalSpacing(theme.TIGHT)
        for row, (name, cells) in enumerate(zip(self.names, self.cells, strict=True)):
            table.addWidget(name, row, 0)
            for column, cell in enumerate(cells):
                cell.setProperty("quiet", "true" if row == 0 else "false")
                table.addWidget(cell, row, column + 1, Qt.AlignmentFlag.AlignRight)
        table.setColumnStretch(0, 1)
        self.takeaway = copy_menu.join(self, self.exhibit)

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown."""
        return self._rows

    def set_rows(self, headings: tuple[str, str, str, str], rows: Sequence[Row], otherwise: str) -> None:
        """Show classes; `otherwise` is said where there are none."""
        self._rows, self._headings = tuple(rows), headings
        lines = [headings] + [
            (name, _percent(before), _percent(after), "–" if logit is None else f"{logit:+.3f}")
            for name, before, after, logit in rows
        ]
        if not rows:
            lines = [(otherwise, "", "", "")]
        for row, (name, cells) in enumerate(zip(self.names, self.cells, strict=True)):
            texts = lines[row] if row < len(lines) else ("",) * 4
            exact = self._rows[row - 1][1:] if 0 < row <= len(self._rows) else (None,) * 3
            name.set_text(texts[0])
            name.setVisible(row < len(lines))
            for cell, text, number in zip(cells, texts[1:], exact, strict=True):
                cell.setText(text)
                cell.setVisible(row < len(lines))
                cell.setToolTip("" if number is None else f"{number:.9g}")

    def exhibit(self, point: QPointF | None) -> Exhibit | None:
        """Return the table, and the number at a point."""
        if not self._rows:
            return None
        number: float | None = None
        if point is not None:
            for line, cells in zip(self._rows, self.cells[1:], strict=False):
                for value, cell in zip(line[1:], cells, strict=True):
                    if value is not None and cell.geometry().contains(point.toPoint()):
                        number = value
        values = np.array([[np.nan if v is None else v for v in row[1:]] for row in self._rows], np.float64)
        lines = [self._headings, *(["" if v is None else v for v in row] for row in self._rows)]
        return Exhibit("classes", values, ("class", "number"), number, lines=lines)


def _percent(probability: float) -> str:
    return f"{probability:.1%}"
