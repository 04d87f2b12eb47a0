"""The Generation view: text made token by token, what else could have come, and what each token may look at."""

from collections.abc import Hashable
from typing import Any, ClassVar

import numpy as np
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.selection import Selection
from desktop_app.task_news import TaskNews
from desktop_app.views import generation_data, generation_text
from desktop_app.views.generation_controls import GenerationControls
from desktop_app.views.generation_data import GenerationData
from desktop_app.views.paged import AttentionView
from desktop_app.widgets.choice_bars import ChoiceBars
from desktop_app.widgets.columns import split
from desktop_app.widgets.matrix_canvas import MatrixCanvas
from desktop_app.widgets.text_line import TextLine
from desktop_app.widgets.token_text import ScrolledText, TokenText
from engine import ModelDescription, Run
from engine.pipeline.generate import Generate, Generated
from engine.text.tokens import TextSource


class GenerationView(AttentionView):
    """Step by step or at once; click a token to see what else could have stood there, and have it come."""

    name: ClassVar[str] = "generation"
    group = "text"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: GenerationData | None = None
        self._task: Generate | None = None
        self._made: Generated | None = None
        self._place: int | None = None
        self._start: int | None = None
        self.controls = GenerationControls()
        self.text, self.bars, self.mask_canvas = TokenText(), ChoiceBars(), MatrixCanvas()
        self.title_line, self.bars_title = TextLine(size=theme.HEADING), TextLine(size=theme.HEADING)
        self.mask_title = TextLine(size=theme.HEADING)
        self.said, self.bars_note, self.mask_note = (TextLine(quiet=True) for _ in range(3))
        self._no_mask = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.set_page(self._page())
        self._connect()
        self.retranslate()

    @classmethod
    def title(cls) -> str:
        """Return the tab's title."""
        return QCoreApplication.translate("Generation", "Generation")

    @classmethod
    def supports(cls, model: ModelDescription) -> bool:
        """Return whether the model makes text."""
        return model.text is not None and model.text.generates

    @classmethod
    def depends(cls, selection: Selection) -> Hashable:  # noqa: ARG003 - the whole text is shown, whoever is pointed at
        """Return nothing: what is shown is the run's text."""
        return None

    @staticmethod
    def compute(run: Run, selection: Selection) -> GenerationData | None:
        """Return the decoder's text; None where the run has none."""
        return generation_data.compute(run, selection)

    def draw(self, data: GenerationData | None) -> None:
        """Show the text of a run."""
        before, self._data = self._data, data
        if data is None:
            self.show_sentence(generation_text.nothing())
            return
        own = self._made is not None and generation_data.goes_on(data, self._made)
        if not own:
            self._made = None
            same = before is not None and before.ids == data.ids and before.run.model.path == data.run.model.path
            self._place = self._place if same else None
            if not same:
                self._start = data.start or len(data.ids)
        self.controls.offer_past(data.plan.past)
        self.show_page()
        self._show()

    def clear(self, model: ModelDescription | None = None) -> None:
        """Show what to do when there is nothing to look at."""
        self._data = self._made = self._place = self._start = None
        self.text.set_tokens((), (), ())
        self.bars.set_bars(())
        super().clear(model)

    def task_moved(self, news: TaskNews) -> None:
        """Show what is generated so far; in the end, have every view show it."""
        if news.task is not self._task:
            return
        working = news.state == "running"
        self.controls.set_working(working, news.done, news.total)
        made = news.result if news.state == "done" else news.partial
        if isinstance(made, Generated):
            self._show_made(made)
        if working:
            return
        self._task = None
        if news.state == "done" and isinstance(made, Generated):
            self._made, self._place = made, None
            if self._data is not None and not generation_data.goes_on(self._data, made):
                self.text_wanted.emit(made.source)
            else:
                self._show()
        else:
            self._show()

    def state(self) -> dict[str, Any]:
        """Return what is set."""
        return self.controls.state()

    def restore(self, state: dict[str, Any]) -> None:
        """Set what was set."""
        self.controls.restore(state)

    def retranslate(self) -> None:
        """Set every text again."""
        self.controls.retranslate()
        self.title_line.set_text(self.tr("Text so far"))
        self.text.setAccessibleName(self.tr("Text so far, coloured by probability"))
        self.bars.setAccessibleName(self.tr("Tokens that could stand here"))
        self.mask_canvas.setAccessibleName(self.tr("Causal mask"))
        self._no_mask.setText(generation_text.no_mask())
        if self._data is None:
            self.say_why()
        else:
            self._show()

    def _connect(self) -> None:
        self.controls.next_wanted.connect(lambda: self._generate(1))
        self.controls.generate_wanted.connect(lambda: self._generate(self.controls.most.value()))
        self.controls.back_wanted.connect(self._on_back)
        self.controls.cancel_wanted.connect(self._on_cancel)
        self.controls.changed.connect(self._show_place)
        self.text.clicked.connect(self._on_place)
        self.text.walked.connect(self._on_place)
        self.text.unpinned.connect(lambda: self._on_place(None))
        self.bars.chosen.connect(self._on_choice)

    def _here(self) -> int:
        """Return the place that the bars speak of: the chosen one, else the next."""
        count = 0 if self._data is None else len(self._data.ids)
        return count if self._place is None else min(self._place, count)

    def _generate(self, most: int, until: int | None = None, forced: tuple[tuple[int, int], ...] = ()) -> None:
        """Go on from a place, by default from the end."""
        data = self._data
        if data is None or self._task is not None:
            return
        source: TextSource = generation_data.source_until(data, len(data.ids) if until is None else until)
        self._task = Generate(
            source, self.controls.sampling(), most, forced, self.controls.past.isChecked(), generation_data.MOST_CHOICES
        )
        self.controls.set_working(True)
        self.task_wanted.emit(self._task)

    def _on_back(self) -> None:
        """Take back everything that was generated."""
        data = self._data
        if data is not None and self._start is not None and self._start < len(data.ids):
            start, self._place, self._made = self._start, None, None
            self.text_wanted.emit(generation_data.source_until(data, start))
            self._start = start

    def _on_cancel(self) -> None:
        if self._task is not None:
            self.task_unwanted.emit(self._task)

    def _on_place(self, place: int | None) -> None:
        self._place = None if place is None or place == self._place else place
        self._show_place()

    def _on_choice(self, line: int) -> None:
        """Have a token come at the place, and go on from there."""
        data, place = self._data, self._here()
        if data is None or place == 0:
            return
        choices = data.choices(place)
        if line < len(choices) and self._task is None:
            more = max(1, len(data.ids) - place, 1 if self._place is None else self.controls.most.value())
            self._generate(more, place, ((place, choices[line].id),))

    def _show(self) -> None:
        data = self._data
        if data is None:
            return
        encoded, count = data.encoded, len(data.ids)
        labels = [encoded.label(i) for i in range(count)]
        words = encoded.words
        joined = [i > 0 and words[i] is not None and words[i] == words[i - 1] for i in range(count)]
        self.text.set_tokens(labels, joined, encoded.special[:count], data.ids)
        self.text.set_values(data.probabilities[:count], 1.0)
        self._scroll.fit()
        lines = [generation_text.summary(data)]
        if self._made is not None:
            lines.append(generation_text.ended(self._made))
        self.said.set_text(" ".join(lines))
        self._show_place()

    def _show_made(self, made: Generated) -> None:
        """Show tokens as they come."""
        data = self._data
        if data is None:
            return
        kept = [data.encoded.label(i) for i in range(min(made.start, len(data.ids)))]
        labels = [*kept, *(step.shown for step in made.steps)]
        plain = [False] * len(labels)
        self.text.set_tokens(labels, plain, plain, made.ids)
        told = [float(p) for p in data.probabilities[: len(kept)]]
        self.text.set_values(np.array([*told, *(step.probability for step in made.steps)], np.float32), 1.0)
        self._scroll.fit()
        if made.steps:
            step = made.steps[-1]
            self.bars_title.set_text(generation_text.place_title(step.place, step.place + 1))
            self.bars.set_bars([generation_text.bar(choice, choice.id == step.id) for choice in step.choices])

    def _show_place(self) -> None:
        """Show what could stand at the place, and what is seen when it is written."""
        data, place = self._data, self._here()
        if data is None:
            return
        count = len(data.ids)
        self.text.set_marks(self._place, pinned=self._place is not None)
        taken = data.ids[place] if place < count else None
        self.bars.set_bars([generation_text.bar(choice, choice.id == taken) for choice in data.choices(place)])
        self.bars_title.set_text(generation_text.place_title(place, count))
        self.bars_note.set_text(generation_text.place_note(place, count))
        past = self.controls.past.isChecked()
        mask = generation_data.mask(data, place, past=past)
        self.masks.setCurrentIndex(1 if mask is None else 0)
        self.mask_title.set_text(generation_text.mask_title(place))
        self.mask_note.set_text("" if mask is None else generation_text.mask_note(past=past))
        if mask is not None:
            names = [data.encoded.label(i) for i in range(len(mask))]
            self.mask_canvas.set_names(names, names)
            self.mask_canvas.set_matrix(mask, 1.0, by_key=False)
            self.mask_canvas.set_marks(len(mask) - 1, pinned=False)

    def _page(self) -> QWidget:
        self._scroll = ScrolledText(self.text, 7)
        self._no_mask.setProperty("quiet", "true")
        self.masks = QStackedWidget()
        self.masks.addWidget(self.mask_canvas)
        self.masks.addWidget(self._no_mask)
        left, right = QWidget(), QWidget()
        column, beside = QVBoxLayout(left), QVBoxLayout(right)
        for box in (column, beside):
            box.setContentsMargins(0, 0, 0, 0)
            box.setSpacing(theme.TIGHT)
        for line in (self.title_line, self.said, self._scroll):
            column.addWidget(line)
        column.addSpacing(theme.NEAR)
        column.addWidget(self.mask_title)
        column.addWidget(self.mask_note)
        column.addWidget(self.masks, 1)
        column.addStretch(0)
        bars = QScrollArea(widgetResizable=True)
        bars.setFrameShape(QScrollArea.Shape.NoFrame)
        bars.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        holder = QWidget()
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.bars)
        inner.addStretch(1)
        bars.setWidget(holder)
        for line in (self.bars_title, self.bars_note):
            beside.addWidget(line)
        beside.addWidget(bars, 1)
        halves = split((left, 11), (right, 8))
        page = QWidget()
        whole = QVBoxLayout(page)
        whole.setContentsMargins(theme.APART, theme.APART, theme.APART, theme.NEAR)
        whole.setSpacing(theme.NEAR)
        whole.addWidget(self.controls)
        whole.addWidget(halves, 1)
        return page
