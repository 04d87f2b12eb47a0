"""A small table of facts: what, of the first, of the second; rows that differ stand out."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from desktop_app import copy_menu, theme
from desktop_app.widgets.exhibit import Exhibit

Row = tuple[str, str, str]


class FactTable(QTableWidget):
    """Rows of two facts each; nothing in it can be edited."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        self._rows: tuple[Row, ...] = ()
        self._heading: Row = ("", "", "")
        self.setFont(theme.sized(self.font(), theme.SMALL))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.setMinimumHeight(90)
        self.takeaway = copy_menu.join(self, self.exhibit)

    def set_rows(self, heading: Row, rows: Sequence[Row]) -> None:
        """Show facts."""
        self._heading, self._rows = heading, tuple(rows)
        self.setHorizontalHeaderLabels(list(heading))
        self.setRowCount(len(self._rows))
        self.verticalHeader().setDefaultSectionSize(QFontMetrics(self.font()).height() + 6)
        for at, row in enumerate(self._rows):
            differs = bool(row[2]) and row[1] != row[2]
            for column, text in enumerate(row):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if column == 0:
                    item.setForeground(theme.colours(self).quiet)
                elif differs:
                    item.setFont(theme.sized(self.font(), theme.NORMAL, bold=True))
                self.setItem(at, column, item)
        self._spread()

    def rows(self) -> tuple[Row, ...]:
        """Return the facts shown."""
        return self._rows

    def exhibit(self, point: object) -> Exhibit | None:  # noqa: ARG002
        """Return the table."""
        return Exhibit("facts", None, lines=[list(self._heading), *map(list, self._rows)]) if self._rows else None

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Share the width."""
        super().resizeEvent(event)
        self._spread()

    def _spread(self) -> None:
        metrics = QFontMetrics(self.font())
        first = max((metrics.horizontalAdvance(row[0]) for row in self._rows), default=80) + 2 * theme.NEAR
        two = bool(self._heading[2])
        self.setColumnHidden(2, not two)
        left = max(120, self.viewport().width() - first)
        self.setColumnWidth(0, first)
        self.setColumnWidth(1, left // 2 if two else left)
        self.setColumnWidth(2, left - left // 2)
