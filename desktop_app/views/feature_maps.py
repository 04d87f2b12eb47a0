"""The feature maps view: what every convolution makes of the image, and what each of its units can see."""

from collections.abc import Hashable
from dataclasses import replace
from typing import Any, ClassVar

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QStackedLayout, QWidget

from desktop_app import copy_menu, theme
from desktop_app.selection import Selection
from desktop_app.task_news import TaskNews
from desktop_app.views import feature_maps_data
from desktop_app.views.base import View
from desktop_app.views.feature_maps_data import FeatureData, Floats
from desktop_app.views.feature_maps_page import FeaturePage
from desktop_app.views.feature_maps_table import as_lines
from desktop_app.widgets.exhibit import Exhibit
from engine import ModelDescription, Run
from engine.effective import Effective, EffectiveField
from engine.feature_maps import FolderStatistics, MapStatistics
from engine.kernels import Kernels, ReadKernels


class FeatureMapsView(View):
    """Choose a layer and a map; point at a place to see what that unit can see of the image."""

    name: ClassVar[str] = "feature-maps"
    group = "maps"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._without: ModelDescription | None = None
        self._pinned: tuple[int, int] | None = None
        self._kernels: dict[int, Floats | None] = {}
        self._reading: ReadKernels | None = None
        self._measuring: EffectiveField | None = None
        self._measured: Effective | None = None
        self._counting: FolderStatistics | None = None
        self._folder: dict[str, MapStatistics] = {}
        self.page, self.sentence = FeaturePage(), QLabel()
        self.controls, self.canvas, self.mosaic = self.page.controls, self.page.canvas, self.page.mosaic
        self.table = self.page.table
        self.sentence.setProperty("quiet", "true")
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setWordWrap(True)
        self.sentence.setMargin(theme.APART)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.sentence)
        self._pages.addWidget(self.page)
        self._connect()
        self.retranslate()

    @classmethod
    def title(cls) -> str:
        """Return the tab's title."""
        return QCoreApplication.translate("FeatureMaps", "Feature maps")

    @classmethod
    def supports(cls, model: ModelDescription) -> bool:
        """Return whether the model has convolutions."""
        return bool(model.convolutions)

    @classmethod
    def depends(cls, selection: Selection) -> Hashable:
        """Return the layer and the map."""
        return selection.layer, selection.channel, selection.batch

    @staticmethod
    def compute(run: Run, selection: Selection) -> FeatureData:
        """Return the maps of the chosen layer."""
        return feature_maps_data.compute(run, selection)

    def draw(self, data: FeatureData) -> None:
        """Show the maps of a layer, and ask for what its controls would show besides."""
        before = self.page.data
        if before is None or before.grid != data.grid:
            self._pinned = None
        if before is None or before.layers != data.layers:
            self._kernels, self._reading, self._folder = {}, None, {}
        if before is None or before.numbers is not data.numbers or before.channel != data.channel:
            self._stop_measuring()
        self._show(data)
        self._point(self._pinned)
        self._pages.setCurrentIndex(1)
        self._ask()

    def clear(self, model: ModelDescription | None = None) -> None:
        """Show what to do when there is nothing to look at."""
        self._without = model
        self._stop_counting()
        self._stop_measuring()
        self._kernels, self._reading, self._folder = {}, None, {}
        self.page.forget()
        self._say_why()
        self._pages.setCurrentIndex(0)

    @property
    def settled(self) -> bool:
        """Whether everything that the controls ask for is shown."""
        return self._missing() is None and not self._lacks_kernels() and self._measuring is self._counting is None

    def task_moved(self, news: TaskNews) -> None:
        """Show kernels that were read, and how far a unit is measured."""
        if news.task is self._measuring:
            self._on_measured(news)
        elif news.task is self._counting:
            self._on_counted(news)
        elif news.task is self._reading:
            self._on_read(news)

    def state(self) -> dict[str, Any]:
        """Return what is set."""
        return self.controls.state()

    def restore(self, state: dict[str, Any]) -> None:
        """Set what was set."""
        self.controls.restore(state)

    def retranslate(self) -> None:
        """Set every text again."""
        self._say_why()
        self.page.retranslate()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Unpin with Esc wherever the focus is."""
        if event.key() == Qt.Key.Key_Escape:
            self._pin(None)
        else:
            super().keyPressEvent(event)

    def _connect(self) -> None:
        self.table.picked.connect(self._on_layer)
        self.mosaic.picked.connect(self._on_tile)
        self.controls.channel_wanted.connect(self._on_channel)
        self.controls.changed.connect(self._ask)
        self.canvas.hovered.connect(self._on_hovered)
        self.canvas.clicked.connect(self._on_clicked)
        self.canvas.walked.connect(lambda token: self._pin(self._place(token)))
        self.canvas.unpinned.connect(lambda: self._pin(None))
        self.page.measure.clicked.connect(self._measure)
        self.page.count.clicked.connect(self._count)
        self.page.task.cancel_wanted.connect(self._on_cancel)
        copy_menu.join(self.table, lambda _: self._list())

    def _say_why(self) -> None:
        if self._without is None:
            text = self.tr("Drop an image or an .onnx file here, or choose one with File ▸ Open.")
        elif self._without.convolutions:
            text = self.tr("Drop an image here, or choose one with File ▸ Open: every feature map will appear.")
        else:
            text = self.tr("“{name}” has no convolutions. Open a convolutional network to see its feature maps.")
            text = text.format(name=self._without.name)
        self.sentence.setText(text)

    def _missing(self) -> str | None:
        """Return the tensor that the controls ask for and the run lacks."""
        data = self.page.data
        wanted = data is not None and self.controls.active and data.active is None and not self.controls.kernels
        return data.layer.activation or None if wanted and data is not None else None

    def _lacks_kernels(self) -> bool:
        data = self.page.data
        return data is not None and self.controls.kernels and data.layer.index not in self._kernels

    def _ask(self) -> None:
        """Ask for what the controls would show and is not there."""
        missing, data = self._missing(), self.page.data
        if missing is not None:
            self.tensor_wanted.emit(missing)
        asked = None if self._reading is None else self._reading.layer
        if data is not None and self._lacks_kernels() and asked != data.layer.index:
            self._reading = ReadKernels(data.layer.index)
            self.task_wanted.emit(self._reading)

    def _on_read(self, news: TaskNews) -> None:
        if news.state == "running" or self._reading is None:
            return
        layer, self._reading = self._reading.layer, None
        if isinstance(news.result, Kernels):
            self._kernels[layer] = feature_maps_data.as_planes(news.result.weights)
        elif news.state == "failed":
            self._kernels[layer] = None  # the notice says why
        if self.page.data is not None and self.page.data.layer.index == layer:
            self._show(self.page.data)

    def _measure(self) -> None:
        """Find out what the pinned unit really looks at."""
        data = self.page.data
        if data is not None and self._pinned is not None:
            self._stop_measuring()
            tensor = data.layer.activation or data.layer.output
            self._measuring = EffectiveField(tensor, *self._pinned, channel=data.channel)
            self.page.task.show_progress(self._task_text(), 0, 0)
            self.task_wanted.emit(self._measuring)

    def _on_measured(self, news: TaskNews) -> None:
        found = news.partial if news.state == "running" else news.result
        if isinstance(found, Effective):
            self._measured = found
            self._point(self._pinned)
        if news.state == "running":
            self.page.task.show_progress(self._task_text(), news.done, news.total)
        else:
            self._measuring = None
            self.page.task.finish()

    def _count(self) -> None:
        """Take the numbers of all maps over the pictures of a folder."""
        folder = QFileDialog.getExistingDirectory(self, self.tr("A folder of pictures"))
        if folder and self.page.data is not None:
            self._stop_measuring()
            self._counting = FolderStatistics(folder)
            self.page.task.show_progress(self._task_text(), 0, 0)
            self.task_wanted.emit(self._counting)

    def _on_counted(self, news: TaskNews) -> None:
        found = news.partial if news.state == "running" else news.result
        if isinstance(found, dict):
            self._folder = {name: one for name, one in found.items() if isinstance(one, MapStatistics)}
            if self.page.data is not None:
                self._show(self.page.data)
        if news.state == "running":
            self.page.task.show_progress(self._task_text(), news.done, news.total)
        else:
            self._counting = None
            self.page.task.finish()

    def _show(self, data: FeatureData) -> None:
        layer = data.layer
        self.page.show_data(data, self._kernels.get(layer.index), self._folder.get(layer.activation or layer.output))

    def _on_cancel(self) -> None:
        self._stop_counting()
        self._stop_measuring()
        self._point(self._pinned)

    def _stop_counting(self) -> None:
        task, self._counting = self._counting, None
        if task is not None:
            self.task_unwanted.emit(task)

    def _stop_measuring(self) -> None:
        """End what is measured, and show the map again."""
        task, self._measuring, self._measured = self._measuring, None, None
        if self._counting is None:
            self.page.task.finish()
        if task is not None:
            self.task_unwanted.emit(task)

    def _task_text(self) -> str:
        if self._counting is not None:
            return self.tr("Looking at the maps of every picture…")
        return self.tr("Measuring what the unit looks at…")

    def _point(self, place: tuple[int, int] | None) -> None:
        pinned = place is not None and place == self._pinned
        self.page.point(place, pinned=pinned, effective=self._measured if pinned else None)

    def _selection(self) -> Selection:
        return Selection() if self.page.data is None else self.page.data.selection

    def _on_layer(self, layer: int) -> None:
        now = self._selection()
        if self.page.data is not None and layer != now.layer:
            self.selection_wanted.emit(replace(now, layer=layer, channel=0))

    def _on_channel(self, channel: int) -> None:
        if self.page.data is not None and channel != self._selection().channel:
            self.selection_wanted.emit(replace(self._selection(), channel=channel))

    def _on_tile(self, number: int) -> None:
        if not self.controls.kernels or self.page.all_kernels():
            self._on_channel(number)
        else:
            self.mosaic.set_chosen(number)

    def _place(self, token: int) -> tuple[int, int] | None:
        data = self.page.data
        return None if data is None or data.grid is None else data.grid.place_of(token)

    def _on_hovered(self, token: int | None) -> None:
        if self._pinned is None:
            self._point(None if token is None else self._place(token))

    def _on_clicked(self, token: int) -> None:
        place = self._place(token)
        self._pin(None if place == self._pinned else place)

    def _pin(self, place: tuple[int, int] | None) -> None:
        if place != self._pinned:
            self._stop_measuring()
        self._pinned = place
        self._point(place)

    def _list(self) -> Exhibit | None:
        layers = self.table.layers
        return Exhibit("layers", None, lines=as_lines(layers.layers, layers)) if layers.layers else None
