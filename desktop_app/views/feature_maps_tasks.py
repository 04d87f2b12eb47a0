"""What the feature maps view has the engine do: read kernels, measure a unit, look at the pictures of a folder."""

from PySide6.QtCore import QObject, Signal

from desktop_app.task_news import TaskNews
from desktop_app.views import feature_maps_data
from desktop_app.views.feature_maps_data import FeatureData, Floats
from engine.effective import Effective, EffectiveField
from engine.feature_maps import FolderStatistics, MapStatistics
from engine.kernels import Kernels, ReadKernels


class FeatureTasks(QObject):
    """Asks, remembers what came of it, and ends what nobody waits for any more.

    Attributes:
        measured: what the pinned unit really looks at, as far as it is known.
    """

    wanted = Signal(object)
    """A task to be done."""
    unwanted = Signal(object)
    """A task that shall end."""
    changed = Signal()
    """Kernels, or numbers over a folder, are there."""
    grown = Signal()
    """More is known of the unit that is measured."""
    moved = Signal(int, int)
    """How much of what somebody waits for is done, of how much."""
    rested = Signal()
    """Nobody waits for anything any more."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.measured: Effective | None = None
        self._kernels: dict[int, Floats | None] = {}
        self._reading: ReadKernels | None = None
        self._measuring: EffectiveField | None = None
        self._counting: FolderStatistics | None = None
        self._folder: dict[str, MapStatistics] = {}

    @property
    def busy(self) -> bool:
        """Whether somebody waits for a measurement."""
        return self._measuring is not None or self._counting is not None

    @property
    def counting(self) -> bool:
        """Whether the pictures of a folder are looked at."""
        return self._counting is not None

    def forget(self) -> None:
        """Let go of what is known of a model."""
        self.stop()
        self._kernels, self._reading, self._folder = {}, None, {}

    def has_kernel(self, data: FeatureData) -> bool:
        """Return whether it is known what the kernels of a layer are, or that they cannot be read."""
        return data.layer.index in self._kernels

    def kernel(self, data: FeatureData) -> Floats | None:
        """Return the kernels of a layer, (map, input, row, column), where they were read."""
        return self._kernels.get(data.layer.index)

    def folder(self, data: FeatureData) -> MapStatistics | None:
        """Return the numbers of a layer's maps over a folder, where they were taken."""
        return self._folder.get(data.layer.activation or data.layer.output)

    def read(self, data: FeatureData) -> None:
        """Read the kernels of a layer, unless that is under way."""
        asked = None if self._reading is None else self._reading.layer
        if asked != data.layer.index:
            self._reading = ReadKernels(data.layer.index)
            self.wanted.emit(self._reading)

    def measure(self, data: FeatureData, unit: tuple[int, int]) -> None:
        """Find out what a unit, (row, column), really looks at."""
        self.stop_measuring()
        tensor = data.layer.activation or data.layer.output
        self._measuring = EffectiveField(tensor, *unit, channel=data.channel)
        self.moved.emit(0, 0)
        self.wanted.emit(self._measuring)

    def count(self, folder: str) -> None:
        """Take the numbers of all maps over the pictures of a folder."""
        self.stop()
        self._counting = FolderStatistics(folder)
        self.moved.emit(0, 0)
        self.wanted.emit(self._counting)

    def stop(self) -> None:
        """End what somebody waits for."""
        task, self._counting = self._counting, None
        if task is not None:
            self.unwanted.emit(task)
        self.stop_measuring()

    def stop_measuring(self) -> None:
        """End what is measured of a unit, and forget what was found."""
        task, self._measuring, self.measured = self._measuring, None, None
        if task is not None:
            self.unwanted.emit(task)
        self._rest()

    def hear(self, news: TaskNews) -> None:
        """Take the news of a task."""
        found = news.partial if news.state == "running" else news.result
        if news.task is self._reading and self._reading is not None:
            self._on_read(news, self._reading.layer)
        elif news.task is self._measuring and self._measuring is not None:
            if isinstance(found, Effective):
                self.measured = found
                self.grown.emit()
            self._measuring = self._measuring if news.state == "running" else None
            self._go_on(news)
        elif news.task is self._counting and self._counting is not None:
            if isinstance(found, dict):
                self._folder = {name: one for name, one in found.items() if isinstance(one, MapStatistics)}
                self.changed.emit()
            self._counting = self._counting if news.state == "running" else None
            self._go_on(news)

    def _on_read(self, news: TaskNews, layer: int) -> None:
        if news.state == "running":
            return
        self._reading = None
        if isinstance(news.result, Kernels):
            self._kernels[layer] = feature_maps_data.as_planes(news.result.weights)
        elif news.state == "failed":
            self._kernels[layer] = None  # the notice says why
        self.changed.emit()

    def _go_on(self, news: TaskNews) -> None:
        if news.state == "running":
            self.moved.emit(news.done, news.total)
        self._rest()

    def _rest(self) -> None:
        if not self.busy:
            self.rested.emit()
