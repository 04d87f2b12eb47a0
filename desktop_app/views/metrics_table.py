"""The table of all heads: sorted by any column, filtered by layer and label, its numbers copied as they are."""

import math
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QSignalBlocker,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop_app import theme
from desktop_app.views import metrics_text
from desktop_app.views.metrics_data import NUMBERS, HeadRow, MetricsData

COLUMNS = ("layer", "head", "label", *NUMBERS)
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class HeadModel(QAbstractTableModel):
    """All heads, one to a row."""

    def __init__(self) -> None:
        super().__init__()
        self.data_shown: MetricsData | None = None
        self.rows: tuple[HeadRow, ...] = ()

    def set_data(self, data: MetricsData | None) -> None:
        """Show other heads; the same heads keep their place."""
        rows = () if data is None else data.rows
        same = [(r.site, r.head) for r in rows] == [(r.site, r.head) for r in self.rows]
        if not same:
            self.beginResetModel()
        self.data_shown, self.rows = data, rows
        if not same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(COLUMNS) - 1))

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        """Return how many heads there are."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text, and its exact number as tooltip."""
        row, name = self.rows[index.row()], COLUMNS[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if name == "label" else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(row, name)
        if role == Qt.ItemDataRole.ToolTipRole:
            if name == "label":
                return metrics_text.why(row)
            return metrics_text.describe(row, name if name in NUMBERS else "entropy", self.data_shown)
        return None

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's heading and what it means."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return metrics_text.heading(COLUMNS[section], self.data_shown)
        if role == Qt.ItemDataRole.ToolTipRole:
            return metrics_text.meaning(COLUMNS[section])
        return None

    def retranslate(self) -> None:
        """Have every text read again."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        self.set_data(self.data_shown)


class HeadFilter(QSortFilterProxyModel):
    """Some of the heads, in order of a column; heads without a number come last either way."""

    def __init__(self, heads: HeadModel) -> None:
        super().__init__()
        self.heads = heads
        self._layer: int | None = None
        self._label: str | None = None
        self.setSourceModel(heads)

    def set_filter(self, layer: int | None, label: str | None) -> None:
        """Keep the heads of a layer and with a label; "" keeps those without any, None keeps all."""
        self._layer, self._label = layer, label
        self.invalidate()

    def keeps(self, row: HeadRow) -> bool:
        """Return whether a head is kept."""
        if self._layer is not None and row.site != self._layer:
            return False
        if self._label == "":
            return bool(row.numbers) and not row.labels
        return self._label is None or self._label in row.labels

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:  # noqa: ARG002, N802
        """Return whether a row is kept."""
        return self.keeps(self.heads.rows[row])

    def lessThan(self, left: Index, right: Index) -> bool:  # noqa: N802
        """Compare two heads by a column, equal ones by layer and head."""
        name = COLUMNS[left.column()]
        first, second = self.heads.rows[left.row()], self.heads.rows[right.row()]
        one, other = _key(first, name), _key(second, name)
        down = self.sortOrder() == Qt.SortOrder.DescendingOrder
        none, nor = math.isnan(one[0]), math.isnan(other[0])
        if none != nor:
            return none if down else nor
        if none or one == other:
            ahead = (first.site, first.head) < (second.site, second.head)
            return not ahead if down else ahead
        return one < other

    def kept(self) -> list[HeadRow]:
        """Return the heads in the order shown."""
        return [self.heads.rows[self.mapToSource(self.index(at, 0)).row()] for at in range(self.rowCount())]


class HeadTable(QTableView):
    """The table; it shows one head as chosen and asks for others."""

    picked = Signal(int, int)
    """Site and head that were clicked or walked to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least: dict[int, int] = {}
        self.heads = HeadModel()
        self.filter = HeadFilter(self.heads)
        self.setModel(self.filter)
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setDefaultAlignment(
            Qt.AlignmentFlag(Qt.AlignmentFlag.AlignCenter.value | Qt.TextFlag.TextWordWrap.value)
        )
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.selectionModel().currentRowChanged.connect(self._on_row)

    def set_chosen(self, site: int, head: int) -> None:
        """Show a head as chosen and bring it into sight."""
        at = next((i for i, row in enumerate(self.heads.rows) if (row.site, row.head) == (site, head)), None)
        index = QModelIndex() if at is None else self.filter.mapFromSource(self.heads.index(at, 0))
        current = self.currentIndex()
        if index.isValid() and index.row() == current.row():
            return
        with QSignalBlocker(self.selectionModel()):
            if index.isValid():
                index = index.siblingAtColumn(max(0, current.column()))
                rows = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
                self.selectionModel().setCurrentIndex(index, rows)
                self.scrollTo(index)
            else:
                self.selectionModel().clear()
        self.viewport().update()

    def marked(self, point: QPointF | None) -> tuple[HeadRow | None, str]:
        """Return the head and the column at a point of the viewport, those of the current cell where it is None."""
        index = self.currentIndex() if point is None else self.indexAt(point.toPoint())
        if not index.isValid():
            return None, ""
        return self.heads.rows[self.filter.mapToSource(index).row()], COLUMNS[index.column()]

    def fit(self, told: tuple[str, ...]) -> None:
        """Show the columns that hold something, as wide as their words and numbers need."""
        metrics = QFontMetrics(self.font())
        header = self.horizontalHeader()
        lines = 1
        for at, name in enumerate(COLUMNS):
            self.setColumnHidden(at, name in NUMBERS and name not in told)
            words = metrics_text.heading(name, self.heads.data_shown).split()
            widest = max(metrics.horizontalAdvance(word) for word in words)
            wide = max(widest + theme.NEAR + 4, metrics.horizontalAdvance("0.0000") + 12)
            if name == "label":
                texts = [metrics_text.labels(row) for row in self.heads.rows]
                wide = max([wide, *(metrics.horizontalAdvance(text) + 14 for text in texts)])
            self._least[at] = wide
            lines = max(lines, min(len(words), 3))
        self._spread()
        header.setFixedHeight(lines * metrics.height() + theme.NEAR + 10)
        self.verticalHeader().setDefaultSectionSize(metrics.height() + 6)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the chosen head in sight, and no ground bare."""
        super().resizeEvent(event)
        self._spread()
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def _spread(self) -> None:
        """Share the room that words and numbers leave among the columns; the labels take the odd rest."""
        shown = [at for at in range(len(COLUMNS)) if not self.isColumnHidden(at)]
        left = self.viewport().width() - sum(self._least.get(at, 0) for at in shown)
        each = max(0, left) // max(1, len(shown))
        for at in shown:
            rest = max(0, left) - each * len(shown) if COLUMNS[at] == "label" else 0
            self.setColumnWidth(at, self._least.get(at, 0) + each + rest)

    def _on_row(self, now: QModelIndex, _: QModelIndex) -> None:
        if now.isValid():
            row = self.heads.rows[self.filter.mapToSource(now).row()]
            self.picked.emit(row.site, row.head)


def _key(row: HeadRow, name: str) -> tuple[float, str]:
    """Return what a cell is sorted by: its number, and for labels their words."""
    if name == "label":
        return 0.0, metrics_text.labels(row)
    if name in ("layer", "head"):
        return float(row.site if name == "layer" else row.head), ""
    return row.number(name), ""


def _text(row: HeadRow, name: str) -> str:
    if name in ("layer", "head"):
        return str(row.site if name == "layer" else row.head)
    if name == "label":
        return metrics_text.labels(row)
    return metrics_text.number(row.number(name)) if row.numbers else "…"
