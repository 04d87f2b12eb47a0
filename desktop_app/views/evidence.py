"""The class evidence view: what of the image speaks for a class, by six methods, and how far each can be trusted."""

from collections.abc import Hashable
from typing import Any, ClassVar, cast

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop_app.selection import Selection
from desktop_app.task_news import TaskNews
from desktop_app.views import evidence_data
from desktop_app.views import evidence_text as words
from desktop_app.views.evidence_data import AT_ONCE, METHODS, EvidenceData
from desktop_app.views.evidence_page import EvidencePage
from desktop_app.views.paged import PagedView
from engine import ModelDescription, Run
from engine.evidence.cam import Activation
from engine.evidence.evidence import Evidence, Method, Target, Trust
from engine.evidence.tasks import METHODS as TASKS
from engine.evidence.tasks import Explain, TrustCurves
from engine.runtime.task import Task

NONE = Target()
"""What maps are about that are of no class in particular."""


class EvidenceView(PagedView):
    """Choose a class and a method; what takes long runs beside, and what was found stays until another run."""

    name: ClassVar[str] = "evidence"
    group = "maps"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: EvidenceData | None = None
        self._method: Method = "cam"
        self._found: dict[tuple[Method, Target], Evidence] = {}
        self._sums: dict[Target, Activation] = {}
        self._trust: dict[Target, dict[str, Trust]] = {}
        self._tasks: list[Task] = []
        self._targets: dict[int, Target] = {}  # by the task's identity
        self.page = EvidencePage()
        self.controls, self.canvas, self.gallery = self.page.controls, self.page.canvas, self.page.gallery
        self.set_page(self.page)
        self._connect()
        self.retranslate()

    @classmethod
    def title(cls) -> str:
        """Return the tab's title."""
        return QCoreApplication.translate("Evidence", "Class evidence")

    @classmethod
    def supports(cls, model: ModelDescription) -> bool:
        """Return whether the model looks at images."""
        return model.image_input is not None and bool(model.convolutions or model.sites)

    @classmethod
    def depends(cls, selection: Selection) -> Hashable:  # noqa: ARG003
        """Return nothing: the evidence is of the whole run."""
        return None

    @staticmethod
    def compute(run: Run, selection: Selection) -> EvidenceData:  # noqa: ARG004
        """Return what can be asked of the run."""
        return evidence_data.compute(run)

    def draw(self, data: EvidenceData) -> None:
        """Show what is found of a run; of a new one, begin with what takes no time."""
        new = self._data is None or self._data.outputs is not data.outputs
        self._data = data
        if new:
            self._drop_tasks()
            self._found, self._sums, self._trust = {}, {}, {}
        self.page.show_photo(data)
        if data.image is None:
            self.show_sentence(self.tr("Drop an image here: class evidence needs one."))
            return
        if data.cam is None and self._method == "cam":
            self._method = "eigen-cam"
        self.show_page()
        if self._method in AT_ONCE:
            self._choose(self._method)
        else:  # what takes long begins when somebody asks for it
            self._show()

    def clear(self, model: ModelDescription | None = None) -> None:
        """Show what to do when there is nothing to look at."""
        self._data = None
        self._drop_tasks()
        self._found, self._sums, self._trust = {}, {}, {}
        self.page.forget()
        super().clear(model)

    @property
    def settled(self) -> bool:
        """Whether nothing is under way."""
        return not self._tasks

    def evidence(self) -> Evidence | None:
        """Return the map that is shown large."""
        return self._found.get((self._method, self._target_of(self._method)))

    def task_moved(self, news: TaskNews) -> None:
        """Show how far a method is, and what it has found so far."""
        if news.task not in self._tasks:
            return
        target = self._targets[id(news.task)]
        got = news.partial if news.state == "running" else news.result
        if isinstance(got, Evidence):
            self._found[(got.method, target)] = got
        elif isinstance(got, tuple):
            self._trust.setdefault(target, {}).update({one.name: one for one in got if isinstance(one, Trust)})
        if news.state == "running":
            self._show_progress(news)
        else:
            self._forget_task(news.task, keep=news.state == "done")
        self._show()

    def state(self) -> dict[str, Any]:
        """Return what is set."""
        return {**self.controls.state(), "method": self._method}

    def restore(self, state: dict[str, Any]) -> None:
        """Set what was set."""
        if state.get("method") in METHODS:
            self._method = state["method"]
        self.controls.restore(state)

    def retranslate(self) -> None:
        """Set every text again."""
        self.page.retranslate()
        if self._data is not None and self._data.image is not None:
            self._show()
        else:
            self.say_why()

    def _connect(self) -> None:
        self.controls.target_wanted.connect(lambda: self._choose(self._method))
        self.controls.method_wanted.connect(lambda name: self._choose(cast(Method, name)))
        self.controls.all_wanted.connect(self._on_all)
        self.controls.trust_wanted.connect(self._on_trust)
        self.controls.look_changed.connect(self._on_look)
        self.gallery.picked.connect(lambda key: self._choose(cast(Method, key)))
        self.page.task.cancel_wanted.connect(self._on_cancel)

    def say_why(self) -> None:
        """Say why the view is empty and what to do."""
        if self._without is None:
            text = self.tr("Drop an image or an .onnx file here, or choose one with File ▸ Open.")
        elif self._without.image_input is not None:
            text = self.tr("Drop an image here, or choose one with File ▸ Open.")
        else:
            text = self.tr("“{name}” does not look at images. Open a model that does.").format(name=self._without.name)
        self.sentence.setText(text)

    def _target(self) -> Target:
        return self.controls.target() or NONE

    def _target_of(self, name: Method) -> Target:
        """Return what a map is about; `NONE` for maps of nothing in particular."""
        return NONE if name == "eigen-cam" else self._target()

    def _allowed(self, name: Method) -> bool:
        return self._data is not None and self.controls.methods.button(name).isEnabled()

    def _choose(self, name: Method) -> None:
        """Show a method, and run it where that was not done for this class."""
        if not self._allowed(name):
            return
        self._method = name
        self._run(name)
        self._show()

    def _run(self, name: Method) -> None:
        data, target = self._data, self._target_of(name)
        if data is None or (name, target) in self._found:
            return
        if name == "cam" and data.cam is not None:
            self._sums[target] = data.cam(target.index or 0)
            self._found[(name, target)] = self._sums[target].evidence
        elif name == "eigen-cam" and data.eigen is not None:
            self._found[(name, target)] = data.eigen()
        elif not any(self._is(task, name, target) for task in self._tasks):
            self._begin(self._task(name), target)

    def _is(self, task: Task, name: Method, target: Target) -> bool:
        return isinstance(task, TASKS[name]) and self._targets[id(task)] == target

    def _task(self, name: Method) -> Explain:
        more: dict[str, Any] = {}
        if name in ("score-cam", "ablation-cam"):
            more["most"] = self.controls.channels.value()
        elif name == "rise":
            more["masks"] = self.controls.masks.value()
        return TASKS[name](target=self._target_of(name), **more)

    def _begin(self, task: Task, target: Target) -> None:
        self._tasks.append(task)
        self._targets[id(task)] = target
        if len(self._tasks) == 1:
            self._show_progress(TaskNews(task))
        self.task_wanted.emit(task)

    def _on_all(self) -> None:
        for name in METHODS:
            if self._allowed(name):
                self._run(name)
        self._show()

    def _on_trust(self) -> None:
        """Test the maps that were made for this class and not tested."""
        target = self._target()
        known = self._trust.get(target, {})
        maps = tuple(
            (name, self._found[(name, of)].values)
            for name in METHODS
            if (name, of := self._target_of(name)) in self._found and name not in known
            if self._found[(name, of)].finished
        )
        busy = any(isinstance(task, TrustCurves) and self._targets[id(task)] == target for task in self._tasks)
        if maps and not busy and target != NONE:
            chance = 0 if "random" in known else 2
            self._begin(TrustCurves(maps, target, chance=chance), target)

    def _on_cancel(self) -> None:
        """End everything under way; what was found so far is let go, since it is not whole."""
        self._drop_tasks()
        self._show()

    def _drop_tasks(self) -> None:
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            self._let_go(task)
            self.task_unwanted.emit(task)
        self._targets.clear()
        self.page.task.finish()

    def _forget_task(self, task: Task, *, keep: bool) -> None:
        if not keep:
            self._let_go(task)
        self._tasks = [one for one in self._tasks if one is not task]
        self._targets.pop(id(task), None)
        if self._tasks:
            self._show_progress(TaskNews(self._tasks[0]))
        else:
            self.page.task.finish()

    def _let_go(self, task: Task) -> None:
        """Drop a map that is not whole."""
        for key, found in list(self._found.items()):
            if not found.finished and self._is(task, *key):
                del self._found[key]

    def _show_progress(self, news: TaskNews) -> None:
        text = words.working(_name(news.task), len(self._tasks) - 1)
        self.page.task.show_progress(text, news.done, news.total)

    def _show(self) -> None:
        """Show what is known of the class."""
        data = self._data
        if data is None or data.image is None:
            return
        target = self._target()
        sum_ = self._sums.get(target) if self._method == "cam" else None
        self.page.show_evidence(self._method, self.evidence(), self.controls.label(), sum_)
        found = {name: one for (name, of), one in self._found.items() if of in (target, NONE)}
        running = {
            _name(task): self.tr("running…") if place == 0 else self.tr("waiting…")
            for place, task in enumerate(self._tasks)
            if self._targets[id(task)] in (target, NONE)
        }
        self.page.show_all(found, self._trust.get(target, {}), self._method, running)

    def _on_look(self) -> None:
        self.page.look(self._method, self.evidence())
        self._show()


def _name(task: Task) -> str:
    """Return the method of a task, or "trust"."""
    return next((name for name, kind in TASKS.items() if isinstance(task, kind)), "trust")
