"""Every head switched off once: the order, how far it is, and the map of the damage."""

import numpy as np
from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.task_news import TaskNews
from desktop_app.views.whatif_data import WhatIfData
from desktop_app.widgets.head_map import HeadMap
from desktop_app.widgets.segmented import Segmented
from desktop_app.widgets.task_bar import TaskBar
from desktop_app.widgets.text_line import TextLine
from engine.ablation import AblateHeads, HeadDamage

translate = QCoreApplication.translate
MEASURES = ("logit", "probability", "divergence", "change")
SIGNED = ("logit", "probability")
"""Measures below zero where the head helps."""


class DamagePanel(QWidget):
    """A button, a bar, and a layer × head map of what the model loses with each head alone switched off."""

    task_wanted = Signal(object)
    task_unwanted = Signal(object)
    picked = Signal(int, int)
    """Layer and head of a cell."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._task: AblateHeads | None = None
        self._damage: HeadDamage | None = None
        self._of: object = None
        self._labels: tuple[str, ...] | None = None
        self.start, self.bar, self.map = QPushButton(), TaskBar(), HeadMap()
        self.measure, self.said = Segmented(MEASURES), TextLine(quiet=True)
        self.measure.set_choice("logit")
        self._build()
        self.start.clicked.connect(self.begin)
        self.bar.cancel_wanted.connect(self._on_cancel)
        self.measure.chosen.connect(lambda _: self._show())
        self.map.picked.connect(self.picked)
        self.retranslate()

    @property
    def damage(self) -> HeadDamage | None:
        """What is shown."""
        return self._damage

    def begin(self) -> None:
        """Ask for the task."""
        if self._task is None:
            self._task, self._damage = AblateHeads(), None
            self._show()
            self.bar.show_progress(self.tr("Switching off every head once…"), 0, 0)
            self.task_wanted.emit(self._task)

    def set_data(self, data: WhatIfData) -> None:
        """Know which head is chosen; what was measured on another run is let go."""
        if data.outputs is not self._of:
            self._of, self._damage = data.outputs, None
            self._labels = data.labels
            self._show()
        self.map.set_chosen(data.site.index, data.selection.head)

    def take(self, news: TaskNews) -> None:
        """Show how the task goes."""
        if news.task is not self._task:
            return
        if news.state == "running":
            if isinstance(news.partial, HeadDamage):
                self._damage = news.partial
            text = self.tr("Switching off every head once: {done} of {total}")
            text = text.format(done=news.done, total=news.total) if news.total else self.tr("Rewriting the graph…")
            self.bar.show_progress(text, news.done, news.total)
        else:
            self._task = None
            self.bar.finish()
            if isinstance(news.result, HeadDamage):
                self._damage = news.result
        self._show()

    def forget(self) -> None:
        """Let go of what was measured."""
        self._damage = self._of = None
        self._show()

    def retranslate(self) -> None:
        """Set every text again."""
        self.start.setText(self.tr("Ablate every head once"))
        self.start.setToolTip(self.tr("Switch off each head alone, run, and measure (Michel et al. 2019)"))
        self.measure.set_text("logit", self.tr("Logit"), self.tr("Change of the winning class’s logit"))
        self.measure.set_text(
            "probability", self.tr("Probability"), self.tr("Change of the winning class’s probability")
        )
        self.measure.set_text(
            "divergence", self.tr("KL"), self.tr("KL(all heads ‖ one off) of what the model says, in nats")
        )
        self.measure.set_text(
            "change", self.tr("Outputs"), self.tr("How far all outputs move: ‖one off − all heads‖ ÷ ‖all heads‖")
        )
        self.measure.setAccessibleName(self.tr("What is measured"))
        self.map.setAccessibleName(self.tr("Damage of each head"))
        self.map.takeaway.name = "damage-of-heads"
        self.bar.retranslate()
        self._show()

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(theme.NEAR)
        top.addWidget(self.start)
        top.addWidget(self.measure)
        top.addWidget(self.bar, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.TIGHT)
        column.addLayout(top)
        column.addWidget(self.said)
        column.addWidget(self.map, 1)

    def _on_cancel(self) -> None:
        if self._task is not None:
            self.task_unwanted.emit(self._task)

    def _show(self) -> None:
        damage = self._damage
        self.start.setEnabled(self._task is None)
        self.measure.setVisible(damage is not None)
        self.map.setVisible(damage is not None)
        if damage is None:
            self.said.set_text(self.tr("Which heads does this prediction need? Each is switched off alone, once."))
            return
        there = [measure for measure in MEASURES if getattr(damage, measure) is not None]
        for measure in MEASURES:
            self.measure.button(measure).setEnabled(measure in there)
        if self.measure.choice() not in there:
            self.measure.set_choice(there[0])
        chosen = str(self.measure.choice())
        values = getattr(damage, chosen)
        self.map.set_values(values, signed=chosen in SIGNED, words=words(chosen))
        self.said.set_text(summary(damage, chosen, self._labels))


def words(measure: str) -> str:
    """Return the tooltip of a cell."""
    return {
        "logit": translate("WhatIf", "Layer {layer}, head {head} off: logit {value}"),
        "probability": translate("WhatIf", "Layer {layer}, head {head} off: probability {value}"),
        "divergence": translate("WhatIf", "Layer {layer}, head {head} off: KL {value} nats"),
        "change": translate("WhatIf", "Layer {layer}, head {head} off: outputs move by {value}"),
    }[measure]


def summary(damage: HeadDamage, measure: str, labels: tuple[str, ...] | None) -> str:
    """Return which head does the most damage, and what is measured."""
    values = getattr(damage, measure)
    if not np.isfinite(values).any():
        return ""
    worst = np.nanargmin(values) if measure in SIGNED else np.nanargmax(values)
    layer, head = (int(n) for n in np.unravel_index(worst, values.shape))
    known = labels is not None and damage.winner < len(labels)
    winner = labels[damage.winner] if labels is not None and known else str(damage.winner)
    if measure == "change":
        text = translate("WhatIf", "Moves the outputs most: layer {layer}, head {head} ({value} of their size).")
    elif damage.rows > 1 and measure == "divergence":
        text = translate("WhatIf", "Most damage: layer {layer}, head {head} ({value} nats, mean over {rows} tokens).")
    elif measure == "divergence":
        text = translate("WhatIf", "Most damage: layer {layer}, head {head} ({value} nats).")
    else:
        text = translate(
            "WhatIf", "Most damage to “{winner}” ({before} with all heads): layer {layer}, head {head} ({value})."
        )
    value = f"{values[layer, head]:.3g}".replace("-", "−", 1)
    return text.format(
        layer=layer, head=head, value=value, rows=damage.rows, winner=winner, before=f"{damage.before:.1%}"
    )
