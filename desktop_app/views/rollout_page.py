"""The rollout view's page: controls, the photo with its colour scale, every layer beside it; strips for text."""

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from desktop_app import theme, token_words
from desktop_app.views import rollout_data, rollout_text
from desktop_app.views.rollout_controls import RolloutControls
from desktop_app.views.rollout_data import Rolled, RolloutData
from desktop_app.views.rollout_layers import LayerGrid
from desktop_app.widgets.colour_bar import ColorBar
from desktop_app.widgets.image_canvas import ImageCanvas
from desktop_app.widgets.strips import Strip, StripTable
from desktop_app.widgets.task_bar import TaskBar
from desktop_app.widgets.text_line import TextLine
from engine.images.plan import Prepared


class RolloutPage(QWidget):
    """Shows what was computed; who points at what is the view's business."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: RolloutData | None = None
        self._rolled: Rolled | None = None
        self._layer = 0
        self._photo: Prepared | None = None
        self._place: int | None = None
        self.controls, self.canvas, self.bar = RolloutControls(), ImageCanvas(), ColorBar()
        self.layers, self.table = LayerGrid(), StripTable()
        self.title_line, self.layers_title = TextLine(size=theme.HEADING), TextLine(size=theme.HEADING)
        self.how, self.said, self.layers_said = (TextLine(quiet=True) for _ in range(3))
        self.pictures, self.progress = QStackedWidget(), TaskBar()
        self._build()
        self.canvas.placed.connect(lambda area: self.bar.set_span(area.top(), area.bottom()))
        self.controls.look_changed.connect(self._on_look)
        self._on_look()

    def show_data(self, data: RolloutData, rolled: Rolled, layer: int) -> None:
        """Show the rollouts of a token, large that up to `layer`."""
        self._data, self._rolled, self._layer = data, rolled, layer
        self.controls.show_data(data, layer)
        self.title_line.set_text(rollout_text.title(data, layer))
        who = "mean" if data.token is None else str(data.token)
        for widget in (self.canvas, self.layers, self.table):
            widget.takeaway.name = f"rollout-token-{who}-layer-{data.sites[layer]}"
        self.how.set_text(" ".join(filter(None, (rollout_text.weighing(rolled), rollout_text.where_from(data)))))
        self.pictures.setCurrentIndex(0 if data.grid is not None else 1)
        if data.grid is not None:
            self._show_photo(data)
            self.canvas.set_marks(data.token, pinned=data.selection.pinned)
        self._show_rows(data, rolled, layer)
        if rolled.rows is None:
            self.say_progress(data, rolled.reached)
        else:
            self.progress.finish()
            self._say()

    def say_progress(self, data: RolloutData, reached: int) -> None:
        """Say how far the computation is."""
        layers = len(data.sites)
        self.said.set_text(rollout_text.working(data, reached))
        self.progress.show_progress("", layers - 1 - reached, layers)

    def say_stopped(self, data: RolloutData, reached: int) -> None:
        """Say that the computation was ended, and how to go on."""
        self.progress.finish()
        self.said.set_text(rollout_text.stopped(data, reached))

    def point(self, place: int | None) -> None:
        """Read out the number of a token; None reads out the largest."""
        self._place = place
        self.table.set_mark("token", place)
        self._say()

    def forget(self) -> None:
        """Let go of everything shown."""
        self._data = self._rolled = self._photo = None
        self.progress.finish()
        self.canvas.set_tokens(None)
        self.canvas.set_photo(None)
        self.table.set_strips(())

    def retranslate(self) -> None:
        """Set every text again."""
        self.controls.retranslate()
        self.progress.retranslate()
        self.canvas.setAccessibleName(self.tr("Image and the rollout of the chosen token"))
        self.layers.setAccessibleName(self.tr("Rollout up to each layer"))
        self.table.setAccessibleName(self.tr("Rollout up to each layer"))
        self.layers_title.set_text(self.tr("Up to each layer"))
        self.layers_said.set_text(self.tr("Each map has its own scale; click one to see it large."))

    def _build(self) -> None:
        picture = QHBoxLayout()
        picture.setSpacing(theme.NEAR)
        picture.addWidget(self.canvas, 1)
        picture.addWidget(self.bar)
        beside = QVBoxLayout()
        beside.setSpacing(theme.TIGHT)
        for widget in (self.layers_title, self.layers_said):
            beside.addWidget(widget)
        beside.addSpacing(theme.NEAR)
        beside.addWidget(self.layers, 1)
        photo = QWidget()
        halves = QHBoxLayout(photo)
        halves.setContentsMargins(0, 0, 0, 0)
        halves.setSpacing(theme.APART)
        halves.addLayout(picture, 11)
        halves.addLayout(beside, 7)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(self.table)
        self.pictures.addWidget(photo)
        self.pictures.addWidget(scroll)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.APART, theme.APART, theme.APART, theme.NEAR)
        whole.setSpacing(theme.TIGHT)
        whole.addWidget(self.controls)
        whole.addSpacing(theme.NEAR)
        top = QHBoxLayout()
        top.setSpacing(theme.APART)
        top.addWidget(self.title_line, 2)
        top.addWidget(self.progress, 1)
        whole.addLayout(top)
        for line in (self.how, self.said):
            whole.addWidget(line)
        whole.addWidget(self.pictures, 1)

    def _on_look(self) -> None:
        for widget in (self.canvas, self.bar, self.layers, self.table):
            widget.set_colour_map(self.controls.maps.name())
        self.canvas.set_opacity(self.controls.opacity.value() / 100)

    def _show_photo(self, data: RolloutData) -> None:
        if data.image is None:
            self.canvas.set_photo(None)
        elif data.image is not self._photo:
            self.canvas.set_photo(data.image.photo.pixels, data.image.region)
        self._photo = data.image
        if data.grid is not None:
            self.canvas.set_tokens(data.grid, token_words.special_names(data.grid))

    def _show_rows(self, data: RolloutData, rolled: Rolled, layer: int) -> None:
        """Show numbers; while they are computed the last ones stay, except of another model."""
        if rolled.rows is None:
            self.canvas.set_overlay(None)
            return
        row = rolled.rows[layer]
        if data.grid is None:
            names = [rollout_text.layer(site) for site in data.sites]
            pairs = zip(names, rolled.rows, strict=True)
            self.table.set_strips([Strip(name, values, "token", signed=False) for name, values in pairs])
            self.table.set_row(layer)
            return
        maps = rollout_data.patches(rolled.rows, data.grid)
        high = float(maps[layer].max(initial=0.0))
        self.canvas.set_overlay(row, high)
        self.bar.set_range(high, over=bool((row > high).any()))
        tips = [rollout_text.thumbnail(site, one, data) for site, one in zip(data.sites, rolled.rows, strict=True)]
        self.layers.set_maps(maps, [rollout_text.layer(site) for site in data.sites], tips)
        self.layers.set_chosen(layer)

    def _say(self) -> None:
        """Show the number under the pointer, else the largest."""
        if self._data is None or self._rolled is None or self._rolled.rows is None:
            return
        row = self._rolled.rows[self._layer]
        if self._place is not None and self._place < row.size and np.isfinite(row[self._place]):
            self.said.set_text(rollout_text.value(self._data, self._place, float(row[self._place])))
        else:
            self.said.set_text(rollout_text.largest(self._data, row))
