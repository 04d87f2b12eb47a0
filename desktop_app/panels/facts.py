"""The model's facts, in words and numbers."""

import math
import re
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.i18n import lookup
from engine import EngineError, ModelDescription, Run, TensorInfo
from engine.grid import patch_grid


class ModelFacts(QWidget):
    """Rows of name and value; a row that says nothing of this model is left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: ModelDescription | None = None
        self._run: Run | None = None
        self._labels: list[tuple[QLabel, QLabel]] = []
        self._form = QFormLayout()
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(theme.NEAR)
        self._form.setVerticalSpacing(theme.TIGHT)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        self._notes = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._notes.setProperty("quiet", True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._form)
        column.addWidget(self._notes)
        self.retranslate()

    def show_model(self, model: ModelDescription | None, run: Run | None) -> None:
        """Show what is known of a model and of its run."""
        self._model, self._run = model, run
        self.retranslate()

    def rows(self) -> list[tuple[str, str]]:
        """Return the rows as they are shown."""
        model, run = self._model, self._run
        if model is None:
            return []
        makers: list[tuple[str, Callable[[], str]]] = [
            (self.tr("Input"), lambda: _tensors(model.inputs)),
            (self.tr("Output"), lambda: _tensors(model.outputs)),
            (self.tr("Attention"), lambda: self._attention(model)),
            (self.tr("Tokens"), lambda: "" if run is None else self._tokens(run)),
            (self.tr("Convolutions"), lambda: str(len(model.convolutions)) if model.convolutions else ""),
            (self.tr("Parameters"), lambda: _amount(model.parameters)),
            (self.tr("Opset"), lambda: str(model.opset)),
            (self.tr("Made by"), lambda: model.producer),
            (self.tr("Run took"), lambda: "" if run is None else _duration(run.seconds)),
            (self.tr("Largest error"), lambda: "" if run is None else _error(run)),
        ]
        return [(name, text) for name, maker in makers if (text := maker())]

    def retranslate(self) -> None:
        """Write everything again in the current language."""
        rows = self.rows()
        while self._form.rowCount() < len(rows):
            self._add_row()
        for index, (label, value) in enumerate(self._labels):
            shown = index < len(rows)
            self._form.setRowVisible(index, shown)
            if shown:
                name, text = rows[index]
                label.setText(name)
                value.setText(breakable(text))
                is_error = name == self.tr("Largest error")
                tip = self.tr("Largest difference between a recomputed pattern and the model’s own softmax")
                value.setToolTip(tip if is_error else "")
        notes = [] if self._model is None else [note.text(lookup) for note in self._model.notes]
        if self._model is None:
            notes = [self.tr("Open a model to read its facts here.")]
        self._notes.setText("\n".join(notes))
        self._notes.setVisible(bool(notes))

    def _add_row(self) -> None:
        label, value = QLabel(), QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        label.setProperty("quiet", True)
        label.setAlignment(Qt.AlignmentFlag.AlignTop)
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._form.addRow(label, value)
        self._labels.append((label, value))

    def _attention(self, model: ModelDescription) -> str:
        if not model.sites:
            return self.tr("none found")
        heads = sorted({site.heads for site in model.sites})
        layers = self.tr("%n layer(s)", "", len(model.sites))
        if len(heads) == 1:
            return layers + " × " + self.tr("%n head(s)", "", heads[0])
        return layers + ", " + self.tr("{least} to {most} heads").format(least=heads[0], most=heads[-1])

    def _tokens(self, run: Run) -> str:
        if not run.model.sites:
            return ""
        site = run.model.sites[-1]
        try:
            tokens, grid = run.pattern_shape(site)[2], patch_grid(run, site)
        except EngineError:
            return ""
        if grid is None:
            return str(tokens)
        text = self.tr("{tokens} = {rows} × {columns} patches").format(
            tokens=tokens, rows=grid.rows, columns=grid.columns
        )
        if tokens > grid.patches:
            text += " + " + self.tr("%n special", "", tokens - grid.patches)
        return text + (" " + self.tr("(guessed)") if grid.guessed else "")


def _error(run: Run) -> str:
    """Return the largest difference between recomputed patterns and the model's own, over all sites."""
    known = {site.index: site.checked for site in run.model.sites if site.checked is not None} | dict(run.errors)
    errors = [error for error in known.values() if not math.isnan(error)]
    return f"{max(errors):.1e}" if errors else ""


def _tensors(infos: tuple[TensorInfo, ...]) -> str:
    text = "\n".join(f"{info.name}\n{info.dtype}, {shape_text(info)}" for info in infos)
    return text.replace("_", "_\u200b").replace("×", "×\u200b")  # long names may break there


def breakable(text: str) -> str:
    """Return a text that may also be broken inside long names: the panel is never wider than it is."""
    return re.sub(r"([×_./])(?=\w)", "\\1\N{ZERO WIDTH SPACE}", text)


def shape_text(info: TensorInfo) -> str:
    """Return a shape as people write it; an unknown size is a question mark."""
    return "×".join("?" if size is None else str(size) for size in info.shape) or "()"


def _amount(number: int) -> str:
    """Return a large number with three figures and its unit."""
    for limit, unit in ((10**9, " G"), (10**6, " M"), (10**3, " k")):
        if number >= limit:
            return f"{number / limit:.3g}{unit}"
    return str(number) if number else ""


def _duration(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1000 * seconds:.3g} ms"
