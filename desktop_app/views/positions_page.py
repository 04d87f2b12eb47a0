"""The positions view's page: which encoding at the left, what it says at the right."""

import numpy as np
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from desktop_app import copy_menu, theme, token_words
from desktop_app.views import positions_data, positions_text
from desktop_app.views.positions_controls import PositionsControls
from desktop_app.views.positions_data import LOOKS, Floats, Look, Maps, Part, PositionsData
from desktop_app.views.positions_panels import MOST_CURVES, MapsPanel, TablePanel
from desktop_app.views.positions_sandbox import SinusoidSandbox
from desktop_app.widgets.bars import Bars
from desktop_app.widgets.curves import Curves
from desktop_app.widgets.exhibit import Exhibit
from desktop_app.widgets.heat_map import HeatMap
from desktop_app.widgets.segmented import Segmented
from desktop_app.widgets.side_scroll import SideScroll
from desktop_app.widgets.text_line import TextLine
from engine.grid import PatchGrid
from engine.model.description import PositionalEncoding
from engine.position_maps import Relative
from engine.runtime.interventions import Positions

PARTS: tuple[Part, ...] = (
    "similarity",
    "components",
    "table",
    "distance",
    "frequencies",
    "bias",
    "slopes",
    "sandbox",
)


class PositionsPage(QWidget):
    """Shows one encoding; what of it, and before or after interventions, is chosen here."""

    picked = Signal(int, int)
    """The map of a patch was clicked: its row and column."""
    table_missing = Signal(int)
    """The table of an encoding is too large to have come along and has to be read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.data: PositionsData | None = None
        self.tables: dict[int, Floats] = {}
        self._table: Floats = np.zeros((0, 0), np.float32)
        self._maps: Maps | None = None
        self._shares: Floats = np.zeros(0, np.float32)
        self._relative: Relative | None = None
        self._firsts = (0, 0)
        self.controls, self.sandbox = PositionsControls(), SinusoidSandbox()
        self.parts, self.looks = Segmented(PARTS), Segmented(LOOKS)
        self.maps, self.table = MapsPanel(), TablePanel()
        self.square = HeatMap(self._tell_square, square=True)
        self.lines, self.bars = Curves(), Bars()
        self.explained, self.said = QLabel(wordWrap=True), TextLine(quiet=True)
        self.explained.setProperty("quiet", "true")
        self.sentence = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.sentence.setProperty("quiet", "true")
        self.stack = QStackedWidget()
        self._pages: dict[str, QWidget] = {
            "maps": self.maps,
            "table": self.table,
            "square": self.square,
            "lines": self.lines,
            "bars": self.bars,
            "sandbox": self.sandbox,
            "sentence": self.sentence,
        }
        self.parts.set_choice("similarity")
        self.looks.set_choice("after")
        for part in PARTS[:-1]:  # which there are, a model tells
            self.parts.button(part).hide()
        self._build()
        self._connect()

    @property
    def encoding(self) -> PositionalEncoding | None:
        """The encoding that is chosen."""
        found = () if self.data is None else self.data.model.positions
        index = max(0, self.controls.which.currentIndex())
        return found[index] if index < len(found) else None

    @property
    def part(self) -> Part:
        """What of it is shown."""
        return next(part for part in PARTS if part == self.parts.choice())

    @property
    def look(self) -> Look:
        """As it is in the file, as interventions left it, or resampled to another grid."""
        shown = next(look for look in LOOKS if look == self.looks.choice())
        return shown if self.looks.button(shown).isVisibleTo(self) else "before"

    def show_data(self, data: PositionsData) -> None:
        """Show the encodings of a model; what only pointing changes is not drawn anew."""
        before = self.data
        again = before is not None and before.stamp is data.stamp and before.edits == data.edits
        if before is None or before.model.path != data.model.path:
            self.tables, self.maps.chosen, self.table.columns = {}, 0, []
        self.data = data
        if not again and any(isinstance(edit, Positions) for edit in data.edits):
            self.looks.set_choice("after")
        if not again:
            self.controls.set_data(data)
            self.show_encoding()
        self.mark(data.place)

    def show_encoding(self) -> None:
        """Show another encoding, or the same one changed."""
        encoding, data = self.encoding, self.data
        parts: tuple[Part, ...] = ()
        if encoding is not None and data is not None:
            self.controls.show_encoding(encoding)
            parts = positions_data.parts_of(encoding)
        for part in PARTS:
            self.parts.button(part).setVisible(part in (*parts, "sandbox"))
        if self.part not in (*parts, "sandbox"):
            self.parts.set_choice(parts[0] if parts else "sandbox")
        self.show_part()

    def show_part(self) -> None:
        """Show what is chosen of the encoding."""
        encoding, data, part = self.encoding, self.data, self.part
        self._offer_looks()
        if part == "sandbox" or encoding is None or data is None:
            self.explained.setText(positions_text.part("sandbox")[1])
            self.said.set_text("")
            self.stack.setCurrentWidget(self._pages["sandbox"])
            return
        table = self._whole_table(encoding)
        if table is None:
            self.sentence.setText(self.tr("This table is large; it is being read from the file."))
            self.stack.setCurrentWidget(self._pages["sentence"])
            self.table_missing.emit(max(0, self.controls.which.currentIndex()))
            return
        to = self.controls.grid(encoding)
        self._table, grid = positions_data.looked_at(encoding, table, data.edits, self.look, to)
        self._relative = None
        show = {
            "similarity": self._show_similarity,
            "components": self._show_components,
            "table": self._show_table,
            "distance": self._show_distance,
            "frequencies": self._show_frequencies,
            "bias": self._show_bias,
            "slopes": self._show_slopes,
        }[part]
        show(encoding, grid)
        self.explained.setText(positions_text.explained(part, encoding, self._relative))
        self.said.set_text("")

    def take_table(self, index: int, table: Floats) -> None:
        """Show a table that has been read."""
        self.tables[index] = table
        self.show_part()

    def refuse(self, sentence: str) -> None:
        """Say why there is no table."""
        self.sentence.setText(sentence)

    def mark(self, place: tuple[int, int] | None) -> None:
        """Enlarge the map of a patch that is pointed at elsewhere."""
        grid = None if self._maps is None else self._maps.grid
        if self.part != "similarity" or self._maps is None or grid is None or place is None:
            return
        if place[0] < grid.rows and place[1] < grid.columns:
            found = np.flatnonzero(self._maps.tokens == grid.token_at(*place))
            if found.size:
                self.maps.choose(int(found[0]))

    def forget(self) -> None:
        """Let go of everything shown."""
        self.data, self._maps, self._relative, self.tables = None, None, None, {}

    def retranslate(self) -> None:
        """Set every text again."""
        self.controls.retranslate()
        for part in PARTS:
            self.parts.set_text(part, *positions_text.part(part))
        words = {
            "before": (self.tr("As it is"), self.tr("As the file has it")),
            "after": (self.tr("Changed"), self.tr("As the changes at the left leave it")),
            "resampled": (self.tr("Resampled"), self.tr("To the grid set at the left")),
        }
        for look, (text, tip) in words.items():
            self.looks.set_text(look, text, tip)
        self.maps.retranslate()
        self.table.retranslate()
        self.square.setAccessibleName(self.tr("How alike the rows are"))
        for widget in (self.lines, self.bars):
            widget.setAccessibleName(self.tr("The positional encoding as lines"))
        self.sandbox.retranslate()
        if self.data is not None:
            self.show_encoding()

    def _whole_table(self, encoding: PositionalEncoding) -> Floats | None:
        index = max(0, self.controls.which.currentIndex())
        return encoding.values if encoding.values is not None else self.tables.get(index)

    def _offer_looks(self) -> None:
        """Offer before and after where there is a difference, and another grid where rows are tokens."""
        encoding, data = self.encoding, self.data
        found = () if encoding is None or data is None else positions_data.looks_of(encoding, data.edits)
        shown = {look: self.part != "sandbox" and look in found for look in LOOKS}
        for look, is_shown in shown.items():
            self.looks.button(look).setVisible(is_shown)
        self.looks.setVisible(shown["after"] or shown["resampled"])
        if not shown[next(look for look in LOOKS if look == self.looks.choice())]:
            self.looks.set_choice("before")

    def _show_similarity(self, encoding: PositionalEncoding, grid: PatchGrid | None) -> None:
        self._maps = positions_data.similarity_maps(encoding, self._table, grid)
        if self._maps.grid is None:
            axes, name = ("row", "other row"), self.tr("row")
            self.square.set_map(self._maps.values[0], 1.0, axes=axes, titles=(name, name), name="similarity")
            self.stack.setCurrentWidget(self._pages["square"])
            return
        self._show_maps(np.ones(len(self._maps.values), np.float32))

    def _show_components(self, encoding: PositionalEncoding, grid: PatchGrid | None) -> None:  # noqa: ARG002
        self._maps, self._shares = positions_data.component_maps(self._table, grid)
        if self._maps.grid is None:
            few = self._maps.values[:MOST_CURVES, 0]
            names = [positions_text.component(i, float(self._shares[i])) for i in range(len(few))]
            self.lines.set_lines(few, names, axis="token", title=self.tr("token"), name="components")
            self.stack.setCurrentWidget(self._pages["lines"])
            return
        self._show_maps(np.abs(self._maps.values).max(axis=(1, 2)))

    def _show_bias(self, encoding: PositionalEncoding, grid: PatchGrid | None) -> None:  # noqa: ARG002
        if self.data is None:
            return
        self._relative = positions_data.bias(encoding, self._table, self.data.model)
        values, (down, right) = self._relative.values, self._relative.centre
        if self._relative.flat:
            names = [positions_text.head(i) for i in range(len(values))]
            title = self.tr("key after the query by")
            self.lines.set_lines(values[:, 0], names, first=-right, axis="offset", title=title, name="bias")
            self.stack.setCurrentWidget(self._pages["lines"])
            return
        shape = PatchGrid(values.shape[1], values.shape[2])
        self._maps = Maps(values, np.arange(len(values)), shape)
        high = np.nanmax(np.abs(values), axis=(1, 2))
        self._show_maps(np.where(np.isfinite(high), high, 0).astype(np.float32), (-down, -right))

    def _show_maps(self, high: Floats, firsts: tuple[int, int] = (0, 0)) -> None:
        """Show small maps and a large one."""
        if self._maps is None:
            return
        self._firsts = firsts
        count = len(self._maps.values)
        captions = [str(i) for i in range(count)] if self.part == "bias" else []
        if self.part == "components":
            captions = [f"{share:.1%}" for share in self._shares[:count]]
        name = f"positions-{self.part}"
        self.maps.set_maps(
            self._maps,
            high,
            self._describe,
            self._tell_map,
            captions=captions,
            columns=self._maps.columns,
            firsts=firsts,
            name=name,
        )
        self.stack.setCurrentWidget(self.maps)

    def _show_table(self, encoding: PositionalEncoding, grid: PatchGrid | None) -> None:  # noqa: ARG002
        self.table.set_table(encoding, self._table)
        self.stack.setCurrentWidget(self.table)

    def _show_distance(self, encoding: PositionalEncoding, grid: PatchGrid | None) -> None:  # noqa: ARG002
        lines = positions_data.distance_lines(encoding, self._table)
        names = [self.tr("same query and key"), self.tr("bound")] if len(lines) == 2 else [self.tr("similarity")]
        title = self.tr("tokens apart")
        self.lines.set_lines(lines, names, axis="offset", title=title, name="distance")
        self.lines.set_mark(None)
        self.stack.setCurrentWidget(self._pages["lines"])

    def _show_frequencies(self, encoding: PositionalEncoding, grid: PatchGrid | None) -> None:  # noqa: ARG002
        rates = self._table.astype(np.float64)
        length = np.log10(2 * np.pi / np.where(rates > 0, rates, np.nan))
        names = tuple(positions_text.frequency(i, float(rate)) for i, rate in enumerate(rates))
        self.bars.set_values(length, names, axis="frequency")
        self.stack.setCurrentWidget(self._pages["bars"])

    def _show_slopes(self, encoding: PositionalEncoding, grid: PatchGrid | None) -> None:  # noqa: ARG002
        names = tuple(positions_text.slope(i, self._table) for i in range(len(self._table)))
        wanted = positions_data.expected_slopes(len(self._table)) if len(self._table) else None
        self.bars.set_values(self._table, names, wanted, axis="head")
        self.stack.setCurrentWidget(self._pages["bars"])

    def _describe(self, number: int) -> str:
        """Return what a map is."""
        maps = self._maps
        if maps is None or number >= len(maps.values):
            return ""
        if self.part == "components":
            return positions_text.component(number, float(self._shares[number]))
        if self.part == "bias":
            return positions_text.head(number)
        token = int(maps.tokens[number])
        text = token_words.place(maps.grid, token)
        return f"{text[:1].upper()}{text[1:]}"

    def _tell_map(self, number: int, row: int, column: int) -> str:
        """Return what a cell of a map is, exactly."""
        maps = self._maps
        if maps is None or number >= len(maps.values):
            return ""
        value = float(maps.values[number, row, column])
        if self.part == "bias":
            return positions_text.offset(number, row + self._firsts[0], column + self._firsts[1], value)
        if self.part == "similarity" and maps.grid is not None:
            return positions_text.pair(maps.grid, int(maps.tokens[number]), row, column, value)
        return positions_text.at(self._describe(number), row, column, value)

    def _tell_square(self, row: int, column: int) -> str:
        return "" if self._maps is None else positions_text.rows(row, column, float(self._maps.values[0, row, column]))

    def _bar_exhibit(self, point: QPointF | None) -> Exhibit | None:
        """Return the frequencies or slopes themselves, not how high their bars are."""
        place = None if point is None else self.bars.place_at(point)
        if not self._table.size:
            return None
        number = None if place is None or place >= self._table.size else float(self._table[place])
        axis = "frequency" if self.part == "frequencies" else "head"
        return Exhibit(f"positions-{self.part}", self._table, (axis,), number)

    def _connect(self) -> None:
        copy_menu.join(self.bars, self._bar_exhibit)
        self.parts.chosen.connect(lambda _: self.show_part())
        self.looks.chosen.connect(lambda _: self.show_part())
        self.controls.chosen.connect(lambda _: self._on_encoding())
        self.controls.grid_changed.connect(lambda: self.show_part() if self.look == "resampled" else None)
        self.maps.picked.connect(self._on_picked)
        for panel in (self.maps, self.table):
            panel.said.connect(self.said.set_text)
        self.square.pointed.connect(self._on_square)
        self.lines.pointed.connect(self._on_line)
        self.bars.pointed.connect(self._on_bar)

    def _on_encoding(self) -> None:
        self.maps.chosen, self.table.columns = 0, []
        self.show_encoding()

    def _on_picked(self, number: int) -> None:
        maps = self._maps
        place = None if maps is None or maps.grid is None else maps.grid.place_of(int(maps.tokens[number]))
        if self.part == "similarity" and self.look != "resampled" and place is not None:
            self.picked.emit(*place)

    def _on_square(self, cell: tuple[int, int] | None) -> None:
        self.square.set_mark(cell)
        self.said.set_text("" if cell is None else self._tell_square(*cell))

    def _on_line(self, at: tuple[int, int] | None) -> None:
        self.lines.set_mark(at)
        self.said.set_text("" if at is None else self.lines.describe(*at))

    def _on_bar(self, place: int | None) -> None:
        self.bars.set_mark(place)
        self.said.set_text("" if place is None or place >= self._table.size else self.bars.describe(place))

    def _build(self) -> None:
        for page in self._pages.values():
            self.stack.addWidget(page)
        choice = QHBoxLayout()
        choice.setSpacing(theme.APART)
        choice.addWidget(self.explained, 1)
        choice.addWidget(self.looks)
        right = QVBoxLayout()
        right.setSpacing(theme.NEAR)
        right.addWidget(self.parts)
        right.addLayout(choice)
        right.addWidget(self.stack, 1)
        right.addWidget(self.said)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(theme.APART, theme.APART, theme.APART, theme.NEAR)
        whole.setSpacing(theme.APART)
        whole.addWidget(SideScroll(self.controls), 3)
        whole.addLayout(right, 8)
