"""Patches: the image cut into tokens, changed by hand, and what becomes of the prediction."""

from collections.abc import Hashable
from typing import Any, ClassVar

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from desktop_app.i18n import lookup
from desktop_app.selection import Selection
from desktop_app.task_news import TaskNews
from desktop_app.views import patches_data
from desktop_app.views.base import Group
from desktop_app.views.paged import PagedView
from desktop_app.views.patches_data import PatchesData
from desktop_app.views.patches_page import PARTS, PatchesPage
from engine import ModelDescription, Run
from engine.patch_filters import PatchFilters, ReadPatchFilters
from engine.runtime.task import Task
from engine.token_norms import MeasureTokens, TokenNorms


class PatchesView(PagedView):
    """Click a patch to blank it, drag it elsewhere, shuffle or drop many; filters and norms of tokens below."""

    name: ClassVar[str] = "patches"
    group: ClassVar[Group] = "tokens"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asked: Task | None = None
        self._missing: set[str] = set()
        self._filters_of = ""
        self._norms_of: object = None
        self.page = PatchesPage()
        self.controls, self.before, self.after = self.page.controls, self.page.before, self.page.after
        self.set_page(self.page)
        self._connect()
        self.retranslate()

    @classmethod
    def title(cls) -> str:
        """Return the tab's title."""
        return QCoreApplication.translate("Patches", "Patches")

    @classmethod
    def supports(cls, model: ModelDescription) -> bool:
        """Return whether the model takes an image."""
        return model.image_input is not None and model.image_plan is not None

    @classmethod
    def depends(cls, selection: Selection) -> Hashable:
        """Return the token that is pointed at."""
        return selection.site, selection.token, selection.pinned

    @staticmethod
    def compute(run: Run, selection: Selection) -> PatchesData:
        """Return the image before and after interventions."""
        return patches_data.compute(run, selection)

    def draw(self, data: PatchesData) -> None:
        """Show the image before and after, and ask for what is shown below it."""
        before = self.page.data
        if before is None or before.stamp is not data.stamp:
            self._norms_of = None
            self._missing.clear()
            self._asked = None
            self.page.refused = ""
        if before is None or before.model.path != data.model.path:
            self._filters_of, self.page.filters, self.page.norms = "", None, ()
        self.page.show_data(data)
        self.show_page()
        self._ask()

    def clear(self, model: ModelDescription | None = None) -> None:
        """Show what to do when there is nothing to look at."""
        self._asked, self._norms_of, self._filters_of = None, None, ""
        self.page.forget()
        super().clear(model)

    @property
    def settled(self) -> bool:
        """Whether everything that is asked for is shown."""
        return self._asked is None and self._wanted() is None

    def task_moved(self, news: TaskNews) -> None:
        """Show filters or norms when they have come."""
        if news.task is not self._asked:
            return
        if news.state == "running":
            self.page.task.show_progress(self._working(), news.done, news.total)
            return
        asked, self._asked = self._asked, None
        self.page.task.finish()
        data = self.page.data
        if data is None:
            return
        if isinstance(news.result, PatchFilters):
            self._filters_of = data.model.path
            self.page.take_filters(news.result)
        elif isinstance(news.result, TokenNorms):
            self._norms_of = data.stamp
            self.page.take_norms(patches_data.norm_maps(news.result, data.model))
            if not self.page.norms:
                self.page.refuse(self.tr("The tokens of this model do not lie on the image."))
        else:
            self._missing.add(_kind(asked))
            words = self.tr("Stopped. Choose another part and come back to go on.")
            self.page.refuse(words if news.error is None else news.error.message.text(lookup))
        self._ask()

    def state(self) -> dict[str, Any]:
        """Return what is shown below."""
        return {"part": self.page.part}

    def restore(self, state: dict[str, Any]) -> None:
        """Show the same below."""
        if state.get("part") in PARTS:
            self.page.parts.set_choice(state["part"])

    def retranslate(self) -> None:
        """Set every text again."""
        self.page.retranslate()
        self.say_why()

    def say_why(self) -> None:
        """Say why the view is empty and what to do."""
        text = self.tr("Drop an image or an .onnx file here, or choose one with File ▸ Open.")
        if self._without is not None and self.supports(self._without):
            text = self.tr("Drop an image here, or choose one with File ▸ Open.")
        elif self._without is not None:
            text = self.tr("“{name}” takes no image. Open a model that does.").format(name=self._without.name)
        self.sentence.setText(text)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Ask for what is shown below when somebody looks."""
        super().showEvent(event)
        self._ask()

    def _connect(self) -> None:
        self.controls.edits_wanted.connect(self.edits_wanted)
        self.controls.grid_changed.connect(self.page.show_grid)
        self.page.part_changed.connect(self._on_part)
        self.page.task.cancel_wanted.connect(lambda: self.task_unwanted.emit(self._asked))
        self.after.clicked.connect(self._hide)
        self.before.clicked.connect(lambda patch: self._hide(self._place(patch)))
        self.after.exchanged.connect(self._exchange)
        self.before.exchanged.connect(lambda a, b: self._exchange(self._place(a), self._place(b)))
        self.before.hovered.connect(self._point)
        self.before.walked.connect(self._point)
        self.after.hovered.connect(lambda place: self._point(self._patch(place)))
        self.after.walked.connect(lambda place: self._point(self._patch(place)))
        for canvas in (self.before, self.after):
            canvas.unpinned.connect(self._unpin)

    def _on_part(self) -> None:
        self._missing.clear()
        self.page.refused = ""
        self._ask()

    def _wanted(self) -> Task | None:
        """Return the task whose result is shown below and not there."""
        data, part = self.page.data, self.page.part
        if data is None:
            return None
        if part in ("filters", "components") and self._filters_of != data.model.path and "filters" not in self._missing:
            return ReadPatchFilters()
        if part == "norms" and self._norms_of is not data.stamp and "norms" not in self._missing:
            return MeasureTokens()
        return None

    def _ask(self) -> None:
        task = self._wanted()
        if task is None or not self.isVisible() or self._asked is not None:
            return
        if isinstance(task, MeasureTokens) and self.page.data is not None and not self.page.data.model.sites:
            self._missing.add("norms")
            self.page.take_norms(())
            self.page.refuse(self.tr("A network without attention has no tokens to measure."))
            return
        self._asked = task
        self.page.task.show_progress(self._working(), 0, 0)
        self.task_wanted.emit(task)

    def _working(self) -> str:
        if isinstance(self._asked, MeasureTokens):
            return self.tr("Measuring the tokens of every layer…")
        return self.tr("Reading the filters…")

    def _place(self, patch: int) -> int:
        """Return the place that a patch of the image lies in now."""
        places = self.page.places
        return int(places[patch]) if patch < len(places) else patch

    def _patch(self, place: int | None) -> int | None:
        """Return which patch of the image lies at a place, blank or not."""
        found = np.flatnonzero(self.page.places == place) if place is not None else np.zeros(0, np.intp)
        return int(found[0]) if found.size else place

    def _hide(self, place: int) -> None:
        data = self.page.data
        if data is not None:
            self.controls.want(patches_data.with_hidden(data.edits, self.controls.grid(), place))

    def _exchange(self, first: int, second: int) -> None:
        data = self.page.data
        if data is not None:
            self.controls.want(patches_data.with_exchanged(data.edits, self.controls.grid(), first, second))

    def _point(self, patch: int | None) -> None:
        """Point at a patch everywhere; only here, where the model's tokens are not these patches."""
        data = self.page.data
        if data is None:
            return
        grid = data.site_grid
        if grid is None:
            self.page.mark(patch)
            return
        token = None if patch is None else grid.prefix + patch
        self.selection_wanted.emit(data.selection.pointing(token))

    def _unpin(self) -> None:
        if self.page.data is not None:
            self.selection_wanted.emit(self.page.data.selection.unpin())


def _kind(task: Task | None) -> str:
    return "norms" if isinstance(task, MeasureTokens) else "filters"
