"""The Q · K · V microscope: one query of one head, stage by stage, with numbers that add up."""

from collections.abc import Hashable
from dataclasses import replace
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop_app import theme, token_words
from desktop_app.selection import Selection
from desktop_app.task_news import TaskNews
from desktop_app.views import microscope_data, microscope_text
from desktop_app.views.microscope_data import MicroscopeData
from desktop_app.views.microscope_words import MicroscopeWords
from desktop_app.views.paged import AttentionView
from desktop_app.widgets.head_chooser import HeadChooser
from desktop_app.widgets.image_canvas import ImageCanvas
from desktop_app.widgets.strips import StripTable
from desktop_app.widgets.text_line import TextLine
from engine import ModelDescription, Run
from engine.projected import Sides, TraceInputs


class MicroscopeView(AttentionView):
    """Point at a patch or a key: every number from q to the head's output is there."""

    name: ClassVar[str] = "microscope"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: MicroscopeData | None = None
        self._key: int | None = None
        self._dim: int | None = None
        self._feature: int | None = None
        self._asked: tuple[object, TraceInputs] | None = None
        self._sides: Sides | None = None
        self.canvas, self.words, self.table = ImageCanvas(), MicroscopeWords(), StripTable()
        self.title_line = TextLine(size=theme.HEADING)
        self.largest, self.difference, self.meaning = (TextLine(quiet=True) for _ in range(3))
        self.chooser = HeadChooser()
        self.set_page(self._page())
        self._connect()
        self.retranslate()

    @classmethod
    def title(cls) -> str:
        """Return the tab's title."""
        return QCoreApplication.translate("Microscope", "Q · K · V")

    @classmethod
    def depends(cls, selection: Selection) -> Hashable:
        """Return the head and the query."""
        return selection.site, selection.head, selection.token, selection.pinned, selection.batch

    @staticmethod
    def compute(run: Run, selection: Selection) -> MicroscopeData:
        """Return the stages of one query."""
        return microscope_data.compute(run, selection)

    def draw(self, data: MicroscopeData) -> None:
        """Show one query of one head."""
        self._data = data
        self.chooser.set_choice(
            (data.site.index, data.selection.head, data.token), (data.sites, data.heads, data.tokens)
        )
        on_image = data.image is not None and data.grid is not None
        self.canvas.setVisible(on_image)
        self.words.setVisible(not on_image)
        self._halves.setStretch(0, 5 if on_image else 4)
        if data.image is not None and data.grid is not None:
            self.canvas.set_photo(data.image.photo.pixels, data.image.region)
            self.canvas.set_tokens(data.grid, token_words.special_names(data.grid))
        self.canvas.set_marks(data.token, pinned=data.selection.pinned)
        if not on_image:
            weights = None if data.close is None else data.close.weights
            self.words.show_words(data.lines, weights, data.token, pinned=data.selection.pinned)
        self.title_line.set_text(microscope_text.title(data))
        self.largest.set_text(microscope_text.largest(data))
        self.difference.set_text(microscope_text.difference(data))
        for widget in (self.table, self.canvas):
            widget.takeaway.name = f"layer-{data.site.index}-head-{data.selection.head}-query-{data.token}"
        self._ask(data)
        self._show_rows()
        self.show_page()

    def task_moved(self, news: TaskNews) -> None:
        """Show where q, k and v come from, once the weights were read."""
        if self._asked is None or news.task is not self._asked[1] or news.state == "running":
            return
        if isinstance(news.result, Sides):
            self._sides = news.result
            self._show_rows()
        elif news.state == "cancelled":
            self._asked = None

    def clear(self, model: ModelDescription | None = None) -> None:
        """Let go of what was shown."""
        self._data = None
        super().clear(model)

    def retranslate(self) -> None:
        """Set every text again."""
        self.chooser.retranslate()
        self.words.retranslate()
        self.canvas.setAccessibleName(self.tr("Image; choose the query patch"))
        self.table.setAccessibleName(self.tr("Stages of attention, from query to output"))
        self.say_why()
        if self._data is not None:
            self.draw(self._data)

    def _page(self) -> QWidget:
        left = QVBoxLayout()
        left.setSpacing(theme.TIGHT)
        for line in (self.title_line, self.largest):
            left.addWidget(line)
        left.addWidget(self.canvas, 1)
        left.addWidget(self.words, 1)
        left.addStretch()
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(self.table)
        right = QVBoxLayout()
        right.setSpacing(theme.TIGHT)
        for line in (self.meaning, self.difference):
            right.addWidget(line)
        right.addWidget(scroll, 1)
        self._halves = halves = QHBoxLayout()
        halves.setSpacing(theme.APART)
        halves.addLayout(left, 5)
        halves.addLayout(right, 6)
        page = QWidget()
        whole = QVBoxLayout(page)
        whole.setContentsMargins(theme.APART, theme.APART, theme.APART, theme.NEAR)
        whole.setSpacing(theme.APART)
        whole.addWidget(self.chooser)
        whole.addLayout(halves, 1)
        return page

    def _connect(self) -> None:
        for choosing in (self.canvas, self.words.queries):
            choosing.hovered.connect(lambda token: self._want(self._selection().pointing(token)))
            choosing.clicked.connect(lambda token: self._want(self._selection().pin(token)))
            choosing.walked.connect(lambda token: self._want(replace(self._selection(), token=token)))
            choosing.unpinned.connect(lambda: self._want(self._selection().unpin()))
        self.words.key_pointed.connect(lambda key: self._on_pointed("key", key))
        self.words.keys.walked.connect(lambda key: self._on_pointed("key", key))
        self.table.pointed.connect(self._on_pointed)
        self.table.stepped.connect(self._on_stepped)
        self.chooser.chosen.connect(self._on_chosen)

    def _selection(self) -> Selection:
        return Selection() if self._data is None else self._data.selection

    def _want(self, selection: Selection) -> None:
        if self._data is not None:
            self._data = replace(self._data, selection=selection)
            self.selection_wanted.emit(selection)

    def _ask(self, data: MicroscopeData) -> None:
        """Ask for the weights of the chosen attention and what they are applied to, once for each run."""
        if self._asked is not None and self._asked[0] is data.outputs and self._asked[1].site == data.site.index:
            return
        self._sides = None
        self._asked = (data.outputs, TraceInputs(data.site.index))
        self.task_wanted.emit(self._asked[1])

    def _on_chosen(self, site: int, head: int, token: int) -> None:
        if self._data is not None:
            now = replace(self._selection(), site=site, head=head)
            self._want(replace(now, token=token, pinned=True) if token != self._data.token else now)

    def _on_pointed(self, axis: str, place: int | None) -> None:
        if axis == "key":
            self._key = place
        elif axis == "in":
            self._feature = place
        else:
            self._dim = place
        self._show_rows()

    def _on_stepped(self, row: int) -> None:
        self.table.set_row(row)
        self._show_rows()

    def _show_rows(self) -> None:
        """Show the rows for the key pointed at, else for the key with the largest weight."""
        data = self._data
        if data is None or data.close is None:
            self.table.set_strips(())
            self.meaning.set_text("")
            return
        count = data.close.weights.size
        key = self._key if self._key is not None and self._key < count else data.largest[0]
        rows = microscope_text.rows(data, key, self._dim, self._sides)
        self.table.set_strips(rows)
        self.table.set_mark("key", key)
        self.words.mark_key(key)
        for axis in ("dim", "value"):
            self.table.set_mark(axis, self._dim)
        self.table.set_mark("in", self._feature)
        chosen = rows[min(self.table.row, len(rows) - 1)]
        self.meaning.set_text(microscope_text.explain(chosen))
        over_keys = chosen.values if chosen.axis == "key" else data.close.weights
        self._overlay(over_keys)

    def _overlay(self, row: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> None:
        """Lay a row over the keys on the image; scores are moved up so that the smallest is zero."""
        if self._data is None or self._data.key_grid is None:
            return
        told = np.where(np.isfinite(row), row, np.float32(np.nan))
        low = min(0.0, float(np.nanmin(told))) if np.isfinite(row).any() else 0.0
        shown = (told - np.float32(low)).astype(np.float32)
        high = float(np.nanmax(shown)) if np.isfinite(shown).any() else 0.0
        self.canvas.set_overlay(shown, high, self._data.key_grid)
