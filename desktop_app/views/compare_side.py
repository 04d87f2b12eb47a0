"""One of the two pictures side by side: what a model looked at, and what it says."""

import numpy as np
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.views import compare_text as words
from desktop_app.views.compare_data import Kind, Look, Place, Side, cell
from desktop_app.widgets.field_canvas import FieldCanvas
from desktop_app.widgets.prediction_bars import PredictionBars
from desktop_app.widgets.text_line import TextLine
from engine.grid import PatchGrid
from engine.images.plan import Prepared

MOST_CLASSES = 3


class SidePanel(QWidget):
    """A name, a picture, its number, and the likeliest classes."""

    kind_wanted = Signal()
    """Something else shall be shown of what the model looked at."""
    pointed = Signal(object)
    """The place under the pointer, (across, down) from 0 to 1, or None."""
    pinned = Signal(object)
    """A place was clicked, or None: let go."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._photo: Prepared | None = None
        self._look: Look | None = None
        self._offered: tuple[Kind, ...] = ()
        self.kinds, self.canvas, self.bars = QComboBox(), FieldCanvas(), PredictionBars()
        self.name, self.what, self.number = TextLine(size=theme.HEADING), TextLine(quiet=True), TextLine(quiet=True)
        self.kinds.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        top = QHBoxLayout()
        top.setSpacing(theme.NEAR)
        top.addWidget(self.name, 1)
        top.addWidget(self.kinds)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.TIGHT)
        column.addLayout(top)
        column.addWidget(self.what)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.number)
        column.addWidget(self.bars)
        self.kinds.currentIndexChanged.connect(lambda _: self.kind_wanted.emit())
        self.canvas.hovered.connect(lambda token: self.pointed.emit(self._place(token)))
        self.canvas.clicked.connect(lambda token: self.pinned.emit(self._place(token)))
        self.canvas.walked.connect(lambda token: self.pinned.emit(self._place(token)))
        self.canvas.unpinned.connect(lambda: self.pinned.emit(None))

    def offer(self, side: Side) -> None:
        """Show who this is and what it says, and offer what can be shown."""
        self.name.set_text(side.name)
        self.bars.set_rows([(one.label, one.probability) for one in side.classes[:MOST_CLASSES]])
        image = side.image
        if image is not self._photo:
            self.canvas.set_photo(
                None if image is None else image.photo.pixels, (0, 0, 1, 1) if image is None else image.region
            )
        self._photo = image
        if side.kinds != self._offered or self.kinds.count() != len(side.kinds):
            before = self.kind()
            with QSignalBlocker(self.kinds):
                self.kinds.clear()
                for kind in side.kinds:
                    self.kinds.addItem(words.kind(kind), kind)
                if before in side.kinds:
                    self.kinds.setCurrentIndex(side.kinds.index(before))
        self._offered = side.kinds
        self.kinds.setVisible(len(side.kinds) > 1)

    def kind(self) -> Kind | None:
        """Return what is chosen to be shown."""
        at = self.kinds.currentIndex()
        return self._offered[at] if 0 <= at < len(self._offered) else None

    def set_kind(self, kind: Kind) -> None:
        """Choose what is shown; what is not offered changes nothing."""
        if kind in self._offered:
            self.kinds.setCurrentIndex(self._offered.index(kind))

    def show_look(self, side: Side, look: Look | None, *, high: float | None = None) -> None:
        """Show what the model looked at."""
        self._look = look
        self.what.set_text(words.looked(side, self.kind(), look))
        if look is None:
            self.canvas.set_tokens(PatchGrid(1, 1))
            self.canvas.set_overlay(None)
            self.number.set_text("")
            return
        values = look.values
        around = look.signed and bool((values < 0).any())
        self.canvas.set_signed(around)
        self.canvas.set_tokens(PatchGrid(*values.shape))
        top = float(np.nanmax(np.abs(values) if around else values, initial=0.0))
        self.canvas.set_overlay(values.reshape(-1), top if high is None else high)
        self.canvas.takeaway.name = f"{side.name}-{self.kind()}"

    def mark(self, place: Place | None, *, pinned: bool) -> None:
        """Mark a place and read its number."""
        look = self._look
        if look is None:
            return
        rows, columns = look.values.shape
        spot = None if place is None else (cell(place[1], rows), cell(place[0], columns))
        self.canvas.set_marks(None if spot is None else spot[0] * columns + spot[1], pinned=pinned)
        self.number.set_text(words.number(look, spot))

    def retranslate(self) -> None:
        """Set every text again."""
        self.canvas.setAccessibleName(self.tr("Image and what the model looked at"))
        self.kinds.setAccessibleName(self.tr("What is shown of what it looked at"))
        for at, kind in enumerate(self._offered):
            self.kinds.setItemText(at, words.kind(kind))

    def _place(self, token: int | None) -> Place | None:
        if token is None or self._look is None:
            return None
        rows, columns = self._look.values.shape
        row, column = divmod(token, columns)
        return (column + 0.5) / columns, (row + 0.5) / rows
