"""The controls of the patches view: buttons that change the image, what was changed, which patches."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QPushButton, QSpinBox, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.i18n import lookup
from desktop_app.views.patches_data import OWN, Grid, PatchesData, with_last
from desktop_app.widgets.change_table import ChangeTable
from desktop_app.widgets.edit_list import EditList
from engine.runtime.interventions import BlurImage, DropPatches, Edit, ImageEdit, ShiftImage, ShufflePatches


class PatchesControls(QWidget):
    """What is changed; the model runs again at once after each change."""

    edits_wanted = Signal(object)
    """The whole tuple of interventions."""
    grid_changed = Signal()
    """Another grid was chosen for a model that has none of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: PatchesData | None = None
        self._title, self._changes = QLabel(), QLabel()
        for label in (self._title, self._changes):
            label.setProperty("heading", "true")
        self.list, self.table = EditList(), ChangeTable()
        self.shuffle, self.drop, self.shift, self.blur = (QPushButton() for _ in range(4))
        self.seed, self.percent, self.rows, self.columns = (QSpinBox() for _ in range(4))
        self.right, self.down, self.sigma = QSpinBox(), QSpinBox(), QDoubleSpinBox()
        self._labels = {name: QLabel() for name in ("rows", "columns")}
        self._set_ranges()
        self._own = QWidget()
        self._build()
        self._connect()
        self.retranslate()

    def grid(self) -> Grid:
        """Return rows and columns of patches: the model's own, else those chosen here."""
        if self._data is not None and self._data.grid is not None:
            return self._data.grid
        return self.rows.value(), self.columns.value()

    def set_data(self, data: PatchesData) -> None:
        """Know what the run shows."""
        self._data = data
        self._own.setVisible(data.grid is None)
        for spin, most in zip((self.rows, self.columns), data.before.shape[:2], strict=True):
            with QSignalBlocker(spin):
                spin.setMaximum(max(1, most // 2))
        for spin, most in zip((self.down, self.right), data.before.shape[:2], strict=True):
            spin.setRange(-most, most)
        self.list.set_texts([edit.message().text(lookup) for edit in data.edits])
        headings = (self.tr("Class"), self.tr("As it is"), self.tr("Changed"), self.tr("Logit"))
        rows = [(c.label, c.before, c.after, c.logit) for c in data.classes]
        self.table.set_rows(headings, rows, self.tr("This model names no classes."))

    def want(self, edits: tuple[Edit, ...]) -> None:
        """Ask for these interventions, unless they are made already."""
        if self._data is not None and edits != self._data.edits:
            self.edits_wanted.emit(edits)

    def retranslate(self) -> None:
        """Set every text again."""
        self._title.setText(self.tr("Change the image"))
        self._changes.setText(self.tr("Prediction"))
        self.shuffle.setText(self.tr("Shuffle patches"))
        self.drop.setText(self.tr("Drop patches"))
        self.shift.setText(self.tr("Shift"))
        self.blur.setText(self.tr("Blur"))
        self.percent.setSuffix(self.tr(" %"))
        self.seed.setPrefix(self.tr("seed "))
        texts = {"rows": self.tr("Patches down"), "columns": self.tr("across")}
        for name, text in texts.items():
            self._labels[name].setText(text)
        self.percent.setAccessibleName(self.tr("Part of the patches that is dropped"))
        self.seed.setToolTip(self.tr("The same seed takes the same patches"))
        for spin, text in (
            (self.right, self.tr("Pixels of the model’s input to the right")),
            (self.down, self.tr("Pixels of the model’s input down")),
            (self.sigma, self.tr("Width of the Gaussian, in pixels of the model’s input")),
        ):
            spin.setToolTip(text)
            spin.setAccessibleName(text)
        self.table.setAccessibleName(self.tr("Prediction as it is and changed"))
        self.list.retranslate()
        if self._data is not None:
            self.set_data(self._data)

    def _set_ranges(self) -> None:
        self.seed.setRange(0, 9999)
        self.percent.setRange(0, 100)
        self.percent.setSingleStep(10)
        self.percent.setValue(50)
        self.right.setRange(-999, 999)
        self.down.setRange(-999, 999)
        self.right.setValue(8)
        self.sigma.setRange(0, 50)
        self.sigma.setSingleStep(0.5)
        self.sigma.setValue(2)
        for spin, value in zip((self.rows, self.columns), OWN, strict=True):
            spin.setRange(1, 64)
            spin.setValue(value)
        self.right.setPrefix("→ ")
        self.down.setPrefix("↓ ")
        self.sigma.setPrefix("σ ")
        self._labels["rows"].setBuddy(self.rows)
        self._labels["columns"].setBuddy(self.columns)

    def _build(self) -> None:
        labels = self._labels
        lines: tuple[tuple[QWidget, ...], ...] = (
            (self.shuffle, self.drop),
            (self.seed, self.percent),
            (self.shift, self.right, self.down),
            (self.blur, self.sigma),
        )
        own = QHBoxLayout(self._own)
        own.setContentsMargins(0, 0, 0, 0)
        own.setSpacing(theme.NEAR)
        for part in (labels["rows"], self.rows, labels["columns"], self.columns):
            own.addWidget(part)
        own.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.NEAR)
        column.addWidget(self._title)
        column.addWidget(self._own)
        for widgets in lines:
            line = QHBoxLayout()
            line.setSpacing(theme.NEAR)
            for widget in widgets:
                line.addWidget(widget, 1)
            column.addLayout(line)
        column.addSpacing(theme.NEAR)
        column.addWidget(self.list)
        column.addSpacing(theme.NEAR)
        column.addWidget(self._changes)
        column.addWidget(self.table)
        column.addStretch(1)

    def _connect(self) -> None:
        self.shuffle.clicked.connect(self._on_shuffle)
        self.drop.clicked.connect(
            lambda: self._add(DropPatches(self.grid(), self.percent.value() / 100, self.seed.value()))
        )
        self.shift.clicked.connect(lambda: self._add(ShiftImage(self.right.value(), self.down.value())))
        self.blur.clicked.connect(lambda: self._add(BlurImage(self.sigma.value())))
        self.list.kept.connect(self._on_kept)
        for spin in (self.rows, self.columns):
            spin.valueChanged.connect(lambda _: self.grid_changed.emit())

    def _add(self, edit: ImageEdit) -> None:
        if self._data is not None:
            self.want(with_last(self._data.edits, edit))

    def _on_shuffle(self) -> None:
        """Shuffle; once more is with another seed."""
        if self._data is None:
            return
        if self._data.edits[-1:] == (ShufflePatches(self.grid(), self.seed.value()),):
            self.seed.setValue((self.seed.value() + 1) % (self.seed.maximum() + 1))
        self._add(ShufflePatches(self.grid(), self.seed.value()))

    def _on_kept(self, places: tuple[int, ...]) -> None:
        if self._data is not None:
            self.want(tuple(self._data.edits[place] for place in places))
