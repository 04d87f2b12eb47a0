"""The feature maps view's page: the chosen map over the photo, all maps of the layer beside it, the layers below."""

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.views import feature_maps_data as computed
from desktop_app.views import feature_maps_text as words
from desktop_app.views.feature_maps_controls import FeatureControls
from desktop_app.views.feature_maps_data import FeatureData, Floats
from desktop_app.views.feature_maps_table import LayerTable
from desktop_app.widgets.columns import column, split
from desktop_app.widgets.field_canvas import FieldCanvas
from desktop_app.widgets.map_mosaic import MapMosaic
from desktop_app.widgets.signed_bar import SignedBar
from desktop_app.widgets.task_bar import TaskBar
from desktop_app.widgets.text_line import TextLine
from engine.effective import Effective
from engine.feature_maps import MapStatistics
from engine.grid import PatchGrid
from engine.images.plan import Prepared


class FeaturePage(QWidget):
    """Shows what was computed; who points at what is the view's business."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.data: FeatureData | None = None
        self.kernel: Floats | None = None
        self._effective: Effective | None = None
        self._folder: MapStatistics | None = None
        self._photo: Prepared | None = None
        self._unit: tuple[int, int] | None = None
        self.controls, self.canvas, self.bar = FeatureControls(), FieldCanvas(), SignedBar()
        self.mosaic, self.table, self.task = MapMosaic(self._describe), LayerTable(), TaskBar()
        self.title = TextLine(size=theme.HEADING)
        self.about, self.unit_said = TextLine(quiet=True), TextLine(quiet=True)
        self.said, self.more_said, self.all_said, self.silent_said = (TextLine(quiet=True) for _ in range(4))
        self.measure, self.count = QToolButton(), QToolButton()
        self._build()
        self.canvas.placed.connect(lambda area: self.bar.set_span(area.top(), area.bottom()))
        self.controls.look_changed.connect(self._on_look)
        self.controls.changed.connect(self._again)
        self._on_look()

    def show_data(self, data: FeatureData, kernel: Floats | None = None, folder: MapStatistics | None = None) -> None:
        """Show the maps of a layer.

        Args:
            data: the maps.
            kernel: the layer's kernels, (map, input, row, column), where they are at hand.
            folder: numbers of the maps over many pictures, where they were taken.
        """
        self.kernel, self._folder = kernel, folder
        other = self.data is None or self.data.maps.shape[1:] != data.maps.shape[1:]
        self.data = data
        if other:
            self._unit = None
        self.controls.show_data(data)
        self.table.show_layers(data.layers, data.layer.index)
        self._show_map(data)
        self._show_all(data)
        self._write(data)

    def point(self, unit: tuple[int, int] | None, *, pinned: bool, effective: Effective | None = None) -> None:
        """Show what a unit, (row, column), says and can see, and in place of the map what it really looks at."""
        data, changed = self.data, effective is not self._effective
        self._unit, self._effective = unit, effective
        if data is None:
            return
        if changed:
            self._show_map(data)
            self._write(data)
        self.canvas.set_field(None if unit is None else computed.field_on_image(data, *unit), veiled=effective is None)
        self.measure.setEnabled(pinned and data.size is not None)
        token = None if unit is None or data.grid is None else data.grid.token_at(*unit)
        self.canvas.set_marks(token, pinned=pinned)
        self._say_unit(data)

    def forget(self) -> None:
        """Let go of everything shown."""
        self.data = self._photo = self._unit = self._effective = self.kernel = self._folder = None
        self.canvas.set_tokens(None)
        self.canvas.set_photo(None)
        self.mosaic.set_maps(np.zeros((0, 1, 1), np.float32), np.zeros(0, np.float32), (), signed=True)

    def chosen_map(self) -> Floats | None:
        """Return the map that is shown large, (row, column)."""
        return None if self.data is None else self.data.shown(active=self.controls.active)[self.data.channel]

    def all_kernels(self) -> bool:
        """Whether the mosaic shows one kernel for each map; else the planes of the chosen map's kernel."""
        return self.kernel is not None and (self.kernel.shape[1] == 1 or self._as_pictures())

    def retranslate(self) -> None:
        """Set every text again."""
        self.controls.retranslate()
        self.task.retranslate()
        self.table.layers.retranslate()
        self.table.fit()
        self.canvas.setAccessibleName(self.tr("Image and the chosen feature map"))
        self.mosaic.setAccessibleName(self.tr("All feature maps of the layer"))
        self.table.setAccessibleName(self.tr("Convolutions"))
        self.measure.setText(self.tr("Measure"))
        tip = self.tr("What the pinned unit really looks at, by hiding squares of the image. Click a place first.")
        self.measure.setToolTip(tip)
        self.count.setText(self.tr("Folder…"))
        self.count.setToolTip(self.tr("Look for maps that are dead on every picture of a folder."))
        if self.data is not None:
            self.show_data(self.data, self.kernel, self._folder)

    def _build(self) -> None:
        picture = QHBoxLayout()
        picture.setSpacing(theme.NEAR)
        picture.addWidget(self.canvas, 1)
        picture.addWidget(self.bar)
        left = column((self.said, self.more_said), picture)
        halves = split((left, 10), (column((self.all_said, self.silent_said), self.mosaic), 10))
        parts = split((halves, 10), (self.table, 3), vertical=True)
        halves.setSizes([500, 500])
        parts.setSizes([600, 150])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.APART, theme.APART, theme.APART, theme.NEAR)
        whole.setSpacing(theme.TIGHT)
        whole.addWidget(self.controls)
        whole.addSpacing(theme.NEAR)
        heading = QHBoxLayout()
        heading.setSpacing(theme.NEAR)
        heading.addWidget(self.title, 1)
        heading.addWidget(self.task)
        whole.addLayout(heading)
        whole.addWidget(self.about)
        pointed = QHBoxLayout()
        pointed.setSpacing(theme.NEAR)
        pointed.addWidget(self.unit_said, 1)
        pointed.addWidget(self.measure)
        pointed.addWidget(self.count)
        whole.addLayout(pointed)
        whole.addSpacing(theme.NEAR)
        whole.addWidget(parts, 1)

    def _again(self) -> None:
        if self.data is not None:
            self.show_data(self.data, self.kernel, self._folder)

    def _on_look(self) -> None:
        for widget in (self.canvas, self.mosaic, self.bar):
            widget.set_colour_map(self.controls.maps.name())
        self.canvas.set_opacity(self.controls.opacity.value() / 100)
        self._again()

    def _show_map(self, data: FeatureData) -> None:
        values = data.shown(active=self.controls.active)[data.channel]  # (row, column)
        if data.image is None:
            self.canvas.set_photo(None)
        elif data.image is not self._photo:
            self.canvas.set_photo(data.image.photo.pixels, data.image.region)
        self._photo = data.image
        self.canvas.set_tokens(data.grid or PatchGrid(*values.shape))
        measured = self._effective
        for widget in (self.canvas, self.bar):
            widget.set_signed(self.controls.signed and measured is None)
        if measured is None:
            high, grid = float(self._highs(data)[data.channel]), None
        else:
            values, grid = measured.values, PatchGrid(*measured.values.shape)
            high = float(values.max(initial=0.0))
        self.canvas.set_overlay(values.reshape(-1), high, grid)
        self.bar.set_range(high)

    def _highs(self, data: FeatureData) -> Floats:
        """Return the number of the last colour of each map, (map,)."""
        of = data.measures(active=self.controls.active)
        highs = np.maximum(of.high, -of.low) if self.controls.signed else np.maximum(of.high, np.float32(0))
        return np.full_like(highs, highs.max(initial=0.0)) if self.controls.shared else highs

    def _show_all(self, data: FeatureData) -> None:
        of, how = data.measures(active=self.controls.active), self.controls.sorting()
        if self.controls.kernels:
            self._show_kernels(data)
            return
        order = computed.ordered(data, how, self.controls.classes.target(), of)
        maps = data.shown(active=self.controls.active)
        self.mosaic.set_maps(maps, self._highs(data), order, signed=self.controls.signed)
        self.mosaic.set_chosen(data.channel)

    def _show_kernels(self, data: FeatureData) -> None:
        kernel, each = self.kernel, self.all_kernels()
        if kernel is None:
            self.mosaic.set_maps(np.zeros((0, 1, 1), np.float32), np.zeros(0, np.float32), (), signed=True)
        elif self._as_pictures():
            shown = computed.kernel_pictures(kernel, bgr=data.on_image == "bgr")
            self.mosaic.set_pictures(shown, range(len(shown)))
        else:
            planes = kernel[:, 0] if each else kernel[data.channel]
            highs = np.abs(planes).max(axis=(1, 2))
            highs = highs if each else np.full_like(highs, highs.max(initial=0.0))
            self.mosaic.set_maps(planes, highs, range(len(planes)), signed=True)
        self.mosaic.set_chosen(data.channel if each else -1)

    def _as_pictures(self) -> bool:
        kernel = self.kernel
        return self.data is not None and kernel is not None and bool(self.data.on_image) and kernel.shape[1] == 3

    def _write(self, data: FeatureData) -> None:
        of, how = data.measures(active=self.controls.active), self.controls.sorting()
        self.title.set_text(words.title(data.layer))
        self.about.set_text(words.about(data))
        if self._effective is not None:
            self.said.set_text(words.effective(self._effective))
            self.more_said.set_text(words.effective_area(self._effective))
        else:
            more = words.contribution(data, self.controls.classes.target(), self.controls.classes.label())
            self.said.set_text(words.numbers(data.channel, of))
            self.more_said.set_text(more or words.more_numbers(data.channel, of))
        if self.controls.kernels:
            each = self.all_kernels()
            self.all_said.set_text(words.kernels(data, self.kernel, pictures=self._as_pictures(), each=each))
            self.silent_said.set_text("" if self.kernel is None else words.kernel_scale(each=each))
        else:
            self.all_said.set_text(words.overview(data, how))
            self.silent_said.set_text(words.silent(of) if self._folder is None else words.dead(of, self._folder))
        self._say_unit(data)

    def _say_unit(self, data: FeatureData) -> None:
        values = self.chosen_map()
        value = None if values is None or self._unit is None else float(values[self._unit])
        self.unit_said.set_text(words.unit(data, self._unit, value))

    def _describe(self, number: int) -> str:
        data = self.data
        if data is None:
            return ""
        if self.controls.kernels:
            return words.kernel_tip(data, self.kernel, number, each=self.all_kernels())
        return words.tip(number, data.measures(active=self.controls.active))
