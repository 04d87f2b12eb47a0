"""What if: the model changed and run again, beside the model as it is."""

from collections.abc import Hashable
from dataclasses import replace
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from desktop_app import theme, token_words
from desktop_app.selection import Selection
from desktop_app.task_news import TaskNews
from desktop_app.views import whatif_data
from desktop_app.views.paged import AttentionView
from desktop_app.views.whatif_controls import WhatIfControls
from desktop_app.views.whatif_damage import DamagePanel
from desktop_app.views.whatif_data import WhatIfData
from desktop_app.widgets.head_chooser import HeadChooser
from desktop_app.widgets.head_map import HeadMap
from desktop_app.widgets.image_canvas import ImageCanvas
from desktop_app.widgets.mosaic_exhibit import singles
from desktop_app.widgets.segmented import Segmented
from desktop_app.widgets.strips import Strip, StripTable
from desktop_app.widgets.text_line import TextLine
from engine import Run

_ROWS = 7


class WhatIfView(AttentionView):
    """Interventions at the left; predictions, the chosen head and all heads before and after at the right."""

    name: ClassVar[str] = "whatif"
    group = "change"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: WhatIfData | None = None
        self.controls, self.moved = WhatIfControls(), HeadMap()
        self.before, self.after = ImageCanvas(), ImageCanvas()
        self.rows, self.chooser = StripTable(), HeadChooser()
        self._key: int | None = None
        self.cells = [[QLabel() for _ in range(4)] for _ in range(_ROWS)]
        self._titles = tuple(TextLine(size=theme.NORMAL, quiet=True) for _ in range(2))
        self.head_line, self.meaning = TextLine(size=theme.HEADING), TextLine(quiet=True)
        self.damage, self.below = DamagePanel(), QStackedWidget()
        self.shown = Segmented(("moved", "damage"))
        self.shown.set_choice("moved")
        self.set_page(self._page())
        self.controls.edits_wanted.connect(self.edits_wanted)
        self.moved.picked.connect(lambda site, head: self._want(replace(self._now(), site=site, head=head)))
        self.rows.pointed.connect(self._on_key)
        self.rows.stepped.connect(self.rows.set_row)
        self.chooser.chosen.connect(self._on_chosen)
        self.damage.picked.connect(lambda site, head: self._want(replace(self._now(), site=site, head=head)))
        self.damage.task_wanted.connect(self.task_wanted)
        self.damage.task_unwanted.connect(self.task_unwanted)
        self.shown.chosen.connect(lambda which: self.below.setCurrentIndex(("moved", "damage").index(which)))
        for canvas in (self.before, self.after):
            canvas.hovered.connect(lambda token: self._want(self._now().pointing(token)))
            canvas.clicked.connect(lambda token: self._want(self._now().pin(token)))
            canvas.walked.connect(lambda token: self._want(replace(self._now(), token=token)))
            canvas.unpinned.connect(lambda: self._want(self._now().unpin()))
        self.retranslate()

    @classmethod
    def title(cls) -> str:
        """Return the tab's title."""
        return QCoreApplication.translate("WhatIf", "What if")

    @classmethod
    def depends(cls, selection: Selection) -> Hashable:
        """Return the head and the query."""
        return selection.site, selection.head, selection.token, selection.pinned, selection.batch

    @staticmethod
    def compute(run: Run, selection: Selection) -> WhatIfData:
        """Return the run beside the original."""
        return whatif_data.compute(run, selection)

    def draw(self, data: WhatIfData) -> None:
        """Show the run beside the original."""
        self._data = data
        self.controls.set_data(data)
        self._show_classes(data)
        self._show_head(data)
        words = self.tr("Layer {layer}, head {head}: moved by {value}")
        self.moved.set_values(singles(data.changes), signed=False, words=words)
        self.moved.set_chosen(data.site.index, data.selection.head)
        self.damage.set_data(data)
        self.show_page()

    def task_moved(self, news: TaskNews) -> None:
        """Show how the ablation of every head goes."""
        self.damage.take(news)

    def retranslate(self) -> None:
        """Set every text again."""
        self.controls.retranslate()
        for line, text in zip(self._titles, (self.tr("As it is"), self.tr("Changed")), strict=True):
            line.set_text(text)
        self.shown.set_text("moved", self.tr("How far each head moved"), self.tr("Heads before and after the changes"))
        self.shown.set_text("damage", self.tr("Damage of each head"), self.tr("What the model loses without each head"))
        self.shown.setAccessibleName(self.tr("All heads"))
        self.damage.retranslate()
        self.meaning.set_text(self.tr("Half the sum of |change| of its weights: 0 is the same, 1 nothing shared."))
        self.before.setAccessibleName(self.tr("What the chosen head attends to, model as it is"))
        self.after.setAccessibleName(self.tr("What the chosen head attends to, model changed"))
        self.rows.setAccessibleName(self.tr("Row of the chosen head: as it is above, changed below"))
        self.chooser.retranslate()
        self.moved.setAccessibleName(self.tr("How far each head moved"))
        self.moved.takeaway.name = "how-far-heads-moved"
        self.say_why()
        if self._data is not None:
            self.draw(self._data)

    def _now(self) -> Selection:
        return Selection() if self._data is None else self._data.selection

    def _want(self, selection: Selection) -> None:
        if self._data is not None:
            self._data = replace(self._data, selection=selection)
            self.selection_wanted.emit(selection)

    def _show_classes(self, data: WhatIfData) -> None:
        what = {"": self.tr("Class"), "next": self.tr("Next token"), "here": self.tr("Token here")}[data.expects]
        heads = (what, self.tr("As it is"), self.tr("Changed"), self.tr("Δ logit"))
        lines = [heads] + [
            (c.label, f"{c.before:.1%}", f"{c.after:.1%}", "–" if c.logit is None else f"{c.logit:+.3f}")
            for c in data.classes
        ]
        if len(lines) == 1:
            lines[0] = (self.tr("This model names no classes."), "", "", "")
        for row, cells in enumerate(self.cells):
            texts = lines[row] if row < len(lines) else ("",) * 4
            for cell, text in zip(cells, texts, strict=True):
                cell.setText(text)

    def _show_head(self, data: WhatIfData) -> None:
        where = (
            self.tr("mean over queries")
            if data.token is None
            else self.tr("query {token}").format(token=_name(data, data.token))
        )
        text = self.tr("Layer {layer}, head {head}, {where}")
        self.head_line.set_text(text.format(layer=data.site.index, head=data.selection.head, where=where))
        high = float(np.nanmax([np.nanmax(data.before), np.nanmax(data.after)]))
        on_image = data.key_grid is not None and data.grid is not None and data.image is not None
        for canvas, row in ((self.before, data.before), (self.after, data.after)):
            canvas.setVisible(on_image)
            if data.image is not None and data.grid is not None:
                canvas.set_photo(data.image.photo.pixels, data.image.region)
                canvas.set_tokens(data.grid, token_words.special_names(data.grid))
                canvas.set_overlay(row, high, data.key_grid)
                canvas.set_marks(data.token, pinned=data.selection.pinned)
        for title in self._titles:
            title.setVisible(on_image)
        for widget in (self.rows, self.chooser):
            widget.setVisible(not on_image)
        if not on_image:
            choice = data.site.index, data.selection.head, data.token or 0
            self.chooser.set_choice(choice, (data.sites, data.heads, data.tokens))
            self._show_rows()

    def _show_rows(self) -> None:
        """Show the row of the chosen head as strips, with the numbers of the key pointed at, else of the largest."""
        data = self._data
        if data is None:
            return
        key = int(np.nanargmax(data.before)) if self._key is None else min(self._key, data.before.size - 1)
        name = data.key_names[key] if key < len(data.key_names) else str(key)
        heading = self.tr("Weights over the {count} keys; at {key}").format(count=data.before.size, key=name)
        high = float(np.nanmax([data.before, data.after]))
        change = (data.after - data.before).astype(np.float32)
        told = [f"{row[key]:.4g}" for row in (data.before, data.after, change)]
        self.rows.set_strips(
            (
                Strip(
                    self.tr("As it is"), data.before, "key", signed=False, number=told[0], heading=heading, high=high
                ),
                Strip(self.tr("Changed"), data.after, "key", signed=False, number=told[1], high=high),
                Strip(self.tr("Change"), change, "key", number=told[2]),
            )
        )
        self.rows.set_mark("key", key)

    def _on_key(self, _axis: str, place: int | None) -> None:
        self._key = place
        self._show_rows()

    def _on_chosen(self, site: int, head: int, token: int) -> None:
        if self._data is not None:
            now = replace(self._now(), site=site, head=head)
            self._want(now if token == (self._data.token or 0) else replace(now, token=token, pinned=True))

    def _page(self) -> QWidget:
        table = QGridLayout()
        table.setHorizontalSpacing(theme.APART)
        table.setVerticalSpacing(theme.TIGHT)
        for row, cells in enumerate(self.cells):
            for column, cell in enumerate(cells):
                cell.setProperty("quiet", "true" if row == 0 else "false")
                cell.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
                table.addWidget(cell, row, column, side)
        table.setColumnStretch(0, 1)
        left = QVBoxLayout()
        left.setSpacing(theme.APART)
        left.addWidget(self.controls)
        left.addLayout(table)
        left.addStretch(1)
        pair = QHBoxLayout()
        pair.setSpacing(theme.APART)
        for title, canvas in zip(self._titles, (self.before, self.after), strict=True):
            column_ = QVBoxLayout()
            column_.setSpacing(theme.TIGHT)
            column_.addWidget(title)
            column_.addWidget(canvas, 1)
            pair.addLayout(column_, 1)
        moved = QWidget()
        inner = QVBoxLayout(moved)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(theme.TIGHT)
        inner.addWidget(self.meaning)
        inner.addWidget(self.moved, 1)
        for part in (moved, self.damage):
            self.below.addWidget(part)
        right = QVBoxLayout()
        right.setSpacing(theme.NEAR)
        right.addWidget(self.head_line)
        right.addWidget(self.chooser)
        right.addLayout(pair, 5)
        right.addWidget(self.rows)
        right.addWidget(self.shown)
        right.addWidget(self.below, 4)
        page = QWidget()
        whole = QHBoxLayout(page)
        whole.setContentsMargins(theme.APART, theme.APART, theme.APART, theme.NEAR)
        whole.setSpacing(theme.APART)
        whole.addLayout(left, 4)
        whole.addLayout(right, 7)
        return page


def _name(data: WhatIfData, token: int) -> str:
    """Return what a query is called: its place on the image, its piece of the text, or its number."""
    if data.grid is not None:
        return token_words.short(data.grid, token)
    return f"{token} ({data.names[token]})" if data.names[token : token + 1] not in ((), (str(token),)) else str(token)
