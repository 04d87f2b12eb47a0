"""The side-by-side view's page: two pictures, their difference where they are of one model, and what differs."""

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QStackedWidget, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.views import compare_text as words
from desktop_app.views.compare_data import CompareData, Floats, Look, Place
from desktop_app.views.compare_side import SidePanel
from desktop_app.widgets.columns import split
from desktop_app.widgets.fact_table import FactTable
from desktop_app.widgets.field_canvas import FieldCanvas
from desktop_app.widgets.map_chooser import MapChooser
from desktop_app.widgets.map_mosaic import MapMosaic
from desktop_app.widgets.task_bar import TaskBar
from desktop_app.widgets.text_line import TextLine
from engine.comparison import Measured
from engine.grid import PatchGrid


class ComparePage(QWidget):
    """Shows two runs; who points at what is the view's business."""

    head_wanted = Signal(int)
    """Another head of the chosen layer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: CompareData | None = None
        self._heads: Floats = np.zeros((0, 1, 1), np.float32)
        self.sides = (SidePanel(), SidePanel())
        self.difference, self.difference_name = FieldCanvas(), TextLine(size=theme.HEADING)
        self.difference_said = TextLine(quiet=True)
        self.mosaic = MapMosaic(lambda head: words.head_tip(self._heads, head))
        self.heads_said, self.table, self.task = TextLine(quiet=True), FactTable(), TaskBar()
        self.measure, self.maps, self.opacity = QPushButton(), MapChooser(), QSlider(Qt.Orientation.Horizontal)
        self._opacity_label = QLabel()
        self.opacity.setRange(0, 100)
        self.opacity.setValue(60)
        self.opacity.setFixedWidth(90)
        self._build()
        self.mosaic.picked.connect(self.head_wanted)
        self.maps.chosen.connect(lambda _: self._on_look())
        self.opacity.valueChanged.connect(lambda _: self._on_look())
        self._on_look()

    def show_data(self, data: CompareData, costs: tuple[Measured, ...]) -> None:
        """Show who is compared and what they say."""
        self._data = data
        self.sides[0].offer(data.first)
        self.sides[1].setVisible(data.second is not None)
        if data.second is not None:
            self.sides[1].offer(data.second)
        apart = data.second is None or not data.same
        self.measure.setVisible(apart)
        self._lower.setCurrentIndex(0 if apart or data.heads is None else 1)
        self.show_costs(costs)
        if not apart and data.heads is not None:
            self._show_heads(data)

    def show_costs(self, costs: tuple[Measured, ...]) -> None:
        """Show what the models cost, as far as it was measured."""
        data = self._data
        if data is None:
            return
        second = None if data.second is None or data.same else data.second
        rows = words.facts(data.first.facts, None if second is None else second.facts, costs)
        self.table.set_rows(("", data.first.facts.name, "" if second is None else second.facts.name), rows)

    def show_looks(self, looks: tuple[Look | None, Look | None]) -> None:
        """Show what both looked at, and the difference where it means something."""
        data = self._data
        if data is None:
            return
        for side, panel, look in zip((data.first, data.second), self.sides, looks, strict=True):
            if side is not None:
                panel.show_look(side, look)
        first, second = looks
        alike = data.same and first is not None and second is not None and self.sides[0].kind() == self.sides[1].kind()
        there = alike and first is not None and second is not None and first.values.shape == second.values.shape
        self._third.setVisible(there)
        panel = self.sides[0]
        self._below.setFixedHeight(panel.number.sizeHint().height() + panel.bars.sizeHint().height() + theme.TIGHT)
        self.difference_name.setMinimumHeight(panel.kinds.sizeHint().height())
        if there and first is not None and second is not None:
            self._show_difference(data, first.values - second.values)

    def mark(self, places: tuple[Place | None, Place | None], *, pinned: bool) -> None:
        """Mark a place on both pictures."""
        for panel, place in zip(self.sides, places, strict=True):
            panel.mark(place, pinned=pinned)

    def forget(self) -> None:
        """Let go of everything shown."""
        self._data = None
        for canvas in (*(side.canvas for side in self.sides), self.difference):
            canvas.set_tokens(None)
            canvas.set_photo(None)

    def retranslate(self) -> None:
        """Set every text again."""
        for side in self.sides:
            side.retranslate()
        self.task.retranslate()
        self.difference_name.set_text(self.tr("Left minus right"))
        self.difference.setAccessibleName(self.tr("Difference of the two pictures"))
        self.mosaic.setAccessibleName(self.tr("Difference of the patterns of all heads"))
        self.table.setAccessibleName(self.tr("What differs between the models"))
        self.measure.setText(self.tr("Measure time and memory"))
        self.measure.setToolTip(self.tr("Run each model some times on this image, alone in its process."))
        self._opacity_label.setText(self.tr("Opacity"))
        self.opacity.setAccessibleName(self.tr("Opacity"))
        if self._data is not None and self._lower.currentIndex() == 1:
            self._show_heads(self._data)

    def _build(self) -> None:
        self._third, self._below = QWidget(), QWidget()  # the second is as high as what stands below a picture
        third = QVBoxLayout(self._third)
        third.setContentsMargins(0, 0, 0, 0)
        third.setSpacing(theme.TIGHT)
        for line in (self.difference_name, self.difference_said):
            third.addWidget(line)
        third.addWidget(self.difference, 1)
        third.addWidget(self._below)
        upper = QWidget()
        three = QHBoxLayout(upper)
        three.setContentsMargins(0, 0, 0, 0)
        three.setSpacing(theme.APART)
        for widget in (*self.sides, self._third):
            three.addWidget(widget, 1)
        self._lower = QStackedWidget()
        heads = QWidget()
        column = QVBoxLayout(heads)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.TIGHT)
        column.addWidget(self.heads_said)
        column.addWidget(self.mosaic, 1)
        for widget in (self.table, heads):
            self._lower.addWidget(widget)
        controls = QHBoxLayout()
        controls.setSpacing(theme.NEAR)
        for widget in (self.maps, self._opacity_label, self.opacity):
            controls.addWidget(widget)
        controls.addWidget(self.task, 1)
        controls.addWidget(self.measure)
        parts = split((upper, 3), (self._lower, 1), vertical=True)
        parts.setSizes([460, 190])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.NEAR)
        whole.addWidget(parts, 1)
        whole.addLayout(controls)

    def _on_look(self) -> None:
        for canvas in (*(side.canvas for side in self.sides), self.difference):
            canvas.set_colour_map(self.maps.name())
            canvas.set_opacity(self.opacity.value() / 100)

    def _show_difference(self, data: CompareData, values: Floats) -> None:
        image = data.first.image
        self.difference.set_photo(
            None if image is None else image.photo.pixels, (0, 0, 1, 1) if image is None else image.region
        )
        self.difference.set_signed(True)
        self.difference.set_tokens(PatchGrid(*values.shape))
        self.difference.set_overlay(values.reshape(-1), float(np.nanmax(np.abs(values), initial=0.0)))
        self.difference.takeaway.name = "difference"
        self.difference_said.set_text(words.differs(values))

    def _show_heads(self, data: CompareData) -> None:
        assert data.heads is not None  # noqa: S101 - the caller asked
        self._heads = data.heads()
        high = np.full(len(self._heads), float(np.abs(self._heads).max(initial=0.0)), np.float32)
        self.mosaic.set_maps(self._heads, high, range(len(self._heads)), signed=True)
        chosen = min(data.selection.head, len(self._heads) - 1)
        self.mosaic.set_chosen(chosen)
        self.heads_said.set_text(words.heads(self._heads, data, chosen))
