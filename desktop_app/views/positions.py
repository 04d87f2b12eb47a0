"""Positions: where order enters a model, what it says, and what becomes of the outputs when it is changed."""

from collections.abc import Hashable
from typing import Any, ClassVar

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from desktop_app.i18n import lookup
from desktop_app.selection import Selection
from desktop_app.task_news import TaskNews
from desktop_app.views import positions_data
from desktop_app.views.base import Group
from desktop_app.views.paged import PagedView
from desktop_app.views.positions_data import LOOKS, PositionsData
from desktop_app.views.positions_page import PARTS, PositionsPage
from engine import ModelDescription, Run
from engine.position_maps import ReadTable


class PositionsView(PagedView):
    """Tables, curves, frequencies and biases of whatever gives a model its order; what-ifs on them; a sandbox."""

    name: ClassVar[str] = "positions"
    group: ClassVar[Group] = "tokens"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asked: ReadTable | None = None
        self.page = PositionsPage()
        self.controls = self.page.controls
        self.set_page(self.page)
        self.controls.edits_wanted.connect(self.edits_wanted)
        self.page.table_missing.connect(self._read)
        self.page.picked.connect(self._pin)
        self.retranslate()

    @classmethod
    def title(cls) -> str:
        """Return the tab's title."""
        return QCoreApplication.translate("Positions", "Positions")

    @classmethod
    def supports(cls, model: ModelDescription) -> bool:
        """Return whether positional encodings were found."""
        return bool(model.positions)

    @classmethod
    def depends(cls, selection: Selection) -> Hashable:
        """Return the token that is pointed at."""
        return selection.site, selection.token, selection.pinned

    @staticmethod
    def compute(run: Run, selection: Selection) -> PositionsData:
        """Return the encodings, and what interventions did."""
        return positions_data.compute(run, selection)

    def draw(self, data: PositionsData) -> None:
        """Show the chosen encoding."""
        if self.page.data is None or self.page.data.model.path != data.model.path:
            self._asked = None
        self.page.show_data(data)
        self.show_page()

    def clear(self, model: ModelDescription | None = None) -> None:
        """Show what to do when there is nothing to look at."""
        self._asked = None
        self.page.forget()
        super().clear(model)

    def task_moved(self, news: TaskNews) -> None:
        """Show a table that has been read."""
        if news.task is not self._asked or news.state == "running" or self._asked is None:
            return
        index, self._asked = self._asked.index, None
        if isinstance(news.result, np.ndarray):
            self.page.take_table(index, news.result)
        elif news.error is not None:
            self.page.refuse(news.error.message.text(lookup))

    def state(self) -> dict[str, Any]:
        """Return what is shown, and of what size the sandbox is."""
        sandbox = self.page.sandbox
        size = [sandbox.dim.value(), sandbox.length.value(), sandbox.base.value()]
        return {"part": self.page.part, "look": self.page.looks.choice(), "sandbox": size}

    def restore(self, state: dict[str, Any]) -> None:
        """Set the same again."""
        if state.get("part") in PARTS:
            self.page.parts.set_choice(state["part"])
        if state.get("look") in LOOKS:
            self.page.looks.set_choice(state["look"])
        size = state.get("sandbox")
        sandbox = self.page.sandbox
        if isinstance(size, list):
            for spin, value in zip((sandbox.dim, sandbox.length), size[:2], strict=False):
                if isinstance(value, int):
                    spin.setValue(value)
            if len(size) == 3 and isinstance(size[2], int | float):
                sandbox.base.setValue(size[2])

    def retranslate(self) -> None:
        """Set every text again."""
        self.page.retranslate()
        self.say_why()

    def say_why(self) -> None:
        """Say why the view is empty and what to do."""
        text = self.tr("Drop an image or an .onnx file here, or choose one with File ▸ Open.")
        if self._without is not None and self._without.positions:
            text = self.tr("Give the model something to read: drop an image here, or write a text at the right.")
        elif self._without is not None:
            text = self.tr("No positional encoding was found in “{name}”. Open another model.")
            text = text.format(name=self._without.name)
        self.sentence.setText(text)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Ask again for a table that nobody brought."""
        super().showEvent(event)
        if self.page.data is not None and self._asked is None:
            self.page.show_part()

    def _read(self, index: int) -> None:
        if self._asked is None and self.isVisible():
            self._asked = ReadTable(index)
            self.task_wanted.emit(self._asked)

    def _pin(self, row: int, column: int) -> None:
        """Pin the patch whose map was clicked, everywhere."""
        data = self.page.data
        grid = None if data is None else data.site_grid
        if data is not None and grid is not None and row < grid.rows and column < grid.columns:
            self.selection_wanted.emit(data.selection.pin(grid.token_at(row, column)))
