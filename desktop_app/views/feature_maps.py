"""The feature maps view: what every convolution makes of the image, and what each of its units can see."""

from collections.abc import Hashable
from dataclasses import replace
from typing import Any, ClassVar

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app import copy_menu
from desktop_app.selection import Selection
from desktop_app.task_news import TaskNews
from desktop_app.views import feature_maps_data
from desktop_app.views.feature_maps_data import FeatureData
from desktop_app.views.feature_maps_page import FeaturePage
from desktop_app.views.feature_maps_table import as_lines
from desktop_app.views.feature_maps_tasks import FeatureTasks
from desktop_app.views.paged import PagedView
from desktop_app.widgets.exhibit import Exhibit
from engine import ModelDescription, Run


class FeatureMapsView(PagedView):
    """Choose a layer and a map; point at a place to see what that unit can see of the image."""

    name: ClassVar[str] = "feature-maps"
    group = "maps"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pinned: tuple[int, int] | None = None
        self.tasks = FeatureTasks(self)
        self.page = FeaturePage()
        self.controls, self.canvas, self.mosaic = self.page.controls, self.page.canvas, self.page.mosaic
        self.table = self.page.table
        self.set_page(self.page)
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
            self.tasks.forget()
        if before is None or before.numbers is not data.numbers or before.channel != data.channel:
            self.tasks.stop_measuring()
        self._show(data)
        self.show_page()
        self._ask()

    def clear(self, model: ModelDescription | None = None) -> None:
        """Show what to do when there is nothing to look at."""
        self.tasks.forget()
        self.page.forget()
        super().clear(model)

    @property
    def settled(self) -> bool:
        """Whether everything that the controls ask for is shown."""
        return self._missing() is None and not self._lacks_kernels() and not self.tasks.busy

    def task_moved(self, news: TaskNews) -> None:
        """Show kernels that were read, and how far a measurement is."""
        self.tasks.hear(news)

    def state(self) -> dict[str, Any]:
        """Return what is set."""
        return self.controls.state()

    def restore(self, state: dict[str, Any]) -> None:
        """Set what was set."""
        self.controls.restore(state)

    def retranslate(self) -> None:
        """Set every text again."""
        self.say_why()
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
        self.tasks.wanted.connect(self.task_wanted)
        self.tasks.unwanted.connect(self.task_unwanted)
        self.tasks.changed.connect(self._show_again)
        self.tasks.grown.connect(lambda: self._point(self._pinned))
        self.tasks.moved.connect(self._show_progress)
        self.tasks.rested.connect(self.page.task.finish)
        copy_menu.join(self.table, lambda _: self._list())

    def say_why(self) -> None:
        """Say why the view is empty and what to do."""
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
        return data is not None and self.controls.kernels and not self.tasks.has_kernel(data)

    def _ask(self) -> None:
        """Ask for what the controls would show and is not there."""
        missing, data = self._missing(), self.page.data
        if missing is not None:
            self.tensor_wanted.emit(missing)
        if data is not None and self._lacks_kernels():
            self.tasks.read(data)

    def _measure(self) -> None:
        """Find out what the pinned unit really looks at."""
        if self.page.data is not None and self._pinned is not None:
            self.tasks.measure(self.page.data, self._pinned)

    def _count(self) -> None:
        """Take the numbers of all maps over the pictures of a folder."""
        folder = QFileDialog.getExistingDirectory(self, self.tr("A folder of pictures"))
        if folder and self.page.data is not None:
            self.tasks.count(folder)

    def _show(self, data: FeatureData) -> None:
        self.page.show_data(data, self.tasks.kernel(data), self.tasks.folder(data))
        self._point(self._pinned)

    def _show_again(self) -> None:
        if self.page.data is not None:
            self._show(self.page.data)

    def _show_progress(self, done: int, total: int) -> None:
        text = self.tr("Measuring what the unit looks at…")
        if self.tasks.counting:
            text = self.tr("Looking at the maps of every picture…")
        self.page.task.show_progress(text, done, total)

    def _on_cancel(self) -> None:
        self.tasks.stop()
        self._point(self._pinned)

    def _point(self, place: tuple[int, int] | None) -> None:
        pinned = place is not None and place == self._pinned
        self.page.point(place, pinned=pinned, effective=self.tasks.measured if pinned else None)

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
            self.tasks.stop_measuring()
        self._pinned = place
        self._point(place)

    def _list(self) -> Exhibit | None:
        layers = self.table.layers
        return Exhibit("layers", None, lines=as_lines(layers.layers, layers)) if layers.layers else None
