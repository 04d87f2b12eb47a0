"""What a view is: what it supports, what it depends on, a pure compute, a thin draw."""

from abc import abstractmethod
from collections.abc import Hashable
from typing import Any, ClassVar, Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.selection import Selection
from desktop_app.task_news import TaskNews
from engine import ModelDescription, Run

Group = Literal["attention", "text", "tokens", "maps", "change", "compare"]
"""What one looks at; the titles are the frame's."""


class View(QWidget):
    """One way of looking at a run.

    The controller calls `compute` when the run changes, or when `depends` gives another key for the new
    selection, and hands the result to `draw`. A view never keeps the run: what it shows comes from `draw`.
    """

    selection_wanted = Signal(object)
    """Emitted with the new `Selection` that the user's pointing asks for."""

    noticed = Signal(object)
    """Emitted with a `Notice` to show: a file was saved, or could not be."""

    edits_wanted = Signal(object)
    """Emitted with the whole tuple of interventions that the model shall run with."""

    text_wanted = Signal(object)
    """Emitted with an `engine.text.tokens.TextSource` that the model shall run on."""

    tensor_wanted = Signal(str)
    """Emitted with the name of a tensor that `draw` could show but the run lacks; `compute` is asked again with it."""

    task_wanted = Signal(object)
    """Emitted with an `engine.runtime.task.Task` to be done in the engine's process; news come by `task_moved`."""

    task_unwanted = Signal(object)
    """Emitted with a task that shall end."""

    name: ClassVar[str]
    """Stable name, for settings and tests."""

    group: ClassVar[Group] = "attention"
    """The row of tabs that it stands in."""

    @classmethod
    @abstractmethod
    def title(cls) -> str:
        """Return the tab's title in the current language."""

    @classmethod
    @abstractmethod
    def supports(cls, model: ModelDescription) -> bool:
        """Return whether this view has anything to show of a model."""

    @classmethod
    @abstractmethod
    def depends(cls, selection: Selection) -> Hashable:
        """Return what the view's picture depends on; an equal key means no new compute."""

    @staticmethod
    @abstractmethod
    def compute(run: Run, selection: Selection) -> Any:
        """Return everything `draw` needs. Pure: no widget, no file, no clock."""

    @abstractmethod
    def draw(self, data: Any) -> None:
        """Show what `compute` gave."""

    @abstractmethod
    def clear(self, model: ModelDescription | None = None) -> None:
        """Show the sentence that says what to do; `model` is the one open, of which there is nothing to show."""

    def task_moved(self, news: TaskNews) -> None:
        """Show how a task that this view asked for goes; the last news of every task has another state than running."""

    def state(self) -> dict[str, Any]:
        """Return what the user set here and expects to find again: names and plain values, for the settings."""
        return {}

    def restore(self, state: dict[str, Any]) -> None:
        """Set what `state` gave, perhaps long ago; what makes no sense is passed over."""

    @abstractmethod
    def retranslate(self) -> None:
        """Set every text again after a change of language."""


class PairView(View):
    """A way of looking at two runs side by side: of two models on one photo, or of one model on two photos."""

    beside_wanted = Signal(object)
    """Emitted with a `desktop_app.beside.Beside`: what shall be seen beside what is on screen; None ends it."""

    @classmethod
    def compute(cls, run: Run, selection: Selection) -> Any:
        """Return what there is to draw of the first run alone."""
        return cls.compute_pair(run, None, selection)

    @staticmethod
    @abstractmethod
    def compute_pair(run: Run, other: Run | None, selection: Selection) -> Any:
        """Return everything `draw` needs. Pure. `other` is None while there is nothing beside."""
