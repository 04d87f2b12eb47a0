"""The robustness view: what is left of an answer as the image is damaged, for both models on one plot."""

from typing import Any, ClassVar

import numpy as np
from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QSpinBox, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.selection import Selection
from desktop_app.task_news import TaskNews
from desktop_app.views import compare_damage_text as words
from desktop_app.views.compare_damage_text import DAMAGES, MEASURES, DamageData
from desktop_app.views.paired import PairedView, names_of
from desktop_app.widgets.flow import FlowLayout
from desktop_app.widgets.line_plot import LinePlot
from desktop_app.widgets.segmented import Segmented
from desktop_app.widgets.task_bar import TaskBar
from desktop_app.widgets.text_line import TextLine
from engine import ModelDescription, Run
from engine.robustness import Damage, Robustness, RobustnessCurves


class DamageControls(QWidget):
    """Which damage, on which images, and what is counted."""

    changed = Signal()
    """Damage or measure."""
    run_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folder = ""
        self.damage, self.measure = Segmented(DAMAGES), Segmented(MEASURES)
        self.choose, self.photo, self.run = QPushButton(), QPushButton(), QPushButton()
        self.trials, self._trials_label, self.on = QSpinBox(), QLabel(), QLabel()
        self.on.setProperty("quiet", "true")
        self.trials.setRange(1, 50)
        self.trials.setValue(5)
        self.damage.set_choice("drop")
        self.measure.set_choice("probability")
        pair = QWidget()
        row = QHBoxLayout(pair)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.NEAR)
        row.addWidget(self._trials_label)
        row.addWidget(self.trials)
        flow = FlowLayout(self, across=theme.APART, down=theme.NEAR)
        for widget in (self.damage, self.measure, pair, self.on, self.choose, self.photo, self.run):
            flow.addWidget(widget)
        self.damage.chosen.connect(lambda _: self.changed.emit())
        self.measure.chosen.connect(lambda _: self.changed.emit())
        self.run.clicked.connect(self.run_wanted)
        self.choose.clicked.connect(self._on_choose)
        self.photo.clicked.connect(lambda: self.set_folder(""))
        self.retranslate()

    def set_folder(self, folder: str) -> None:
        """Damage the pictures of a folder; "" damages the photo on screen."""
        self.folder = folder
        self.retranslate()
        self.changed.emit()

    def retranslate(self) -> None:
        """Set every text again."""
        for name in DAMAGES:
            self.damage.set_text(name, words.damage(name), words.meaning(name))
        for measure in MEASURES:
            self.measure.set_text(measure, words.measure(measure), words.measured(measure))
        self.damage.setAccessibleName(self.tr("Damage"))
        self.measure.setAccessibleName(self.tr("What is counted"))
        self._trials_label.setText(self.tr("Tries"))
        self.trials.setAccessibleName(self.tr("Tries"))
        self.trials.setToolTip(self.tr("So many random choices for each image and strength; the curve is their mean."))
        self.on.setText(words.on(self.folder))
        self.choose.setText(self.tr("Folder…"))
        self.choose.setToolTip(
            self.tr("Damage the pictures of a folder; folders within it named as classes tell the true answers.")
        )
        self.photo.setText(self.tr("This image"))
        self.photo.setVisible(bool(self.folder))
        self.run.setText(self.tr("Run"))

    def _on_choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("A folder of pictures"), self.folder)
        if folder:
            self.set_folder(folder)


class DamageView(PairedView):
    """Drop or shuffle patches, shift, blur: which model keeps its answer?"""

    name: ClassVar[str] = "robustness"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: DamageData | None = None
        self._found: dict[tuple[Damage, str], Robustness] = {}
        self._task: RobustnessCurves | None = None
        self.controls, self.plot, self.task = DamageControls(), LinePlot("robustness"), TaskBar()
        self.said = tuple(TextLine(quiet=True) for _ in range(3))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.TIGHT)
        column.addWidget(self.controls)
        column.addSpacing(theme.NEAR)
        for line in self.said:
            column.addWidget(line)
        column.addWidget(self.plot, 1)
        column.addWidget(self.task)
        self.set_page(page)
        self.controls.changed.connect(self._show)
        self.controls.run_wanted.connect(self._run)
        self.task.cancel_wanted.connect(self._on_cancel)
        self.retranslate()

    @classmethod
    def title(cls) -> str:
        """Return the tab's title."""
        return QCoreApplication.translate("CompareDamage", "Robustness")

    @staticmethod
    def compute_pair(run: Run, other: Run | None, selection: Selection) -> DamageData:  # noqa: ARG004
        """Return who is compared."""
        second = "" if other is None or other.model.path == run.model.path else other.model.path
        names = names_of(run, other)
        classes = "logits" in run.outputs or bool(run.model.labels) or words.classifies(run)
        return DamageData(run.model.path, second, names, run.outputs, classes)

    def draw(self, data: DamageData) -> None:
        """Show what is known of these two."""
        before, self._data = self._data, data
        if (
            before is None
            or (before.first, before.second) != (data.first, data.second)
            or before.outputs is not data.outputs
        ):
            self._stop()
            self._found = {}
        self.show_pair(data.first, data.names)
        self._show()

    def clear(self, model: ModelDescription | None = None) -> None:
        """Show what to do when there is nothing to look at."""
        super().clear(model)
        self._stop()
        self._data, self._found = None, {}

    @property
    def settled(self) -> bool:
        """Whether nothing is under way."""
        return self._task is None

    def found(self) -> Robustness | None:
        """Return the curves shown."""
        return self._found.get(self._key())

    def task_moved(self, news: TaskNews) -> None:
        """Show the curves as they grow."""
        if news.task is not self._task or self._task is None:
            return
        got = news.partial if news.state == "running" else news.result
        key = (self._task.damage, self._task.folder)
        if isinstance(got, Robustness):
            self._found[key] = got
        if news.state == "running":
            self.task.show_progress(words.working(self._task.damage), news.done, news.total)
        else:
            if news.state != "done":
                self._found.pop(key, None)
            self._task = None
            self.task.finish()
        self._show()

    def state(self) -> dict[str, Any]:
        """Return what is set."""
        choice = self.controls
        return {"damage": choice.damage.choice(), "measure": choice.measure.choice(), "trials": choice.trials.value()}

    def restore(self, state: dict[str, Any]) -> None:
        """Set what was set."""
        for segmented, name, known in (
            (self.controls.damage, "damage", DAMAGES),
            (self.controls.measure, "measure", MEASURES),
        ):
            if state.get(name) in known:
                segmented.set_choice(state[name])
        try:
            self.controls.trials.setValue(int(state.get("trials", self.controls.trials.value())))
        except (TypeError, ValueError):
            self.controls.trials.setValue(5)

    def retranslate(self) -> None:
        """Set every text again."""
        super().retranslate()
        self.controls.retranslate()
        self.task.retranslate()
        self.plot.setAccessibleName(self.tr("What is left of the answer, by damage"))
        self._show()

    def _key(self) -> tuple[Damage, str]:
        return next(name for name in DAMAGES if name == self.controls.damage.choice()), self.controls.folder

    def _run(self) -> None:
        data = self._data
        if data is None:
            return
        self._stop()
        kind, folder = self._key()
        self._task = RobustnessCurves(kind, data.second, folder, trials=self.controls.trials.value())
        self.task.show_progress(words.working(kind), 0, 0)
        self.task_wanted.emit(self._task)

    def _on_cancel(self) -> None:
        self._stop()
        self._show()

    def _stop(self) -> None:
        """End what runs; curves that are not whole go with it."""
        task, self._task = self._task, None
        self.task.finish()
        if task is not None:
            found = self._found.get((task.damage, task.folder))
            if found is not None and not found.finished:
                del self._found[(task.damage, task.folder)]
            self.task_unwanted.emit(task)

    def _show(self) -> None:
        data = self._data
        if data is None:
            return
        self.controls.run.setEnabled(data.classes)
        found = self.found()
        measure = next(name for name in MEASURES if name == self.controls.measure.choice())
        kind = self._key()[0]
        series = words.series(found, measure)
        right = 0.9 if kind in ("drop", "shuffle") else float(np.max(found.strengths)) if found is not None else 1.0
        self.plot.set_series(series, words.axes(kind, measure, right))
        for line, text in zip(self.said, words.sentences(data, found, kind, measure), strict=True):
            line.set_text(text)
