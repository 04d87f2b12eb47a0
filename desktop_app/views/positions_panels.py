"""Parts of the positions view's page: small maps with one of them large, and a table with some of its columns drawn."""

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app import copy_menu, theme
from desktop_app.views import positions_text
from desktop_app.views.positions_data import Floats, Maps
from desktop_app.widgets.cell_mosaic import CellMosaic
from desktop_app.widgets.curves import Curves
from desktop_app.widgets.exhibit import Exhibit
from desktop_app.widgets.heat_map import HeatMap
from desktop_app.widgets.text_line import TextLine
from engine.grid import PatchGrid
from engine.model.description import PositionalEncoding

MOST_CURVES = 4
"""Columns of a table that are drawn at a time."""
_NOTHING = Maps(np.zeros((0, 1, 1), np.float32), np.zeros(0, np.intp), PatchGrid(1, 1))


class MapsPanel(QWidget):
    """Small maps; the one under the pointer is large beside them, else the chosen one."""

    picked = Signal(int)
    """A map was clicked or walked to."""
    said = Signal(str)
    """What is under the pointer, with its exact number; empty where nothing is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._maps, self._high = _NOTHING, np.zeros(0, np.float32)
        self._firsts, self._name = (0, 0), "maps"
        self._describe: Callable[[int], str] = str
        self._tell: Callable[[int, int, int], str] = lambda *_: ""
        self.chosen = self._large = 0
        self.mosaic = CellMosaic(lambda number: self._describe(number), lambda *cell: self._tell(*cell))
        self.large = HeatMap(lambda row, column: self._tell(self._large, row, column), square=True)
        self.title = TextLine()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.APART)
        beside = QVBoxLayout()
        beside.setSpacing(theme.TIGHT)
        beside.addWidget(self.title)
        beside.addWidget(self.large, 1)
        row.addWidget(self.mosaic, 3)
        row.addLayout(beside, 2)
        copy_menu.join(self.mosaic, self._exhibit, picture=self.mosaic.picture)
        self.mosaic.pointed.connect(self._on_cell)
        self.mosaic.picked.connect(self._on_picked)
        self.large.pointed.connect(self._on_large)

    def set_maps(
        self,
        maps: Maps,
        high: Floats,
        describe: Callable[[int], str],
        tell: Callable[[int, int, int], str],
        *,
        captions: Sequence[str] = (),
        columns: int | None = None,
        firsts: tuple[int, int] = (0, 0),
        name: str = "maps",
    ) -> None:
        """Show maps.

        Args:
            maps: what to show.
            high: the number of the last colour of each, (map,).
            describe: says what a map is.
            tell: says what a cell of a map is, with its exact number.
            captions: what is written on the maps.
            columns: how many stand in a line, where they lie as the patches do.
            firsts: what the first row and column are called.
            name: of files.
        """
        self._maps, self._high, self._describe, self._tell = maps, high, describe, tell
        self._firsts, self._name = firsts, name
        self.mosaic.set_captions(captions)
        self.mosaic.set_columns(columns)
        self.mosaic.set_maps(maps.values, high, range(len(maps.values)), signed=True)
        self.choose(min(self.chosen, max(0, len(maps.values) - 1)))

    def choose(self, number: int) -> None:
        """Choose a map."""
        self.chosen = number
        self.mosaic.set_chosen(number)
        self._enlarge(number)

    def retranslate(self) -> None:
        """Set every text again."""
        self.mosaic.setAccessibleName(self.tr("Maps of the positional encoding"))
        self.large.setAccessibleName(self.tr("The map that is pointed at, large"))

    def _enlarge(self, number: int) -> None:
        if not 0 <= number < len(self._maps.values):
            return
        self._large = number
        titles = (self.tr("row"), self.tr("column"))
        name = f"{self._name}-{int(self._maps.tokens[number])}"
        high = float(self._high[number])
        self.large.set_map(self._maps.values[number], high, titles=titles, firsts=self._firsts, name=name)
        self.large.set_mark(None)
        self.title.set_text(self._describe(number))

    def _on_cell(self, cell: tuple[int, int, int] | None) -> None:
        self._enlarge(self.chosen if cell is None else cell[0])
        self.said.emit("" if cell is None else self._tell(*cell))

    def _on_picked(self, number: int) -> None:
        self.choose(number)
        self.picked.emit(number)

    def _on_large(self, cell: tuple[int, int] | None) -> None:
        self.large.set_mark(cell)
        self.said.emit("" if cell is None else self._tell(self._large, *cell))

    def _exhibit(self, point: QPointF | None) -> Exhibit | None:
        """Return all maps, and the number at a point."""
        values = self._maps.values
        cell = None if point is None else self.mosaic.cell_at(point.toPoint())
        number = None if cell is None else float(values[cell])
        labels = {"map": [self._describe(i) for i in range(len(values))]}
        return Exhibit(self._name, values, ("map", "row", "column"), number, labels=labels)


class TablePanel(QWidget):
    """A table as a map; a click on one of its columns draws it below."""

    said = Signal(str)
    """What is under the pointer, with its exact number; empty where nothing is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._encoding: PositionalEncoding | None = None
        self._table: Floats = np.zeros((0, 0), np.float32)
        self.columns: list[int] = []
        self.heat, self.curves = HeatMap(self._tell), Curves()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.NEAR)
        whole.addWidget(self.heat, 3)
        whole.addWidget(self.curves, 2)
        self.heat.pointed.connect(self._on_cell)
        self.heat.clicked.connect(lambda _, column: self._on_column(column))
        self.curves.pointed.connect(self._on_curve)

    def set_table(self, encoding: PositionalEncoding, table: Floats) -> None:
        """Show the table of an encoding."""
        self._encoding, self._table = encoding, table
        titles = (positions_text.axis(encoding.axes[0]), positions_text.axis(encoding.axes[1]))
        high = float(np.abs(table).max(initial=0))
        axes = (encoding.axes[0], encoding.axes[1])
        self.heat.set_map(table, high, axes=axes, titles=titles, name="positions")
        self.heat.set_mark(None)
        wide = table.shape[1]
        self.columns = [c for c in self.columns if c < wide] or sorted({0, wide // 4, wide // 2, wide - 1})
        self._draw_columns()

    def retranslate(self) -> None:
        """Set every text again."""
        self.heat.setAccessibleName(self.tr("The table of positions"))
        self.curves.setAccessibleName(self.tr("Some columns of the table of positions"))

    def _draw_columns(self) -> None:
        if self._encoding is None:
            return
        first, second = (positions_text.axis(name) for name in self._encoding.axes[:2])
        names = [f"{second} {column}" for column in self.columns]
        lines = self._table[:, self.columns].T
        self.curves.set_lines(lines, names, axis=self._encoding.axes[0], title=first, name="positions-curves")
        self.curves.set_mark(None)

    def _tell(self, row: int, column: int) -> str:
        if self._encoding is None:
            return ""
        return positions_text.cell(self._encoding, row, column, float(self._table[row, column]))

    def _on_cell(self, cell: tuple[int, int] | None) -> None:
        self.heat.set_mark(cell)
        self.said.emit("" if cell is None else self._tell(*cell))

    def _on_column(self, column: int) -> None:
        if column not in self.columns:
            self.columns = [*self.columns[-MOST_CURVES + 1 :], column]
            self._draw_columns()

    def _on_curve(self, at: tuple[int, int] | None) -> None:
        self.curves.set_mark(at)
        self.said.emit("" if at is None else self.curves.describe(*at))
