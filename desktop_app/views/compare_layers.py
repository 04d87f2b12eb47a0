"""The similarity view: how alike the layers of two models are, by CKA on a folder of pictures."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QSpinBox, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.selection import Selection
from desktop_app.task_news import TaskNews
from desktop_app.views.paired import PairedView
from desktop_app.widgets.colour_bar import ColorBar
from desktop_app.widgets.flow import FlowLayout
from desktop_app.widgets.heat_grid import HeatGrid
from desktop_app.widgets.map_chooser import MapChooser
from desktop_app.widgets.task_bar import TaskBar
from desktop_app.widgets.text_line import TextLine
from engine import ModelDescription, Run
from engine.similarity import LayerSimilarity, Similarity


@dataclass(frozen=True)
class LayersData:
    """Who is compared: paths of the models, the second empty where a model is compared with itself; their names."""

    first: str
    second: str
    names: tuple[str, str]


class LayersView(PairedView):
    """Choose a folder of pictures: which layers of the two models tell the same pictures apart?"""

    name: ClassVar[str] = "similarity"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: LayersData | None = None
        self._folder = ""
        self._found: Similarity | None = None
        self._task: LayerSimilarity | None = None
        self.choose, self.run_again, self.most, self._most_label = QPushButton(), QPushButton(), QSpinBox(), QLabel()
        self.maps, self.grid, self.colours, self.task = MapChooser(), HeatGrid("cka"), ColorBar(), TaskBar()
        self.said = tuple(TextLine(quiet=True) for _ in range(3))
        self.most.setRange(8, 10_000)
        self.most.setSingleStep(64)
        self.most.setValue(256)
        self.colours.set_range(1.0)
        self.set_page(self._build())
        self.choose.clicked.connect(self._on_choose)
        self.run_again.clicked.connect(lambda: self.compare(self._folder))
        self.maps.chosen.connect(lambda _: self._on_look())
        self.task.cancel_wanted.connect(self._on_cancel)
        self.grid.placed.connect(lambda area: self.colours.set_span(area.top(), area.bottom()))
        self.grid.pointed.connect(lambda _: self._say())
        self.retranslate()

    @classmethod
    def title(cls) -> str:
        """Return the tab's title."""
        return QCoreApplication.translate("CompareLayers", "Similar layers")

    @staticmethod
    def compute_pair(run: Run, other: Run | None, selection: Selection) -> LayersData:  # noqa: ARG004
        """Return who is compared."""
        second = other.model if other is not None and other.model.path != run.model.path else None
        names = run.model.name, "" if second is None else second.name
        return LayersData(run.model.path, "" if second is None else second.path, names)

    def draw(self, data: LayersData) -> None:
        """Show what is known of these two."""
        if self._data != data:
            self._stop()
            self._found = None
        self._data = data
        self.show_pair(data.first, data.names)
        self._show()

    def clear(self, model: ModelDescription | None = None) -> None:
        """Show what to do when there is nothing to look at."""
        super().clear(model)
        self._stop()
        self._data = self._found = None

    @property
    def settled(self) -> bool:
        """Whether nothing is under way."""
        return self._task is None

    def compare(self, folder: str) -> None:
        """Compare the layers on the pictures of a folder."""
        data = self._data
        if data is None or not folder:
            return
        self._stop()
        self._folder, self._found = folder, None
        self._task = LayerSimilarity(folder, data.second, most=self.most.value(), batch=32)
        self.task.show_progress(self._working(), 0, 0)
        self._show()
        self.task_wanted.emit(self._task)

    def task_moved(self, news: TaskNews) -> None:
        """Show the similarities as they settle."""
        if news.task is not self._task:
            return
        got = news.partial if news.state == "running" else news.result
        if isinstance(got, Similarity):
            self._found = got
        if news.state == "running":
            self.task.show_progress(self._working(), news.done, news.total)
        else:
            self._task = None
            self.task.finish()
        self._show()

    def state(self) -> dict[str, Any]:
        """Return what is set."""
        return {"most": self.most.value(), "map": self.maps.name()}

    def restore(self, state: dict[str, Any]) -> None:
        """Set what was set."""
        self.maps.set_name(str(state.get("map", "")))
        try:
            self.most.setValue(int(state.get("most", self.most.value())))
        except (TypeError, ValueError):
            self.most.setValue(256)

    def retranslate(self) -> None:
        """Set every text again."""
        super().retranslate()
        self.task.retranslate()
        self.choose.setText(self.tr("Choose a folder of pictures…"))
        self.run_again.setText(self.tr("Run again"))
        self._most_label.setText(self.tr("Pictures at most"))
        self.most.setAccessibleName(self.tr("Pictures at most"))
        self.most.setToolTip(self.tr("More pictures take longer and make the numbers steadier."))
        self.grid.setAccessibleName(self.tr("Similarity of every pair of layers"))
        self._show()

    def _build(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.TIGHT)
        pair = QWidget()
        row = QHBoxLayout(pair)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.NEAR)
        row.addWidget(self._most_label)
        row.addWidget(self.most)
        controls = QWidget()
        flow = FlowLayout(controls, across=theme.APART, down=theme.NEAR)
        for widget in (self.choose, self.run_again, pair, self.maps):
            flow.addWidget(widget)
        column.addWidget(controls)
        column.addSpacing(theme.NEAR)
        for line in self.said:
            column.addWidget(line)
        column.addSpacing(theme.NEAR)
        body = QHBoxLayout()
        body.setSpacing(theme.NEAR)
        body.addWidget(self.grid, 1)
        body.addWidget(self.colours)
        column.addLayout(body, 1)
        column.addWidget(self.task)
        return page

    def _working(self) -> str:
        return self.tr("Comparing layers…")

    def _on_choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("A folder of pictures"), self._folder)
        if folder:
            self.compare(folder)

    def _on_look(self) -> None:
        for widget in (self.grid, self.colours):
            widget.set_colour_map(self.maps.name())

    def _on_cancel(self) -> None:
        self._stop()
        self._show()

    def _stop(self) -> None:
        task, self._task = self._task, None
        self.task.finish()
        if task is not None:
            self.task_unwanted.emit(task)

    def _show(self) -> None:
        data, found = self._data, self._found
        if data is None:
            return
        self.run_again.setVisible(bool(self._folder))
        self.colours.setVisible(found is not None)
        if found is None:
            self.grid.set_values(np.zeros((0, 0), np.float32), (), (), ("", ""))
        else:
            self.grid.set_values(
                found.values, found.first, found.second, (data.names[0], data.names[1] or data.names[0])
            )
        self._say()

    def _say(self) -> None:
        """Say what the numbers are, of what, and the one that is read."""
        data, found = self._data, self._found
        if data is None:
            return
        lines = [
            self.tr(
                "Linear CKA: 1 where two layers tell the same pictures apart in the same way (Kornblith et al. 2019)."
            ),
            self.tr("Choose a folder with some dozens of pictures; a model alone is compared with itself."),
            "",
        ]
        if found is not None:
            where = Path(self._folder).name
            lines[1] = self.tr("Pictures of “{folder}” used: {count}.").format(folder=where, count=found.images)
            lines[2] = self._read(found)
        elif self._task is None and not data.second:
            lines[2] = self.tr("With another model beside it, the layers of both are compared.")
        for line, text in zip(self.said, lines, strict=True):
            line.set_text(text)

    def _read(self, found: Similarity) -> str:
        cell = self.grid.cell()
        if cell is not None:
            return self.grid.told(cell)
        if not np.isfinite(found.values).any():
            return ""
        row, column = np.unravel_index(int(np.nan_to_num(found.values, nan=-1).argmax()), found.values.shape)
        text = self.tr("Most alike: {pair}")
        return text.format(pair=self.grid.told((int(row), int(column))))
