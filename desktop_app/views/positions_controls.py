"""The controls of the positions view: which encoding, what is done to it, and what the model then says."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QPushButton, QSpinBox, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.i18n import lookup
from desktop_app.views import positions_text
from desktop_app.views.positions_data import Grid, PositionsData, changes_of
from desktop_app.widgets.change_table import ChangeTable
from desktop_app.widgets.edit_list import EditList
from engine.model.description import PositionalEncoding
from engine.runtime.interventions import Edit, Positions

CHANGES = ("zero", "shuffle", "shift", "interpolate")


class PositionsControls(QWidget):
    """What is changed; the model runs again at once after each change."""

    edits_wanted = Signal(object)
    """The whole tuple of interventions."""
    chosen = Signal(int)
    """Another encoding was chosen."""
    grid_changed = Signal()
    """Another grid to resample to was chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: PositionsData | None = None
        self.which, self.facts = QComboBox(), QLabel(wordWrap=True)
        self.facts.setProperty("quiet", "true")
        self.which.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.which.setMinimumContentsLength(16)
        self._title, self._changes, self.moved = QLabel(), QLabel(), QLabel(wordWrap=True)
        for label in (self._title, self._changes):
            label.setProperty("heading", "true")
        self.moved.setProperty("quiet", "true")
        self.buttons = {name: QPushButton() for name in CHANGES}
        self.seed, self.by, self.rows, self.columns = (QSpinBox() for _ in range(4))
        self._fields: dict[str, tuple[QWidget, ...]] = {
            "zero": (),
            "shuffle": (self.seed,),
            "shift": (self.by,),
            "interpolate": (self.rows, self.columns),
        }
        self.list, self.table = EditList(), ChangeTable()
        self.seed.setRange(0, 9999)
        self.by.setRange(-4096, 4096)
        self.by.setValue(1)
        for spin in (self.rows, self.columns):
            spin.setRange(1, 256)
            spin.setValue(7)
            spin.valueChanged.connect(lambda _: self.grid_changed.emit())
        self._build()
        self.which.currentIndexChanged.connect(self.chosen)
        self.list.kept.connect(self._on_kept)
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _=False, name=name: self.add(name))
        self.retranslate()

    def grid(self, encoding: PositionalEncoding) -> Grid:
        """Return the grid to resample to; of a line, rows alone count."""
        return self.rows.value(), (1 if encoding.grid is None else self.columns.value())

    def set_data(self, data: PositionsData) -> None:
        """Know what the run shows."""
        again = self._data is not None and self._data.model.positions == data.model.positions
        self._data = data
        if not again:
            self._fill()
        allowed = changes_of(data.model)
        for name, button in self.buttons.items():
            for widget in (button, *self._fields[name]):
                widget.setEnabled(name in allowed)
        self.list.set_texts([edit.message().text(lookup) for edit in data.edits])
        headings = (self.tr("Class"), self.tr("As it is"), self.tr("Changed"), self.tr("Logit"))
        rows = [(c.label, c.before, c.after, c.logit) for c in data.classes]
        self.table.set_rows(headings, rows, self.tr("This model names no classes."))
        self.moved.setText("\n".join(positions_text.output(change) for change in data.outputs[:4]))
        self.moved.setVisible(bool(data.edits))

    def show_encoding(self, encoding: PositionalEncoding) -> None:
        """Say what an encoding is."""
        self.facts.setText(positions_text.facts(encoding))
        line = encoding.grid is None
        self.columns.setVisible(not line)

    def add(self, change: str) -> None:
        """Add an intervention; it takes the place of the last one, where that is of its kind."""
        data = self._data
        if data is None or not data.model.positions:
            return
        encoding = data.model.positions[max(0, self.which.currentIndex())]
        kind = next(name for name in ("zero", "shuffle", "shift", "interpolate") if name == change)
        last = data.edits[-1] if data.edits else None
        same = isinstance(last, Positions) and last.change == kind
        if same and kind == "shuffle" and isinstance(last, Positions) and last.seed == self.seed.value():
            self.seed.setValue((last.seed + 1) % (self.seed.maximum() + 1))
        edit = Positions(kind, self._prefix(), self.seed.value(), self.by.value(), self.grid(encoding))
        edits: tuple[Edit, ...] = (*(data.edits[:-1] if same else data.edits), edit)
        if edits != data.edits:
            self.edits_wanted.emit(edits)

    def retranslate(self) -> None:
        """Set every text again."""
        self._title.setText(self.tr("What if"))
        self._changes.setText(self.tr("Prediction"))
        texts = {
            "zero": (self.tr("Positions zero"), self.tr("Every encoding of the model whose numbers lie in its file")),
            "shuffle": (self.tr("Shuffle"), self.tr("Rows in random order; special tokens keep theirs")),
            "shift": (
                self.tr("Shift"),
                self.tr("Every row to another place, round the end; special tokens keep theirs"),
            ),
            "interpolate": (
                self.tr("Resample"),
                self.tr("To another grid and back, as when a model is given images of another size"),
            ),
        }
        for name, (text, tip) in texts.items():
            self.buttons[name].setText(text)
            self.buttons[name].setToolTip(tip)
        self.seed.setPrefix(self.tr("seed "))
        self.by.setPrefix(self.tr("by "))
        self.columns.setPrefix("× ")
        self.rows.setAccessibleName(self.tr("Rows of the other grid"))
        self.columns.setAccessibleName(self.tr("Columns of the other grid"))
        self.which.setAccessibleName(self.tr("Positional encoding"))
        self.table.setAccessibleName(self.tr("Prediction as it is and changed"))
        self.list.retranslate()
        if self._data is not None:
            self._fill()
            self.set_data(self._data)

    def _fill(self) -> None:
        if self._data is None:
            return
        now = max(0, self.which.currentIndex())
        found = self._data.model.positions
        with QSignalBlocker(self.which):
            self.which.clear()
            self.which.addItems([positions_text.title(i, encoding) for i, encoding in enumerate(found)])
            self.which.setCurrentIndex(min(now, len(found) - 1))
        self.which.setEnabled(len(found) > 1)

    def _prefix(self) -> int:
        """Rows of special tokens, where the encoding itself does not tell: those of the first attention."""
        tokens = () if self._data is None else self._data.model.tokens
        grid = next((t.queries for t in tokens if t.queries is not None), None)
        return 0 if grid is None or grid.windows is not None else grid.prefix

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.NEAR)
        grid.setVerticalSpacing(theme.NEAR)
        for row, (name, widgets) in enumerate(self._fields.items()):
            grid.addWidget(self.buttons[name], row, 0)
            for place, widget in enumerate(widgets):
                grid.addWidget(widget, row, 1 + place, 1, 3 - len(widgets))
        for place in range(3):
            grid.setColumnStretch(place, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.NEAR)
        for widget in (self.which, self.facts, self._title):
            column.addWidget(widget)
        column.addLayout(grid)
        column.addWidget(self.list)
        for widget in (self._changes, self.table, self.moved):
            column.addWidget(widget)
        column.addStretch(1)

    def _on_kept(self, places: tuple[int, ...]) -> None:
        if self._data is not None:
            self.edits_wanted.emit(tuple(self._data.edits[place] for place in places))
