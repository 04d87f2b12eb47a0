"""The softmax lab: real scores before and after the softmax, with every part of it under one's hand."""

from collections.abc import Hashable
from dataclasses import replace
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.selection import Selection
from desktop_app.views import softmax_data, softmax_text
from desktop_app.views.paged import AttentionView
from desktop_app.views.softmax_controls import SoftmaxControls
from desktop_app.views.softmax_data import SoftmaxData
from desktop_app.views.softmax_study import ScaleStudyPanel
from desktop_app.widgets.bars import Bars
from desktop_app.widgets.head_chooser import HeadChooser
from desktop_app.widgets.text_line import TextLine
from engine import ModelDescription, Run


class SoftmaxView(AttentionView):
    """Scores above, weights below, numbers beside them; temperature, scale and mask answer at once."""

    name: ClassVar[str] = "softmax"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: SoftmaxData | None = None
        self.chooser, self.controls, self.study = HeadChooser(), SoftmaxControls(), ScaleStudyPanel()
        self.before, self.after = Bars(), Bars()
        self.title_line = TextLine(size=theme.HEADING)
        self.said, self._before_line, self._after_line = (TextLine(quiet=True) for _ in range(3))
        self.cells = [[QLabel() for _ in range(5)] for _ in range(3)]
        self.set_page(self._page())
        self._connect()
        self.retranslate()

    @classmethod
    def title(cls) -> str:
        """Return the tab's title."""
        return QCoreApplication.translate("Softmax", "Softmax")

    @classmethod
    def depends(cls, selection: Selection) -> Hashable:
        """Return the head and the query."""
        return selection.site, selection.head, selection.token, selection.batch

    @staticmethod
    def compute(run: Run, selection: Selection) -> SoftmaxData:
        """Return the scores of the chosen head, taken apart."""
        return softmax_data.compute(run, selection)

    def draw(self, data: SoftmaxData) -> None:
        """Show one row of scores and its weights."""
        self._data = data
        self.chooser.set_choice((data.site.index, data.selection.head, data.token), data.counts)
        self.controls.set_scale_label(softmax_text.scale(data), enabled=data.scale is not None)
        self.title_line.set_text(softmax_text.title(data))
        for bars, name in ((self.before, "scores"), (self.after, "weights")):
            bars.takeaway.name = f"{name}-layer-{data.site.index}-head-{data.selection.head}-query-{data.token}"
        self._show()
        self.show_page()

    def clear(self, model: ModelDescription | None = None) -> None:
        """Let go of what was shown."""
        self._data = None
        super().clear(model)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Draw the random queries and keys when somebody first looks."""
        super().showEvent(event)
        if self.study.study is None:
            self.study.draw_samples()

    def retranslate(self) -> None:
        """Set every text again."""
        for part in (self.chooser, self.controls, self.study):
            part.retranslate()
        self._before_line.set_text(self.tr("Scores: what enters the softmax"))
        self._after_line.set_text(self.tr("Weights: what leaves it, summing to 1"))
        self.before.setAccessibleName(self.tr("Scores of the chosen query"))
        self.after.setAccessibleName(self.tr("Weights of the chosen query"))
        self.say_why()
        if self._data is not None:
            self.draw(self._data)

    def _page(self) -> QWidget:
        table = QGridLayout()
        table.setHorizontalSpacing(theme.APART)
        table.setVerticalSpacing(theme.TIGHT)
        for row, line in enumerate(self.cells):
            for column, cell in enumerate(line):
                cell.setProperty("quiet", "true" if row == 0 or column == 0 else "false")
                cell.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                table.addWidget(cell, row, column)
        table.setColumnStretch(5, 1)
        page = QWidget()
        whole = QVBoxLayout(page)
        whole.setContentsMargins(theme.APART, theme.APART, theme.APART, theme.NEAR)
        whole.setSpacing(theme.NEAR)
        for widget in (self.chooser, self.title_line, self.controls, self.said, self._before_line):
            whole.addWidget(widget)
        whole.addWidget(self.before, 2)
        whole.addWidget(self._after_line)
        whole.addWidget(self.after, 2)
        whole.addLayout(table)
        whole.addSpacing(theme.APART)
        whole.addWidget(self.study, 3)
        return page

    def _connect(self) -> None:
        self.chooser.chosen.connect(self._on_chosen)
        self.controls.changed.connect(self._show)
        for bars in (self.before, self.after):
            bars.pointed.connect(self._mark)

    def _on_chosen(self, site: int, head: int, token: int) -> None:
        if self._data is not None:
            now = replace(self._data.selection, site=site, head=head)
            self.selection_wanted.emit(replace(now, token=token, pinned=True) if token != self._data.token else now)

    def _mark(self, place: int | None) -> None:
        for bars in (self.before, self.after):
            bars.set_mark(place)
        if place is None:
            self.said.set_text("")
        elif place < self.before.values.size:
            text = self.tr("Key {key}: score {score}, weight {weight}")
            key = self.before.describe(place).rpartition(":")[0]
            score, weight = self.before.values[place], self.after.values[place]
            self.said.set_text(text.format(key=key, score=f"{score:.6g}", weight=f"{weight:.6g}"))

    def _show(self) -> None:
        """Show what the settings make of the scores."""
        data = self._data
        if data is None:
            return
        if data.products is None:
            self.said.set_text(softmax_text.refused(data))
            for bars in (self.before, self.after):
                bars.set_values(np.zeros(0))
            self._fill(None, None, 1)
            return
        settings = self.controls.settings()
        scores, weights = softmax_data.scores(data, settings), softmax_data.weights(data, settings)
        names = softmax_text.names(data, scores.shape[1])
        self.before.set_values(scores[data.row] / settings.temperature, names, axis="key")
        self.after.set_values(weights[data.row], names, axis="key")
        every = softmax_data.measure(weights) if len(weights) > 1 else None
        self._fill(softmax_data.measure(weights[data.row : data.row + 1]), every, scores.shape[1])

    def _fill(self, row: softmax_data.Measures | None, every: softmax_data.Measures | None, keys: int) -> None:
        lines = (
            softmax_text.headings(),
            softmax_text.measures(self.tr("This row"), row, keys),
            softmax_text.measures(self.tr("Mean over all rows"), every, keys),
        )
        for cells, texts in zip(self.cells, lines, strict=True):
            for cell, text in zip(cells, texts, strict=True):
                cell.setText(text)
